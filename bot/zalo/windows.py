"""What may be sent to whom on an Official Account: free for two days after a person's last action, then paid, then not at all.

Public sources agree on the 48 hours, the 8 messages and the 7 days. That each new action gives 8 messages again is our reading;
where Zalo says with a message how many are left, that is believed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from rag.storage import Database, State

NAME = "zalo-oa-windows"
_TABLES = 'CREATE TABLE IF NOT EXISTS windows ("user" TEXT PRIMARY KEY, acted DOUBLE PRECISION NOT NULL, free BIGINT NOT NULL);'
REPLY = "reply"
"""The kind of quota that free replies are taken from; every other kind is of the package or paid."""


@dataclass(frozen=True, slots=True)
class Rules:
    """How long replies are free and how many, and how long anything may be sent."""

    free: timedelta
    closed: timedelta
    replies: int


@dataclass(frozen=True, slots=True)
class Allowed:
    """A free reply; so many are ``left``, until the moment ``until``."""

    left: int
    until: float


@dataclass(frozen=True, slots=True)
class Paid:
    """It may be sent, but counts against the package or is paid for."""

    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Zalo will not take it."""

    reason: str


Verdict = Allowed | Paid | Refused


@dataclass(frozen=True, slots=True)
class Spent:
    """What Zalo says was used for a message: the kind of quota, what remains of it, and what it was at first."""

    kind: str
    remain: int | None
    total: int | None


def verdict(rules: Rules, acted: float | None, free: int, now: float) -> Verdict:
    """Judge a message to a person who ``acted`` last at that moment (``None``: never) and has so many ``free`` replies."""
    if acted is None:
        return Refused("người này chưa nhắn cho OA, hoặc đã thôi quan tâm")
    if now - acted >= rules.closed.total_seconds():
        return Refused(f"đã quá {rules.closed.days} ngày từ lần cuối người này nhắn cho OA")
    hours = rules.free.total_seconds() / 3600
    if now - acted >= rules.free.total_seconds():
        return Paid(f"đã quá {hours:.0f} giờ từ lần cuối người này nhắn cho OA: tin tính vào gói hoặc mất tiền")
    if free <= 0:
        return Paid(f"đã hết {rules.replies} tin miễn phí trong {hours:.0f} giờ: tin tính vào gói hoặc mất tiền")
    return Allowed(free, acted + rules.free.total_seconds())


def opened(state: State) -> Database:
    """Open the store."""
    return state.open(NAME, (_TABLES,), alone=True, lasting=True)


class Windows:
    """The windows of everybody. ``may_send`` is also what reminders ask before they go out."""

    def __init__(self, state: State, rules: Rules) -> None:
        self._database = opened(state)
        self._rules = rules

    def acted(self, user: str, at: float) -> None:
        """Note that a person wrote or pressed something at that moment; what comes late, after something newer, changes nothing."""
        self._database.run(
            'INSERT INTO windows VALUES (?, ?, ?) ON CONFLICT ("user") DO UPDATE SET acted = excluded.acted, free = excluded.free '
            "WHERE excluded.acted > windows.acted",
            *(user, at, self._rules.replies),
        )

    def may_send(self, user: str, now: float) -> Verdict:
        """Say whether a message may go to a person now, and at what price."""
        rows = self._database.rows('SELECT acted, free FROM windows WHERE "user" = ?', user)
        return verdict(self._rules, rows[0][0] if rows else None, rows[0][1] if rows else 0, now)

    def sent(self, user: str, now: float, spent: Spent | None) -> bool:
        """Count a message that went out; return whether it was other than a free reply."""
        is_free = isinstance(self.may_send(user, now), Allowed) if spent is None else spent.kind == REPLY
        if spent is None or (is_free and spent.remain is None):
            self._database.run('UPDATE windows SET free = free - 1 WHERE free > 0 AND "user" = ?', user)
        else:
            self._database.run('UPDATE windows SET free = ? WHERE "user" = ?', max(spent.remain or 0, 0) if is_free else 0, user)
        return not is_free

    def no_reply_left(self, user: str) -> None:
        """Believe Zalo that the free replies are used up."""
        self._database.run('UPDATE windows SET free = 0 WHERE "user" = ?', user)

    def forget(self, user: str) -> None:
        """Close the window of a person, until they act again: they left, or Zalo says that it is closed."""
        self._database.run('DELETE FROM windows WHERE "user" = ?', user)

    def prune(self, now: float) -> None:
        """Forget the windows that are closed anyway."""
        self._database.run("DELETE FROM windows WHERE acted <= ?", now - self._rules.closed.total_seconds())
        self._database.scrub()

    def close(self) -> None:
        """Give the file back."""
        self._database.close()
