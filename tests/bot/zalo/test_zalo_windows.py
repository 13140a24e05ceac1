"""What may be sent to whom on an Official Account, and how many messages a month has left."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.zalo.quota import Quota
from bot.zalo.windows import Allowed, Paid, Refused, Spent, Windows, verdict
from tests.bot.zalo_oa_account import RULES

HOUR = 3600.0
NOW = 1_764_222_000.0
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.fixture
def windows(state):
    opened = Windows(state, RULES)
    yield opened
    opened.close()


@pytest.fixture
def quota(state):
    opened = Quota(state, "zalo-oa", 10, ZONE)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("hours", "free", "expected"),
    [
        (0, 8, Allowed),
        (47.99, 1, Allowed),
        (48, 8, Paid),
        (1, 0, Paid),
        (167.99, 0, Paid),
        (168, 8, Refused),
        (-1, 8, Allowed),  # their clock is ahead of ours
    ],
)
def test_a_message_is_free_then_paid_then_refused(hours, free, expected):
    assert isinstance(verdict(RULES, NOW - hours * HOUR, free, NOW), expected)


def test_to_whoever_never_wrote_nothing_goes(windows):
    assert isinstance(windows.may_send("7", NOW), Refused)
    assert isinstance(verdict(RULES, None, 8, NOW), Refused)


def test_eight_replies_and_eight_more_after_the_next_word(windows):
    windows.acted("7", NOW)

    assert [windows.sent("7", NOW, None) for _ in range(9)] == [False] * 8 + [True]
    assert isinstance(windows.may_send("7", NOW), Paid)
    windows.acted("7", NOW - 1)  # late, and older than what was known
    assert isinstance(windows.may_send("7", NOW), Paid)
    windows.acted("7", NOW + 1)
    assert windows.may_send("7", NOW + 1) == Allowed(8, NOW + 1 + 48 * HOUR)


@pytest.mark.parametrize(
    ("spent", "is_paid", "left"),
    [(Spent("reply", 3, 8), False, 3), (Spent("reply", None, None), False, 7), (Spent("sub_quota", 9, 10), True, 0), (None, False, 7)],
)
def test_what_zalo_says_is_left_is_believed(windows, spent, is_paid, left):
    windows.acted("7", NOW)

    assert windows.sent("7", NOW, spent) is is_paid

    found = windows.may_send("7", NOW)
    assert (found.left if isinstance(found, Allowed) else 0) == left


def test_a_window_closes_when_zalo_says_so_and_opens_with_the_next_word(windows):
    windows.acted("7", NOW)
    windows.no_reply_left("7")
    assert isinstance(windows.may_send("7", NOW), Paid)
    windows.forget("7")
    assert isinstance(windows.may_send("7", NOW), Refused)

    windows.acted("7", NOW)

    assert isinstance(windows.may_send("7", NOW), Allowed)


def test_windows_outlive_a_restart_and_closed_ones_are_forgotten(windows, state):
    windows.acted("7", NOW)
    windows.acted("8", NOW - 168 * HOUR)
    windows.sent("7", NOW, None)
    windows.prune(NOW)
    windows.close()

    again = Windows(state, RULES)

    assert again.may_send("7", NOW).left == 7
    assert isinstance(again.may_send("8", NOW - 168 * HOUR), Refused)
    again.close()


def test_the_admin_hears_of_a_month_at_four_fifths_and_at_its_end_once_each(quota):
    told = [quota.count(NOW) for _ in range(12)]

    assert [number for number, line in enumerate(told, 1) if line] == [8, 10]
    assert "8/10" in told[7] and "10/10" in told[9]
    assert quota.is_scarce(NOW) and quota.is_spent(NOW)


def test_each_month_and_service_counts_for_itself(quota, state):
    ends = datetime(2025, 11, 30, 23, 59, 59, tzinfo=ZONE).timestamp()
    quota.count(ends)
    other = Quota(state, "zalo", 10, ZONE)
    other.count(ends)
    other.count(ends)

    assert (quota.used(ends), quota.used(ends + 1), other.used(ends)) == (1, 0, 2)
    other.close()


def test_what_zalo_says_of_the_month_replaces_the_own_count(quota):
    quota.count(NOW)

    assert not quota.believe(50, 100, NOW)
    assert (quota.used(NOW), quota.limit(NOW)) == (50, 100)
    assert "90/100" in quota.believe(10, 100, NOW)
    assert not quota.believe(9, 100, NOW)


def test_without_a_limit_nothing_is_ever_spent(state):
    quota = Quota(state, "zalo-oa", 0, ZONE)

    assert not any(quota.count(NOW) for _ in range(20))
    assert not quota.is_spent(NOW)
    quota.close()
