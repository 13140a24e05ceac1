"""The one door of the heart: ask a question, get an answer with its source."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from rag.answers import base
from rag.answers.base import Reply
from rag.answers.deciding import answer
from rag.answers.sections import show
from rag.documents import Answer
from rag.finding.encoder import Encoder, open_encoder
from rag.finding.search import Hit, Searcher
from rag.finding.validity import asked_day
from rag.index.snapshot import Snapshot, SnapshotReader
from rag.language.numbers import clean_number, find_numbers, same_number
from rag.question.audience import Audience
from rag.question.conversation import Conversation
from rag.question.followup import asks_for_person, goes_on, merge
from rag.question.understanding import Question, understand

if TYPE_CHECKING:
    from rag.wording.writer import Writer

_LONG = 5
_FEW = 4
_ORDINAL = re.compile(r"\bthu (\d|nhat|hai|ba|tu|bon|nam)\b|\b(?:nhom|y|tru cot|muc|buoc|noi dung) (\d)\b")
_ORDINALS = {"nhat": "1", "hai": "2", "ba": "3", "tu": "4", "bon": "4", "nam": "5"}
_KEPT_KINDS = ("document", "contact", "address", "deadline")
_PERSON = re.compile(r"(?:[Đđ]ồng chí|[ÔO]ng|Bà|Ký bởi:?)\s+((?:[^\W\d_a-z][^\W\d_A-Z]*\s?){2,5})")


_Found = tuple[Searcher, Answer, Reply | None, Question]
"""Who found it, the answer, what it is made from, and the question as it was understood."""


class Assistant:
    """Answers questions from the published snapshot, and moves on to a newer one when there is one."""

    def __init__(self, data: Path, *, encoder: str | None = None, today: date | None = None, writer: Writer | None = None) -> None:
        self._writer = writer
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
        Raises ``IndexMissing``, ``IndexDamaged`` or ``SettingError``.
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
    ) -> Iterator[Answer]:
        """Yield the answer at once, and again whenever a language model has more verified sentences for it.

        Each answer replaces the one before: its ``wording`` grows, or goes where the model is not to be trusted after all; a
        refused follow-up is answered after all where the model writes the question out. Without a model there is one answer.
        Raises as ``ask`` does.
        """
        started = time.perf_counter()
        topic = conversation.topic if conversation else ""
        searcher, made, reply, meant = self._found(question, conversation or Conversation(), audience)

        def timed(answer: Answer) -> Answer:
            return replace(answer, question=question, seconds=round(time.perf_counter() - started, 6))

        if conversation is not None and reply is not None:
            _remember(conversation, meant, made, reply)
        yield timed(made)
        if self._writer is None or plain or not self.has_more(made, topic):
            return
        if conversation is not None and made.status == "not_found":
            found = self._rewritten(question, topic, audience)
            if found is None:
                return
            searcher, made, reply, meant = found
            _remember(conversation, meant, made, reply)
            yield timed(made)
        for wording in self._writer.word(searcher, made, meant, topic):
            yield timed(replace(made, wording=wording))

    def has_more(self, answer: Answer, topic: str) -> bool:
        """Whether a language model is asked about ``answer``: to word it, or to write out the refused question on ``topic``."""
        if self._writer is None:
            return False
        return answer.status == "answered" or (answer.status == "not_found" and bool(topic) and self._writer.rewrites)

    def _rewritten(self, question: str, topic: str, audience: frozenset[Audience]) -> tuple[Searcher, Answer, Reply, Question] | None:
        """Answer a follow-up that the rules made nothing of as the model writes it out, and say how it was understood.

        ``None`` where the model writes nothing, or nothing that can be answered.
        """
        assert self._writer is not None
        if not (written := self._writer.rewrite(question, topic)):
            return None
        searcher, made, reply, meant = self._found(written, Conversation(), audience)
        if reply is None:
            return None
        return searcher, replace(made, notes=(f"Câu hỏi được hiểu là: “{written}”", *made.notes)), reply, meant

    def _found(self, question: str, conversation: Conversation, audience: frozenset[Audience]) -> _Found:
        """Ask the shelf, and the library beside it only where the shelf has nothing.

        What an office put there one by one is meant before what a library of laws happens to say with the same words.
        """
        shelf = self._first_asked()
        first = self._asked(shelf, question, conversation, audience)
        if first[1].status == "not_found" and shelf is not (library := self._last_asked(shelf)):
            last = self._asked(library, question, conversation, audience)
            return last if last[2] is not None else first
        return first

    def _asked(self, searcher: Searcher, question: str, conversation: Conversation, audience: frozenset[Audience]) -> _Found:
        asked = understand(question, searcher.diacritics)
        found = self._answer(searcher, asked, conversation, audience)
        if found[1] is None and audience:  # what is written for others answers better than nothing
            found = self._answer(searcher, asked, conversation, frozenset())
        return searcher, *found

    def search(self, question: str, k: int = 10) -> list[Hit]:
        """Return the ``k`` best provisions for ``question``, without an answer."""
        searcher = self.searcher()
        asked = understand(question, searcher.diacritics)
        return searcher.search(replace(asked, day=asked_day(asked, self._today or date.today())), k)

    def _answer(
        self, searcher: Searcher, asked: Question, conversation: Conversation, audience: frozenset[Audience]
    ) -> tuple[Answer, Reply | None, Question]:
        """Answer a follow-up with its topic where it shows to be one; else alone, and with the topic only if that fails."""
        today = self._today or date.today()
        if ordinal := _nth(searcher, asked, conversation):
            return base.answered(searcher, asked.text, ordinal, today), ordinal, asked
        merged = merge(asked, conversation, searcher.diacritics)
        first, second = (merged, asked) if merged is not None and goes_on(asked, conversation) else (asked, merged)
        assert first is not None
        first, second = _asked_by(first, audience), _asked_by(second, audience) if second else None
        made, reply = answer(searcher, first, today)
        about_person = bool(conversation.people) and asks_for_person(asked)
        if reply is None and second is not None and not first.chat and not about_person:
            again, other = answer(searcher, second, today)
            if other is not None:
                return again, other, second
        if reply is None and not first.chat and not about_person:
            for clause in _clauses(asked):
                part = _asked_by(understand(clause, searcher.diacritics), audience)
                again, other = answer(searcher, part, today) if part.terms and part.kinds else (made, None)
                if other is not None:
                    return again, other, part
        return made, reply, first

    def searcher(self) -> Searcher:
        """Return what searches all of the snapshot in use. Raises ``IndexMissing``, ``IndexDamaged`` or ``SettingError``."""
        snapshot = self._reader.get()
        if self._library is None or self._library.snapshot is not snapshot:
            self._library = Searcher(snapshot, self._encoder_of(snapshot))
        return self._library

    def shelf(self) -> Searcher:
        """Return what searches the shelf alone, by its words: among few documents vectors bring nothing but waiting.

        Lists for people (deadlines, contacts, systems, documents) are the shelf's. Raises ``IndexMissing`` or ``IndexDamaged``.
        """
        snapshot = self._reader.get().shelf
        if self._shelf is None or self._shelf.snapshot is not snapshot:
            self._shelf = Searcher(snapshot)
        return self._shelf

    def _first_asked(self) -> Searcher:
        """What searches the shelf; where there is nothing but a library, what searches that with all its means."""
        shelf = self.shelf()
        return self.searcher() if shelf.broad else shelf

    def _last_asked(self, shelf: Searcher) -> Searcher:
        """What searches the collections beside the shelf; the shelf itself where there are none."""
        whole = self._reader.get()
        return shelf if whole.shelf is whole else self.searcher()

    def _encoder_of(self, snapshot: Snapshot) -> Encoder | None:
        """The encoder, where the snapshot's vectors are its own: those of another one would be noise."""
        if not snapshot.info.encoder:
            return None
        if self._encoder is None:
            self._encoder = open_encoder(self._encoder_name)
        return self._encoder if self._encoder and self._encoder.name == snapshot.info.encoder else None


