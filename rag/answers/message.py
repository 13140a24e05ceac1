"""A whole message: what it asks is parted from what stands around it, and two questions are answered one below the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from copy import deepcopy
from dataclasses import replace
from typing import TypeVar

from rag.answers.turn import Found, remember
from rag.documents import Answer, Related
from rag.question.conversation import Conversation

T = TypeVar("T")
Ask = Callable[[str, Conversation], Found]
_MOST = 3  # questions of a message


def answer_message(text: str, questions: Sequence[str], conversation: Conversation, ask: Ask) -> Found:
    """Answer the ``questions`` of a message, of which there is at least one; ``conversation`` is not changed.

    Where its core is not answered, the message is asked as it stands: what seemed a story may be half of the question.
    """
    if len(questions) > 1:
        parts = _one_after_another(questions[:_MOST], conversation, ask)
        if all(part.answer.status != "not_found" for part in parts) or any(part.reply for part in parts[:-1]):
            return _joined(questions, parts)
        return _surer(ask(text, conversation), *parts)
    found = ask(questions[0], conversation)
    if found.reply is not None or questions[0].strip() == text.strip():
        return found
    return _surer(found, ask(text, conversation))


def _one_after_another(questions: Sequence[str], conversation: Conversation, ask: Ask) -> list[Found]:
    """Each question may go on with the one before it."""
    known, parts = deepcopy(conversation), []
    for question in questions:
        found = ask(question, known)
        remember(known, found)
        parts.append(found)
    return parts


def _surer(*found: Found) -> Found:
    return max(found, key=lambda one: (one.reply is not None, one.sureness))


def _joined(questions: Sequence[str], parts: Sequence[Found]) -> Found:
    """The answers below their questions; the last one that claims something is what is remembered."""
    last = next((part for part in reversed(parts) if part.reply is not None), parts[-1])
    lines = [f"{at}. {_heading(question)}{part.answer.text}" for at, (question, part) in enumerate(zip(questions, parts, strict=False), 1)]
    answers = [part.answer for part in parts]
    behind = [part.answer for part in parts if part.reply is not None] or answers  # what is offered beside an answer is no source of it
    answer = replace(
        last.answer,
        status="answered" if any(part.reply is not None for part in parts) else last.answer.status,
        text="\n\n".join(lines),
        citations=_each_once(citation for answer in behind for citation in answer.citations),
        related=_each_once(near for answer in answers for near in (*answer.related, *_offers(answer, behind))),
        notes=_each_once(note for answer in answers for note in answer.notes),
    )
    told = tuple(number for part in parts for number in part.told)
    return replace(last, answer=answer, sureness=min(part.sureness for part in parts), offer=None, told=told, parts=tuple(parts))


def _heading(question: str) -> str:
    """The question as typed, unless it has figures: those of an answer are the source's alone."""
    return "" if any(map(str.isdigit, question)) else f"{question.strip()}\n"


def _offers(answer: Answer, behind: Sequence[Answer]) -> list[Related]:
    """What an answer offers, as provisions nearby, where it is none of those that claim something."""
    return [] if answer in behind else [Related(one.document, one.section, one.page, one.label) for one in answer.citations]


def _each_once(found: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(found))
