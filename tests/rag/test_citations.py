"""Whatever is asked: every quote stands in its provision, on its page, and every figure in a provision that is cited."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import misquotes, unsourced

from rag.assistant import Assistant
from rag.language.text import strip_marks
from rag.question.conversation import Conversation
from rag.training.evaluation import load_cases

INDEXES = {"other_directive": "example_index", "laws": "laws_index"}
SETS = sorted(path.stem for path in (Path(__file__).parents[1] / "evals").glob("*.yaml") if path.stem != "levels")


def answers(assistant, repo, name, stripped):
    for case in load_cases(repo / "tests/evals" / f"{name}.yaml", "tune"):
        conversation = Conversation() if len(case.turns) > 1 else None
        for turn in case.turns:
            yield case.id, assistant.ask(strip_marks(turn.question) if stripped else turn.question, conversation)


@pytest.mark.parametrize("stripped", [False, True], ids=["typed", "stripped"])
@pytest.mark.parametrize("name", SETS)
def test_every_answer_is_held_to_its_source(request, repo, today, name, stripped):
    assistant = Assistant(request.getfixturevalue(INDEXES.get(name, "directive_index")), today=today)

    faults = []
    for case, answer in answers(assistant, repo, name, stripped):
        faults += [(case, "không nguyên văn", quote) for quote in misquotes(assistant, answer)]
        faults += [(case, "không có nguồn", figure) for figure in unsourced(assistant, answer)]
        if (answer.status in ("answered", "offered")) != bool(answer.citations):
            faults.append((case, "trích dẫn", answer.status))
        if not answer.text.strip() or not all(citation.label for citation in answer.citations):
            faults.append((case, "trống", answer.text))

    assert faults == []
