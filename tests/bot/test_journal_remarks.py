"""What the journal keeps of a question besides how it went: who asked, what it is about, that it was sent, that it is dealt with."""

from __future__ import annotations

import sqlite3
import time
from dataclasses import replace

import pytest

from bot.journal import Journal
from rag.documents import Answer, Citation
from rag.storage import State

ANSWERED = Answer(
    "Cô Nguyễn Thị Hoa hỏi hạn nộp, gọi 0912345678", "answered", "Có.", (Citation("1/A", "II.1", 1, "…", "…"),), kind="deadline"
)
REFUSED = Answer("giá vàng?", "not_found", "Không.", kind="not_found", why="bộ chọn chưa đủ chắc")
BEFORE = """
CREATE TABLE questions (
    id TEXT PRIMARY KEY, asked REAL NOT NULL, channel TEXT NOT NULL, who TEXT NOT NULL, kind TEXT NOT NULL, status TEXT NOT NULL,
    seconds REAL NOT NULL, cited TEXT NOT NULL, question TEXT NOT NULL, vote TEXT NOT NULL DEFAULT '', reason TEXT NOT NULL DEFAULT ''
);
CREATE TABLE suggestions (id TEXT PRIMARY KEY, sent REAL NOT NULL, channel TEXT NOT NULL, who TEXT NOT NULL, words TEXT NOT NULL);
"""


@pytest.fixture
def journal(state):
    kept = Journal(state)
    yield kept
    kept.close()


def test_a_journal_begun_before_remarks_goes_on_with_all_that_it_holds(tmp_path):
    with sqlite3.connect(tmp_path / "journal.sqlite3") as old:
        old.executescript(BEFORE)
        old.execute(
            "INSERT INTO questions VALUES ('a', ?, 'web', 'an', 'not_found', 'not_found', 0.1, '', 'giá vàng?', '', '')", (time.time(),)
        )

    journal = Journal(State(tmp_path))
    journal.note("b", "web", "an", ANSWERED, 0.1, "thpt", "Tổ chức thực hiện")

    assert [(entry.id, entry.role, entry.topic) for entry in journal.entries()] == [("a", "", ""), ("b", "thpt", "Tổ chức thực hiện")]
    assert journal.send("a", "cần gấp")
    journal.settle(["a"], done=True)
    entry = journal.entry("a")
    assert (entry.question, entry.note, entry.sent > 0, entry.done > 0) == ("giá vàng?", "cần gấp", True, True)
    assert not list(tmp_path.glob("*.hong-*"))
    journal.close()


def test_why_nothing_was_claimed_is_kept_until_there_is_an_answer(journal):
    journal.note("a", "web", "an", REFUSED, 0.1)
    journal.note("b", "web", "an", ANSWERED, 0.1)
    assert [entry.why for entry in journal.entries()] == ["bộ chọn chưa đủ chắc", ""]

    with journal.together():  # as the page's processes note
        journal.change("a", ANSWERED)
    assert journal.entry("a").why == ""


def test_why_nothing_was_claimed_names_nobody(journal):
    why = "không có ai với số 0912 345 678, thư an.nv@example.edu.vn"

    journal.note("c", "web", "x", replace(REFUSED, why=why), 0.1)

    assert journal.entry("c").why == "không có ai với số •••, thư •••"


def test_what_was_answered_before_everything_was_deleted_is_not_noted_after_it(journal):
    journal.note("a", "web", "an", ANSWERED, 0.1)
    answered = time.time()
    journal.forget("an")

    with journal.together():  # as another process does, a moment late
        journal.note("b", "web", "an", ANSWERED, 0.1, at=answered)
    journal.note("c", "web", "bình", ANSWERED, 0.1, at=answered)
    journal.note("d", "web", "an", REFUSED, 0.1)

    assert {entry.id for entry in journal.entries()} == {"c", "d"}


def test_an_answer_is_judged_only_in_its_own_channel(journal):
    journal.note("a", "telegram", "an", ANSWERED, 0.1)

    assert not journal.vote("a", "down", channel="web")
    assert journal.entry("a").vote == ""
    assert journal.vote("a", "down", channel="telegram")


@pytest.mark.parametrize(
    "complain", [lambda journal, words: journal.vote("a", "down", "sai", words), lambda journal, words: journal.send("a", "", words)]
)
def test_what_is_complained_of_keeps_its_words_without_names(journal, complain):
    journal.note("a", "web", "an", ANSWERED, 0.1)
    assert journal.troubled() == []

    assert complain(journal, ANSWERED.question)
    journal.change("a", ANSWERED)

    (entry,) = journal.troubled()
    assert entry.question == "Cô ••• hỏi hạn nộp, gọi •••"


def test_praise_keeps_no_words(journal):
    journal.note("a", "web", "an", ANSWERED, 0.1)

    journal.vote("a", "up", "", ANSWERED.question)

    assert (journal.entry("a").question, journal.troubled()) == ("", [])


def test_an_answer_is_sent_once_and_one_that_is_not_noted_never(journal):
    journal.note("a", "web", "an", REFUSED, 0.1)

    assert [journal.send("a", "lần đầu"), journal.send("a", "lần sau"), journal.send("không có", "")] == [True, True, False]

    assert [entry.note for entry in journal.entries()] == ["lần đầu"]


def test_what_was_dealt_with_can_be_looked_at_again(journal):
    for id in ("a", "b"):
        journal.note(id, "web", "an", REFUSED, 0.1)

    journal.settle(["a", "b"], done=True)
    journal.settle(["b"], done=False)

    assert [entry.done > 0 for entry in journal.entries()] == [True, False]


def test_who_is_forgotten_leaves_no_remark(journal):
    journal.note("a", "web", "an", REFUSED, 0.1, "thpt", "…")
    journal.send("a", "gọi cho em")

    journal.forget("an")

    assert journal._database.rows("SELECT * FROM remarks") == []
