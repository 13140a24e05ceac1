"""How good the answers are: every question set against the figures that were reached before (levels.yaml).

Whatever is asked, every quote stands in its provision, on its page, and every figure in a provision that is cited.
The sets stand in the bank of questions; none is judged with its own writer's questions in it.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from rag.assistant import Assistant
from rag.documents import Answer
from rag.training.evaluation import count, load_cases, run
from rag.training.grounding import Grounding
from tests.rag.conftest import misquotes, unsourced

EVALS = Path(__file__).parents[1] / "evals"
LEVELS = yaml.safe_load((EVALS / "levels.yaml").read_text(encoding="utf-8"))
INDEXES = {
    **{path.stem: "directive_index" for path in EVALS.glob("directive_*.yaml")},
    "other_directive": "example_index",
    "laws": "laws_index",
}
WRITERS = {"directive_a": frozenset({"ab"}), "directive_b": frozenset({"ab"})} | {
    f"directive_{letter}": frozenset({letter}) for letter in "cdef"
}
"""Who wrote a set, as the bank names them: a and b are by one hand."""


def test_every_question_set_has_its_levels():
    assert sorted(LEVELS) == sorted(path.stem for path in EVALS.glob("*.yaml") if path.stem != "levels")
    assert sorted(LEVELS) == sorted(INDEXES)


def unheld(assistant: Assistant, answer: Answer) -> list[tuple[str, str, str]]:
    """What of an answer is not held to its source: the question, what is wrong, and where."""
    faults = [(answer.question, "không nguyên văn", quote) for quote in misquotes(assistant, answer)]
    faults += [(answer.question, "không có nguồn", figure) for figure in unsourced(assistant, answer)]
    if (answer.status in ("answered", "offered")) != bool(answer.citations):
        faults.append((answer.question, "trích dẫn", answer.status))
    if not answer.text.strip() or not all(citation.label for citation in answer.citations):
        faults.append((answer.question, "trống", answer.text))
    return faults


@pytest.mark.parametrize("spelling", ["typed", "stripped"])
@pytest.mark.parametrize("name", INDEXES)
def test_answers_keep_their_level(request, today, name, spelling):
    assistant = Assistant(request.getfixturevalue(INDEXES[name]), today=today, without=WRITERS.get(name, frozenset()))
    cases = load_cases(EVALS / f"{name}.yaml")

    outcomes = run(assistant, cases, Grounding(assistant.snapshot.store).invented, stripped=spelling == "stripped")

    figures = count(outcomes).to_json()
    not_right = ", ".join(outcome.case.id for outcome in outcomes if outcome.verdict != "right")
    invented = [figure for outcome in outcomes for figure in outcome.invented]
    level = LEVELS[name][spelling]
    assert not invented, f"số liệu không có trong nguồn: {invented}"
    assert [fault for outcome in outcomes for turn in outcome.turns for fault in unheld(assistant, turn.answer)] == []
    for measure in ("right", "refusals", "citations"):
        assert figures[measure] >= level[measure], f"{measure} thấp hơn mức đã đạt; chưa đúng: {not_right}"
    assert figures["false_refusals"] <= level["false_refusals"], f"từ chối nhầm nhiều hơn; chưa đúng: {not_right}"
