"""State as the releases before wrote it: brought forward without losing a row, in files as on the server.

``tests/data/state`` has what their own programs kept, as SQL: ``before-zalo`` when Telegram was the only chat, ``before-servers`` when
there were only files.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest

from bot.audit import Audit
from bot.conversations import Conversations
from bot.journal import Journal
from bot.messenger import mailbox_tables as mailboxes
from bot.messenger.mailbox import Mailbox, Update
from bot.people import People
from bot.picks import Picks
from bot.settings import Settings
from bot.stores import STORES
from bot.web.admin.admins import Admins
from bot.web.admin.jobs import Jobs
from bot.web.turns import Turns
from rag.storage import State, troubles

RELEASES = ("before-zalo", "before-servers")
GONE = {"inbox": "updates", "outbox": "letters", "answering": "", "sessions": "", "attempts": ""}
"""Tables of which nothing is left under their name, and where their rows are."""


@pytest.fixture(params=RELEASES)
def before(request, repo, tmp_path) -> State:
    for dump in (repo / "tests/data/state" / request.param).glob("*.sql"):
        with closing(sqlite3.connect(tmp_path / f"{dump.stem}.sqlite3")) as file:
            file.executescript(dump.read_text())
    return State(tmp_path)


def counts(state: State, name: str) -> dict[str, int]:
    with closing(sqlite3.connect(state.folder / f"{name}.sqlite3")) as file:
        tables = [table for (table,) in file.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")]
        return {table: file.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0] for table in tables}


def test_no_row_of_any_store_is_lost_and_no_file_is_set_aside(before):
    names = [name for name in STORES if before.has(name)]
    there = {name: counts(before, name) for name in names}

    for name in names:
        STORES[name](before).close()

    assert len(names) >= 9
    assert troubles(before) == []
    for name in names:
        after = counts(before, name)
        for table, count in there[name].items():
            kept = GONE.get(table, table)
            assert not kept or after[kept] == count, (name, table)


def test_what_was_kept_is_read_as_before(before):
    assert [entry.question for entry in Journal(before).entries()] == ["hạn nộp?", "hạn nộp?"]
    assert [entry.note for entry in Journal(before).entries()] == ["cần gấp", ""]
    assert People(before).load("telegram:1").reminded_since == "2026-01-01"
    assert [pick.times for pick in Picks(before).all(36500)] == [2]
    assert [entry.target for entry in Audit(before).entries()] == ["1/CV"]
    assert [admin.name for admin in Admins(Settings(data=before.folder)).all()] == ["Lan"]
    turns = Turns(before)
    assert [(turn.answer["question"], turn.picked) for turn in turns.of("talk")] == [("một", 2), ("hai", -1)]
    assert [talk.question for talk in turns.talks("chủ")] == ["một"]
    assert turns.shared("s1").answer == {"question": "một"}
    # and what was deleted by a trigger is deleted still
    assert turns.forget("talk") == 2
    assert turns.shared("s1") is turns.owner("talk") is None
    Journal(before).prune(timedelta())
    assert Journal(before)._database.rows("SELECT * FROM remarks") == []
    assert [job.told for job in Jobs(before.folder).latest()] == ["Xong."]
    Conversations(before).close()


def test_a_mailbox_goes_on_where_it_stopped(before):
    mailbox = Mailbox(before, "telegram")

    mailbox.recover()

    assert not mailbox.receive(Update("1", "7", "{}"))
    assert mailbox._database.rows("SELECT id FROM updates WHERE body IS NOT NULL ORDER BY number") == [("2",), ("3",)]
    assert mailbox.reminded("telegram:1") == {"hạn"}
    assert mailbox.place("T1IW5XLJtBVQ").section == "II.1"
    said = []
    while letter := mailbox.next("7"):
        said.append(letter.payload["text"])
        mailbox.drop(letter.id)
    assert said[-1] == "hai"


def test_a_mailbox_of_the_first_version_keeps_what_its_letters_answer(state):
    first = state.open("telegram", mailboxes.MIGRATIONS[:1])
    for id in ("70", "71"):
        first.run("INSERT INTO letters (chat, method, payload, made) VALUES ('7', 'sendMessage', '{}', 1.0)")
        ((letter,),) = first.rows("SELECT max(id) FROM letters")
        first.run("INSERT INTO answering VALUES (?, ?, 2)", letter, id)
    first.close()

    mailbox = Mailbox(state, "telegram")

    letter = mailbox.next("7")
    assert (letter.question, letter.part, letter.id) == ("70", 2, 1)
    mailbox.drop(letter.id)
    assert mailbox.next("7").question == "71"
