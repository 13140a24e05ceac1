"""What is kept in memory while the server is away: in which units, in which order, and what goes where it is too much."""

from __future__ import annotations

from threading import Thread

import pytest

from rag.errors import TracuuError
from rag.storage import meanwhile as module
from rag.storage.meanwhile import Meanwhile

MIGRATIONS = ("CREATE TABLE IF NOT EXISTS notes (words TEXT NOT NULL UNIQUE);",)
ADD = "INSERT INTO notes (words) VALUES (?)"


@pytest.fixture
def kept() -> Meanwhile:
    return Meanwhile(MIGRATIONS)


def within(kept: Meanwhile, *words: str, keeps: bool = True) -> None:
    assert kept.begin()
    for word in words:
        kept.execute(ADD, (word,))
    kept.end(keeps)


def words(kept: Meanwhile) -> list[str]:
    return [row[0] for row in kept.execute("SELECT words FROM notes ORDER BY rowid", ())[0]]


def all_told(kept: Meanwhile) -> list[list[str]]:
    """Tell the server everything; return the words of each unit."""
    told = []
    while unit := kept.untold():
        told.append([values[0] for _, values in unit])
        kept.told(unit)
    return told


def test_a_statement_is_told_by_itself_and_a_transaction_as_one_in_the_order_in_which_they_ended(kept):
    kept.execute(ADD, ("một",))
    within(kept, "hai", "ba")
    within(kept)
    within(kept, "bốn")

    assert words(kept) == ["một", "hai", "ba", "bốn"]
    assert all_told(kept) == [["một"], ["hai", "ba"], ["bốn"]]


def test_what_was_given_up_or_failed_is_neither_kept_nor_told(kept):
    kept.execute(ADD, ("một",))
    within(kept, "hai", keeps=False)
    with pytest.raises(TracuuError, match="bộ nhớ") as told:
        kept.execute(ADD, ("một",))

    assert "\n" not in str(told.value)
    assert words(kept) == ["một"]
    assert all_told(kept) == [["một"]]


def test_a_statement_says_what_it_found_and_how_many_rows_it_touched(kept):
    assert kept.execute(ADD + " RETURNING words", ("một",))[0] == [("một",)]
    kept.execute(ADD, ("hai",))

    assert kept.execute("UPDATE notes SET words = words || '!'", ())[1] == 2
    assert len(kept._untold) == 3  # what only looked is told to nobody


def test_it_is_over_when_all_was_told_and_then_nobody_begins_anything_there(kept):
    within(kept, "một")
    assert (all_told(kept), kept.is_over) == ([["một"]], True)

    assert not kept.begin()
    # and whoever was refused holds nobody up
    other = Thread(target=kept.begin, daemon=True)
    other.start()
    other.join(5)
    assert not other.is_alive()


def test_nobody_gets_into_the_transaction_of_another(kept):
    assert kept.begin()
    kept.execute(ADD, ("một",))
    other = Thread(target=within, args=(kept, "của luồng khác"), daemon=True)
    other.start()
    other.join(0.02)
    assert other.is_alive()
    kept.execute(ADD, ("hai",))
    kept.end(keeps=True)
    other.join(5)

    assert all_told(kept) == [["một", "hai"], ["của luồng khác"]]


def test_of_too_much_the_oldest_goes_also_while_it_is_being_told(monkeypatch):
    monkeypatch.setattr(module, "_MOST", 2)
    kept = Meanwhile(MIGRATIONS)
    within(kept, "một")
    within(kept, "hai")
    telling = kept.untold()

    within(kept, "ba")  # there is no room for the first, which the server is just told
    kept.told(telling)

    assert all_told(kept) == [["hai"], ["ba"]]
