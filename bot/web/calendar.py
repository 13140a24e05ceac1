"""Deadlines as a calendar (iCalendar, RFC 5545) that phones and Outlook subscribe to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from hashlib import blake2b

from icalendar import Alarm, Calendar, Event

from bot.records import Due
from rag.answers.base import sentence_case as sentence

TYPE = "text/calendar"


def calendar(dues: Iterable[Due], base: str, paths: dict[str, str]) -> bytes:
    """Return deadlines as all-day events, each with a reminder three days before.

    ``base`` is the address of the service, ``paths`` the path of each deadline's provision, by ``Due.key``.
    """
    made = Calendar()
    made.add("prodid", "-//Tra Cuu//thoi han//VI")
    made.add("version", "2.0")
    made.add("x-wr-calname", "Thời hạn báo cáo (Tra Cứu)")
    made.add("refresh-interval", timedelta(days=1), parameters={"VALUE": "DURATION"})
    for due in dues:
        made.add_component(_event(due, f"{base.rstrip('/')}{paths[due.key]}"))
    content: bytes = made.to_ical()
    return content


def _event(due: Due, address: str) -> Event:
    deadline = due.deadline
    event = Event()
    event.add("uid", f"{blake2b(due.key.encode(), digest_size=12).hexdigest()}@tracuu")
    event.add("dtstamp", datetime(2000, 1, 1, tzinfo=UTC))  # the same at every download: nothing has changed
    day = date.fromisoformat(deadline.date)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", f"Hạn: {sentence(deadline.what)}")
    whom = " → ".join(part for part in (deadline.who, deadline.to) if part)
    event.add("description", "\n".join(part for part in (deadline.when, whom, f"“{deadline.quote}”", f"— {due.label}") if part))
    event.add("url", address)
    event.add("transp", "TRANSPARENT")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", f"Còn 3 ngày: {sentence(deadline.what)}")
    alarm.add("trigger", timedelta(days=-3))
    event.add_component(alarm)
    return event
