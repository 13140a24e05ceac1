"""A question in a conversation while the server of state is dead: it is followed all the same, and kept afterwards."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest

from bot.conversations import Conversations
from bot.journal import Journal
from bot.people import People
from rag.documents import Answer
from rag.question.conversation import Conversation
from rag.storage import State
from rag.storage.postgres_server import server_at
from tests.servers.postgres import Postgres, missing

PATIENCE = 20.0


@pytest.fixture
def server():
    if reason := missing():
        pytest.skip(reason)
    made = Postgres.begin()
    yield made
    made.remove()


def test_a_conversation_goes_on_while_the_server_is_dead_and_its_questions_are_counted_after(server, tmp_path):
    state = State(tmp_path, server.address())
    conversations, journal, people = Conversations(state), Journal(state), People(state)
    asked = Conversation()
    asked.topic = "hạn nộp báo cáo"
    conversations.save("an", asked)
    people.set_role("telegram:1", "thpt")

    server.stop()
    followed = conversations.load("an", timedelta(hours=1)).to_json()
    journal.note("j", "web", people.alias("telegram:1"), Answer("?", "not_found", "Không thấy.", kind="not_found"), 0.1)
    conversations.forget("an")
    server.start()
    until = time.monotonic() + PATIENCE
    while any(store._database.trouble for store in (conversations, journal, people)):
        assert time.monotonic() < until
        time.sleep(0.05)

    assert followed == asked.to_json()
    assert conversations.load("an").to_json() == Conversation().to_json()
    assert [entry.id for entry in journal.entries()] == ["j"]
    assert people.load("telegram:1").role.key == "thpt"
    server_at(state.server).close()
