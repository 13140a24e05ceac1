"""A message of Zalo's → what answers it: a choice, a command, what was asked for in writing, a question, other media."""

from __future__ import annotations

from collections.abc import Mapping

from bot.messenger import asking, commands, feedback, presses
from bot.messenger import texts as shared
from bot.messenger.commands import Handler
from bot.messenger.runs import plain
from bot.zalo import texts
from bot.zalo.choices import chosen, labelled, wanted
from bot.zalo.turn import ZaloTurn
from rag.language.text import fold

_MEDIA = {"image": "picture", "voice": "voice", "file": "file", "other": "other"}

_ASKS = "q:"  # how the data of a question begins that may be chosen


async def answer(turn: ZaloTurn, known: Mapping[str, Handler] = commands.COMMANDS) -> None:
    """Handle one message; ``known`` are the commands of the channel. A sticker is answered with nothing, for that costs too."""
    if turn.words:
        await _words(turn, known)
    elif turn.is_private and turn.message.kind in _MEDIA:
        turn.say([plain(shared.MEDIA[_MEDIA[turn.message.kind]])])
    elif turn.message.kind == "text":
        turn.say([plain(shared.NO_QUESTION)])


async def _words(turn: ZaloTurn, known: Mapping[str, Handler]) -> None:
    if turn.takes_back:
        turn.say([plain(texts.CANCELLED)])
    elif key := wanted(turn.words):
        await _choose(turn, key)
    elif option := labelled(turn.words, turn.options):
        await _choose(turn, option.key)
    elif (name := command_in(turn.words, known)) is not None:
        await known.get(name, commands.unknown)(turn)
    elif turn.prompt is not None:
        feedback.keep_written(turn)
    elif any(map(str.isalnum, turn.words)):
        await asking.answer(turn, turn.words)
    else:  # 😊, ?!
        turn.say([plain(shared.MEDIA["sticker"])])


async def _choose(turn: ZaloTurn, key: str) -> None:
    option = chosen(key, turn.options)
    if option is not None and option.data.startswith(_ASKS):
        await presses.on_press(turn, option.data)  # counted as a question
        return
    match turn.desk.flood.check(turn.user):
        case "silence":
            return
        case "notice":
            turn.say([plain(shared.TOO_FAST)])
            return
    if option is None:
        turn.say([plain(texts.NO_CHOICE.format(key=key))])
    else:
        await presses.on_press(turn, option.data)


def command_in(words: str, known: Mapping[str, Handler]) -> str | None:
    """Return the command that a message is: what begins with ``/``, or a name with nothing but what it takes; ``None`` for others."""
    first = words.split(maxsplit=1)[0].lower()
    if first.startswith("/") and first[1:].isalnum():
        return first[1:]
    name, _, given = fold(words).partition(" ")
    return name if name in known and (not given or given in commands.TAKES.get(name, ())) else None
