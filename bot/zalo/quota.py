"""How many messages went out this month, against what the plan allows; the admin hears of it at 80 % and at the end, once each."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from rag.storage import Database, State

NAME = "zalo-quota"
_TABLES = """
CREATE TABLE IF NOT EXISTS months (
    service TEXT NOT NULL, month TEXT NOT NULL, used BIGINT NOT NULL DEFAULT 0, total BIGINT, told BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (service, month)
);
"""
_SCARCE, _SPENT = 80, 100  # percent


def opened(state: State) -> Database:
    """Open the store."""
    return state.open(NAME, (_TABLES,), lasting=True)


class Quota:
    """The count of a service (``zalo``, ``zalo-oa``); ``limit`` 0 is none. Months are those of ``zone``.

    Which time zone Zalo counts its months in is not published.
    """

    def __init__(self, state: State, service: str, limit: int, zone: ZoneInfo) -> None:
        self._database = opened(state)
        self._service = service
        self._limit = limit
        self._zone = zone

    def used(self, now: float) -> int:
        """Return how many messages went out this month."""
        return self._row(now)[0]

    def limit(self, now: float) -> int:
        """Return how many may go out this month: as the service said, else as the settings say; 0 is any number."""
        return self._row(now)[1]

    def is_scarce(self, now: float) -> bool:
        """Say whether only what is needed should go out."""
        return self._percent(now) >= _SCARCE

    def is_spent(self, now: float) -> bool:
        """Say whether nothing more may go out."""
        return self._percent(now) >= _SPENT

    def count(self, now: float) -> str:
        """Count a message that went out and return what the admin is to be told; mostly nothing."""
        with self._database.transaction():
            self._begin(now)
            self._database.run("UPDATE months SET used = used + 1 WHERE service = ? AND month = ?", self._service, self._month(now))
        return self._news(now)

    def believe(self, remain: int, total: int, now: float) -> str:
        """Take what the service says instead of the own count; return what the admin is to be told."""
        with self._database.transaction():
            self._begin(now)
            used = max(total - remain, 0)
            self._database.run(
                "UPDATE months SET used = ?, total = ? WHERE service = ? AND month = ?", used, total, self._service, self._month(now)
            )
        return self._news(now)

    def close(self) -> None:
        """Give the file back."""
        self._database.close()

    def _news(self, now: float) -> str:
        used, limit = self._row(now)
        percent = self._percent(now)
        level = _SPENT if percent >= _SPENT else _SCARCE if percent >= _SCARCE else 0
        mark = limit * level  # grows with the limit: in a larger plan the same share is told again
        told = "UPDATE months SET told = ? WHERE service = ? AND month = ? AND told < ?"
        if not level or not self._database.run(told, mark, self._service, self._month(now), mark):
            return ""
        spent = f"{used}/{limit} tin Zalo tính vào hạn mức tháng này ({self._service})"
        if level == _SPENT:
            return f"Đã hết hạn mức, {spent}: không gửi thêm cho tới khi sang tháng hoặc nâng hạn mức."
        return f"Đã dùng {spent}: hãy xem lại gói."

    def _percent(self, now: float) -> float:
        used, limit = self._row(now)
        return used * 100 / limit if limit else 0.0

    def _row(self, now: float) -> tuple[int, int]:
        query = "SELECT used, coalesce(total, ?) FROM months WHERE service = ? AND month = ?"
        rows = self._database.rows(query, self._limit, self._service, self._month(now))
        return rows[0] if rows else (0, self._limit)

    def _begin(self, now: float) -> None:
        self._database.run("INSERT INTO months (service, month) VALUES (?, ?) ON CONFLICT DO NOTHING", self._service, self._month(now))

    def _month(self, now: float) -> str:
        return f"{datetime.fromtimestamp(now, self._zone):%Y-%m}"
