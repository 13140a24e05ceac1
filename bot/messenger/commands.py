"""The commands besides /hoi and /gopy, and the buttons that belong to them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.messenger import asking, feedback, lists, reminders, texts
from bot.messenger.runs import bold, plain
from bot.messenger.turn import Turn
from bot.people import ROLES
from rag.language.text import fold

TAKES = {"nhac": ("bat", "tat")}
"""What may stand behind a command, where it is not a question or words for the admin."""
Handler = Callable[[Turn], Awaitable[None]]


async def start(turn: Turn) -> None:
    """Greet, say what can be asked and, to who comes back, that reminders stopped; offer three examples."""
    examples = turn.desk.examples.get()
    stopped, again = reminders.told_stopped(turn)
    text = [bold(texts.WELCOME), plain(texts.WELCOME_BODY), *stopped, plain(turn.try_words if examples else "")]
    turn.say(text, [*([(question, f"q:{number}")] for number, question in enumerate(examples)), *again])


async def help(turn: Turn) -> None:
    """Tell what can be done."""
    turn.say([bold("Cách hỏi"), plain(turn.help_words.format(name=turn.desk.name))])


async def new(turn: Turn) -> None:
    """Forget the conversation."""
    turn.desk.conversations.forget(turn.conversation_id)
    turn.say([plain(texts.NEW)])


async def who_am_i(turn: Turn) -> None:
    """Ask for the role."""
    if not _alone(turn, "Chọn đơn vị"):
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
    """Turn reminders on, or off with ``tat``, and show how it is then, with what changes it."""
    if not _alone(turn, "Đặt nhắc hạn"):
        return
    match fold(turn.behind_command):
        case "tat" | "off" | "huy":
            reminders.switch(turn, on=False)
        case "" | "bat" | "on":
            reminders.switch(turn, on=True)
        case _:
            turn.say(*reminders.state(turn))


async def delete(turn: Turn) -> None:
    """Ask whether to delete everything about the person."""
    if _alone(turn, "Xóa dữ liệu của thầy cô"):
        turn.say([bold(texts.DELETE_SURE), plain(texts.DELETE_SURE_BODY)], [[(texts.YES_DELETE, "x:1"), (texts.NO_DELETE, "x:0")]])


def delete_now(turn: Turn, sure: bool) -> None:
    """Delete everything about the person, everywhere."""
    turn.toast()
    if sure:
        turn.desk.forget(turn)
    turn.show_text([plain(texts.DELETED if sure else texts.KEPT)])


async def unknown(turn: Turn) -> None:
    """A command that there is not."""
    if turn.is_private:
        turn.say([plain(texts.UNKNOWN_COMMAND)])


def _alone(turn: Turn, what: str) -> bool:
    """Say whether nobody else reads this chat; where others do, tell that ``what`` is done in private."""
    if not turn.is_private:
        turn.say([plain(turn.private_only.format(what=what, name=turn.desk.name))])
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
