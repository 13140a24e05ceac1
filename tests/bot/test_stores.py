"""Every store, whatever lies in its place and whoever holds it: an answer never waits for it, and nothing goes silently."""

from __future__ import annotations

import sqlite3

import pytest

from bot.audit import Audit
from bot.conversations import Conversations
from bot.journal import Journal
from bot.messenger.mailbox import Mailbox, Update
from bot.messenger.posting import Letter
from bot.people import People
from bot.picks import Picks
from bot.settings import Settings
from bot.web.admin.admins import Admins
from bot.web.admin.jobs import Jobs
from bot.web.admin.sessions import Sessions
from bot.web.turns import Turns
from rag.errors import TracuuError
from rag.storage import State, sqlite, troubles

STORES = {
    "conversations.sqlite3": Conversations,
    "journal.sqlite3": Journal,
    "people.sqlite3": People,
    "picks.sqlite3": Picks,
    "telegram.sqlite3": lambda state: Mailbox(state, "telegram"),
    "turns.sqlite3": Turns,
    "jobs.sqlite3": lambda state: Jobs(state.folder),
    "admin.sqlite3": lambda state: Sessions(state, Admins(Settings(data=state.folder))),
    "audit.sqlite3": Audit,
}


@pytest.mark.parametrize("name", STORES)
def test_every_store_opens_whatever_lies_in_its_place(tmp_path, name):
    (tmp_path / name).write_bytes(b"\0\1\2" * 3000)

    STORES[name](State(tmp_path)).close()

    assert len(troubles(State(tmp_path))) == 1


def test_a_file_that_another_program_holds_is_named_and_a_conversation_goes_on(tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(sqlite, "_PATIENCE", 0.1)
    path = tmp_path / "conversations.sqlite3"
    conversations, picks = Conversations(State(tmp_path)), Picks(State(tmp_path))
    conversations._database._connection.execute("PRAGMA busy_timeout = 50")
    picks._database._connection.execute("PRAGMA busy_timeout = 50")
    with sqlite3.connect(path, isolation_level=None) as other, sqlite3.connect(tmp_path / "picks.sqlite3", isolation_level=None) as third:
        other.execute("BEGIN EXCLUSIVE")
        third.execute("BEGIN EXCLUSIVE")

        conversations.save("an", conversations.load("an"))
        with pytest.raises(TracuuError, match=r"picks\.sqlite3: một chương trình khác đang giữ tệp"):
            picks.add("hỏi", "1/CV", "I")

    assert any(str(path) in record.getMessage() for record in caplog.records)


def test_a_mailbox_whose_disk_is_full_loses_and_repeats_nothing(tmp_path):
    mailbox = Mailbox(State(tmp_path), "telegram")
    mailbox.receive(Update("1", "7", "{}"))
    mailbox.commit([Letter("7", "sendMessage", {"text": "một"})], done="1")
    pages = mailbox._database.rows("PRAGMA page_count")[0][0]
    mailbox._database.rows(f"PRAGMA max_page_count = {pages}")  # what SQLite says then is what it says of a full disk

    assert mailbox.receive(Update("2", "7", '{"long": "' + "x" * 50_000 + '"}'))
    mailbox.commit([Letter("7", "sendMessage", {"text": "hai " * 5000})], done="2")

    assert mailbox.next("7").payload == {"text": "một"}
    assert not mailbox.receive(Update("1", "7", "{}"))
    assert mailbox._database.trouble
    mailbox.drop(mailbox.next("7").id)
    # and with room again all of it is in the file
    mailbox.close()
    after = Mailbox(State(tmp_path), "telegram")
    assert after.next("7").payload["text"].startswith("hai")
    assert not after.receive(Update("2", "7", "{}"))
