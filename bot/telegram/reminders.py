"""Reminders: 7, 3 and 1 days before a deadline that concerns the person, at the set time, each once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from bot import records
from bot.telegram import texts
from bot.telegram.html import Run, bold, messages, plain
from bot.telegram.lists import due_line
from bot.telegram.mailbox import Letter
from bot.telegram.turn import CHANNEL, Desk

DAYS = (7, 3, 1)


def remind(desk: Desk) -> int:
    """Put the reminders of today into the outbox and return for how many people; before the set time there are none."""
    now = desk.clock.now()
    if now.time() < desk.settings.reminder_time:
        return 0
    people = desk.people.wanting_reminders(CHANNEL)
    reminded = 0
    for person in people:
        given = desk.mailbox.reminded(person.id)
        coming = records.deadlines(desk.assistant.shelf(), now.date(), person.role)
        due = [
            (each, key)
            for each in coming
            if (key := _key(each, date.fromisoformat(person.reminded_since), now.date())) and key not in given
        ]
        if due:
            chat = int(person.id.removeprefix(f"{CHANNEL}:"))
            letters = [
                Letter(chat, "sendMessage", {"text": part, "parse_mode": "HTML"}) for part in messages(_text(each for each, _ in due))
            ]
            desk.mailbox.commit(letters, reminded=[(person.id, key) for _, key in due])
            desk.sender.kick(chat)
            reminded += 1
    return reminded


def _key(due: records.Due, since: date, today: date) -> str:
    """Return what names a reminder that is due; one missed while the bot was off is made up for until the next is due."""
    reached = [days for days in DAYS if 0 <= due.days <= days]
    if not reached:
        return ""
    days = min(reached)
    day_of_it = today + timedelta(days=due.days - days)
    return f"{days}|{due.key}" if day_of_it >= since else ""


def _text(due: Iterable[records.Due]) -> list[Run]:
    text = [bold(texts.REMINDER)]
    for each in due:
        text += [plain("\n\n"), *due_line(each)]
    return text
