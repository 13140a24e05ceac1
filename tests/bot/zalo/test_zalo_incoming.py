"""What Zalo sends, read; and whatever else may come, endured."""

from __future__ import annotations

import json
import random
import time

import pytest

from bot.zalo.incoming import Message, Unreadable, key, parse, read, without_mention
from bot.zalo.platform import Bot

ME = Bot("b07", "Bot Tra Cứu", "bot.TRACUU")


def update(event="message.text.received", **changes):
    message = {
        "message_id": "0fa1",
        "date": 1_767_225_600_000,
        "text": "Hạn nộp báo cáo?",
        "from": {"id": "c0ffee", "display_name": "Cô Lan", "is_bot": False},
        "chat": {"id": "c0ffee", "chat_type": "PRIVATE"},
    }
    return {"event_name": event, "message": {name: value for name, value in (message | changes).items() if value is not None}}


@pytest.mark.parametrize("wrap", [lambda it: it, lambda it: {"ok": True, "result": it}])
def test_a_text_is_read(wrap):
    found = read(wrap(update()), ME)

    assert found == Message(
        id="0fa1", chat="c0ffee", user="c0ffee", kind="text", is_group=False, at=1_767_225_600.0, text="Hạn nộp báo cáo?", name="Cô Lan"
    )
    assert key(wrap(update())) == key(update())


def test_numbers_are_ids_too():
    found = read(update(message_id=12, chat={"id": 34}, **{"from": {"id": 9007199254740993, "first_name": "Lan"}}), ME)

    assert isinstance(found, Message)
    assert (found.id, found.chat, found.user, found.name) == ("12", "34", "9007199254740993", "Lan")


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        ("message.image.received", "image"),
        ("message.sticker.received", "sticker"),
        ("message.voice.received", "voice"),
        ("message.unsupported.received", "other"),
        ("message.new.received", "other"),
    ],
)
def test_every_kind_is_known(event, kind):
    found = read(update(event, text=None, caption="hạn này là bao giờ"), ME)

    assert isinstance(found, Message)
    assert (found.kind, found.text) == (kind, "hạn này là bao giờ")


@pytest.mark.parametrize(
    "raw",
    [
        update(**{"from": {"id": "b07"}}),
        update(**{"from": {"id": "b08", "is_bot": True}}),
        {"event_name": "user.follow", "user": {"id": "1"}},
        {"event_name": "message.text.received"},
    ],
)
def test_what_is_no_persons_message_is_none(raw):
    assert read(raw, ME) is None


@pytest.mark.parametrize(
    "raw",
    [
        *(None, [], "a", 1, {}, {"message": 1}, {"result": {}}, {"event_name": "message.text.received", "message": []}),
        *(update(message_id=None), update(chat=None), update(chat={}), update(**{"from": {"id": True}}), update(message_id="")),
    ],
)
def test_what_cannot_be_understood_is_said_to_be(raw):
    assert isinstance(read(raw, ME), Unreadable)


@pytest.mark.parametrize("date", [None, "", "x", "NaN", -1, 10**400, 1e308, True, [], 5])
def test_a_message_without_a_date_is_of_now(date):
    found = read(update(date=date), ME)

    assert isinstance(found, Message)
    assert abs(found.at - time.time()) < 60


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("@Bot Tra Cứu hạn nộp?", "hạn nộp?"),
        ("@bot tra  cứu: hạn nộp?", "hạn nộp?"),
        ("hạn nộp @Bot Tra Cứu ?", "hạn nộp ?"),
        ("@bot.TRACUU hạn nộp?", "hạn nộp?"),
        ("@Bot Tra Cứu", ""),
        ("@Bot Tra Cứu2 hạn nộp?", "@Bot Tra Cứu2 hạn nộp?"),
        ("gửi a@bot.TRACUU nhé", "gửi a@bot.TRACUU nhé"),
        ("@Cô Lan hỏi bot tra cứu", "@Cô Lan hỏi bot tra cứu"),
    ],
)
def test_in_groups_the_name_of_the_bot_is_left_out(text, asked):
    assert without_mention(text, ME) == asked
    found = read(update(text=text, chat={"id": "9", "chat_type": "GROUP"}), ME)
    assert isinstance(found, Message) and found.is_group and found.text == asked


def test_a_message_in_the_log_names_nobody():
    assert "Lan" not in repr(read(update(), ME)) and "Hạn" not in repr(read(update(), ME))


def test_other_messages_have_other_keys():
    keys = [key(update()), key(update(message_id="0fa2")), key(update("message.image.received")), key(update(message_id=None)), key({})]

    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("body", [b"", b"\xff", b"[]", b"1", b"null", b'{"a"', b"[" * 100_000, b'{"a":' * 100_000, b"1" * 5000])
def test_a_body_that_is_no_object_is_nothing(body):
    assert parse(body) is None


def test_whatever_json_comes_is_endured():
    chance = random.Random(17)
    names = ["event_name", "message", "result", "from", "chat", "id", "message_id", "date", "text", "caption", "is_bot", "chat_type"]
    leaves = [None, True, 0, -1, 1.5, 10**30, float("inf"), float("nan"), "", "message.text.received", "\ud800", "a\0b", "GROUP", "@Bot"]

    def anything(depth):
        if depth == 0 or chance.random() < 0.3:
            return chance.choice(leaves)
        if chance.random() < 0.2:
            return [anything(depth - 1) for _ in range(chance.randrange(3))]
        return {chance.choice(names): anything(depth - 1) for _ in range(chance.randrange(6))}

    for _ in range(5000):
        raw = anything(4)
        if chance.random() < 0.7:  # close to a true one
            raw = update(**{chance.choice(names): anything(2) for _ in range(2)})
        found = read(raw, ME)
        if isinstance(found, Message):
            json.dumps([found.id, found.chat, found.user, found.text, found.name], ensure_ascii=False).encode()
        if isinstance(raw, dict):
            key(raw).encode()
            assert parse(json.dumps(raw).encode()) is not None


def test_what_is_too_deep_still_has_a_key():
    raw = deep = {}
    for _ in range(100_000):
        deep["a"] = deep = {}

    assert key(raw)
    assert isinstance(read(raw, ME), Unreadable)
