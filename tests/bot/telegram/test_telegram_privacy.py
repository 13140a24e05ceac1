"""What is left of people in the files: nothing of who only blocks, nothing of who deletes, no names of anybody."""

from __future__ import annotations

import itertools

import pytest

from bot.journal import Journal
from bot.people import People
from rag.storage import State

DEADLINE = "bao giờ nộp báo cáo sơ kết học kì 1?"
_numbers = itertools.count(7_300_500_100)


@pytest.fixture
def user(bot):
    return next(_numbers)


@pytest.fixture
def files_with(data):
    """Return the names of the files in the data folder that hold some words, as they are while the bot runs."""

    def search(*words: str):
        held = {file.name: file.read_bytes() for file in data.rglob("*") if file.is_file()}
        return sorted(name for name, content in held.items() if any(word.encode() in content for word in words))

    return search


def test_who_blocks_the_bot_leaves_no_trace(telegram, user, files_with):
    telegram.moves_the_bot(user, user, "member", "kicked")
    telegram.moves_the_bot(user, user, "kicked", "member")
    telegram.answer_to(1, "/help")  # by then it is through with it

    assert files_with(str(user)) == []
    assert telegram.to(user) == []


def test_blocking_stops_reminders_and_who_comes_back_is_told(telegram, user, data):
    telegram.answer_to(user, "/nhac")
    telegram.moves_the_bot(user, user, "member", "kicked")
    telegram.answer_to(1, "/help")

    assert People(State(data)).load(f"telegram:{user}").reminded_since == ""

    said = len(telegram.to(user))
    telegram.moves_the_bot(user, user, "kicked", "member")
    telegram.wait_for(lambda: len(telegram.to(user)) > said)
    assert "đã tắt" in telegram.to(user)[-1].text


def test_xoa_leaves_nothing_in_any_file_while_the_bot_runs(telegram, user, files_with):
    group = -user
    telegram.chats[group] = "supergroup"
    telegram.answer_to(user, "tuyển phi hành gia qzmarkx bay lên sao hỏa")
    telegram.answer_to(user, DEADLINE)
    offer = telegram.answer_to(user, "/hoi tuyển phi hành gia qzmarkx", group)
    telegram.says(user, "tuyển phi hành gia qzmarkx bay lên sao kim", edit=telegram.last_message_of(user))
    telegram.presses(user, offer, "👎")
    telegram.answer_to(user, "/gopy qzmarkx")
    telegram.answer_to(user, "/nhac")
    menu = telegram.answer_to(user, "/xoa")
    held = files_with(str(user), "qzmarkx")
    telegram.presses(user, menu, "Xóa hết")
    telegram.wait_for(lambda: menu.edits > 0)
    telegram.wait_for(lambda: files_with(str(user), "qzmarkx") == [], 10)

    assert {"journal.sqlite3-wal", "telegram.sqlite3-wal"} <= set(held)


def test_nobody_is_called_by_name_in_a_file(telegram, user, files_with):
    telegram.answer_to(user, DEADLINE)

    assert files_with(f"Cô {user}") == []


def test_what_cannot_be_read_is_counted_and_nothing_else(telegram, user, data, files_with):
    changed = {"chat": {"id": user, "type": "private"}, "date": 1, "old_chat_member": {"status": 5}, "new_chat_member": None}
    telegram.push_together(telegram.update("my_chat_member", changed))
    telegram.wait_for(lambda: bool(Journal(State(data)).aside()))
    telegram.answer_to(1, "/help")

    assert [(channel, count) for channel, _, count in Journal(State(data)).aside()] == [("telegram", 1)]
    assert files_with(str(user)) == []
