"""The commands besides /hoi and /gopy, and the buttons that belong to them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.messenger import asking, feedback, lists, reminders, texts
from bot.messenger.exchange import Exchange
from bot.messenger.runs import bold, plain
from bot.people import ROLES
from rag.language.text import fold

TAKES = {"nhac": ("bat", "tat")}
"""What may stand behind a command, where it is not a question or words for the admin."""
Handler = Callable[[Exchange], Awaitable[None]]


async def start(exchange: Exchange) -> None:
    """Greet, say what can be asked and, to who comes back, that reminders stopped; offer three examples."""
    examples = await exchange.desk.service.run(exchange.desk.examples.get)
    stopped, again = reminders.told_stopped(exchange)
    text = [bold(texts.WELCOME), plain(texts.WELCOME_BODY), *stopped, plain(exchange.try_words if examples else "")]
    exchange.say(text, [*([(question, f"q:{number}")] for number, question in enumerate(examples)), *again])


async def help(exchange: Exchange) -> None:
    """Tell what can be done."""
    exchange.say([bold("Cách hỏi"), plain(exchange.help_words.format(name=exchange.desk.name))])


async def new(exchange: Exchange) -> None:
    """Forget the conversation."""
    exchange.desk.service.kept.conversations.forget(exchange.conversation_id)
    exchange.say([plain(texts.NEW)])


async def who_am_i(exchange: Exchange) -> None:
    """Ask for the role."""
    if not _alone(exchange, "Chọn đơn vị"):
        return
    role = exchange.person.role
    text = [bold(texts.WHO_ARE_YOU), plain(texts.WHO_ARE_YOU_BODY), plain(texts.ROLE_NOW.format(role=role.name) if role else "")]
    keys = list(ROLES)
    rows = [[(ROLES[key].name, f"i:{key}") for key in keys[at : at + 2]] for at in range(0, len(keys), 2)]
    exchange.say(text, [*rows, [(texts.NO_ROLE, "i:")]])


async def set_role(exchange: Exchange, key: str) -> None:
    """Keep the role that was chosen; ``?`` asks for it."""
    exchange.toast()
    if key == "?":
        await who_am_i(exchange)
        return
    role = ROLES.get(key)
    exchange.desk.service.kept.people.set_role(exchange.person_id, key if role else "")
    if role:
        exchange.show_text([bold(texts.ROLE_SET.format(role=role.name)), plain(texts.ROLE_SET_BODY)])
    else:
        exchange.show_text([plain(texts.ROLE_CLEARED)])


async def remind(exchange: Exchange) -> None:
    """Turn reminders on, or off with ``tat``, and show how it is then, with what changes it."""
    if not _alone(exchange, "Đặt nhắc hạn"):
        return
    match fold(exchange.behind_command):
        case "tat" | "off" | "huy":
            reminders.switch(exchange, on=False)
        case "" | "bat" | "on":
            reminders.switch(exchange, on=True)
        case _:
            exchange.say(*reminders.state(exchange))


async def delete(exchange: Exchange) -> None:
    """Ask whether to delete everything about the person."""
    if _alone(exchange, "Xóa dữ liệu của thầy cô"):
        exchange.say([bold(texts.DELETE_SURE), plain(texts.DELETE_SURE_BODY)], [[(texts.YES_DELETE, "x:1"), (texts.NO_DELETE, "x:0")]])


def delete_now(exchange: Exchange, sure: bool) -> None:
    """Delete everything about the person, everywhere."""
    exchange.toast()
    if sure:
        exchange.desk.forget(exchange)
    exchange.show_text([plain(texts.DELETED if sure else texts.KEPT)])


async def unknown(exchange: Exchange) -> None:
    """A command that there is not."""
    if exchange.is_private:
        exchange.say([plain(texts.UNKNOWN_COMMAND)])


def _alone(exchange: Exchange, what: str) -> bool:
    """Say whether nobody else reads this chat; where others do, tell that ``what`` is done in private."""
    if not exchange.is_private:
        exchange.say([plain(exchange.private_only.format(what=what, name=exchange.desk.name))])
    return exchange.is_private


def _list(name: str) -> Handler:
    async def show(exchange: Exchange) -> None:
        lists.show(exchange, name)

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
