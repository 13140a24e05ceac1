"""``tracuu ask`` with a language model set: its wording below the facts, marked as such, and never without its source."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.bot.command import DEADLINE, the_error
from tests.rag.scripted_models import ScriptedModels

TRUE = "Hồ sơ giáo viên, nhân viên hoàn thành trước 17h00 ngày 05/11/2025 [1]."
MARK = "Diễn đạt bởi mô hình ngôn ngữ"


@pytest.fixture
def with_model(tracuu, tmp_path, example_index):
    """``tracuu`` with the given server as its model, and a data folder whose index is the shared one."""
    data = tmp_path / "data"
    data.mkdir()
    for part in example_index.iterdir():
        (data / part.name).symlink_to(part)

    def call(models: ScriptedModels, *arguments: str, **more) -> subprocess.CompletedProcess[bytes]:
        variables = {"TRACUU_LLM": "openai:scripted", "TRACUU_LLM_URL": models.url, "TRACUU_DATA": str(data), "TRACUU_LLM_SECONDS": "90"}
        return tracuu(*arguments, **(variables | more))

    return call


def test_the_wording_comes_below_the_facts_and_is_marked(with_model):
    with ScriptedModels.start(TRUE) as models:
        shown = with_model(models, "ask", DEADLINE).stdout.decode()

    facts, _, wording = shown.partition(MARK)
    assert "17h00 ngày 05/11/2025" in facts
    assert "— Công văn 1422/SGDĐT-CNTT" in facts
    assert TRUE in wording
    assert "[1] Công văn 1422/SGDĐT-CNTT" in wording


def test_json_has_the_wording_beside_the_answer(with_model, tracuu):
    with ScriptedModels.start(TRUE) as models:
        value = json.loads(with_model(models, "ask", "--json", DEADLINE).stdout)
    without = json.loads(tracuu("ask", "--json", DEADLINE).stdout)

    wording = value.pop("wording")
    assert wording["text"] == TRUE
    assert wording["citations"][0]["document"] == "1422/SGDĐT-CNTT"
    assert value | {"seconds": 0} == without | {"seconds": 0}


def test_plain_shows_the_extract_alone(with_model):
    with ScriptedModels.start(TRUE) as models:
        result = with_model(models, "ask", "--plain", DEADLINE)

    assert MARK not in result.stdout.decode()
    assert models.requests == []


def test_a_model_that_lies_changes_nothing(with_model):
    with ScriptedModels.start(TRUE.replace("05/11", "06/11")) as models:
        result = with_model(models, "ask", DEADLINE)

    assert (result.returncode, result.stderr) == (0, b"")
    assert "17h00 ngày 05/11/2025" in result.stdout.decode()
    assert MARK not in result.stdout.decode()
    assert len(models.requests) == 2


def test_a_model_that_cannot_be_used_is_one_clear_line(tracuu):
    assert "TRACUU_LLM" in the_error(tracuu("ask", DEADLINE, TRACUU_LLM="khong-co:gi"))
    assert "TRACUU_LLM_SENDS" in the_error(tracuu("ask", DEADLINE, TRACUU_LLM_SENDS="all"))


def test_without_a_model_nothing_of_it_is_loaded(environment):
    looked_for = "{'langchain', 'openai', 'rag.verification.checker'}"
    code = f"import sys; from bot.cli import run; run(['ask', 'hạn nộp?']); print([m for m in sys.modules if m in {looked_for}])"
    result = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True)

    assert result.stdout.decode().splitlines()[-1] == "[]"
