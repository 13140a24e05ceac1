"""How one decision came about, written down as it goes: what ``tracuu ask --explain`` shows."""

from __future__ import annotations

from dataclasses import dataclass, field

from rag.answers.outcomes import AsItStands, NotMine, Outcome, Refused
from rag.answers.sureness import Level
from rag.finding.choice import Choice
from rag.question.understanding import Question

PROVISION = "provision"
"""The name of what answers where no kind of answer has more to say than the chosen provision itself."""
NTH = "nth_item"
"""The name of what answers a question about the item of a number, of what was cited before."""
TAUGHT = "taught"
"""The name of what answers a question that an admin taught."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A sureness (0-1) that was held to a level."""

    level: Level
    sureness: float

    @property
    def met(self) -> bool:
        """Whether it is sure enough."""
        return self.sureness >= self.level.least


@dataclass(frozen=True, slots=True)
class Tried:
    """A kind of answer that was asked, and what it made of the question (Vietnamese)."""

    name: str
    outcome: str


@dataclass(slots=True)
class Trace:
    """The question as it was decided on, what the chooser made of it, and each step from there.

    ``kind`` is the name of what answered, empty where nothing is claimed; then ``refused`` says why, of an offer too. ``gates``
    are what an answer has to hold and the likeliest provision does not (Vietnamese).
    """

    question: Question
    choice: Choice | None = None
    tried: list[Tried] = field(default_factory=list)
    compared: list[Compared] = field(default_factory=list)
    gates: list[str] = field(default_factory=list)
    kind: str = ""
    refused: Refused | None = None

    def meets(self, level: Level, sureness: float) -> bool:
        """Say whether ``sureness`` is enough for ``level``, and keep that it was compared."""
        made = Compared(level, sureness)
        if made not in self.compared:
            self.compared.append(made)
        return made.met

    def asked(self, name: str, outcome: Outcome) -> None:
        """Keep what the kind of answer of this name made of the question."""
        self.tried.append(Tried(name, _words_of(outcome)))
        if not isinstance(outcome, NotMine | Refused):
            self.kind = PROVISION if isinstance(outcome, AsItStands) else name

    def left_out(self, name: str, why: str) -> None:
        """Keep why what a package's kind of answer said is not said."""
        self.tried.append(Tried(name, f"bị loại: {why}"))


def _words_of(outcome: Outcome) -> str:
    if isinstance(outcome, Refused):
        return f"từ chối: {outcome.why}"
    if isinstance(outcome, NotMine):
        return "không phải câu của loại này"
    return "để điều khoản tự nói" if isinstance(outcome, AsItStands) else "trả lời"
