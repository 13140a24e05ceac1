"""What is reckoned from a deadline and a day: how long it is until then, whether a day is in time, whether it has passed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from rag.answers.verdicts import ENDED, IN_TIME, LAST_DAY, NOT_BEGUN, NOT_OVER, OVER, TOO_LATE, UNTIL
from rag.documents import Deadline
from rag.language.days import DAY_AND_MONTH, Day
from rag.question.periods import DAYS
from rag.question.understanding import Question
from rag.slots.clocks import clocks_in
from rag.slots.due import Due, due_of

_LEFT = re.compile(r"\bcon (?:khoang |duoc |lai )?(?:may|bao nhieu|bao lau)\b|\b(?:may|bao nhieu) (?:ngay|hom|bua|tuan) nua\b")
_TIMELY = re.compile(r"\b(?:kịp|trong hạn|còn hạn|đúng hạn|quá hạn|hết hạn|trễ hạn)\b|\b(?:muộn|trễ|chậm)\b(?! nhất)", re.I)
_NOW = re.compile(
    r"\b(?:kịp|muộn|trễ|trễ hạn|quá hạn|hết hạn|đến hạn|tới hạn|hạn)(?: nữa| rồi)? (?:không|chưa|hay chưa)\b|\bcòn (?:kịp|hạn)\b"
    r"|\b(?:quá|hết|trễ) hạn rồi\b",
    re.I,
)
_OVER = re.compile(r"\b(?:quá|hết|trễ) hạn\b", re.I)
_DAYS = {"bay gio": 0, "gio nay": 0, **DAYS}
_DAY_WORD = re.compile(rf"\b(?:{'|'.join(_DAYS)})\b")
_BESIDE_DATE = re.compile(r"\b(sau|trước|truoc|đến|den|tới|toi|từ|tu|quá|qua|hết|het)(?:\s+(?:ngày|ngay|hôm|hom|mùng|mung))*\s*$", re.I)
_DATE_TYPED = re.compile(rf"{DAY_AND_MONTH}|\d{{1,2}}\s+th[aá]ng\s+\d", re.I)
_SAID_DUE = re.compile(r"\b(?:hạn|han)(?:\s+(?:là|la|chót|chot|cuối|cuoi|nộp|nop|đến|den|tới|toi|ngày|ngay|trước|truoc))*\s*$", re.I)
_OF_DAY = re.compile(r",?(?:\s*(?:ngày|ngay|hôm|hom|mùng|mung|của|cua))*\s*", re.I)
_HALF_YEAR, _QUARTER = 183, 92  # days


def reckoned(question: Question, deadlines: Sequence[Deadline], today: date) -> str:
    """Return in one sentence what the question has reckoned from the one deadline that is meant, empty where it has nothing reckoned.

    Where it is not sure which one is meant, nothing is reckoned.
    """
    dues = {due: (due, deadline) for deadline in deadlines if (due := due_of(deadline, today))}
    if len(dues) != 1 or any(due_of(deadline, today) is None for deadline in deadlines):
        return ""
    due, deadline = next(iter(dues.values()))
    if _LEFT.search(question.folded):
        return _left(due, today)
    if not _TIMELY.search(question.whole):
        return ""
    day, order = _asked_day(question, due, today, recurring=not deadline.date)
    if day is None:
        return ""
    return _in_time(question, due, deadline, day, order)


def asks_to_reckon(question: Question) -> bool:
    """Say whether the question asks how long it is until a deadline, or whether a day is in time."""
    day = question.mentions.dates or _DAY_WORD.search(question.folded) or _NOW.search(question.whole)
    return bool(_LEFT.search(question.folded) or (day and _TIMELY.search(question.whole)))


def with_reckoned(question: Question, deadlines: Sequence[Deadline], lines: list[str], today: date) -> list[str]:
    """Return the ``lines`` of several deadlines, each followed by what is reckoned from its own."""
    if len(lines) < 2 or reckoned(question, deadlines, today):
        return lines
    said = [reckoned(question, [deadline], today) for deadline in deadlines]
    return [f"{line}. {own}" if own else line for line, own in zip(lines, said, strict=True)]


def _left(due: Due, today: date) -> str:
    days = (due.day - today).days
    if days < 0:
        return f"Đã qua {-days} ngày."
    if due.last == today:
        return f"{LAST_DAY}."
    if due.last < today:
        return f"{ENDED}: phải trước ngày {due.day:%d/%m/%Y}."
    until = f"{UNTIL} {due.day:%d/%m/%Y}"
    if due.included is False and due.clock is None:
        return f"Còn {days} ngày {until}; phải xong trước ngày đó."
    return f"Còn {days} ngày {until}."


def _asked_day(question: Question, due: Due, today: date, *, recurring: bool) -> tuple[date | None, str]:
    """The day that the question asks about, and the word of order before it (``sau ngày 10/1``)."""
    typed = _typed_days(question)
    if len(typed) > 1 or len(question.mentions.dates) != len(list(_DATE_TYPED.finditer(question.text))):
        return None, ""
    if typed:
        match, (day, month, year) = typed[0]
        near = _QUARTER if recurring else _HALF_YEAR
        found = [made for each in ([year] if year else range(due.day.year - 1, due.day.year + 2)) if (made := _date(each, month, day))]
        best = min(found, key=lambda made: abs((made - due.day).days), default=None)
        if best is None or (not year and abs((best - due.day).days) > near):
            return None, ""
        before = _BESIDE_DATE.search(_ahead_of_hour(question.text, match.start()))
        only_then = re.match(r"[/.-]?\d*\s+(?:mới|moi)\b", question.text[match.end() :])  # "để đến 27/1 mới nộp"
        return best, before.group(1).lower() if before and not only_then else ""
    if found_word := _DAY_WORD.search(question.folded):
        return today + timedelta(days=_DAYS[found_word.group()]), _order_of_hour(question)
    return (today, "") if _NOW.search(question.whole) else (None, "")


def _typed_days(question: Question) -> list[tuple[re.Match[str], Day]]:
    """The days that the question names with where they are typed, without those that it takes for the deadline (``vì hạn 12/6 mà``)."""
    pairs = zip(_DATE_TYPED.finditer(question.text), question.mentions.dates, strict=False)
    return [(match, day) for match, day in pairs if not _SAID_DUE.search(question.text[: match.start()])]


def _ahead_of_hour(text: str, at: int) -> str:
    """What stands before the day at ``at``, and before the hour of that day (``sau 17h ngày 10/1``)."""
    hour = next((clock for clock in clocks_in(text) if _OF_DAY.fullmatch(text[clock.end : at])), None)
    return text[: hour.start if hour else at]


def _order_of_hour(question: Question) -> str:
    """The word of order before the first hour that the question names (``sau 17h hôm nay``)."""
    hours = clocks_in(question.text)
    before = _BESIDE_DATE.search(question.text[: hours[0].start]) if hours else None
    return before.group(1).lower() if before else ""


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _in_time(question: Question, due: Due, deadline: Deadline, day: date, order: str) -> str:
    when = f"{deadline.when[:1].lower()}{deadline.when[1:]}"
    said = f"đợt này {when}" if due.first else f"hạn là {when}" if deadline.date else f"hạn là {when}, tức {due.day:%d/%m/%Y}"
    if order in ("sau", "quá", "qua"):
        return f"{TOO_LATE}: {said}." if _is_over_by(question, due, day) else ""
    if order:
        return ""  # what is done before or until a day may be in time or not
    late = day > due.last or (day == due.day and _late_that_day(question, due))
    if not late and day == due.day and _unknown_that_day(question, due):
        return ""
    if due.first and day < due.first:
        return f"{NOT_BEGUN}: {said}."
    if _OVER.search(question.whole):
        return f"{OVER if late else NOT_OVER}: {said}."
    return f"{TOO_LATE if late else IN_TIME}: {said}."


def _is_over_by(question: Question, due: Due, day: date) -> bool:
    """Whether nothing behind a day, or behind the hour of it that the question names, is in time."""
    if not clocks_in(question.text):
        return day > due.day or (day >= due.last and due.clock is None)
    minute = _asked_minute(question)
    return day > due.last or (day == due.day and due.clock is not None and minute is not None and minute >= due.clock)


def _asked_minute(question: Question) -> int | None:
    """The one time of the day that the question names; ``None`` also where it may be one of two."""
    clocks = clocks_in(question.text)
    return clocks[0].minute if len(clocks) == 1 else None


def _late_that_day(question: Question, due: Due) -> bool:
    minute = _asked_minute(question)
    if due.clock is None or minute is None:
        return due.included is False and due.clock is None
    return minute >= due.clock if due.included is False else minute > due.clock


def _unknown_that_day(question: Question, due: Due) -> bool:
    return due.included is None or (due.clock is not None and _asked_minute(question) is None)


def has_passed(deadline: Deadline, today: date) -> bool:
    """Say whether it was due on a day before ``today``; what comes again and again never has passed, nor has a day that is no deadline."""
    due = due_of(deadline)
    return due is not None and due.day < today


def passed_notes(deadlines: Sequence[Deadline], today: date) -> list[str]:
    """Return the notes that say which of the deadlines have passed; what comes every year is none of them."""
    passed = [deadline for deadline in deadlines if has_passed(deadline, today)]
    if passed and len(passed) == len(deadlines):
        return ["Hạn này đã qua." if len(passed) == 1 else "Các hạn này đã qua."]
    return [f"Hạn đã qua: {'; '.join(deadline.when for deadline in passed)}."] if passed else []
