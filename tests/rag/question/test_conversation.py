"""What a conversation remembers, kept between messages and between versions of the program."""

import json

import pytest

from rag.question.conversation import Conversation


def test_a_conversation_is_read_as_it_was_written():
    conversation = Conversation("hạn nộp báo cáo", "deadline", ["2607/SGDĐT-GDPT"], left=True)

    assert Conversation.from_json(conversation.to_json()) == conversation


def test_a_conversation_of_another_version_keeps_what_is_known_of_it():
    written = json.dumps({"topic": "hạn nộp báo cáo", "numbers": ["2607/SGDĐT-GDPT"], "mood": "glad"})

    assert Conversation.from_json(written) == Conversation("hạn nộp báo cáo", numbers=["2607/SGDĐT-GDPT"])


@pytest.mark.parametrize("written", ["", "{", "null", "[]", '{"topic": 5}', '{"asked": "hạn nộp"}', '{"numbers": [5]}', '{"left": "yes"}'])
def test_what_is_no_conversation_begins_a_new_one(written, caplog):
    assert Conversation.from_json(written) == Conversation()
    assert "could not be read" in caplog.text
