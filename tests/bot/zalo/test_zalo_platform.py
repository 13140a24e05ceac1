"""The calls to Zalo against a strict Zalo, and what its refusals mean for a letter."""

from __future__ import annotations

import asyncio
import time
import traceback

import httpx
import pytest

from bot.messenger.crew import Crew
from bot.messenger.delivery import Delivery
from bot.messenger.http import MARK
from bot.messenger.mailbox import Mailbox
from bot.messenger.posting import Blocked, Later, Letter, Otherwise, Unreachable, Unwanted
from bot.messenger.webhook import Receiver, answer, has_secret, listen
from bot.zalo.incoming import Message, key, parse, read
from bot.zalo.platform import Bot, Platform
from bot.zalo.polling import poll
from rag.errors import Disconnected, SettingError, TracuuError
from rag.storage import State
from tests.bot.zalo_bot_server import SECRET_HEADER, TOKEN, Fault, ZaloBotServer

OTHER = "123:khong-phai-ma-nay"
ME = Bot("b0700000000000000b07", "Bot Tra Cứu", "bot.TRACUU")
LETTER = Letter("a1b2", "sendMessage", {"text": "Hạn là **10/01**.", "parse_mode": "markdown"})


@pytest.fixture
def zalo():
    server = ZaloBotServer(chats={"a1b2"})
    yield server
    server.close()
    assert not server.refused


def with_platform(zalo, act, token=TOKEN, url=""):
    """Do something with the platform."""

    async def run():
        async with Platform(url or zalo.url, token) as platform:
            return await act(platform)

    return asyncio.run(run())


def sent(zalo, letter=LETTER, marks=None):
    """Send a letter, and note how it was marked."""

    async def act(platform):
        MARK.set(None if marks is None else marks.append)
        await platform.send(letter)

    with_platform(zalo, act)


def test_the_bot_learns_its_name_at_either_address(zalo):
    assert with_platform(zalo, Platform.me) == with_platform(zalo, Platform.me, url=zalo.old_url) == ME


@pytest.mark.parametrize("call", [Platform.me, lambda platform: platform.updates(1)])
@pytest.mark.parametrize("tells_status", [True, False])
def test_a_wrong_token_is_told_without_the_token(zalo, call, tells_status):
    zalo.tells_status = tells_status

    with pytest.raises(SettingError, match="TRACUU_ZALO_TOKEN") as caught:
        with_platform(zalo, call, token=OTHER)

    assert OTHER not in "".join(traceback.format_exception(caught.value))


def test_a_token_that_can_be_none_is_refused():
    with pytest.raises(SettingError, match="TRACUU_ZALO_TOKEN"):
        Platform("https://bot-api.zaloplatforms.com", "123:a/../b")


def test_a_letter_arrives_and_is_marked_once(zalo):
    marks: list[bool] = []

    sent(zalo, marks=marks)

    assert [(one.text, one.parse_mode) for one in zalo.to("a1b2")] == [("Hạn là **10/01**.", "markdown")]
    assert marks == [True]


def test_typing_is_shown(zalo):
    sent(zalo, Letter("a1b2", "sendChatAction", {"action": "typing"}))

    assert zalo.actions == [("a1b2", "typing")]


@pytest.mark.parametrize("tells_status", [True, False])
@pytest.mark.parametrize(
    ("kind", "outcome"),
    [
        ("429", Later),
        ("429 bare", Later),
        ("500", Unreachable),
        ("502", Unreachable),
        ("403 html", Unreachable),
        ("garbage", Unreachable),
        ("reset", Unreachable),
        ("lost", Unreachable),
    ],
)
def test_a_letter_that_fails_stays(zalo, kind, outcome, tells_status):
    zalo.tells_status = tells_status
    zalo.faults = [Fault("sendMessage", kind, seconds=7 if kind == "429" else 0)]
    marks: list[bool] = []

    with pytest.raises(outcome) as caught:
        sent(zalo, marks=marks)

    assert marks[:2] == [True, False]
    assert TOKEN not in "".join(traceback.format_exception(caught.value))
    if kind == "429":
        assert caught.value.seconds == 7


