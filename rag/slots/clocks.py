"""Times of the day, as documents and people write them: ``17h00``, ``7 giờ 30``, ``16:45``, ``7g30``, ``5h chiều``."""

from __future__ import annotations

import re
from dataclasses import dataclass

_MINUTES = r"[0-5]\d"
_APART = rf"\s{_MINUTES}(?!\d|\s?[/.-]\s?\d|\s+th[aá]ng)"  # not the day of ``17h 10/01``
_DAY_WORD = r"\s+(?:ngày|ngay|thứ|thu|chủ|chu|sáng|sang|trưa|trua|chiều|chieu|tối|toi|đêm|dem)\b"
CLOCK = (
    rf"(?<!\d)(?:[01]?\d|2[0-4])(?:\s?(?:giờ|gio)(?:{_MINUTES}|{_APART})?(?:\s?ph[uú]t)?|\s?h(?:{_MINUTES}|{_APART})?"
    rf"|\s?g(?:{_MINUTES}|(?={_DAY_WORD}))|:{_MINUTES})(?!\w)"
)
"""A time of the day, in a pattern without regard to case; ``5G`` and ``72 giờ`` are none."""
_HOURS = {  # of the clock, from the first to the last that a part of the day has for certain
    "sáng": (0, 11), "trưa": (10, 14), "trua": (10, 14), "chiều": (12, 19), "chieu": (12, 19), "tối": (17, 23), "toi": (17, 23),
    "đêm": (20, 23), "dem": (20, 23), "khuya": (21, 23),
}  # fmt: skip
_OTHERWISE = ("toi", "dem")
"""Typed without marks these may be other words: ``8h tôi nộp``, ``8h đem nộp``."""
_PART = rf"(?:{'|'.join(_HOURS)})(?!\w)"
_TIMED = re.compile(
    rf"(?:(?<!\w)(?P<ahead>{_PART})\s+(?:lúc\s+|luc\s+)?)?(?P<clock>(?<![\w.,/]){CLOCK})(?:\s*(?P<behind>{_PART}))?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of the day at ``start``-``end`` of a text; ``minute`` of the day, 0-1440, ``None`` where the words do not tell which half."""

    start: int
    end: int
    minute: int | None


def clocks_in(text: str) -> list[Clock]:
    """Return the times of the day in a text, which may be typed without marks, in order."""
    return [_clock(found) for found in _TIMED.finditer(text)]


def hour_and_minute(text: str) -> tuple[int, int]:
    """Return what the figures of one time say (``17h`` is 17 and 0), whatever the part of the day."""
    hour, *minute = re.findall(r"\d+", text)
    return int(hour), int(minute[0]) if minute else 0


def _clock(found: re.Match[str]) -> Clock:
    hour, minute = hour_and_minute(found["clock"])
    part = (found["behind"] or found["ahead"] or "").lower()
    hours = [hour]
    if part:
        first, last = _HOURS[part]
        hours = [each for each in (hour, hour + 12) if first <= each <= last]
        if part in _OTHERWISE and hours != [hour]:
            hours = []
    minutes = hours[0] * 60 + minute if len(hours) == 1 else None
    return Clock(found.start(), found.end(), minutes if minutes is None or minutes <= 24 * 60 else None)
