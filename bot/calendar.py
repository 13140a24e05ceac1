"""Deadlines as a calendar (iCalendar, RFC 5545 and 7986) that phones, Outlook and Google Calendar subscribe to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import blake2b

from icalendar import Alarm, Calendar, Event

from bot.people import Role
from bot.records import Due, doubts_in, parties
from rag.answers.base import sentence_case as sentence
from rag.language.text import squeeze
from rag.slots.due import Due as Term
from rag.slots.due import due_of

TYPE = "text/calendar"
_RINGS = timedelta(hours=8)  # after midnight
_BEFORE = 3  # days
_BULLETS = "-–+• "  # of the cell of a table that a deadline was read in
_COUNTED_FROM = datetime(2024, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Feed:
    """What a calendar is called, the address of its pages (empty where there are none), the zone of its days, when they were read."""

    name: str
    base: str
    zone: str
    read: datetime


def calendar(dues: Iterable[Due], feed: Feed, paths: Mapping[str, str]) -> bytes:
    """Return deadlines as all-day events that ring at 8 in the morning three days before and on the day itself.

    ``paths`` is the path of each deadline's page, by ``Due.key``. The same index gives the same bytes.
    """
    made = Calendar()
    made.add("prodid", "-//Tra Cuu//thoi han//VI")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made.add("name", feed.name)
    made.add("x-wr-calname", feed.name)
    made.add("x-wr-timezone", feed.zone)
    made.add("refresh-interval", timedelta(days=1), parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", "P1D")  # what Outlook reads in its place
    seen: Counter[str] = Counter()
    for due in sorted(dues, key=lambda due: due.deadline.date):
        matter = f"{due.provision.document}|{due.provision.section}|{squeeze(due.deadline.what)}|{squeeze(due.deadline.who)}"
        seen[matter] += 1
        made.add_component(_event(due, f"{matter}|{seen[matter]}", f"{feed.base.rstrip('/')}{paths[due.key]}" if feed.base else "", feed))
    content: bytes = made.to_ical()
    return content


def _event(due: Due, matter: str, address: str, feed: Feed) -> Event:
    """Return the event of a deadline; its id holds no date, so that one that was moved moves in calendars too."""
    deadline = due.deadline
    term = due_of(deadline)
    assert term is not None, "records.deadlines gives none without a term"
    event = Event()
    event.add("uid", f"{blake2b(matter.encode(), digest_size=12).hexdigest()}@tracuu")
    event.add("dtstamp", feed.read)
    event.add("last-modified", feed.read)
    event.add("sequence", max(0, int((feed.read - _COUNTED_FROM) / timedelta(minutes=1))))  # grows with every index
    day = date.fromisoformat(deadline.date)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    title = f"{term_words(term)}: {sentence(deadline.what.lstrip(_BULLETS))}"
    event.add("summary", title)
    event.add("description", "\n".join(_description(due)))
    if address:
        event.add("url", address)
    event.add("transp", "TRANSPARENT")
    for days in sorted({_BEFORE, (term.day - term.last).days, 0}, reverse=True):
        event.add_component(_alarm(title, days))
    return event


def term_words(term: Term) -> str:
    """Return how a term is called: ``Trước ngày 10/01`` only where the source says before."""
    day = f"{term.day:%d/%m}"
    hour = f"{term.clock // 60:02}:{term.clock % 60:02} " if term.clock is not None else ""
    if term.included is False:
        return f"Trước {hour}ngày {day}"
    return f"Hạn {hour}ngày {day}" if hour else f"Hạn {day}"


def _description(due: Due) -> Iterable[str]:
    deadline = due.deadline
    yield sentence(deadline.when)
    if whom := parties(deadline):
        yield whom
    yield f"“{deadline.quote}”"
    for doubt in doubts_in(due.provision, deadline.what, deadline.who, deadline.to, deadline.when):
        place = f"Chỗ “{doubt.reading}”" if doubt.reading else "Chỗ này"
        yield f"{place} {f'chưa chắc ({doubt.why})' if doubt.why else 'đọc chưa chắc'}, cần đối chiếu bản gốc."
    yield f"— {due.label}"


def _alarm(title: str, days: int) -> Alarm:
    """Return a reminder at 8 in the morning, so many days before.

    It is told from the event's start: that of a day is midnight where the reader is (RFC 5545, 3.8.6.3), so it rings at 8
    there, winter and summer. Phones and Outlook take such triggers along with the day; Outlook leaves absolute ones out,
    and Google rings by its own settings whatever a subscribed calendar says (the page tells so).
    """
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", f"{f'Còn {days} ngày' if days else 'Hôm nay'}. {title}")
    alarm.add("trigger", _RINGS - timedelta(days=days))
    return alarm


def calendar_name(role: Role | None) -> str:
    """Return what the calendar of a role is called in people's own calendars."""
    return f"Thời hạn báo cáo – {role.name} (Tra Cứu)" if role else "Thời hạn báo cáo (Tra Cứu)"
