from __future__ import annotations

import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from bot.conversations import Conversations
from rag.question.conversation import Conversation
from rag.storage import State


@pytest.fixture
def asked(example_assistant) -> Conversation:
    """A conversation in which something was asked."""
    conversation = Conversation()
    example_assistant.ask("Mật khẩu tài khoản quản trị bao lâu phải đổi một lần?", conversation)
    return conversation


def test_what_was_saved_is_loaded_by_another_process(state, asked):
    Conversations(state).save("an", asked)

    assert Conversations(state).load("an").to_json() == asked.to_json()


def test_an_unknown_conversation_is_new(state, asked):
    conversations = Conversations(state)
    conversations.save("an", asked)

    assert conversations.load("bình").to_json() == Conversation().to_json()


def test_saving_again_replaces(state, asked):
    conversations = Conversations(state)
    conversations.save("an", asked)
    conversations.save("an", Conversation())

    assert conversations.load("an").to_json() == Conversation().to_json()


def test_what_came_later_is_put_in_place_unless_the_conversation_went_on(state, asked):
    conversations = Conversations(state)
    still = conversations.save("an", Conversation())
    gone_on = conversations.save("bình", Conversation())
    forgotten = conversations.save("chi", Conversation())
    conversations.save("bình", Conversation())
    conversations.forget("chi")

    for id, saved in (("an", still), ("bình", gone_on), ("chi", forgotten)):
        conversations.correct(id, asked, saved)

    assert [bool(conversations.load(id).topic) for id in ("an", "bình", "chi")] == [True, False, False]


def test_pruning_forgets_only_what_is_old(state, asked, monkeypatch):
    conversations = Conversations(state)
    conversations.save("old", asked)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 3600)
    conversations.save("new", asked)

    forgotten = conversations.prune(timedelta(minutes=30))

    assert forgotten == 1
    assert conversations.load("old").to_json() == Conversation().to_json()
    assert conversations.load("new").to_json() == asked.to_json()


def test_many_threads_save_at_once(state, asked):
    conversations = Conversations(state)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: conversations.save(f"user {n}", asked), range(40)))

    assert all(conversations.load(f"user {n}").to_json() == asked.to_json() for n in range(40))


def test_the_file_is_a_plain_sqlite_database(tmp_path, asked):
    Conversations(State(tmp_path)).save("an", asked)

    with sqlite3.connect(tmp_path / "conversations.sqlite3") as database:
        assert database.execute("SELECT id FROM conversations").fetchall() == [("an",)]
