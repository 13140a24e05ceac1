"""The one door of the heart: ask a question, get an answer with its source."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from rag.answers.explanation import Explanation, explanations_of
from rag.answers.families import at_their_office
from rag.answers.shelves_in_turn import ShelvesInTurn
from rag.answers.turn import Found, remember
from rag.documents import Answer
from rag.errors import AnswerFailed, IndexDamaged, TracuuError
from rag.finding.in_force import asked_day
from rag.finding.neighbours import Neighbours, nobody
from rag.finding.search import Hit, Searcher
from rag.finding.shelves import Shelves
from rag.index.snapshot import Snapshot
from rag.index.vectors import Encoder
from rag.question.audience import Audience
from rag.question.conversation import Conversation
from rag.question.understanding import understand
from rag.wording.additions import Additions

if TYPE_CHECKING:
    from rag.index.nodes.calls import Nodes
    from rag.wording.writer import Writer


T = TypeVar("T")
_log = logging.getLogger(__name__)
_SELDOM = 60.0  # seconds from one reading of a whole index to the next
_FAILED = "Chương trình gặp lỗi khi trả lời câu này và đã ghi lại. Hãy hỏi lại cách khác; nếu vẫn lỗi, báo cho người phụ trách."


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
        self._looked: dict[str, float] = {}  # which index was read in full, and when, in time.monotonic()
        self._today = clock if today is None else lambda: today
        self._answering = ShelvesInTurn(self._shelves, self._today, office, neighbours)
        self._additions = Additions(writer, self._found, self._today) if writer is not None else None

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
        if self._additions is not None and not plain:
            yield from map(timed, self._additions.to(found, question, conversation, audience, topic, until))

    def has_more(self, answer: Answer, topic: str) -> bool:
        """Whether a language model is asked about ``answer``: ``Additions.has_more``."""
        return self._additions is not None and self._additions.has_more(answer, topic)

    def explain(
        self, question: str, conversation: Conversation | None = None, audience: frozenset[Audience] = frozenset()
    ) -> tuple[Answer, list[Explanation]]:
        """Return the answer without a language model, and how it came about, for each question of the message. Raises as ``ask`` does."""
        started = time.perf_counter()
        found = self._remembered(question, conversation, audience)
        return replace(found.answer, question=question, seconds=round(time.perf_counter() - started, 6)), explanations_of(found)

    def _remembered(self, question: str, conversation: Conversation | None, audience: frozenset[Audience]) -> Found:
        found = self._found(question, conversation or Conversation(), audience)
        if conversation is not None:
            remember(conversation, found)
        return found

    def _found(self, text: str, conversation: Conversation, audience: frozenset[Audience]) -> Found:
        """Answer a message. Raises ``AnswerFailed`` for a fault of the program."""
        with _one_failing(text):
            return self._of_whole_index(lambda: self._answering.answer(text, conversation, audience))

    def _of_whole_index(self, work: Callable[[], T]) -> T:
        """Do something with the index; again with the one before where it failed because a file of the index is damaged."""
        while True:
            snapshot = self._shelves.in_use
            try:
                return work()
            except Exception as error:
                if isinstance(error, TracuuError) and not isinstance(error, IndexDamaged):
                    raise
                if not self._looked_again(snapshot, error):
                    raise
                _log.warning("asked again of another index: %s", error)

    def look_again(self) -> bool:
        """Read all of the index and bank in use; say whether something is damaged, and is no longer used from now on.

        Raises ``IndexMissing`` or ``IndexDamaged``.
        """
        return self._looked_again(self._shelves.in_use)

    def _looked_again(self, snapshot: Snapshot | None, error: Exception | None = None) -> bool:
        """Read all of an index, where it says itself that it is damaged, else once in a while: that costs far more than a question does."""
        now, seen = time.monotonic(), snapshot.info.id if snapshot is not None else ""
        if not isinstance(error, IndexDamaged) and self._looked.get(seen, -_SELDOM) > now - _SELDOM:
            return False
        self._looked = {seen: now}
        return self._shelves.looked_again(snapshot, error)

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
