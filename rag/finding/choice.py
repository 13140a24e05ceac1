"""What the chooser is given and what it makes of it: provisions considered, candidates, a choice among them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from rag.choosing.evidence import Passage, Sentence
from rag.choosing.support import Support
from rag.documents import Provision
from rag.index.arrays import Floats

KEPT = 5
"""Candidates that answers are made from."""
_FAR = 9.0  # of the chooser's scores


@dataclass(frozen=True, slots=True)
class Candidate:
    """A provision that may answer: its best sentence, how much of the question it covers, the chooser's score, what brought it."""

    passage: Passage
    sentence: Sentence | None
    coverage: float
    score: float
    support: Support | None = None

    @property
    def provision(self) -> Provision:
        """The provision itself."""
        return self.passage.provision


@dataclass(frozen=True, slots=True)
class Choice:
    """What the chooser makes of a question: the candidates, the likeliest first, and how likely (0-1) the first answers.

    ``focus`` is the inline item of the first that like questions point at. ``asked``: the bank knows questions on these documents.
    """

    candidates: list[Candidate]
    sureness: float
    focus: Provision | None = None
    asked: bool = True


@dataclass(frozen=True, slots=True)
class Considered:
    """Provisions to be ranked: their ids, their documents, one row of ``FEATURES`` each.

    ``named`` is the document that the question names, ``place`` the provision; empty and -1 where it names none. ``focus``
    has the inline item that like questions point at, by provision.
    """

    ids: list[int]
    documents: list[str]
    rows: Floats
    named: str
    place: int
    focus: dict[int, int]


def surer(one: Choice, other: Choice) -> Choice:
    """Return the choice that is surer of its first, with the best of the other one far behind its own."""
    first, second = sorted((one, other), key=lambda choice: -choice.sureness)
    last = first.candidates[-1].score if first.candidates else 0.0
    others = [replace(candidate, score=last - _FAR) for candidate in second.candidates]
    kept = first.candidates[: KEPT - 1] if others else first.candidates
    return replace(first, candidates=[*kept, *others][:KEPT])
