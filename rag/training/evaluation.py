"""Questions with expected facts -> figures: how often the assistant is right, wrong, or refuses.

A set is a YAML list. One question::

    - id: han-01
      split: tune              # or report: never looked at while tuning
      kind: deadline
      question: "hạn nộp báo cáo sơ kết?"
      status: answered         # or not_found, chat
      facts: ["10/01/2026", ["Phòng A", "phòng A"]]   # all must stand in the answer; of an inner list, one
      wrong: ["30/01/2026"]    # none may
      sections: ["IV.2"]       # one must be cited, itself or deeper
      document: "2607/SGDĐT-GDPT"

A conversation has ``kind: conversation`` and ``turns``, each like a question without id, split and kind; it is right
when every turn is.
"""

from __future__ import annotations

import time
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol, get_args

import yaml

from rag.disk import read_yaml
from rag.documents import NOTHING_CLAIMED, Answer, Citation, Status
from rag.errors import TracuuError
from rag.language.numbers import same_number
from rag.language.text import strip_marks
from rag.question.conversation import Conversation

Verdict = Literal["right", "wrong", "refused"]
SPLITS = ("tune", "report")
_LONG = 600  # characters
_LISTS = ("list", "section")


class Answerer(Protocol):
    """What is evaluated: ``rag.assistant.Assistant`` or anything that answers like it."""

    def ask(self, question: str, conversation: Conversation | None = None) -> Answer: ...


class FigureCheck(Protocol):
    """Return the dates, phones and links of an answer that no source has."""

    def __call__(self, answer: Answer) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class ExpectedTurn:
    """A question and what its answer must be; of each inner tuple of ``facts`` one must stand in the answer."""

    question: str
    status: Status
    facts: tuple[tuple[str, ...], ...] = ()
    wrong: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    document: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """One question, or the turns of one conversation."""

    id: str
    split: str
    kind: str
    turns: tuple[ExpectedTurn, ...]


