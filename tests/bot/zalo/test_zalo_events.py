"""What Zalo brings of an Official Account: read whatever it is, and taken only where Zalo signed it."""

from __future__ import annotations

import asyncio
import json
import random
from datetime import timedelta

import httpx
import pytest

from bot.messenger.webhook import Receiver, answer, listen
from bot.zalo.events import SIGNATURE, Event, Ignored, Signature, Unreadable, read, signature
from tests.bot.zalo_oa_server import APP_ID, OA_KEY, ZaloOaServer

USER = "6492094024208283"
OLDEST = timedelta(hours=3)


@pytest.fixture
def zalo():
    server = ZaloOaServer(hour=1.0)
    yield server
    server.close()
    assert not server.refused


def checked(zalo, app_id=APP_ID, secret=OA_KEY):
    return Signature(app_id, secret, OLDEST, zalo.now).is_genuine


def test_words_are_read(zalo):
    event = read(zalo.says(USER, "hạn nộp?"))

    assert isinstance(event, Event)
    assert (event.name, event.user, event.text, event.attachments) == ("user_send_text", USER, "hạn nộp?", ())
    assert event.message and event.is_action
    assert abs(event.at - zalo.now()) < 60


def test_what_is_attached_is_known_by_its_kind(zalo):
    event = read(zalo.sends(USER, "user_send_image", attachments=[{"type": "image", "payload": {"url": "https://x"}}, 3, {"type": None}]))

    assert (event.text, event.attachments) == ("", ("image",))


@pytest.mark.parametrize("name", ["follow", "unfollow"])
def test_who_comes_and_who_leaves_is_known_and_is_no_word(zalo, name):
    event = read(zalo.follows(USER, name))

    assert (event.name, event.user, event.is_action) == (name, USER, False)


def test_a_repetition_has_the_same_key_and_nothing_else_has(zalo):
    bodies = [zalo.says(USER, "a"), zalo.says(USER, "a"), zalo.follows(USER), zalo.follows("77"), zalo.follows(USER, "unfollow")]

    keys = [read(body).key for body in bodies]

    assert len(set(keys)) == len(keys)
    assert [read(body).key for body in bodies] == keys


@pytest.mark.parametrize("name", ["oa_send_text", "user_received_message", "user_seen_message", "một tên mới"])
def test_what_is_not_for_us_is_ignored(name):
    assert read(json.dumps({"event_name": name}).encode()) == Ignored(name)


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"event_name": "user_send_text"},
        {"event_name": "user_send_text", "sender": {"id": USER}, "timestamp": "1764222000000"},
        {"event_name": "user_send_text", "sender": {"id": USER}, "message": {"msg_id": "m"}, "timestamp": "hôm qua"},
        {"event_name": "follow", "follower": [], "timestamp": "1764222000000"},
    ],
)
def test_what_lacks_who_when_or_what_is_told(event):
    assert isinstance(read(json.dumps(event).encode()), Unreadable)


def test_ids_and_times_may_be_numbers():
    event = {"event_name": "user_send_text", "sender": {"id": 42}, "message": {"msg_id": 7, "text": "x"}, "timestamp": 1764222000000}

    assert read(json.dumps(event).encode()) == Event("user_send_text", "42", "7", "x", (), 1764222000.0)


def test_nothing_that_can_come_breaks_the_reading():
    chance = random.Random(1)
    names = ["event_name", "sender", "follower", "message", "msg_id", "text", "attachments", "id", "type", "timestamp"]
    check = Signature(APP_ID, OA_KEY, OLDEST, lambda: 1764222000.0).is_genuine

    def made(depth: int = 0):
        kind = chance.randrange(9 if depth < 4 else 6)
        if kind == 6:
            return [made(depth + 1) for _ in range(3)]
        if kind > 6:
            return {name: made(depth + 1) for name in chance.sample(names, 6)}
        return [None, True, 10**200, -1.5, "\ud800x", "1764222000000"][kind]

    for _ in range(600):
        body = json.dumps(
            {name: made(1) for name in names} | {"event_name": chance.choice(["user_send_text", "follow", "oa_send_text", 3])}
        ).encode()
        body = body if chance.random() < 0.8 else body[: chance.randrange(len(body))]
        found = read(body)
        if isinstance(found, Event):
            (found.key + found.text).encode()
        assert not check({}, body)
    for body in (b"", b"[" * 100_000, b'{"a":' * 100_000, b"\xff", b"9" * 9999):
        assert isinstance(read(body), Unreadable)
        assert not check({SIGNATURE: "mac=\udcff"}, body)


def test_only_zalo_can_sign(zalo):
    body, headers = zalo.sign({"event_name": "user_send_text"})
    mac = headers[SIGNATURE]

    assert checked(zalo)(headers, body)
    assert checked(zalo)({SIGNATURE: mac.removeprefix("mac=").upper()}, body)
    for changed in (mac[:-1], "mac=", "", mac + "0", signature(APP_ID, body, "1764222000000", OA_KEY)):
        assert not checked(zalo)({SIGNATURE: changed}, body)
    assert not checked(zalo)(headers, body + b" ")
    assert not checked(zalo)({}, body)
    assert not checked(zalo, secret="khac")(headers, body)
    assert not checked(zalo, app_id="1")(headers, body)


@pytest.mark.parametrize(("hours", "is_taken"), [(2.9, True), (3.1, False), (-0.1, True), (-0.3, False)])
def test_what_was_signed_long_ago_or_in_the_future_is_not_taken(zalo, hours, is_taken):
    body, headers = zalo.sign({"event_name": "user_send_text"})
    zalo.ahead = hours * 3600

    assert checked(zalo)(headers, body) is is_taken


def brought(zalo, take, act, secret=OA_KEY):
    """Let Zalo bring what ``act`` makes to a bot that does ``take``."""

    async def run():
        listening = listen("127.0.0.1", 0, "TRACUU_WEBHOOK_PORT")
        zalo.webhook = f"http://127.0.0.1:{listening.getsockname()[1]}/zalo-oa"
        serving = asyncio.create_task(answer(Receiver("/zalo-oa", checked(zalo, secret=secret), take), listening))
        await asyncio.to_thread(act)
        serving.cancel()

    asyncio.run(run())


def test_zalo_brings_it_again_until_it_is_kept_in_time(zalo):
    zalo.deadline = 0.5
    kept: list[bytes] = []
    faults = [OSError("đĩa đầy"), TimeoutError]

    async def keep(body):
        if fault := faults.pop() if faults else None:
            await asyncio.sleep(1.0 if fault is TimeoutError else 0)
            raise OSError
        kept.append(body)

    def act():
        body = zalo.says(USER, "hạn nộp?")
        zalo.wait_for(lambda: zalo.brought and zalo.brought[-1][1] == 200)
        stranger = httpx.post(zalo.webhook, content=body, headers={SIGNATURE: "mac=" + "0" * 64}, trust_env=False)
        assert stranger.status_code == 403
        assert kept == [body]

    brought(zalo, keep, act)

    assert zalo.brought == [(0, 599), (1, 503), (2, 200)]


def test_with_the_wrong_key_zalo_gives_the_webhook_up(zalo):
    zalo.hour = 0.05

    async def never(body):
        raise AssertionError

    def act():
        zalo.says(USER, "hạn nộp?")
        zalo.wait_for(lambda: zalo.is_webhook_off)

    brought(zalo, never, act, secret="khoa-cua-ung-dung")

    assert [status for _, status in zalo.brought] == [403] * 6
