"""What people said they meant, without their names."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.nameless import nameless
from bot.picks import Pick, Picks
from rag.storage import State

TODAY = date.today().isoformat()


@pytest.fixture
def picks(state):
    return Picks(state)


def test_picks_of_the_same_provision_are_counted_together(picks):
    for section in ("II.1", "II.2", "II.1"):
        picks.add("ai  lo\nviệc này", "1/A", section)

    assert picks.all(30) == [Pick("ai lo việc này", "1/A", "II.1", 2, TODAY), Pick("ai lo việc này", "1/A", "II.2", 1, TODAY)]


def test_what_is_dealt_with_goes(picks):
    picks.add("gọi cô Lan 0912345678", "1/A", "II.1")
    picks.add("câu khác", "1/A", "II.1")

    picks.drop("gọi cô Lan 0912345678")

    assert [pick.question for pick in picks.all(30)] == ["câu khác"]


def test_what_is_old_goes(picks):
    picks.add("câu cũ", "1/A", "II.1")
    picks._database.run("UPDATE picks SET day = ?", (date.today() - timedelta(days=40)).isoformat())
    picks.add("câu mới", "1/A", "II.1")

    assert [pick.question for pick in picks.all(30)] == ["câu mới"]
    assert [pick.question for pick in picks.all(50)] == ["câu mới", "câu cũ"]
    assert picks.prune(timedelta(days=30)) == 1
    assert [pick.question for pick in picks.all(50)] == ["câu mới"]


def test_the_day_is_that_of_the_people_who_pick(state):
    picks = Picks(state, lambda: date(2026, 1, 9))

    picks.add("câu", "1/A", "II.1")

    assert [pick.day for pick in picks.all(1)] == ["2026-01-09"]


def test_no_name_and_no_number_is_kept(tmp_path):
    picks = Picks(State(tmp_path))
    picks.add("số của cô Nguyễn Thị Bông 0912345678, bong@truong.edu.vn?", "1/A", "II.1")
    picks.close()

    stored = b"".join(file.read_bytes() for file in tmp_path.glob("picks.sqlite3*"))
    assert not [words for words in ("Bông", "0912345678", "bong@") if words.encode() in stored]


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("số của cô Bông, thầy giáo Nam ở đâu", "số của cô •••, thầy giáo ••• ở đâu"),
        ("Cô Nguyễn Thị Lan nghỉ ốm", "Cô ••• nghỉ ốm"),
        ("trường ở Cô Tô và Bà Rịa nộp báo cáo", "trường ở Cô Tô và Bà Rịa nộp báo cáo"),
        ("các anh chị hỏi Sở ở Quảng Ninh", "các anh chị hỏi Sở ở Quảng Ninh"),
        ("gọi 0912 345 678", "gọi •••"),
    ],
)
def test_names_after_a_form_of_address_are_left_out_and_places_are_kept(words, kept):
    assert nameless(words) == kept