def _asked_by(question: Question, audience: frozenset[Audience]) -> Question:
    return question if question.audience else replace(question, audience=audience)


def _named_documents(question: Question, made: Answer, reply: Reply) -> list[str]:
    """The documents that "văn bản đó" means next: those the answer is about, or the one it newly brought up."""
    mentioned = list(dict.fromkeys(clean_number(found.group()) for found in find_numbers(made.text)))
    new = [number for number in mentioned if not any(same_number(number, asked.text) for asked in question.mentions.numbers)]
    if reply.numbers:
        return new[:1] if question.kind == "document" and question.mentions.numbers and new else list(reply.numbers)
    return mentioned if len(mentioned) == 1 else []


def _nth(searcher: Searcher, question: Question, conversation: Conversation) -> Reply | None:
    """``nhóm thứ 2 là gì?`` after a list: the item of that number in what was cited last."""
    found = _ORDINAL.search(question.folded)
    if not found or len(question.terms) > _FEW:
        return None
    number = _ORDINALS.get(found.group(1) or found.group(2), found.group(1) or found.group(2))
    for place in conversation.sections:
        document, _, section = place.partition("|")
        whole = re.sub(r"\(\d+\)$", "", section)
        item = searcher.store.section(document, f"{whole}({number})")
        if item is not None:
            return show(searcher, item)
    return None


def _clauses(question: Question) -> list[str]:
    """The clauses of a long message, the last first: a story may stand before its question."""
    if len(question.terms) < _LONG or question.mentions.numbers:
        return []
    clauses = [clause for clause in re.split(r"[.?!;,:]+(?=\s|$)", question.text) if clause.strip()]
    pairs = [f"{first} {second}" for first, second in pairwise(clauses)]
    return [*reversed(clauses), *reversed(pairs)] if len(clauses) > 1 else []


def _remember(conversation: Conversation, question: Question, made: Answer, reply: Reply) -> None:
    if not (asks_for_person(question) and reply.kind == "contact"):
        conversation.topic = question.topic or conversation.topic
    conversation.kind = reply.kind if reply.kind in _KEPT_KINDS else question.kind
    conversation.numbers = _named_documents(question, made, reply)
    conversation.sections = [f"{citation.document}|{citation.section}" for citation in made.citations]
    conversation.audience = sorted(question.audience)
    conversation.people = list(reply.people) or [name.strip() for name in _PERSON.findall(made.text)][-1:]
