from __future__ import annotations

import csv
import io
from typing import get_args
from zoneinfo import ZoneInfo

import pytest

from bot.clock import Clock
from bot.journal import Journal
from bot.stats import KINDS, part_of
from bot.web.admin.figures import figures
from rag.documents import Answer, Citation
from rag.question.cues import Kind
from rag.storage import State


@pytest.fixture
def journal(tmp_path):
    kept = Journal(State(tmp_path / "data"))
    answered = Answer("?", "answered", "Có.", (Citation("1/A", "II.1", 1, "…", "…"),), kind="deadline")
    kept.note("a", "telegram", "an", answered, 0.01)
    kept.note("b", "telegram", "an", Answer("giá vàng?", "not_found", "Không.", kind="not_found"), 0.02)
    kept.note("c", "web", "bình", Answer("giá vàng?", "not_found", "Không.", kind="not_found"), 0.03)
    kept.note("d", "web", "bình", Answer("=HYPERLINK(1)", "not_found", "Không.", kind="not_found"), 0.03)
    kept.note("f", "web", "bình", Answer("trường nào thắng?", "offered", "Chưa chắc.", kind="offered"), 0.03, "thpt", "Học bạ số")
    kept.send("f", "cần gấp")
    kept.vote("a", "down", "Sai nội dung")
    kept.suggest("e", "telegram", "an", "chữ to hơn")
    kept.put_aside("telegram", "KeyError")
    return kept


def test_the_admin_sees_kinds_refusals_votes_and_times(tracuu, journal, tmp_path):
    text = tracuu("stats", TRACUU_DATA=str(tmp_path / "data")).stdout.decode()

    for words in (
        "5 câu hỏi của 2 người",
        "chưa chắc",
        "Câu bị từ chối (3):",
        "Câu chưa chắc, chỉ nêu chỗ gần nhất (1):",
        "trường nào thắng?",
        "thời hạn",
        "giá vàng? (2 lần)",
        "0 👍, 1 👎",
        "1/A II.1: Sai nội dung",
        "chữ to hơn",
        "trung vị",
        "Tin đến không đọc được (1):",
        "telegram, KeyError: 1",
        "Trả lời được: 1 trên 5 câu",
        "Học bạ số: 1 trên 1 câu",
        "Trường THPT: 1 trên 1 câu",
        "trường nào thắng?: cần gấp",
    ):
        assert words in text


def test_what_people_wrote_is_kept_and_printed_without_what_names_them(tracuu, journal, tmp_path):
    written = "cô Nguyễn Thị Lan số 0912345678"
    journal.note("g", "web", "lan", Answer(f"{written} hỏi giá bạc", "not_found", "Không.", kind="not_found"), 0.01)
    journal.vote("g", "down", f"{written} chê")
    journal.send("g", f"{written} nhờ")
    journal.suggest("h", "web", "lan", f"{written} góp ý")
    journal.close()

    printed = [tracuu("stats", *more, TRACUU_DATA=str(tmp_path / "data")).stdout.decode() for more in ((), ("--csv",))]

    for text in (*printed, (tmp_path / "data" / "journal.sqlite3").read_bytes().decode("utf-8", "replace")):
        assert "hỏi giá bạc" in text
        assert "0912345678" not in text
        assert "Nguyễn Thị Lan" not in text


def test_charts_count_what_was_offered_apart(journal):
    found = figures(journal.entries(), 7, Clock(ZoneInfo("Asia/Ho_Chi_Minh"), None))

    assert {bar.key: bar.count for bar in found.outcomes} == {"answered": 1, "offered": 1, "not_found": 3}
    assert [(bar.name, bar.count) for bar in found.kinds] == [("Thời hạn", 1)]
    assert [(bar.count, bar.failed) for bar in found.spread] == [(5, 5)]  # the one that was answered was found wrong


def test_charts_tell_by_week_what_is_long_and_which_topics_failed_most(journal):
    for at, topic in enumerate(("Học bạ số", "Học bạ số", "Thống kê")):
        journal.note(f"t{at}", "telegram", "an", Answer("?", "not_found", "Không.", kind="not_found"), 0.1, "thpt", topic)

    found = figures(journal.entries(), 90, Clock(ZoneInfo("Asia/Ho_Chi_Minh"), None))

    assert found.weekly
    assert [(bar.name, bar.failed) for bar in found.teach_next] == [("Học bạ số", 3), ("Thống kê", 1)]
    assert ("Trường THPT", 4) in [(bar.name, bar.count) for bar in found.roles]


def test_a_percentage_is_told_only_where_there_is_enough_of_it():
    assert (part_of(3, 4), part_of(30, 40)) == ("3 trên 4 câu", "75 % (30 trên 40 câu)")


def test_csv_has_a_line_a_question_and_no_formulas(tracuu, journal, tmp_path):
    rows = list(csv.reader(io.StringIO(tracuu("stats", "--csv", TRACUU_DATA=str(tmp_path / "data")).stdout.decode())))

    assert len(rows) == 6
    assert rows[0][-1] == "câu hỏi bị từ chối hoặc chưa chắc"
    assert {"'=HYPERLINK(1)", "trường nào thắng?"} <= {row[-1] for row in rows}
    assert rows[1][5] == "10"


def test_without_questions_it_says_so(tracuu, tmp_path):
    assert "0 câu hỏi" in tracuu("stats", TRACUU_DATA=str(tmp_path / "empty")).stdout.decode()


def test_every_kind_of_question_has_a_name():
    assert {*get_args(Kind), "section", "not_found", "offered"} <= set(KINDS)
