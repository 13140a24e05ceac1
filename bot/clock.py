"""What time it is for the people who ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Clock:
    """The clock of a time zone; with ``set_day`` it always stands at the end of that day."""

    zone: ZoneInfo
    set_day: date | None = None

    def now(self) -> datetime:
        """Return the local time."""
        return datetime.combine(self.set_day, time.max, self.zone) if self.set_day else datetime.now(self.zone)

    def today(self) -> date:
        """Return the local day."""
        return self.now().date()
