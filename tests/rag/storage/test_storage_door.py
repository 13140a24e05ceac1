"""The door to state: what it promises in SQLite it promises in PostgreSQL."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace

import pytest

from rag.errors import TracuuError
from rag.storage import KEY, State

FIRST = f"""
CREATE TABLE IF NOT EXISTS notes (id {KEY}, words TEXT NOT NULL UNIQUE, weight DOUBLE PRECISION NOT NULL DEFAULT 0.5, raw BLOB);
CREATE INDEX IF NOT EXISTS notes_by_weight ON notes (weight);
"""
SECOND = """
ALTER TABLE notes ADD COLUMN times BIGINT NOT NULL DEFAULT 7;
CREATE TABLE marks (note BIGINT PRIMARY KEY);
INSERT INTO marks SELECT id FROM notes WHERE words LIKE 'c%';
"""
ADD = "INSERT INTO notes (words) VALUES (?)"


def words(database) -> list[str]:
    return [row[0] for row in database.rows("SELECT words FROM notes ORDER BY id")]


def test_values_come_back_as_they_were_kept(state):
    kept = state.open("notes", [FIRST])

    kept.run("INSERT INTO notes (words, weight, raw) VALUES (?, ?, ?)", "100 % đúng? có", 0.1, b"\0\xff")

    assert kept.rows("SELECT * FROM notes WHERE words LIKE '100 %' AND weight < ?", 1) == [(1, "100 % đúng? có", 0.1, b"\0\xff")]
    assert kept.run("UPDATE notes SET weight = ?", True) == 1
    assert kept.rows("INSERT INTO notes (words) VALUES (?) RETURNING id, weight", "hai") == [(2, 0.5)]


def test_what_another_process_opens_is_the_same_store_and_another_name_is_not(state):
    state.open("notes", [FIRST]).run(ADD, "một")

    assert words(state.open("notes", [FIRST])) == ["một"]
    assert words(state.open("other-notes", [FIRST])) == []


def test_offices_on_one_server_do_not_see_each_other(states_server, tmp_path):
    one, other = State(tmp_path, states_server, "door_one"), State(tmp_path, states_server, "door-other")
    one.open("notes", [FIRST]).run(ADD, "một")

    assert words(other.open("notes", [FIRST])) == []


def test_a_transaction_keeps_all_or_nothing(state):
    kept = state.open("notes", [FIRST])

    with kept.transaction():
        kept.run(ADD, "một")
        kept.run(ADD, "hai")
    with pytest.raises(ZeroDivisionError), kept.transaction():
        kept.run(ADD, "ba")
        assert words(kept) == ["một", "hai", "ba"]
        _ = 1 / 0
    with pytest.raises(TracuuError), kept.transaction():
        kept.run(ADD, "bốn")
        kept.run(ADD, "một")

    assert words(kept) == ["một", "hai"]


def test_of_those_who_look_before_they_write_alone_none_sees_what_is_just_changing(state):
    kept = [state.open("notes", [FIRST]) for _ in range(4)]
    kept[0].run("INSERT INTO notes (words, weight) VALUES ('x', 0)")

    def add_one(database) -> None:
        for _ in range(10):
            with database.transaction(alone=True):
                ((weight,),) = database.rows("SELECT weight FROM notes")
                database.run("UPDATE notes SET weight = ?", weight + 1)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(add_one, kept))

    assert kept[0].rows("SELECT weight FROM notes") == [(40.0,)]


def test_a_statement_that_cannot_be_is_one_line_and_spoils_nothing_after_it(state):
    kept = state.open("notes", [FIRST])
    kept.run(ADD, "một")

    with pytest.raises(TracuuError) as told:
        kept.run(ADD, "một")

    assert "\n" not in str(told.value)
    assert words(kept) == ["một"]


def test_what_was_spoilt_is_not_kept_in_silence(states_server, tmp_path):
    kept = State(tmp_path, states_server, "door-spoilt").open("notes", [FIRST])
    kept.run(ADD, "một")

    with pytest.raises(TracuuError, match="duplicate"), kept.transaction():
        kept.run(ADD, "hai")
        with suppress(TracuuError):
            kept.run(ADD, "một")

    assert words(kept) == ["một"]


def test_a_statement_that_takes_too_long_is_a_fault_of_its_own(states_server, tmp_path):
    kept = State(tmp_path, states_server, "door-slow").open("notes", [FIRST])
    kept.run(ADD, "một")

    with pytest.raises(TracuuError, match="timeout"), kept.transaction():
        kept.run("SET LOCAL statement_timeout = 50")
        kept.rows("SELECT pg_sleep(5)")

    assert kept.trouble == ""


def test_a_later_version_brings_forward_what_there_is_and_is_brought_forward_once(state):
    before = state.open("notes", [FIRST])
    before.run(ADD, "cũ")

    with ThreadPoolExecutor(4) as pool:  # as several processes that start at once
        opened = list(pool.map(lambda _: state.open("notes", [FIRST, SECOND]), range(4)))

    assert opened[3].rows("SELECT words, times FROM notes") == [("cũ", 7)]
    assert opened[0].rows("SELECT note FROM marks") == [(1,)]
    before.run(ADD, "của chương trình cũ, vẫn đang chạy")
    assert len(words(opened[1])) == 2


def test_a_version_that_fails_leaves_everything_as_it_was(state):
    state.open("notes", [FIRST]).run(ADD, "cũ")

    with pytest.raises(Exception, match="nowhere"):
        opened = state.open("notes", [FIRST, "ALTER TABLE notes ADD COLUMN x BIGINT; INSERT INTO nowhere VALUES (1);"])
        raise RuntimeError(opened.trouble)

    again = state.open("notes", [FIRST])
    assert again.rows("SELECT id, words, weight, raw FROM notes") == again.rows("SELECT * FROM notes") == [(1, "cũ", 0.5, None)]


def test_what_a_newer_program_keeps_is_left_alone_and_told(state):
    state.open("notes", [FIRST, SECOND]).run(ADD, "mới")

    with pytest.raises(TracuuError, match="phiên bản mới hơn"):
        opened = state.open("notes", [FIRST])
        raise TracuuError(opened.trouble)

    assert words(state.open("notes", [FIRST, SECOND])) == ["mới"]


def test_a_lock_has_one_holder(state):
    one, other = state.lock("login"), state.lock("login")

    assert one.acquire(1)
    assert not other.acquire(0)
    one.release()
    assert other.acquire(1)
    other.release()


def test_the_password_of_the_server_is_in_nothing_that_is_printed(tmp_path):
    state = State(tmp_path, "postgresql://tracuu:bimat@127.0.0.1:1/x")

    assert "bimat" not in f"{state} {replace(state, office='x')!r}"
    assert "bimat" not in state.open("notes", [FIRST]).trouble
