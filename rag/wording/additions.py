"""What a language model adds to an answer: its wording, its pick of an offer, a follow-up written out so that it can be answered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from rag.answers.deciding import answer_picked
from rag.answers.turn import Found, remember, with_year_told
from rag.answers.whose import told_whose, unless_elsewhere
from rag.documents import Answer
from rag.question.audience import Audience
from rag.question.conversation import Conversation
from rag.question.understanding import cleaned
from rag.wording.sources import sources_of_offer

if TYPE_CHECKING:
    from rag.wording.writer import Writer

_PICKED = "Mô hình ngôn ngữ đã chọn mục này trong các mục gần nhất; hãy đọc phần trích nguồn để chắc chắn."
_WRITTEN_OUT = "Câu hỏi được hiểu là: “{written}”"

Find = Callable[[str, Conversation, frozenset[Audience]], Found]
"""Answers a message without a language model; the conversation stays as it is."""


class Additions:
    """Adds to what was found without a language model. Keeps nothing between two questions."""

    def __init__(self, writer: Writer, find: Find, today: Callable[[], date]) -> None:
        self._writer = writer
        self._find = find
        self._today = today

    def has_more(self, answer: Answer, topic: str) -> bool:
        """Whether the model is asked about ``answer``.

        It is asked to word it, to pick from an offer, or to write out the question on ``topic`` that was not answered.
        """
        return answer.status == "answered" or (answer.status == "offered" and self._writer.picks) or self._writes_out(answer, topic)

    def to(
        self,
        found: Found,
        question: str,
        conversation: Conversation | None,
        audience: frozenset[Audience],
        topic: str,
        until: float | None,
    ) -> Iterator[Answer]:
        """Yield what takes the place of the answer that was ``found``, as ``Assistant.stream`` does; ``conversation`` is updated in place.

        ``topic`` is what it was about before ``question``. Raises what ``find`` raises.
        """
        if not self.has_more(found.answer, topic):
            return
        until = self._writer.limit() if until is None else until
        if (picked := self._picked(found, question, topic, until)) is not None:
            picked = with_year_told(picked, conversation or Conversation(), self._today())
            if conversation is not None:
                remember(conversation, picked)
            yield picked.answer
            return
        if found.answer.status != "answered":
            if conversation is None or not self._writes_out(found.answer, topic):
                return
            rewritten = self._rewritten(question, topic, audience, conversation, until)
            if rewritten is None:
                return
            found = rewritten
            remember(conversation, found)
            yield found.answer
        for wording in self._writer.word(found.searcher, found.answer, found.meant, topic, until):
            yield replace(found.answer, wording=wording)

    def _writes_out(self, answer: Answer, topic: str) -> bool:
        return answer.status in ("offered", "not_found") and bool(topic) and self._writer.rewrites

    def _picked(self, found: Found, question: str, topic: str, until: float) -> Found | None:
        """Answer with what the model picks of an offer; ``None`` where nothing is offered, or it picks nothing."""
        if found.offer is None or not self._writer.picks:
            return None
        offered = sources_of_offer(found.searcher, found.answer, [candidate.provision for candidate in found.offer.candidates])
        number = self._writer.pick(question, topic, offered, until)
        if not number or not (made := answer_picked(found.searcher, found.offer, number - 1, self._today())):
            return None
        told = told_whose(found.searcher, cleaned(question), made.answer, found.places)
        answer = replace(told, notes=(_PICKED, *told.notes))
        return replace(found, answer=answer, reply=made.reply, offer=None, trace=made.trace)

    def _rewritten(
        self, question: str, topic: str, audience: frozenset[Audience], conversation: Conversation, until: float
    ) -> Found | None:
        """Answer a follow-up that the rules made nothing of as the model writes it out, and say how it was understood.

        ``None`` where the model writes nothing, or nothing that can be answered.
        """
        if not (written := self._writer.rewrite(question, topic, until)):
            return None
        known = Conversation(told=conversation.told, places=conversation.places)
        found = unless_elsewhere(self._find(written, known, audience), cleaned(question))
        if found.reply is None:
            return None
        notes = (_WRITTEN_OUT.format(written=written), *found.answer.notes)
        return replace(found, answer=replace(found.answer, notes=notes))
