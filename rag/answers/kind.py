"""The door for kinds of answers: what a kind is, what it is given, what it may need."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from functools import cached_property
from typing import Protocol, runtime_checkable

from rag.answers.base import Reply
from rag.answers.outcomes import Outcome
from rag.answers.provisions import answer_provision
from rag.documents import Document
from rag.finding.choice import Candidate, Choice
from rag.finding.search import Searcher
from rag.question.understanding import Question


class Needs(Enum):
    """What has to be there before a kind is asked; they are asked in this order."""

    QUESTION = "chỉ câu hỏi: điều hình thức được tra, không đoán"
    SIDE_BY_SIDE = "các mục gần nhất đứng cạnh nhau, bộ chọn khá chắc về một mục"
    SURE = "bộ chọn đủ chắc về điều khoản"
    LIKELY = "bộ chọn đủ chắc để gợi ý"


@dataclass(frozen=True, eq=False)
class Inquiry:
    """All that a kind of answer may look at.

    ``documents`` are those that the question names, loaded or not. What the chooser makes of the question (``choice``), the
    candidates that are about as good as its first (``near``) and what is known of a named document where that may be all that is
    asked (``told``) are there for kinds that need more than the question.
    """

    searcher: Searcher
    question: Question
    documents: list[Document]
    today: date
    choice: Choice = field(default_factory=lambda: Choice([], 0.0))
    near: list[Candidate] = field(default_factory=list)
    told: Reply | None = None

    @property
    def loaded(self) -> list[Document]:
        """The documents that the question names and that are here in full."""
        return [document for document in self.documents if document.present]

    @cached_property
    def said(self) -> Reply:
        """What the chosen provision says, in its own words; there has to be one."""
        return answer_provision(self.searcher, self.question, self.near, self.choice.focus)


@runtime_checkable
class AnswerKind(Protocol):
    """A kind of answer: what it needs, when it applies, how it answers.

    A kind is found under its name in the entry-point group ``tracuu.answer_kinds`` (an object, or a class that is made without
    arguments); ours are in the table of ``rag.answers.kinds``, which says in what order they are asked. It keeps nothing between
    two questions, and several threads may ask it at once.

    Nothing is claimed without its source. A ``Reply`` has a ``Finding`` for each fact, with the provision of the store that states
    it and words that stand there; what comes of a package is held to that (``rag.answers.held``), and left out where it fails.
    """

    needs: Needs

    def applies(self, inquiry: Inquiry) -> bool:
        """Say whether the question is for this kind: a look at the question, without searching."""
        ...

    def answer(self, inquiry: Inquiry) -> Outcome:
        """Answer it: a ``Reply``; ``Refused`` with its reason where the question is for this kind alone and there is nothing;
        ``NotMine`` where it is for another kind after all; ``AsItStands`` where the chosen provision's own words are the answer.
        """
        ...
