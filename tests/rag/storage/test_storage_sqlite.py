"""The SQLite files of the state: damaged, in the way, closed; nothing waits for them, and nothing goes silently."""

from __future__ import annotations

import os
import sqlite3

import pytest

from rag.storage import State, sqlite, troubles

MIGRATIONS = ("CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY, words TEXT NOT NULL);",)


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
    kept = State(path.parent).open(path.stem, MIGRATIONS)
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
    (line,) = troubles(State(tmp_path))
    assert str(aside) in line
    kept.close()
    assert noted(path, "nữa").rows("SELECT count(*) FROM notes") == [(2,)]


def test_damage_to_a_file_in_use_is_met_at_the_next_statement(tmp_path):
    kept, path = noted(tmp_path / "notes.sqlite3", "cũ"), tmp_path / "notes.sqlite3"
    noted(path, "của tiến trình khác").scrub()  # so that nothing of it is known by heart
    path.write_bytes(b"\xa5" * path.stat().st_size)

    kept.run("INSERT INTO notes (words) VALUES ('mới')")

    assert kept.rows("SELECT words FROM notes") == [("mới",)]
    assert len(troubles(State(tmp_path))) == 1


def test_a_folder_that_cannot_be_made_is_done_without_and_used_as_soon_as_it_can(tmp_path, monkeypatch, caplog):
    (tmp_path / "data").write_text("in the way")
    path = tmp_path / "data" / "notes.sqlite3"

    kept = noted(path, "trong bộ nhớ")

    assert kept.rows("SELECT words FROM notes") == [("trong bộ nhớ",)]
    assert str(path) in kept.trouble
    assert kept.trouble in troubles(State(tmp_path / "data"))
    # when the way is free again
    (tmp_path / "data").unlink()
    monkeypatch.setattr(sqlite, "_PAUSE", 0.0)
    kept._again = 0.0
    kept.run("INSERT INTO notes (words) VALUES ('trong tệp')")
    assert kept.trouble == ""
    assert noted(path, "nữa").rows("SELECT words FROM notes") == [("trong tệp",), ("nữa",)]