def test_without_a_connection_nothing_leaves(zalo):
    marks: list[bool] = []

    async def act(platform):
        MARK.set(marks.append)
        await platform.send(LETTER)

    with pytest.raises(Unreachable) as caught:
        with_platform(zalo, act, url="http://127.0.0.1:9")

    assert True not in marks
    assert TOKEN not in "".join(traceback.format_exception(caught.value))


def test_a_chat_that_blocked_the_bot_is_told_from_a_bot_that_zalo_does_not_take(zalo):
    zalo.blocked = {"a1b2"}
    with pytest.raises(Blocked):
        sent(zalo)

    zalo.token = "123:another"
    with pytest.raises(Unreachable):
        sent(zalo)


def test_a_refused_format_goes_plain(zalo):
    zalo.refuses_formats = True

    with pytest.raises(Otherwise) as caught:
        sent(zalo)
    sent(zalo, caught.value.letter)

    assert [(one.text, one.parse_mode) for one in zalo.to("a1b2")] == [("Hạn là 10/01.", "")]
    zalo.refused.clear()


@pytest.mark.parametrize("letter", [Letter("a1b2", "sendMessage", {"text": "x" * 2001}), Letter("nobody", "sendMessage", {"text": "x"})])
def test_what_zalo_will_never_take_is_unwanted(zalo, letter):
    with pytest.raises(Unwanted):
        sent(zalo, letter)

    assert zalo.refused
    zalo.refused.clear()


def test_what_zalo_does_not_have_is_not_asked_for(zalo):
    with pytest.raises(Unwanted):
        sent(zalo, Letter("a1b2", "editMessageText", {"text": "x"}))

    assert not zalo.calls


def test_after_the_last_message_of_the_month_letters_wait(zalo):
    zalo.quota = 1
    sent(zalo)

    with pytest.raises(Later):
        sent(zalo)


def test_letters_keep_their_pace(zalo, tmp_path):
    mailbox = Mailbox(State(tmp_path), "zalo")
    mailbox.commit([LETTER] * 4)

    async def run():
        async with Platform(zalo.url, TOKEN) as platform:
            Delivery(platform, mailbox, Crew(), 20, str, str).resume()
            while mailbox.chats():
                await asyncio.sleep(0.01)

    begun = time.monotonic()

    asyncio.run(run())

    assert zalo.sent[-1].at - begun > 0.14  # three gaps of 0.05; a slow machine only makes them longer


@pytest.mark.parametrize("in_lists", [False, True])
@pytest.mark.parametrize("wrapped", [False, True])
def test_every_message_is_polled_and_known_again(zalo, in_lists, wrapped):
    zalo.in_lists, zalo.wrapped = in_lists, wrapped
    for text in ("một", "hai", "ba"):
        zalo.says("a1b2", text)
    kept: dict[str, dict] = {}

    async def take(id, raw):
        is_new = id not in kept
        kept[id] = raw
        return is_new

    async def act(platform):
        polling = asyncio.create_task(poll(platform, take, 0.01, 1))
        while len(kept) < 3 or len(zalo.polls) < 8:
            assert not polling.done()
            await asyncio.sleep(0.01)
        polling.cancel()

    with_platform(zalo, act)

    messages = [read(raw, ME) for raw in kept.values()]
    assert sorted(message.text for message in messages if isinstance(message, Message)) == ["ba", "hai", "một"]
    assert all(later - earlier >= 0.009 for earlier, later in zip(zalo.polls, zalo.polls[1:], strict=False))


def test_a_quiet_poll_is_no_failure(zalo):
    zalo.longest_poll = 0.01

    assert with_platform(zalo, lambda platform: platform.updates(1)) == []


