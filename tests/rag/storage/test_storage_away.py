"""The PostgreSQL server dies, hands over, comes back: nobody waits for it, and what was to be kept is told to it afterwards."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from rag.errors import DatabaseAway
from rag.storage import KEY, State, troubles
from rag.storage.postgres_server import server_at
from tests.servers.postgres import Postgres, missing

NOTES = f"CREATE TABLE IF NOT EXISTS notes (id {KEY}, words TEXT NOT NULL UNIQUE);"
ADD = "INSERT INTO notes (words) VALUES (?)"
PATIENCE = 20.0  # seconds; on an idle machine it is back within one


@pytest.fixture(scope="module")
def primary():
    if reason := missing():
        pytest.skip(reason)
    server = Postgres.begin()
    server._set("synchronous_commit = on")  # or a kill takes the last moments with it
    server.stop()
    server.start()
    yield server
    server.remove()


@pytest.fixture
def opened(primary, tmp_path):
    state = State(tmp_path, primary.create(f"away_{uuid4().hex[:8]}"))
    yield state
    server_at(state.server).close()


def words(database) -> list[str]:
    return sorted(row[0] for row in database.rows("SELECT words FROM notes"))


def wait_until_back(*databases) -> None:
    until = time.monotonic() + PATIENCE
    while any(each.trouble for each in databases):
        assert time.monotonic() < until
        time.sleep(0.05)


def test_what_is_kept_while_the_server_is_dead_is_in_it_afterwards(opened, primary):
    kept = opened.open("notes", [NOTES])
    kept.run(ADD, "trước")

    primary.kill()
    kept.run(ADD, "một")
    with kept.transaction():
        kept.run(ADD, "hai")
        kept.run("UPDATE notes SET words = 'hai rưỡi' WHERE words = 'hai'")
    with pytest.raises(ZeroDivisionError), kept.transaction():
        kept.run(ADD, "không bao giờ")
        _ = 1 / 0
    (told,) = troubles(opened)
    meanwhile = words(kept)
    primary.start()
    wait_until_back(kept)

    assert meanwhile == ["hai rưỡi", "một"]
    assert told.startswith("Không dùng được cơ sở dữ liệu PostgreSQL 127.0.0.1/away_")
    assert words(kept) == ["hai rưỡi", "một", "trước"]


def test_a_transaction_in_which_the_server_dies_goes_on(opened, primary):
    kept = opened.open("notes", [NOTES])

    with kept.transaction():
        kept.run(ADD, "trước")
        primary.kill()
        kept.run(ADD, "sau")
        assert words(kept) == ["sau", "trước"]
    primary.start()
    wait_until_back(kept)

    assert words(kept) == ["sau", "trước"]


def test_what_must_last_is_refused_while_the_server_is_dead(opened, primary):
    kept = opened.open("mail", [NOTES], lasting=True)

    primary.kill()
    with pytest.raises(DatabaseAway):
        kept.run(ADD, "một")
    with pytest.raises(DatabaseAway), kept.transaction():
        kept.run(ADD, "hai")
    primary.start()
    wait_until_back(kept)
    kept.run(ADD, "ba")

    assert words(kept) == ["ba"]


def test_a_program_starts_without_its_server_and_finds_it_later(opened, primary):
    primary.kill()
    kept, lasting = opened.open("notes", [NOTES]), opened.open("mail", [NOTES], lasting=True)
    kept.run(ADD, "một")
    primary.start()
    wait_until_back(kept)

    lasting.run(ADD, "hai")
    assert words(kept) == ["một"]


def test_a_server_that_was_started_anew_costs_nobody_a_statement(opened, primary):
    kept = opened.open("mail", [NOTES], lasting=True)
    with ThreadPoolExecutor(4) as pool:  # several connections
        list(pool.map(lambda n: kept.run(ADD, f"trước {n}"), range(20)))

    primary.stop()
    primary.start()

    assert kept.run(ADD, "sau") == 1
    assert len(words(kept)) == 21


def test_the_promoted_standby_is_found_and_nothing_is_lost(primary, tmp_path):
    standby = primary.standby()
    primary.waits_for_standby()
    url = f"postgresql://tracuu@127.0.0.1:{primary.port},127.0.0.1:{standby.port}/postgres?target_session_attrs=read-write"
    try:
        kept = State(tmp_path, url).open("notes", [NOTES])
        kept.run(ADD, "trước")

        primary.kill()
        kept.run(ADD, "giữa")
        standby.promote()
        wait_until_back(kept)

        kept.run(ADD, "sau")
        assert words(kept) == ["giữa", "sau", "trước"]
    finally:
        server_at(url).close()
        standby.remove()
