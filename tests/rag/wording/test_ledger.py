"""What a model costs counts on the day of whoever is served, from the call to its end."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from rag.storage import State
from rag.wording.ledger import Ledger, Limits
from rag.wording.model import Usage

DAY = date(2026, 1, 10)


@pytest.fixture
def clock() -> list[date]:
    """The day, which a test may change."""
    return [DAY]


@pytest.fixture
def ledger(tmp_path, clock) -> Ledger:
    return Ledger(State(tmp_path), Limits(tokens=1000), cache_days=0, clock=lambda: clock[0])


def test_a_call_that_ends_after_midnight_is_settled_on_the_day_of_its_booking(ledger, clock):
    day = ledger.take(Usage(100, 400))
    clock[0] = DAY + timedelta(days=1)

    ledger.settle(day, Usage(100, 400), Usage(100, 50))

    assert (ledger.today().tokens_in, ledger.today().tokens_out) == (0, 0)
    clock[0] = DAY
    assert (ledger.today().tokens_in, ledger.today().tokens_out) == (100, 50)


def test_the_limit_is_renewed_when_the_clock_says_another_day(ledger, clock):
    assert ledger.take(Usage(100, 800)) == DAY
    assert ledger.take(Usage(100, 800)) is None

    clock[0] = DAY + timedelta(days=1)

    assert ledger.take(Usage(100, 800)) == DAY + timedelta(days=1)