def test_an_update_that_cannot_be_kept_is_handed_over_again(zalo):
    zalo.says("a1b2", "một")
    tries: list[str] = []

    async def take(id, raw):
        tries.append(id)
        if len(tries) < 3:
            raise TracuuError("đĩa đầy")
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        with_platform(zalo, lambda platform: poll(platform, take, 0.01, 1))

    assert len(tries) == 3 and len(set(tries)) == 1


async def never(id, raw):
    raise AssertionError


@pytest.mark.parametrize("kind", ["500", "garbage", "403 html", "429", "reset"])
def test_a_zalo_that_fails_is_asked_slowly_and_given_up_in_the_end(zalo, kind, caplog):
    zalo.faults = [Fault("getUpdates", kind, times=1000, seconds=0)]

    with pytest.raises(TracuuError, match="Zalo"):
        with_platform(zalo, lambda platform: poll(platform, never, 0.02, 1, patience=0.3))

    assert 1000 - zalo.faults[0].times <= 6  # pauses of 0.02 s, each twice the one before; a slow machine asks less often
    assert TOKEN not in caplog.text


def test_a_token_that_is_no_longer_taken_ends_the_polling_for_the_supervisor(zalo):
    zalo.token = "another"

    with pytest.raises(Disconnected, match="TRACUU_ZALO_TOKEN"):
        with_platform(zalo, lambda platform: poll(platform, never, 0.01, 1))


def test_a_failure_in_between_is_survived(zalo):
    zalo.faults = [Fault("getUpdates", "500", times=2)]
    zalo.says("a1b2", "một")
    kept: list[str] = []

    async def take(id, raw):
        kept.append(id)
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        with_platform(zalo, lambda platform: poll(platform, take, 0.01, 1))

    assert len(kept) == 1


def test_while_a_webhook_is_set_polling_ends_and_after_it_goes_on(zalo):
    async def act(platform):
        await platform.set_webhook("https://bot.example.org/zalo", "a" * 64)
        with pytest.raises(TracuuError, match="409"):
            await poll(platform, never, 0.01, 1, patience=0.0)
        await platform.delete_webhook()
        await platform.delete_webhook()
        zalo.longest_poll = 0.01
        assert await platform.updates(1) == []

    with_platform(zalo, act)


@pytest.mark.parametrize(("url", "secret"), [("http://bot.example.org", "a" * 64), ("https://bot.example.org", "a" * 7)])
def test_a_webhook_that_zalo_does_not_take_is_told(zalo, url, secret):
    with pytest.raises(Unreachable, match="400"):
        with_platform(zalo, lambda platform: platform.set_webhook(url, secret))

    assert zalo.refused
    zalo.refused.clear()


@pytest.mark.parametrize("wrapped", [False, True])
def test_what_zalo_brings_is_taken_with_the_secret_only(zalo, wrapped):
    zalo.wrapped = wrapped
    kept: list[bytes] = []
    faults = [OSError("đĩa đầy")]

    async def keep(body):
        if faults:
            raise faults.pop()
        kept.append(body)

    async def act(platform):
        listening = listen("127.0.0.1", 0, "TRACUU_WEBHOOK_PORT")
        zalo.webhook = {"reached": f"http://127.0.0.1:{listening.getsockname()[1]}/zalo"}
        await platform.set_webhook("https://bot.example.org/zalo", "s" * 64)
        serving = asyncio.create_task(answer(Receiver("/zalo", has_secret(SECRET_HEADER, "s" * 64), keep), listening))
        update = zalo.says("a1b2", "hạn nộp?")
        while len(zalo.webhook_statuses) < 2:
            await asyncio.sleep(0.01)
        async with httpx.AsyncClient(trust_env=False) as stranger:
            assert (await stranger.post(zalo.webhook["reached"], json=update)).status_code == 403
        serving.cancel()
        return update

    update = with_platform(zalo, act)

    raw = parse(kept[0])
    assert zalo.webhook_statuses == [503, 200]
    assert len(kept) == 1 and raw is not None
    assert key(raw) == key(update)
    assert read(raw, ME).text == "hạn nộp?"
