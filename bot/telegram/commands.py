"""The commands besides /hoi and /gopy, and the buttons that belong to them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot import records
from bot.people import ROLES
from bot.telegram import asking, feedback, lists, texts
from bot.telegram.groups import words_of
from bot.telegram.html import Run, bold, plain
from bot.telegram.turn import Turn
from rag.language.text import fold

Handler = Callable[[Turn], Awaitable[None]]


async def start(turn: Turn) -> None:
    """Greet, say what can be asked, and offer three examples."""
    examples = turn.desk.examples.get()
    text = [bold(texts.WELCOME), plain(texts.WELCOME_BODY), plain(texts.TRY if examples else "")]
    turn.say(text, [[(question, f"q:{number}")] for number, question in enumerate(examples)])


async def help(turn: Turn) -> None:
    """Tell what can be done."""
    turn.say([bold("Cách hỏi"), plain(texts.HELP.format(name=turn.desk.name))])


async def new(turn: Turn) -> None:
    """Forget the conversation."""
    turn.desk.conversations.forget(turn.conversation_id)
    turn.say([plain(texts.NEW)])


async def who_am_i(turn: Turn) -> None:
    """Ask for the role."""
    if not _alone(turn):
        return
    role = turn.person.role
    text = [bold(texts.WHO_ARE_YOU), plain(texts.WHO_ARE_YOU_BODY), plain(texts.ROLE_NOW.format(role=role.name) if role else "")]
    keys = list(ROLES)
    rows = [[(ROLES[key].name, f"i:{key}") for key in keys[at : at + 2]] for at in range(0, len(keys), 2)]
    turn.say(text, [*rows, [(texts.NO_ROLE, "i:")]])


async def set_role(turn: Turn, key: str) -> None:
    """Keep the role that was chosen; ``?`` asks for it."""
    turn.toast()
    if key == "?":
        await who_am_i(turn)
        return
    role = ROLES.get(key)
    turn.desk.people.set_role(turn.person_id, key if role else "")
    if role:
        turn.show_text([bold(texts.ROLE_SET.format(role=role.name)), plain(texts.ROLE_SET_BODY)])
    else:
        turn.show_text([plain(texts.ROLE_CLEARED)])


async def remind(turn: Turn) -> None:
    """Turn reminders on, or off with ``tat``."""
    if not _alone(turn):
        return
    words = fold(words_of(turn.message).partition(" ")[2].strip())
    if words in ("tat", "off", "huy"):
        turn.desk.people.set_reminders(turn.person_id, "")
        turn.say([plain(texts.REMINDERS_OFF)])
    elif words in ("", "bat", "on"):
        turn.desk.people.set_reminders(turn.person_id, turn.desk.clock.today().isoformat())
        turn.say(_reminders_on(turn))
    else:
        turn.say([plain(texts.REMINDERS_USAGE)])


def _reminders_on(turn: Turn) -> list[Run]:
    role = turn.person.role
    coming = [due for due in records.deadlines(turn.desk.assistant.shelf(), turn.desk.clock.today(), role) if due.days >= 0]
    text = [bold(texts.REMINDERS_ON), plain(texts.REMINDERS_ON_BODY.format(time=f"{turn.desk.settings.reminder_time:%-H:%M}"))]
    if role is None:
        text.append(plain(texts.REMINDERS_FOR_ALL))
    text.append(plain(texts.REMINDERS_NEXT if coming else texts.REMINDERS_NONE))
    for due in coming[:1]:
        text += [plain("\n"), *lists.due_line(due)]
    return text


async def delete(turn: Turn) -> None:
    """Ask whether to delete everything about the person."""
    if _alone(turn):
        turn.say([bold(texts.DELETE_SURE), plain(texts.DELETE_SURE_BODY)], [[(texts.YES_DELETE, "x:1"), (texts.NO_DELETE, "x:0")]])


def delete_now(turn: Turn, sure: bool) -> None:
    """Delete everything about the person, everywhere."""
    turn.toast()
    if sure:
        desk = turn.desk
        desk.journal.forget(turn.alias)
        desk.conversations.forget_person(turn.person_id)
        desk.people.forget(turn.person_id)
        desk.mailbox.forget(turn.person_id)
    turn.show_text([plain(texts.DELETED if sure else texts.KEPT)])


async def unknown(turn: Turn) -> None:
    """A command that there is not."""
    if turn.is_private:
        turn.say([plain(texts.UNKNOWN_COMMAND)])


def _alone(turn: Turn) -> bool:
    if not turn.is_private:
        turn.say([plain(texts.PRIVATE_ONLY.format(name=turn.desk.name))])
    return turn.is_private


def _list(name: str) -> Handler:
    async def show(turn: Turn) -> None:
        lists.show(turn, name)

    return show


COMMANDS: dict[str, Handler] = {
    "start": start,
    "help": help,
    "giup": help,
    "moi": new,
    "toi": who_am_i,
    "nhac": remind,
    "xoa": delete,
    "hoi": asking.on_command,
    "gopy": feedback.on_command,
    "han": _list("han"),
    "lienhe": _list("lienhe"),
    "vanban": _list("vanban"),
    "quytrinh": _list("quytrinh"),
}
