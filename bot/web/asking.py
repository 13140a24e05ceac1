"""A question that a page sends: whether it can be asked, whose conversation it goes on with, and that it is asked once."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from dataclasses import astuple, dataclass

from bot.web.schemas import MOST
from bot.web.talks import Given, Talks
from bot.web.turns import new_id
from rag.errors import TracuuError

_log = logging.getLogger("tracuu.web")
_A_MOMENT = 0.05  # seconds


@dataclass(frozen=True, slots=True)
class Asked:
    """A form as it was sent by the browser ``owner`` (empty where it says none); ``instead`` is a turn to be replaced."""

    owner: str
    question: str
    conversation: str
    role: str
    plain: bool
    instead: str


@dataclass(frozen=True, slots=True)
class _Place:
    """The conversation that a form goes on with, whose that is, and the turn that it replaces there."""

    conversation: str
    owner: str
    instead: str = ""


def tidy(question: str) -> str:
    """Return a question as it was typed: forms send its lines with other ends, which count for nothing."""
    return question.replace("\r\n", "\n").strip()


def refusal_of(question: str) -> str:
    """Say why a question cannot be asked as it stands; empty where it can."""
    if not question:
        return "Chưa có câu hỏi nào. Hãy gõ câu hỏi rồi bấm Hỏi."
    if len(question) > MOST:
        measured = f"Câu hỏi dài {_grouped(len(question))} ký tự, nhiều nhất là {_grouped(MOST)}."
        return f"{measured} Chữ đã gõ vẫn còn trong ô: hãy rút gọn rồi hỏi lại."
    return ""


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", ".")


async def answer_once(talks: Talks, asked: Asked) -> Given:
    """Answer what was sent; what was sent twice at once is the same turn. Raises what ``Talks.ask`` raises."""
    if not asked.owner and not asked.conversation:  # nothing tells two people with the same question apart
        return await _answer(talks, asked)
    form = hashlib.sha256(json.dumps(astuple(asked)).encode()).hexdigest()
    try:
        if known := await _begin(talks, form):
            return known
    except TracuuError as error:  # then it may be answered twice
        _log.warning("%s", error)
        return await _answer(talks, asked)
    turn = ""
    try:
        given = await _answer(talks, asked)
        turn = given.turn.id
        return given
    finally:
        await talks.service.run(_end, talks, form, turn)


async def _begin(talks: Talks, form: str) -> Given | None:
    """Return the turn that another request answers this form with, ``None`` where it is for this one to do."""
    while (known := await talks.service.run(talks.turns.forms.begin, form)) != "":
        if known is None:
            await asyncio.sleep(_A_MOMENT)
        elif turn := await talks.service.run(talks.turns.get, known):
            return Given(turn)
        else:  # deleted meanwhile
            await talks.service.run(talks.turns.forms.failed, form)
    return None


def _end(talks: Talks, form: str, turn: str) -> None:
    try:
        if turn:
            talks.turns.forms.answered(form, turn)
        else:
            talks.turns.forms.failed(form)
    except TracuuError as error:  # it is given up after a while
        _log.warning("%s", error)


async def _answer(talks: Talks, asked: Asked) -> Given:
    place = await talks.service.run(_place, talks, asked)
    return await talks.ask(asked.question, place.conversation, asked.role, plain=asked.plain, owner=place.owner, instead=place.instead)


def _place(talks: Talks, asked: Asked) -> _Place:
    """Return where a form is answered: in a new conversation where the one that it names is not the sender's."""
    try:
        turn = talks.turns.get(asked.instead) if asked.instead else None
        if turn is not None and turn.owner is not None and turn.belongs_to(asked.owner):
            return _Place(turn.conversation, turn.owner, turn.id)
        owner = talks.turns.owner(asked.conversation) if asked.conversation else None
        if owner is not None and owner in ("", asked.owner):
            return _Place(asked.conversation, owner)
    except TracuuError as error:  # nobody can say whose it is
        _log.warning("%s", error)
    return _Place(new_id(), asked.owner)
