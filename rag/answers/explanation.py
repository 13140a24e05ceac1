"""Why an answer came about, for developers and admins: the question as understood, the candidates, each step of the decision."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from rag.answers.agreement import asked, missing
from rag.answers.gates import lacking
from rag.answers.trace import Compared, Trace, Tried
from rag.answers.turn import Found
from rag.choosing.support import Support
from rag.finding.choice import Candidate
from rag.finding.search import Searcher
from rag.question.understanding import Question
from rag.slots.named import named
from rag.slots.tokens import facts_of


@dataclass(frozen=True, slots=True)
class Understood:
    """A question as it was read.

    ``core`` is what of the message is asked, ``read_as`` the same with its words whole and what it goes on with. ``slots`` are what it
    names that must not be taken for another of its kind (``level: tiểu học``), ``facts`` its dates, numbers, documents …
    """

    core: str
    read_as: str
    kind: str
    kinds: tuple[str, ...]
    topic: str
    audience: tuple[str, ...]
    place: str
    slots: tuple[str, ...]
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Weighed:
    """A candidate: its score, what of the question it covers (0-1), what brought it, what the question names and it does not."""

    document: str
    section: str
    label: str
    score: float
    coverage: float
    views: Support | None
    lacks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """All of it. ``kind`` is the kind of answer that answered, empty where nothing is claimed: then ``reason`` and ``why`` say so.

    ``sureness`` (0-1) is the chooser's, ``None`` where it was not asked.
    """

    question: Understood
    candidates: tuple[Weighed, ...] = ()
    sureness: float | None = None
    kind: str = ""
    reason: str = ""
    why: str = ""
    tried: tuple[Tried, ...] = ()
    compared: tuple[Compared, ...] = ()
    gates: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return it as one JSON object."""
        made = asdict(self)
        for one, compared in zip(made["compared"], self.compared, strict=True):
            one["met"] = compared.met
        return made


def explanations_of(found: Found) -> list[Explanation]:
    """Return why ``found`` is what it is, for each question of the message in order; of small talk only how it was read."""
    return [_explanation_of(part) for part in found.parts or (found,)]


def _explanation_of(found: Found) -> Explanation:
    trace = found.trace
    understood = _understood(found.searcher, found.own, trace.question if trace else found.meant)
    if trace is None:
        return Explanation(understood)
    choice, refused = trace.choice, trace.refused
    return Explanation(
        understood,
        tuple(_weighed(found.searcher, trace, one) for one in choice.candidates) if choice else (),
        choice.sureness if choice else None,
        trace.kind,
        refused.reason.name.lower() if refused else "",
        refused.why if refused else "",
        tuple(trace.tried),
        tuple(trace.compared),
        tuple(trace.gates),
    )


def _understood(searcher: Searcher, own: Question, meant: Question) -> Understood:
    row = asked(searcher, meant).row
    return Understood(
        core=own.text,
        read_as=meant.whole,
        kind=meant.kind,
        kinds=tuple(sorted(meant.kinds)),
        topic=meant.topic,
        audience=tuple(sorted(meant.audience)),
        place=meant.mentions.path,
        slots=tuple(f"{one.slot}: {one.called}" for one in named(row)),
        facts=tuple(f"{fact.kind}: {fact.text}" for fact in facts_of(row)),
    )


def _weighed(searcher: Searcher, trace: Trace, candidate: Candidate) -> Weighed:
    provision, question = candidate.provision, trace.question
    gate = lacking(searcher, question, [candidate])
    unnamed = missing(asked(searcher, question), searcher, provision, candidate.sentence.text if candidate.sentence else "")
    return Weighed(
        provision.document,
        provision.section,
        searcher.label(provision),
        candidate.score,
        candidate.coverage,
        candidate.support,
        (*((gate,) if gate else ()), *unnamed),
    )
