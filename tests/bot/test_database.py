"""The bot's own files: damaged, in the way, closed, held and full; an answer never waits for them, and nothing goes silently."""

from __future__ import annotations

import os
import sqlite3

import pytest

from bot import database
from bot.audit import Audit
from bot.conversations import Conversations
from bot.database import Database, troubles
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

SCHEMA = "CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY, words TEXT NOT NULL);"
STORES = {
    "conversations.sqlite3": Conversations,
    "journal.sqlite3": Journal,
    "people.sqlite3": People,
    "picks.sqlite3": Picks,
    "telegram.sqlite3": lambda data: Mailbox(data, "telegram"),
    "turns.sqlite3": Turns,
    "jobs.sqlite3": Jobs,
    "admin.sqlite3": lambda data: Sessions(data, Admins(Settings(data=data))),
    "audit.sqlite3": Audit,
}


def noise(path):
    path.write_bytes(b"not a database at all" * 100)


def cut(path):
    os.truncate(path, path.stat().st_size - 100)


def overwritten(path):
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    path.write_bytes(content)


def folder(path):
    path.unlink()
    path.mkdir()


def of_another_version(path):
    path.unlink()
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY)")


def noted(path, words):
    kept = Database(path, SCHEMA)
    kept.run("INSERT INTO notes (words) VALUES (?)", words)
    return kept


@pytest.mark.parametrize("damage", [noise, cut, overwritten, folder, of_another_version])
def test_a_damaged_file_is_set_aside_and_a_new_one_begun(tmp_path, caplog, damage):
    path = tmp_path / "notes.sqlite3"
    noted(path, "cũ").close()
    damage(path)
    before = path.read_bytes() if path.is_file() else None

    kept = noted(path, "mới")

    assert kept.rows("SELECT words FROM notes") == [("mới",)]
    assert kept.trouble == ""
    # and what was there is kept, and told in one line each: when it happened, and as long as it lies there
    (aside,) = (found for found in tmp_path.glob("notes.sqlite3.hong-*") if not found.name.endswith(("-wal", "-shm")))
    assert before is None or aside.read_bytes() == before
    assert [aside.name in record.getMessage() for record in caplog.records] == [True]
    (line,) = troubles(tmp_path)
    assert str(aside) in line
    kept.close()
    assert noted(path, "nữa").rows("SELECT count(*) FROM notes") == [(2,)]


@pytest.mark.parametrize("name", STORES)
def test_every_store_opens_whatever_lies_in_its_place(tmp_path, name):
    (tmp_path / name).write_bytes(b"\0\1\2" * 3000)

    STORES[name](tmp_path).close()

    assert len(troubles(tmp_path)) == 1


def test_damage_to_a_file_in_use_is_met_at_the_next_statement(tmp_path):
    kept, path = noted(tmp_path / "notes.sqlite3", "cũ"), tmp_path / "notes.sqlite3"
    noted(path, "của tiến trình khác").scrub()  # so that nothing of it is known by heart
    path.write_bytes(b"\xa5" * path.stat().st_size)

    kept.run("INSERT INTO notes (words) VALUES ('mới')")

    assert kept.rows("SELECT words FROM notes") == [("mới",)]
    assert len(troubles(tmp_path)) == 1


def test_a_folder_that_cannot_be_made_is_done_without_and_used_as_soon_as_it_can(tmp_path, monkeypatch, caplog):
    (tmp_path / "data").write_text("in the way")
    path = tmp_path / "data" / "notes.sqlite3"

    kept = noted(path, "trong bộ nhớ")

    assert kept.rows("SELECT words FROM notes") == [("trong bộ nhớ",)]
    assert str(path) in kept.trouble
    assert kept.trouble in troubles(tmp_path)
    # when the way is free again
    (tmp_path / "data").unlink()
    monkeypatch.setattr(database, "_PAUSE", 0.0)
    kept._again = 0.0
    kept.run("INSERT INTO notes (words) VALUES ('trong tệp')")
    assert kept.trouble == ""
    assert noted(path, "nữa").rows("SELECT words FROM notes") == [("trong tệp",), ("nữa",)]


def test_a_file_that_another_program_holds_is_named_and_a_conversation_goes_on(tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(database, "_PATIENCE", 0.1)
    path = tmp_path / "conversations.sqlite3"
    conversations, picks = Conversations(tmp_path), Picks(tmp_path)
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
    mailbox = Mailbox(tmp_path, "telegram")
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
    after = Mailbox(tmp_path, "telegram")
    assert after.next("7").payload["text"].startswith("hai")
    assert not after.receive(Update("2", "7", "{}"))
