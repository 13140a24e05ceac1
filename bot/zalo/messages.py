"""A message of Zalo's → what answers it: a choice, a command, what was asked for in writing, a question, other media."""

from __future__ import annotations

from collections.abc import Mapping

from bot.messenger import asking, commands, feedback, presses
from bot.messenger import texts as shared
from bot.messenger.commands import Handler
from bot.messenger.runs import plain
from bot.zalo import texts
from bot.zalo.choices import chosen, labelled, wanted
from bot.zalo.exchange import ZaloExchange
from rag.language.text import fold

_MEDIA = {"image": "picture", "voice": "voice", "file": "file", "other": "other"}

_ASKS = "q:"  # how the data of a question begins that may be chosen


async def answer(exchange: ZaloExchange, known: Mapping[str, Handler] = commands.COMMANDS) -> None:
    """Handle one message; ``known`` are the commands of the channel. A sticker is answered with nothing, for that costs too."""
    if exchange.words:
        await _words(exchange, known)
    elif exchange.is_private and exchange.message.kind in _MEDIA:
        exchange.say([plain(shared.MEDIA[_MEDIA[exchange.message.kind]])])
    elif exchange.message.kind == "text":
        exchange.say([plain(shared.NO_QUESTION)])


async def _words(exchange: ZaloExchange, known: Mapping[str, Handler]) -> None:
    if exchange.takes_back:
        exchange.say([plain(texts.CANCELLED)])
    elif key := wanted(exchange.words):
        await _choose(exchange, key)
    elif option := labelled(exchange.words, exchange.options):
        await _choose(exchange, option.key)
    elif (name := command_in(exchange.words, known)) is not None:
        await known.get(name, commands.unknown)(exchange)
    elif exchange.prompt is not None:
        feedback.keep_written(exchange)
    elif any(map(str.isalnum, exchange.words)):
        await asking.answer(exchange, exchange.words)
    else:  # 😊, ?!
        exchange.say([plain(shared.MEDIA["sticker"])])


async def _choose(exchange: ZaloExchange, key: str) -> None:
    option = chosen(key, exchange.options)
    if option is not None and option.data.startswith(_ASKS):
        await presses.on_press(exchange, option.data)  # counted as a question
        return
    match exchange.desk.flood.check(exchange.user):
        case "silence":
            return
        case "notice":
            exchange.say([plain(shared.TOO_FAST)])
            return
    if option is None:
        exchange.say([plain(texts.NO_CHOICE.format(key=key))])
    else:
        await presses.on_press(exchange, option.data)


def command_in(words: str, known: Mapping[str, Handler]) -> str | None:
    """Return the command that a message is: what begins with ``/``, or a name with nothing but what it takes; ``None`` for others."""
    first = words.split(maxsplit=1)[0].lower()
    if first.startswith("/") and first[1:].isalnum():
        return first[1:]
    name, _, given = fold(words).partition(" ")
    return name if name in known and (not given or given in commands.TAKES.get(name, ())) else None
