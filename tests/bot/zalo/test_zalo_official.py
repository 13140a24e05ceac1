"""Sending for an Official Account to a strict Zalo, and what its refusals mean for a letter and for a person's window."""

from __future__ import annotations

import traceback

import pytest

from bot.messenger.posting import Blocked, Later, Letter, Unreachable, Unwanted
from bot.zalo.windows import Allowed, Paid, Refused
from tests.bot.simulated import Fault
from tests.bot.zalo_oa_account import Account
from tests.bot.zalo_oa_server import HOUR, ZaloOaServer

USER = "6492094024208283"
LETTER = Letter(USER, "sendMessage", {"text": "Hạn là 10/01/2026."})


@pytest.fixture
def zalo(monkeypatch):
    monkeypatch.setattr("httpx.create_ssl_context", lambda: False)  # it takes long, and nothing here is https
    server = ZaloOaServer()
    yield server
    server.close()
    assert not server.refused


@pytest.fixture
def opened(zalo, tmp_path):
    made: list[Account] = []

    def open_account(**more) -> Account:
        account = Account(zalo, tmp_path, **more)
        account.hears(USER)
        made.append(account)
        return account

    yield open_account
    for account in made:
        account.close()


def verdict(account):
    return account.windows.may_send(USER, account.zalo.now())


def texts(zalo):
    return [sent.text for sent in zalo.sent]


def test_a_letter_arrives_free_and_is_marked_once(zalo, opened):
    account = opened()

    account.send(LETTER)

    assert texts(zalo) == ["Hạn là 10/01/2026."]
    assert account.marks == [True]
    assert verdict(account).left == 7
    assert account.quota.used(zalo.now()) == 0
    assert not account.told


def test_what_zalo_does_not_have_is_not_asked_for(zalo, opened):
    with pytest.raises(Unwanted):
        opened().send(Letter(USER, "sendChatAction", {"action": "typing"}))

    assert not zalo.asked


@pytest.mark.parametrize("tells_quota", [True, False])
def test_the_ninth_reply_is_not_sent_unless_money_may_be_spent(zalo, opened, tells_quota):
    zalo.package, zalo.tells_quota = 2000, tells_quota
    account = opened()
    account.send(*[LETTER] * 8)

    with pytest.raises(Unwanted, match="8 tin miễn phí"):
        account.send(LETTER)
    account.hears(USER)
    account.send(LETTER)

    assert [sent.quota for sent in zalo.sent] == ["reply"] * 9


@pytest.mark.parametrize("as_text", [True, False])
def test_what_counts_against_the_package_is_counted_by_zalos_word(zalo, opened, as_text):
    zalo.package, zalo.package_total, zalo.quota_as_text = 202, 1000, as_text
    account = opened(pays=True)

    account.send(*[LETTER] * 11)

    assert [sent.quota for sent in zalo.sent][7:] == ["reply", "sub_quota", "sub_quota", "sub_quota"]
    assert account.quota.used(zalo.now()) == 801
    assert [line for line in account.told if "800/1000" in line] == account.told != []


def test_the_limit_of_the_month_stops_what_costs_money_only(zalo, opened):
    zalo.package, zalo.tells_quota = 2000, False
    account = opened(pays=True, monthly=1)
    account.send(*[LETTER] * 9)

    with pytest.raises(Unwanted, match="hạn mức"):
        account.send(LETTER)
    account.hears(USER)
    account.send(LETTER)

    assert len(zalo.sent) == 10
    assert len(account.told) == 1


def test_after_two_days_it_costs_money_and_after_seven_nothing_goes(zalo, opened):
    zalo.package = 2000
    account = opened(pays=True)
    zalo.ahead = 48 * HOUR
    account.send(LETTER)
    zalo.ahead = 7 * 24 * HOUR

    with pytest.raises(Unwanted, match="7 ngày"):
        account.send(LETTER)

    assert [sent.quota for sent in zalo.sent] == ["sub_quota"]
    assert account.marks == [True]


