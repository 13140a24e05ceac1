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

from rag.answers.deciding import answer_picked
from rag.answers.editions import at_their_office
from rag.answers.message import answer_message
from rag.answers.turn import Found, answer_turn, remember, small_talk, with_year_told
from rag.documents import Answer
from rag.errors import AnswerFailed, IndexDamaged, TracuuError
from rag.finding.encoder import Encoder, open_encoder
from rag.finding.search import Hit, Searcher
from rag.finding.validity import asked_day
from rag.index.bank import BankIndex
from rag.index.bank_publishing import BankReader
from rag.index.snapshot import Snapshot, SnapshotReader
from rag.question.audience import Audience
from rag.question.conversation import Conversation
from rag.question.core import core_of
from rag.question.said import Said
from rag.question.understanding import cleaned, said_in, understand

if TYPE_CHECKING:
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
    ) -> None:
        """``without``: writers whose questions of the bank are not listened to, as where they are the judges.

        ``office``: the place of whoever asks (``tỉnh Quảng Ninh``): its documents are meant where a question names no other.
        """
        self._office = office
        self._writer = writer
        self._bank = BankReader(data)
        self._without = without
        self._reader = SnapshotReader(data)
        self._encoder_name = encoder
        self._encoder: Encoder | None = None
        self._today = today
        self._shelf: Searcher | None = None
        self._library: Searcher | None = None

    @property
    def snapshot(self) -> Snapshot:
        """The snapshot in use. Raises ``IndexMissing`` or ``IndexDamaged``."""
        return self._reader.get()

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
        found = self._found(question, conversation or Conversation(), audience)

        def timed(answer: Answer) -> Answer:
            return replace(answer, question=question, seconds=round(time.perf_counter() - started, 6))

        if conversation is not None:
            remember(conversation, found)
        yield timed(found.answer)
        if self._writer is None or plain or not self.has_more(found.answer, topic):
            return
        until = self._writer.limit() if until is None else until
        if (picked := self._picked(found, question, topic, until)) is not None:
            picked = with_year_told(picked, conversation or Conversation(), self._today or date.today())
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
        if not number or not (made := answer_picked(found.searcher, found.offer, number - 1, self._today or date.today())):
            return None
        return replace(found, answer=replace(made.answer, notes=(_PICKED, *made.answer.notes)), reply=made.reply, offer=None)

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
            return self._of_whole_index(lambda: self._told(text, conversation, audience))

    def _of_whole_index(self, work: Callable[[], T]) -> T:
        """Do something with the index; again with the one before where it failed because a file of the index is damaged."""
        while True:
            snapshot = self._reader.get()
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
        return self._looked_again(self._reader.get())

    def _looked_again(self, snapshot: Snapshot, error: Exception | None = None) -> bool:
        found = [self._reader.look_again(snapshot, error), self._bank.look_again()]
        return any(found)

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
        if len(core.questions) == 1 and core.questions[0] != said:  # who asks may stand around it: "xã em chậm quá, 15/1 mới nộp …"
            audience = understand(said, self._first_asked().diacritics).audience or audience
        around = self._around(said)
        return answer_message(said, core.questions, conversation, lambda asked, known: self._one(asked, known, audience, around))

    def _around(self, said: str) -> Said | None:
        """What a message says of whose and when, be it beside what it asks (``em ở …, hạn nộp khi nào?``); where that may matter."""
        searcher = self._first_asked()
        return said_in(understand(said, searcher.diacritics)) if searcher.offices.several or searcher.families else None

    def _one(self, question: str, conversation: Conversation, audience: frozenset[Audience], around: Said | None = None) -> Found:
        """Ask the shelf, and the library beside it only where the shelf has nothing.

        What an office put there one by one is meant before what a library of laws happens to say with the same words.
        """
        shelf = self._first_asked()
        if (teacher := self._taught(question)) is not None and teacher is not shelf:
            return self._asked(teacher, question, conversation, audience, around)
        first = self._asked(shelf, question, conversation, audience, around)
        if first.reply is None and shelf is not (library := self._last_asked(shelf)):
            last = self._asked(library, question, conversation, audience, around)
            return last if last.reply is not None or (last.answer.status == "offered" != first.answer.status) else first
        return first

    def _taught(self, question: str) -> Searcher | None:
        """Return what was taught where this very question is answered: the shelf, or what is beside it."""
        shelf = self._first_asked()
        if not shelf.has_lessons:  # what both know is the same bank; reading the question takes its time
            return None
        for searcher in dict.fromkeys((shelf, self._last_asked(shelf))):
            if searcher.taught(understand(question, searcher.diacritics)) is not None:
                return searcher
        return None

    def _asked(
        self, searcher: Searcher, question: str, conversation: Conversation, audience: frozenset[Audience], around: Said | None
    ) -> Found:
        asked = replace(understand(question, searcher.diacritics), around=around)
        return answer_turn(searcher, asked, conversation, audience, self._today or date.today())

    def search(self, question: str, k: int = 10) -> list[Hit]:
        """Return the ``k`` best provisions for ``question``, without an answer. Raises as ``ask`` does."""

        def found() -> list[Hit]:
            searcher = self.searcher()
            asked = at_their_office(searcher, understand(question, searcher.diacritics))
            return searcher.search(replace(asked, day=asked_day(asked, self._today or date.today())), k)

        with _one_failing(question):
            return self._of_whole_index(found)

    def searcher(self) -> Searcher:
        """Return what searches all of the snapshot in use. Raises ``IndexMissing``, ``IndexDamaged`` or ``SettingError``."""
        snapshot, questions = self._in_use()
        if self._library is None or self._library.snapshot is not snapshot or self._library.questions is not questions:
            self._library = Searcher(snapshot, self.encoder_of(snapshot), questions, self._without, office=self._office)
        return self._library

    def _in_use(self) -> tuple[Snapshot, tuple[BankIndex, ...]]:
        snapshot, questions = self._reader.get(), self._bank.get()
        snapshot.beside = snapshot.shelf.beside = self._bank.warning
        return snapshot, questions

    def shelf(self) -> Searcher:
        """Return what searches the shelf alone.

        Lists for people (deadlines, contacts, systems, documents) are the shelf's. Raises ``IndexMissing`` or ``IndexDamaged``.
        """
        snapshot, questions = self._in_use()
        snapshot = snapshot.shelf
        if self._shelf is None or self._shelf.snapshot is not snapshot or self._shelf.questions is not questions:
            self._shelf = Searcher(snapshot, self.encoder_of(snapshot), questions, self._without, office=self._office)
        return self._shelf

    def _first_asked(self) -> Searcher:
        """What searches the shelf; where there is nothing but a library, what searches that with all its means."""
        shelf = self.shelf()
        return self.searcher() if shelf.broad else shelf

    def _last_asked(self, shelf: Searcher) -> Searcher:
        """What searches the collections beside the shelf; the shelf itself where there are none."""
        whole = self._reader.get()
        return shelf if whole.shelf is whole else self.searcher()

    def encoder_of(self, snapshot: Snapshot) -> Encoder | None:
        """Return the encoder, where the snapshot's vectors are its own: those of another one would be noise."""
        if not snapshot.info.encoder:
            return None
        if self._encoder is None:
            self._encoder = open_encoder(self._encoder_name)
        return self._encoder if self._encoder and self._encoder.name == snapshot.info.encoder else None
