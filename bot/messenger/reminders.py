"""Reminders: 7, 3 and 1 days before a deadline that concerns the person and on the day itself, at the set time, each once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from bot import records
from bot.messenger import texts
from bot.messenger.desk import Buttons, Desk
from bot.messenger.exchange import Exchange
from bot.messenger.lists import due_line, place_of
from bot.messenger.runs import Run, bold, plain
from rag.answers.base import vietnamese_date

DAYS = (7, 3, 1, 0)


def remind(desk: Desk) -> int:
    """Put the reminders of today into the mailbox and return for how many people; before the set time there are none."""
    now = desk.service.clock.now()
    if now.time() < desk.service.settings.reminder_time:
        return 0
    reminded = 0
    for person in desk.service.kept.people.wanting_reminders(desk.channel):
        chat = person.id.removeprefix(f"{desk.channel}:")
        if not desk.may_remind(chat):
            continue
        given = desk.mailbox.reminded(person.id)
        coming = records.deadlines(desk.service.in_use.shelf(), now.date(), person.role)
        due = [
            (each, key)
            for each in coming
            if (key := _key(each, date.fromisoformat(person.reminded_since), now.date())) and key not in given
        ]
        if due:
            dues = [each for each, _ in due]
            places = [place_of(each) for each in dues]
            desk.tell(chat, _text(dues), _buttons(dues), [(person.id, key) for _, key in due], places)
            reminded += 1
    return reminded


def stop(desk: Desk, person: str) -> None:
    """Stop the reminders of who wants no messages any more; that there were some is kept, and said when they come back."""
    desk.service.kept.people.stop_reminders(person)


def told_stopped(exchange: Exchange) -> tuple[list[Run], Buttons]:
    """Return what is said to who comes back and had reminders until they left, with the button that brings them back."""
    if not exchange.is_private or not exchange.desk.service.kept.people.was_stopped(exchange.person_id):
        return [], []
    return [plain(texts.REMINDERS_STOPPED)], [[(texts.TURN_ON_AGAIN, "n:1")]]


def tell_stopped(desk: Desk, chat: str) -> None:
    """Say that reminders stopped to who wants messages again, where there were any."""
    if desk.service.kept.people.was_stopped(f"{desk.channel}:{chat}"):
        desk.tell(chat, [plain(texts.REMINDERS_STOPPED)], [[(texts.TURN_ON_AGAIN, "n:1")]])


def state(exchange: Exchange) -> tuple[list[Run], Buttons]:
    """Return whether a person is reminded, since when, of whose deadlines, of what next, and the button that changes it."""
    since, role = exchange.person.reminded_since, exchange.person.role
    if not since:
        return [bold(texts.REMINDERS_ARE_OFF), plain(texts.REMINDERS_WHAT.format(time=_time(exchange.desk)))], [[(texts.TURN_ON, "n:1")]]
    text = [bold(texts.REMINDERS_ARE_ON.format(since=vietnamese_date(since)))]
    text.append(plain(texts.REMINDERS_WHAT.format(time=_time(exchange.desk))))
    text.append(plain(texts.REMINDERS_FOR_ROLE.format(role=role.name) if role else texts.REMINDERS_FOR_ALL))
    return [*text, *_next(exchange)], [[(texts.TURN_OFF, "n:0")]]


def switch(exchange: Exchange, *, on: bool) -> None:
    """Turn reminders on or off, and show how it is then."""
    exchange.toast()
    if not exchange.is_private:
        return
    if on and not exchange.person.reminded_since:
        exchange.desk.service.kept.people.set_reminders(exchange.person_id, exchange.desk.service.clock.today().isoformat())
    elif not on:
        exchange.desk.service.kept.people.set_reminders(exchange.person_id, "")
    exchange.person = exchange.desk.service.kept.people.load(exchange.person_id)
    text, buttons = state(exchange)
    exchange.show(exchange.desk.voice.pieces(text)[0], buttons)


def _next(exchange: Exchange) -> list[Run]:
    """The next reminder and what it is of; a deadline of which everything is said already has none."""
    today, since = exchange.desk.service.clock.today(), date.fromisoformat(exchange.person.reminded_since)
    given = exchange.desk.mailbox.reminded(exchange.person_id)
    ahead = []
    for due in records.deadlines(exchange.desk.service.in_use.shelf(), today, exchange.person.role):
        key, left = _key(due, since, today), [days for days in DAYS if days < due.days]
        if key and key not in given:
            ahead.append((0, due))
        elif left:
            ahead.append((due.days - max(left), due))
    if not ahead:
        return [plain(texts.REMINDERS_NONE)]
    wait, due = min(ahead, key=lambda item: item[0])
    return [plain(texts.REMINDERS_NEXT.format(day=vietnamese_date((today + timedelta(days=wait)).isoformat()))), *due_line(due)]


def _key(due: records.Due, since: date, today: date) -> str:
    """Return what names a reminder that is due; one missed while the bot was off is made up for until the next is due."""
    reached = [days for days in DAYS if 0 <= due.days <= days]
    if not reached:
        return ""
    days = min(reached)
    day_of_it = today + timedelta(days=due.days - days)
    return f"{days}|{due.key}" if day_of_it >= since else ""


def _text(dues: Sequence[records.Due]) -> list[Run]:
    text = [bold(texts.REMINDER)]
    for number, each in enumerate(dues, 1):
        text += [plain(f"\n\n{number}. " if len(dues) > 1 else "\n\n"), *due_line(each)]
    return text


def _buttons(dues: Sequence[records.Due]) -> Buttons:
    several = len(dues) > 1
    rows = [[(f"Nguyên văn {number}" if several else "Xem nguyên văn", f"t:{place_of(each).key}:0")] for number, each in enumerate(dues, 1)]
    return [*rows, [(texts.TURN_OFF, "n:0")]]


def _time(desk: Desk) -> str:
    return f"{desk.service.settings.reminder_time:%-H:%M}"