@pytest.mark.parametrize(
    ("code", "outcome", "window", "is_told"),
    [
        (-32, Later, Allowed, False),
        (-201, Unwanted, Allowed, False),
        (-211, Unwanted, Allowed, True),
        (-213, Unwanted, Refused, False),
        (-217, Blocked, Refused, False),
        (-218, Blocked, Refused, False),
        (-221, Unwanted, Allowed, True),
        (-224, Unwanted, Allowed, True),
        (-227, Unwanted, Allowed, False),
        (-230, Unwanted, Refused, False),
        (-232, Unwanted, Refused, False),
        (-234, Unwanted, Allowed, False),
        (-240, Unwanted, Allowed, True),
        (-244, Blocked, Refused, False),
        (-305, Unwanted, Refused, False),
        (-311, Unwanted, Paid, False),
        (-9999, Unwanted, Allowed, True),
    ],
)
def test_every_refusal_means_something(zalo, opened, code, outcome, window, is_told):
    account = opened()
    zalo.faults = [Fault("message", str(code), times=2)]

    with pytest.raises(outcome, match="30" if code == -32 else str(code)):
        account.send(LETTER)

    assert account.marks == [True, False]
    assert isinstance(verdict(account), window)
    assert [str(code) in line for line in account.told] == ([True] if is_told else [])
    if is_told:
        with pytest.raises(Unwanted):
            account.send(LETTER)
        assert len(account.told) == 1


@pytest.mark.parametrize(
    ("state", "outcome"),
    [
        ({"blocked": {USER}}, Blocked),
        ({"restricted": {USER}}, Blocked),
        ({"inactive": {USER}}, Unwanted),
        ({"is_night": True}, Unwanted),
        ({"is_verified": False}, Unwanted),
    ],
)
def test_zalo_says_so_itself(zalo, opened, state, outcome):
    account = opened()
    for name, value in state.items():
        setattr(zalo, name, value)

    with pytest.raises(outcome):
        account.send(LETTER)

    assert not zalo.sent


def test_when_zalo_is_asked_too_often_nobody_is_sent_anything_for_a_while(zalo, opened):
    account = opened()
    account.hears("77")
    zalo.faults = [Fault("message", "-32")]

    for user in (USER, "77"):
        with pytest.raises(Later):
            account.send(Letter(user, "sendMessage", {"text": "x"}))
    zalo.ahead = 31
    account.send(LETTER)

    assert account.marks == [True, False, True]


@pytest.mark.parametrize("kind", ["500", "502", "html", "reset", "hang", "lost"])
def test_a_letter_that_fails_stays(zalo, opened, kind):
    account = opened()
    zalo.faults = [Fault("message", kind, seconds=0)]

    with pytest.raises(Unreachable) as caught:
        account.send(LETTER)
    token = account.access()
    account.send(LETTER)

    assert account.marks == [True, False, True]
    assert token not in "".join(traceback.format_exception(caught.value))
    assert len(zalo.sent) == (2 if kind == "lost" else 1)


def test_a_token_that_zalo_no_longer_takes_is_renewed_once(zalo, opened):
    account = opened()
    account.send(LETTER)
    zalo.revoke()
    zalo.ahead = 2 * HOUR

    account.send(LETTER)

    assert len(zalo.sent) == 2
    assert len(zalo.asked) == 2
    assert account.marks == [True, True, False, True]


def test_a_zalo_that_takes_no_token_at_all_keeps_the_letter_and_is_not_stormed(zalo, opened):
    account = opened()
    zalo.faults = [Fault("message", "-216", times=100)]

    for _ in range(5):
        with pytest.raises(Unreachable):
            account.send(LETTER)

    assert len(zalo.asked) == 1


def test_without_a_login_letters_wait(zalo, opened):
    account = opened(seed="")

    with pytest.raises(Unreachable, match="chưa đăng nhập"):
        account.send(LETTER)

    assert not zalo.asked
    assert not account.marks
    assert "zalo-oa-login" in account.told[0]
