"""From SQLite files to PostgreSQL: everything arrives, nothing is overwritten, and what was cut off is begun anew."""

from __future__ import annotations

import hashlib
import subprocess
import time
from contextlib import closing

import psycopg
import pytest

from bot.audit import Audit
from bot.conversations import Conversations
from bot.journal import Journal
from bot.messenger.mailbox import Mailbox, Update
from bot.messenger.posting import Letter
from bot.people import People
from bot.stores import STORES
from bot.web.turns import Turn, Turns
from rag.documents import Answer
from rag.question.conversation import Conversation
from rag.storage import State
from tests.bot.command import COMMAND

ANSWER = Answer("hạn nộp?", "not_found", "Không thấy.", kind="not_found")
PATIENCE = 60.0


@pytest.fixture
def old(tmp_path):
    """What a service with SQLite files has kept."""
    state = State(tmp_path / "data")
    with closing(Audit(state)) as audit, closing(People(state)) as people, closing(Conversations(state)) as conversations:
        audit.add("an", "thêm văn bản", "1/CV")
        people.set_role("telegram:1", "thpt")
        people.alias("telegram:1")
        conversations.save("telegram:1", Conversation())
    with closing(Journal(state)) as journal, closing(Turns(state)) as turns, closing(Mailbox(state, "telegram")) as mailbox:
        for number in range(50):
            journal.note(f"j{number}", "web", "an", ANSWER, 0.1, "thpt", "Học bạ\0 số")
            turns.add(Turn(f"t{number}", "talk", float(number), {"question": f"câu {number}"}, owner="chủ"))
        mailbox.receive(Update("1", "7", "{}"))
        mailbox.commit([Letter("7", "sendMessage", {"text": "một"})], done="1")
    return state


@pytest.fixture
def moved(environment, old, postgres, tmp_path):
    """Run ``tracuu move-data`` into an empty database."""

    def run() -> subprocess.CompletedProcess[str]:
        with begun() as process:
            out, error = process.communicate(timeout=PATIENCE)
        return subprocess.CompletedProcess([], process.returncode, out, error)

    def begun() -> subprocess.Popen[str]:
        variables = environment | {"TRACUU_DATA": str(old.folder), "TRACUU_DATABASE": postgres}
        command = [*COMMAND, "move-data"]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=variables, cwd=tmp_path)

    run.begun = begun
    return run


@pytest.fixture
def new(old, postgres):
    state = State(old.folder, postgres)
    yield state
    from rag.storage.postgres_server import server_at

    server_at(postgres).close()


def files(folder) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("*.sqlite3")}


def test_everything_is_in_the_server_and_goes_on_there(moved, old, new):
    before = files(old.folder)

    told = moved()

    assert (told.returncode, told.stderr) == (0, "")
    assert "journal: 100 dòng" in told.stdout and "pg_dump" in told.stdout
    assert files(old.folder) == before
    journal, turns, mailbox = Journal(new), Turns(new), Mailbox(new, "telegram")
    assert [entry.topic for entry in journal.entries()] == ["Học bạ số"] * 50
    assert [turn.answer["question"] for turn in turns.of("talk")] == [f"câu {number}" for number in range(50)]
    assert turns.shared(turns.get("t3").share).answer == {"question": "câu 3"}
    assert People(new).alias("telegram:1") == People(old).alias("telegram:1")
    assert not mailbox.receive(Update("1", "7", "{}"))
    # and what comes next comes after it
    mailbox.commit([Letter("7", "sendMessage", {"text": "hai"})])
    assert mailbox.next("7").payload == {"text": "một"}
    turns.add(Turn("mới", "talk", 99.0, {"question": "câu mới"}, owner="chủ"))
    assert turns.of("talk")[-1].id == "mới"


def test_what_is_there_is_passed_over_and_what_is_otherwise_is_never_overwritten(moved, new):
    moved()
    again = moved()
    Journal(new).note("khác", "web", "an", ANSWER, 0.1)
    refused = moved()

    assert again.returncode == 0 and "journal: 100 dòng, đã có sẵn" in again.stdout
    assert refused.returncode == 2
    assert "đã có 102 dòng, khác với 100 dòng" in refused.stderr and "\n" not in refused.stderr.strip()
    assert len(Journal(new).entries()) == 51


def test_a_run_that_was_killed_is_begun_anew_and_ends_as_one_that_was_not(moved, new, postgres):
    People(new).close()  # the tables are there, and somebody holds one: there the work stands still
    with psycopg.connect(postgres) as holding:
        holding.execute("LOCK TABLE people.people")
        with moved.begun() as process:
            while "audit" not in (line := process.stdout.readline()):
                assert line
            time.sleep(0.5)
            process.kill()
    assert len(Audit(new).entries()) == 1
    assert People(new).load("telegram:1").role is None

    told = moved()

    assert told.returncode == 0
    assert "audit: 1 dòng, đã có sẵn" in told.stdout
    assert People(new).load("telegram:1").role.key == "thpt"
    assert len(Journal(new).entries()) == 50


def test_without_an_address_it_says_what_to_do(tracuu, environment):
    told = tracuu("move-data")

    assert told.returncode == 2
    assert "Chưa đặt TRACUU_DATABASE" in told.stderr.decode()


@pytest.mark.parametrize("name", STORES)
def test_every_store_that_is_moved_opens_empty_in_both(state, name):
    STORES[name](state).close()

    assert state.has(name)
    assert [path.name for path in state.folder.iterdir()] == ([] if state.server else [f"{name}.sqlite3"])