@dataclass(frozen=True, slots=True)
class TurnOutcome:
    """What the assistant said to one turn, and every reason why that is not right (Vietnamese)."""

    turn: ExpectedTurn
    answer: Answer
    faults: tuple[str, ...]
    cited: bool | None
    invented: tuple[str, ...]
    seconds: float

    @property
    def verdict(self) -> Verdict:
        """Right; refused where an answer was due; else wrong."""
        if not self.faults:
            return "right"
        return "refused" if self.turn.status == "answered" and self.answer.status in NOTHING_CLAIMED else "wrong"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A case as asked."""

    case: Case
    turns: tuple[TurnOutcome, ...]

    @property
    def verdict(self) -> Verdict:
        """Right when every turn is; otherwise what the first turn that is not right was."""
        return next((turn.verdict for turn in self.turns if turn.verdict != "right"), "right")

    @property
    def invented(self) -> list[str]:
        """The figures in its answers that no source has."""
        return [figure for turn in self.turns for figure in turn.invented]

    def to_json(self) -> dict[str, Any]:
        """Return what was asked, answered and wrong as a JSON object."""
        turns = [{"question": t.answer.question, "answer": t.answer.text, "faults": t.faults, "invented": t.invented} for t in self.turns]
        return {"id": self.case.id, "kind": self.case.kind, "verdict": self.verdict, "turns": turns}


@dataclass(slots=True)
class Figures:
    """What is counted over a run; shares are between 0 and 1, times in seconds."""

    verdicts: dict[str, Counter[str]] = field(default_factory=dict)
    answerable: int = 0
    false_refusals: int = 0
    unanswerable: int = 0
    correct_refusals: int = 0
    citations: int = 0
    correct_citations: int = 0
    wrong_figures: int = 0
    seconds: list[float] = field(default_factory=list)
    lengths: list[int] = field(default_factory=list)
    long: int = 0

    @property
    def cases(self) -> int:
        """How many cases were asked."""
        return sum(sum(verdicts.values()) for verdicts in self.verdicts.values())

    @property
    def right(self) -> float:
        """The share of cases that are right."""
        return share(sum(verdicts["right"] for verdicts in self.verdicts.values()), self.cases)

    def latency(self, quantile: float) -> float:
        """The time within which the share ``quantile`` of the questions was answered (nearest rank)."""
        ranked = sorted(self.seconds)
        return ranked[min(int(quantile * len(ranked)), len(ranked) - 1)] if ranked else 0.0

    def length(self, quantile: float) -> int:
        """The characters within which the share ``quantile`` of the answers stays; ``long`` counts those beyond 600 that are no list."""
        ranked = sorted(self.lengths)
        return ranked[min(int(quantile * len(ranked)), len(ranked) - 1)] if ranked else 0

    def to_json(self) -> dict[str, Any]:
        """Return the figures as a JSON object."""
        return {
            "cases": self.cases,
            "right": round(self.right, 4),
            "refusals": round(share(self.correct_refusals, self.unanswerable), 4),
            "false_refusals": round(share(self.false_refusals, self.answerable), 4),
            "citations": round(share(self.correct_citations, self.citations), 4),
            "wrong_figures": self.wrong_figures,
            "median_length": self.length(0.5),
            "long_answers": self.long,
            "median_seconds": round(self.latency(0.5), 5),
            "p95_seconds": round(self.latency(0.95), 5),
            "kinds": {kind: dict(verdicts) for kind, verdicts in sorted(self.verdicts.items())},
        }


def share(part: int, whole: int) -> float:
    """Return ``part`` of ``whole``, 1 where there is nothing to count."""
    return part / whole if whole else 1.0


def load_cases(path: Path, split: str = "all") -> list[Case]:
    """Read a question set, its whole or one split. Raises ``TracuuError`` naming the file and the case."""
    try:
        rows = read_yaml(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise TracuuError(f"Không đọc được bộ câu hỏi {path}: {error}") from error
    if not isinstance(rows, list):
        raise TracuuError(f"Bộ câu hỏi {path} phải là một danh sách YAML.")
    cases = []
    for row in rows:
        try:
            cases.append(_case(row))
        except (KeyError, TypeError, ValueError) as error:
            name = row.get("id", row) if isinstance(row, dict) else row
            raise TracuuError(f"Bộ câu hỏi {path}, câu {name}: thiếu hoặc sai {error}") from error
    return [case for case in cases if split in ("all", case.split)]


def _case(row: dict[str, Any]) -> Case:
    if row["split"] not in SPLITS:
        raise ValueError(f"split: {row['split']}")
    turns = tuple(_turn(turn) for turn in row.get("turns", [row]))
    return Case(str(row["id"]), row["split"], str(row["kind"]), turns)


def _turn(row: dict[str, Any]) -> ExpectedTurn:
    if row["status"] not in get_args(Status):
        raise ValueError(f"status: {row['status']}")
    facts = (fact if isinstance(fact, list) else [fact] for fact in row.get("facts", []))
    return ExpectedTurn(
        question=str(row["question"]),
        status=row["status"],
        facts=tuple(tuple(str(form) for form in forms) for forms in facts),
        wrong=tuple(str(fact) for fact in row.get("wrong", [])),
        sections=tuple(str(section) for section in row.get("sections", [])),
        document=str(row.get("document", "")),
    )


def run(assistant: Answerer, cases: Iterable[Case], check: FigureCheck, *, stripped: bool = False) -> list[Outcome]:
    """Ask every case, as typed or ``stripped`` of diacritics, a conversation turn by turn."""
    outcomes = []
    for case in cases:
        conversation = Conversation() if len(case.turns) > 1 else None
        turns = tuple(_ask(assistant, turn, conversation, check, stripped) for turn in case.turns)
        outcomes.append(Outcome(case, turns))
    return outcomes


def _ask(assistant: Answerer, turn: ExpectedTurn, conversation: Conversation | None, check: FigureCheck, stripped: bool) -> TurnOutcome:
    question = strip_marks(turn.question) if stripped else turn.question
    start = time.perf_counter()
    answer = assistant.ask(question, conversation)
    seconds = time.perf_counter() - start
    cited = _cites(turn, answer.citations) if turn.sections else None
    return TurnOutcome(turn, answer, tuple(faults(turn, answer)), cited, tuple(check(answer)), seconds)


def faults(turn: ExpectedTurn, answer: Answer) -> list[str]:
    """Return every reason why ``answer`` is not right (Vietnamese); empty when it is."""
    text = plain(answer.text)
    found = []
    if answer.status != turn.status and (turn.status, answer.status) != ("not_found", "offered"):  # an offer claims nothing
        found.append(f"trạng thái {answer.status}, đúng ra {turn.status}")
    missing = [forms for forms in turn.facts if not any(plain(form) in text for form in forms)]
    found += [f"thiếu “{' | '.join(forms)}”" for forms in missing]
    found += [f"có điều sai “{fact}”" for fact in turn.wrong if plain(fact) in text]
    if answer.wording and answer.status != "answered":
        found.append("mô hình ngôn ngữ trả lời điều bị từ chối")
    if turn.sections and not _cites(turn, answer.citations):
        cited = ", ".join(citation.section for citation in answer.citations) or "không gì"
        found.append(f"trích {cited}, đúng ra {' | '.join(turn.sections)}")
    return found


def plain(text: str) -> str:
    """Return ``text`` as facts are compared: NFC, one case, single blanks."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _cites(turn: ExpectedTurn, citations: Sequence[Citation]) -> bool:
    return any(
        (not turn.document or same_number(citation.document, turn.document))
        and any(_within(citation.section, section) for section in turn.sections)
        for citation in citations
    )


def _within(section: str, expected: str) -> bool:
    """Say whether ``section`` is ``expected`` or deeper (``IV.2-1`` is within ``IV.2``, ``IV.21`` is not)."""
    return section == expected or section.startswith(tuple(expected + mark for mark in ".-("))


def count(outcomes: Iterable[Outcome]) -> Figures:
    """Add up the outcomes of a run."""
    figures = Figures()
    for outcome in outcomes:
        figures.verdicts.setdefault(outcome.case.kind, Counter())[outcome.verdict] += 1
        for turn in outcome.turns:
            _count_turn(figures, turn)
    return figures


def _count_turn(figures: Figures, outcome: TurnOutcome) -> None:
    refused = outcome.answer.status in NOTHING_CLAIMED
    if outcome.turn.status == "answered":
        figures.answerable += 1
        figures.false_refusals += refused
    elif outcome.turn.status == "not_found":
        figures.unanswerable += 1
        figures.correct_refusals += refused
    if outcome.cited is not None and outcome.answer.status == "answered":
        figures.citations += 1
        figures.correct_citations += outcome.cited
    figures.wrong_figures += len(outcome.invented)
    figures.seconds.append(outcome.seconds)
    if outcome.answer.status == "answered":
        figures.lengths.append(len(outcome.answer.text))
        figures.long += len(outcome.answer.text) > _LONG and outcome.answer.kind not in _LISTS
