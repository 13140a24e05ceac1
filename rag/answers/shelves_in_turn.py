"""A message asked of the shelves in turn: what was taught first, then what an office has itself, then the libraries beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from rag.answers.message import answer_message
from rag.answers.outcomes import Reason, Refused
from rag.answers.turn import Found, answer_turn, refused_after_all, small_talk
from rag.answers.whose import bystanders, places_after, provinces_here, told_whose, unless_elsewhere, without_bystanders
from rag.errors import LibraryUnavailable
from rag.finding.choice import Choice
from rag.finding.neighbours import Neighbours, told_of_neighbour
from rag.finding.search import Searcher
from rag.finding.shelves import Shelves
from rag.language.places import Name
from rag.language.text import squeeze
from rag.question.audience import Audience
from rag.question.conversation import Conversation
from rag.question.core import core_of
from rag.question.said import Said
from rag.question.understanding import cleaned, lined, said_in, understand


class _Around(NamedTuple):
    """The message that a question stands in: of whose and when it says to ask, where that may matter (``said``), which names it
    has beside the point (``bystanders``), and of which ``provinces`` of the documents it may well be."""

    message: str
    said: Said | None = None
    bystanders: tuple[Name, ...] = ()
    provinces: frozenset[str] = frozenset()


Lessons = dict[Searcher, Choice]
"""What was taught of one very question, by who was taught it, the first that is asked first."""


class ShelvesInTurn:
    """Answers messages without a language model. Keeps nothing between two of them; safe for several threads."""

    def __init__(self, shelves: Shelves, today: Callable[[], date], office: str, neighbours: Neighbours) -> None:
        """``office`` and ``neighbours`` are those of ``Assistant``."""
        self._shelves = shelves
        self._today = today
        self._office = office
        self._neighbours = neighbours

    def answer(self, text: str, conversation: Conversation, audience: frozenset[Audience]) -> Found:
        """Answer a message: small talk as such, else what it asks; ``conversation`` is not changed.

        Raises ``IndexMissing``, ``IndexDamaged`` or ``SettingError``.
        """
        message = cleaned(text)
        places = places_after(self._first_asked(), message, conversation.places)
        found = self._told(text, conversation, audience, places)
        return replace(found, answer=told_whose(found.searcher, message, found.answer, places), places=places)

    def _told(self, text: str, conversation: Conversation, audience: frozenset[Audience], places: Sequence[str]) -> Found:
        said, first = cleaned(text), self._first_asked()
        if not any(map(str.isalnum, said)):
            return small_talk(self._shelves.shelf(), said, "")
        around = _Around(said, bystanders=bystanders(said, first.offices.home), provinces=provinces_here(first, places))
        if lessons := self._lessons(said):  # be it a greeting
            return self._one(said, conversation, audience, around, lessons)
        core = core_of(lined(text))
        if not core.questions:
            return small_talk(self._shelves.shelf(), said, core.chat)
        questions = [squeeze(question) for question in core.questions]
        is_wrapped = len(questions) == 1 and questions[0] != said
        is_of_several = self._is_of_several()
        if is_wrapped or is_of_several:
            whole = understand(said, first.diacritics)
            around = around._replace(said=said_in(whole) if is_of_several else None)
            if is_wrapped:  # who asks may stand around it: "xã em chậm quá, 15/1 mới nộp …"
                audience = whole.audience or audience

        def ask(question: str, known: Conversation) -> Found:
            return self._one(question, known, audience, around, self._lessons(question) if question != said else {})

        return answer_message(said, questions, conversation, ask)

    def _lessons(self, question: str) -> Lessons:
        """Return what was taught of this very question; reading it takes its time, so only where anything was taught."""
        teachers = [searcher for searcher in self._shelves.in_order() if searcher.has_lessons]
        found = ((teacher, teacher.taught(understand(question, teacher.diacritics))) for teacher in teachers)
        return {teacher: choice for teacher, choice in found if choice is not None}

    def _is_of_several(self) -> bool:
        """Whether an answer may be of one office, or one of several nearly identical documents, and the message say of which."""
        searcher = self._first_asked()
        return bool(searcher.offices.several or searcher.families or self._neighbours())

    def _one(self, question: str, conversation: Conversation, audience: frozenset[Audience], around: _Around, lessons: Lessons) -> Found:
        """Ask the shelf, and the libraries beside it only where the shelf has nothing.

        What an office put there one by one is meant before what a library of laws happens to say with the same words.
        """

        def ask(searcher: Searcher) -> Found:
            asked = without_bystanders(searcher, around.bystanders, understand(question, searcher.diacritics))
            found = answer_turn(
                searcher,
                replace(asked, message=around.said, provinces=around.provinces),
                conversation,
                audience,
                self._today(),
                lessons.get(searcher),
            )
            return unless_elsewhere(found, around.message)

        shelf, *libraries = self._shelves.in_order()
        teacher = next(iter(lessons), shelf)
        if teacher is not shelf:
            return ask(teacher)
        first = ask(shelf)
        for library in libraries:
            if first.reply is not None:
                break
            try:
                last = ask(library)
            except LibraryUnavailable as error:
                first = replace(first, answer=replace(first.answer, notes=(str(error), *first.answer.notes)))
                continue
            first = last if last.reply is not None or (last.answer.status == "offered" != first.answer.status) else first
        return self._unless_neighbours(first, around.said)

    def _unless_neighbours(self, found: Found, message: Said | None) -> Found:
        """Say where to ask what is asked of another office, of which the answer does not speak."""
        if not (known := self._neighbours()):
            return found
        texts = [said_in(found.own), *([message] if message is not None else [])]
        if not (told := told_of_neighbour(found.answer, texts, known, self._office)):
            return found
        return refused_after_all(found, Refused(Reason.NEIGHBOUR, told))

    def _first_asked(self) -> Searcher:
        return self._shelves.in_order()[0]
