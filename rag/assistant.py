"""The one door of the heart: ask a question, get an answer with its source."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from rag.answers.base import not_found
from rag.answers.deciding import answer_picked
from rag.answers.explanation import Explanation, explanation_of
from rag.answers.families import at_their_office
from rag.answers.message import answer_message
from rag.answers.outcomes import Reason, Refused
from rag.answers.turn import Found, answer_turn, remember, small_talk, with_year_told
from rag.answers.whose import told_whose
from rag.documents import Answer
from rag.errors import AnswerFailed, IndexDamaged, LibraryUnavailable, TracuuError
from rag.finding.in_force import asked_day
from rag.finding.neighbours import Neighbours, nobody, told_of_neighbour
from rag.finding.search import Hit, Searcher
from rag.finding.shelves import Shelves
from rag.index.snapshot import Snapshot
from rag.index.vectors import Encoder
from rag.question.audience import Audience
from rag.question.conversation import Conversation
from rag.question.core import core_of
from rag.question.mentions import Name
from rag.question.said import Said
from rag.question.understanding import cleaned, said_in, understand

if TYPE_CHECKING:
    from rag.index.nodes.calls import Nodes
    from rag.wording.writer import Writer


T = TypeVar("T")
_log = logging.getLogger(__name__)
_FAILED = "Chương trình gặp lỗi khi trả lời câu này và đã ghi lại. Hãy hỏi lại cách khác; nếu vẫn lỗi, báo cho người phụ trách."
_PICKED = "Mô hình ngôn ngữ đã chọn mục này trong các mục gần nhất; hãy đọc phần trích nguồn để chắc chắn."


@contextmanager
def _one_failing(text: str) -> Iterator[None]:
    """Log whatever goes wrong with one question that is no error of its own kind, and raise it as ``AnswerFailed``."""
    try:
        yield
    except TracuuError:
        raise
    except Exception as error:
        _log.exception("a question of %d characters could not be answered", len(text))
        raise AnswerFailed(_FAILED) from error


class _Around(NamedTuple):
    """What a message says around its question, where that may matter: of whose and when (``said``), of which provinces (``places``)."""

    said: Said | None = None
    places: tuple[Name, ...] = ()


_NOTHING = _Around()


class Assistant:
    """Answers questions from the published snapshot, and moves on to a newer one when there is one."""

    def __init__(
        self,
        data: Path,
        *,
        encoder: str | None = None,
        today: date | None = None,
        writer: Writer | None = None,
        without: frozenset[str] = frozenset(),
        office: str = "",
        library: Assistant | None = None,
        neighbours: Neighbours = nobody,
        nodes: Nodes | None = None,
        clock: Callable[[], date] = date.today,
    ) -> None:
        """``without``: writers whose questions of the bank are not listened to, as where they are the judges.

        ``office``: the place of whoever asks (``tỉnh Quảng Ninh``): its documents are meant where a question names no other.
        ``library`` has what many offices share: it is asked where their own documents do not answer. ``neighbours`` says whose
        documents are elsewhere: what asks for these is not answered from here.
        ``nodes`` serve the library where it was cut. ``clock`` says what day it is for the people who ask, where no ``today`` is set.
        """
        self._shelves: Shelves = Shelves(data, encoder, without, office, library._shelves if library is not None else None, nodes)
        self._office = office
        self._neighbours = neighbours
        self._writer = writer
        self._today = clock if today is None else lambda: today

    @property
    def snapshot(self) -> Snapshot:
        """The snapshot in use. Raises ``IndexMissing`` or ``IndexDamaged``."""
        return self._shelves.snapshot

    @property
    def version(self) -> str:
        """What changes with every index that answers here. Raises ``IndexMissing`` or ``IndexDamaged``."""
        return self._shelves.version

    def ask(
        self,
        question: str,
        conversation: Conversation | None = None,
        audience: frozenset[Audience] = frozenset(),
        *,
        plain: bool = False,
    ) -> Answer:
        """Return the answer to ``question``; ``conversation`` is read for follow-ups and updated in place.

        ``audience`` says who is asking, where the channel knows; it counts where the question names nobody. With a
        language model set, this waits for its wording; ``plain`` does without it.
        Raises ``IndexMissing``, ``IndexDamaged``, ``SettingError`` or ``AnswerFailed``.
        """
        *_, answer = self.stream(question, conversation, audience, plain=plain)
        return answer

    def stream(
        self,
        question: str,
        conversation: Conversation | None = None,
        audience: frozenset[Audience] = frozenset(),
        *,
        plain: bool = False,
        until: float | None = None,
    ) -> Iterator[Answer]:
        """Yield the answer at once, and again whenever a language model has more verified sentences for it.

        All that comes of the model comes before ``until`` (``time.monotonic``): by itself, within the seconds of its setting.

        Each answer replaces the one before: its ``wording`` grows, or goes where the model is not to be trusted after all; an
        offer becomes the extract of what the model picks of it, without a wording; a refused follow-up is answered after all
        where the model writes the question out. Without a model there is one answer. Raises as ``ask`` does.
        """
        started = time.perf_counter()
        topic = conversation.topic if conversation else ""

        def timed(answer: Answer) -> Answer:
            return replace(answer, question=question, seconds=round(time.perf_counter() - started, 6))

        found = self._remembered(question, conversation, audience)
        yield timed(found.answer)
        if self._writer is None or plain or not self.has_more(found.answer, topic):
            return
        until = self._writer.limit() if until is None else until
        if (picked := self._picked(found, question, topic, until)) is not None:
            picked = with_year_told(picked, conversation or Conversation(), self._today())
            if conversation is not None:
                remember(conversation, picked)
            yield timed(picked.answer)
            return
        if found.answer.status != "answered":
            if conversation is None or not self._writes_out(found.answer, topic):
                return
            rewritten = self._rewritten(question, topic, audience, conversation.told, until)
            if rewritten is None:
                return
            found = rewritten
            remember(conversation, found)
            yield timed(found.answer)
        for wording in self._writer.word(found.searcher, found.answer, found.meant, topic, until):
            yield timed(replace(found.answer, wording=wording))

    def explain(
        self, question: str, conversation: Conversation | None = None, audience: frozenset[Audience] = frozenset()
    ) -> tuple[Answer, Explanation]:
        """Return the answer without a language model, and how it came about. Raises as ``ask`` does."""
        started = time.perf_counter()
        found = self._remembered(question, conversation, audience)
        return replace(found.answer, question=question, seconds=round(time.perf_counter() - started, 6)), explanation_of(found)

    def _remembered(self, question: str, conversation: Conversation | None, audience: frozenset[Audience]) -> Found:
        found = self._found(question, conversation or Conversation(), audience)
        if conversation is not None:
            remember(conversation, found)
        return found

    def has_more(self, answer: Answer, topic: str) -> bool:
        """Whether a language model is asked about ``answer``.

        It is asked to word it, to pick from an offer, or to write out the question on ``topic`` that was not answered.
        """
        if self._writer is None:
            return False
        return answer.status == "answered" or (answer.status == "offered" and self._writer.picks) or self._writes_out(answer, topic)

    def _writes_out(self, answer: Answer, topic: str) -> bool:
        return self._writer is not None and answer.status in ("offered", "not_found") and bool(topic) and self._writer.rewrites

    def _picked(self, found: Found, question: str, topic: str, until: float) -> Found | None:
        """Answer with what the model picks of an offer; ``None`` where nothing is offered, or it picks nothing."""
        assert self._writer is not None
        if found.offer is None or not self._writer.picks:
            return None
        from rag.wording.sources import sources_of_offer

        offered = sources_of_offer(found.searcher, found.answer, [candidate.provision for candidate in found.offer.candidates])
        number = self._writer.pick(question, topic, offered, until)
        if not number or not (made := answer_picked(found.searcher, found.offer, number - 1, self._today())):
            return None
        told = told_whose(found.searcher, question, made.answer)
        answer = replace(told, notes=(_PICKED, *told.notes))
        return replace(found, answer=answer, reply=made.reply, offer=None, trace=made.trace)

    def _rewritten(self, question: str, topic: str, audience: frozenset[Audience], told: list[str], until: float) -> Found | None:
        """Answer a follow-up that the rules made nothing of as the model writes it out, and say how it was understood.

        ``None`` where the model writes nothing, or nothing that can be answered.
        """
        assert self._writer is not None
        if not (written := self._writer.rewrite(question, topic, until)):
            return None
        found = self._found(written, Conversation(told=told), audience)
        if found.reply is None:
            return None
        notes = (f"Câu hỏi được hiểu là: “{written}”", *found.answer.notes)
        return replace(found, answer=replace(found.answer, notes=notes))

    def _found(self, text: str, conversation: Conversation, audience: frozenset[Audience]) -> Found:
        """Answer a message. Raises ``AnswerFailed`` for a fault of the program."""
        with _one_failing(text):
            found = self._of_whole_index(lambda: self._told(text, conversation, audience))
            return replace(found, answer=told_whose(found.searcher, text, found.answer))

    def _of_whole_index(self, work: Callable[[], T]) -> T:
        """Do something with the index; again with the one before where it failed because a file of the index is damaged."""
        while True:
            snapshot = self._shelves.in_use
            try:
                return work()
            except Exception as error:
                if isinstance(error, TracuuError) and not isinstance(error, IndexDamaged):
                    raise
                if not self._shelves.looked_again(snapshot, error):
                    raise
                _log.warning("asked again of another index: %s", error)

    def look_again(self) -> bool:
        """Read all of the index and bank in use; say whether something is damaged, and is no longer used from now on.

        Raises ``IndexMissing`` or ``IndexDamaged``.
        """
        return self._shelves.looked_again(self._shelves.in_use)

    def _told(self, text: str, conversation: Conversation, audience: frozenset[Audience]) -> Found:
        """Answer a message: small talk as such, else what it asks."""
        said = cleaned(text)
        if not any(map(str.isalnum, said)):
            return small_talk(self.shelf(), said, "")
        if self._taught(said) is not None:  # be it a greeting
            return self._one(said, conversation, audience)
        core = core_of(said)
        if not core.questions:
            return small_talk(self.shelf(), said, core.chat)
        is_wrapped = len(core.questions) == 1 and core.questions[0] != said
        around, is_of_several = _NOTHING, self._is_of_several()
        if is_wrapped or is_of_several:
            whole = understand(said, self._first_asked().diacritics)
            around = _Around(said_in(whole) if is_of_several else None, whole.mentions.places if is_wrapped else ())
            if is_wrapped:  # who asks may stand around it: "xã em chậm quá, 15/1 mới nộp …"
                audience = whole.audience or audience
        return answer_message(said, core.questions, conversation, lambda asked, known: self._one(asked, known, audience, around))

    def _is_of_several(self) -> bool:
        """Whether an answer may be of one office, or one of several nearly identical documents, and the message say of which."""
        searcher = self._first_asked()
        return bool(searcher.offices.several or searcher.families or self._neighbours())

    def _one(self, question: str, conversation: Conversation, audience: frozenset[Audience], around: _Around = _NOTHING) -> Found:
        """Ask the shelf, and the libraries beside it only where the shelf has nothing.

        What an office put there one by one is meant before what a library of laws happens to say with the same words.
        """
        shelf, *libraries = self._shelves.in_order()
        if (teacher := self._taught(question)) is not None and teacher is not shelf:
            return self._asked(teacher, question, conversation, audience, around)
        first = self._asked(shelf, question, conversation, audience, around)
        for library in libraries:
            if first.reply is not None:
                break
            try:
                last = self._asked(library, question, conversation, audience, around)
            except LibraryUnavailable as error:
                first = replace(first, answer=replace(first.answer, notes=(str(error), *first.answer.notes)))
                continue
            first = last if last.reply is not None or (last.answer.status == "offered" != first.answer.status) else first
        return self._unless_neighbours(first, question, around.said)

    def _taught(self, question: str) -> Searcher | None:
        """Return what was taught where this very question is answered: the shelf, or what is beside it."""
        for searcher in self._shelves.in_order():  # reading the question takes its time
            if searcher.has_lessons and searcher.taught(understand(question, searcher.diacritics)) is not None:
                return searcher
        return None

    def _unless_neighbours(self, found: Found, question: str, around: Said | None) -> Found:
        """Say where to ask what is asked of another office, of which the answer does not speak."""
        if not (known := self._neighbours()):
            return found
        texts = [said_in(found.own), *([around] if around is not None else [])]
        if not (told := told_of_neighbour(found.answer, texts, known, self._office)):
            return found
        trace = replace(found.trace, kind="", refused=Refused(Reason.NEIGHBOUR, told)) if found.trace else None
        return replace(found, answer=not_found(found.searcher, question, told, []), reply=None, offer=None, trace=trace)

    def _asked(
        self, searcher: Searcher, question: str, conversation: Conversation, audience: frozenset[Audience], around: _Around
    ) -> Found:
        asked = replace(understand(question, searcher.diacritics), around=around.said)
        known = asked.mentions
        beside = () if known.numbers else tuple(place for place in around.places if place not in known.names)  # a named document is meant
        asked = replace(asked, mentions=replace(known, around=beside))
        return answer_turn(searcher, asked, conversation, audience, self._today())

    def search(self, question: str, k: int = 10) -> list[Hit]:
        """Return the ``k`` best provisions for ``question``, without an answer. Raises as ``ask`` does."""

        def found() -> list[Hit]:
            hits = [hit for searcher, _ in self.searcher().parts for hit in self._searched(searcher, question, k)]
            return sorted(hits, key=lambda hit: -hit.score)[:k]

        with _one_failing(question):
            return self._of_whole_index(found)

    def _searched(self, searcher: Searcher, question: str, k: int) -> list[Hit]:
        asked = at_their_office(searcher, understand(question, searcher.diacritics))
        return searcher.search(replace(asked, day=asked_day(asked, self._today())), k)

    def searcher(self) -> Searcher:
        """Return what reads all there is: the snapshot in use, and what is shared. Raises as ``own``."""
        return self._shelves.searcher()

    def own(self) -> Searcher:
        """Return what searches all of the snapshot in use. Raises ``IndexMissing``, ``IndexDamaged`` or ``SettingError``."""
        return self._shelves.own()

    def shelf(self) -> Searcher:
        """Return what searches the shelf alone.

        Lists for people (deadlines, contacts, systems, documents) are the shelf's. Raises ``IndexMissing`` or ``IndexDamaged``.
        """
        return self._shelves.shelf()

    def encoder_of(self, snapshot: Snapshot) -> Encoder | None:
        """Return the encoder, where the snapshot's vectors are its own: those of another one would be noise."""
        return self._shelves.encoder_of(snapshot)

    def _first_asked(self) -> Searcher:
        return self._shelves.in_order()[0]
