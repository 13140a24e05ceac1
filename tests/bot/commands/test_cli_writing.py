"""``tracuu questions write``: from the command to the bank in use, killed, limited and without a model."""

from __future__ import annotations

import time

import pytest

from ingest.bank_files import read_questions
from ingest.pipeline import ingest
from rag.index.bank_publishing import BankReader
from tests.bot.command import started, the_error
from tests.ingest.library_rules import LETTER, NUMBER, everyday
from tests.rag.scripted_models import Fault, ScriptedModels


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus/77.md").write_text(LETTER, encoding="utf-8")
    ingest(tmp_path / "corpus", tmp_path / "data")
    return tmp_path


@pytest.fixture
def variables(folder):
    """The settings, with the given server as the model."""

    def of(models: ScriptedModels, **more: str) -> dict[str, str]:
        own = {"TRACUU_DATA": str(folder / "data"), "TRACUU_CORPUS": str(folder / "corpus"), "TRACUU_LLM_SECONDS": "60"}
        return {**own, "TRACUU_LLM": "openai:scripted", "TRACUU_LLM_URL": models.url, **more}

    return of


@pytest.fixture
def in_use(folder):
    """The questions of the published bank."""
    return lambda: [entry.question for part in BankReader(folder / "data").get() for entry in part.entries]


def kept(folder):
    path = folder / "corpus/questions/model-77-SGDDT-VP.yaml"
    return read_questions(path) if path.exists() else []


def last_line(result) -> str:
    assert "Traceback" not in result.stderr.decode()
    return result.stderr.decode().splitlines()[-1]


def test_the_questions_are_written_and_put_to_use(tracuu, variables, folder, in_use):
    with ScriptedModels.start(everyday) as models:
        result = tracuu("questions", "write", "77/sgddt-vp", **variables(models))
        again = tracuu("questions", "write", NUMBER, **variables(models))

    assert result.returncode == 0
    assert "Mô hình scripted viết 9 câu cho 3 mục của văn bản 77/SGDĐT-VP: giữ 9, bỏ 0." in result.stdout.decode()
    assert "cho em hỏi lúc nào vào đọc được" in in_use()
    assert [(entry.by, entry.writer, entry.date) for entry in kept(folder)] == [("model", "scripted", "2025-11-01")] * 9
    assert again.returncode == 0
    assert "từ trước" in again.stdout.decode()
    assert len(models.requests) == 1


def test_at_the_limit_it_says_how_far_it_got_and_goes_on_later(tracuu, variables, folder, in_use):
    with ScriptedModels.start(everyday) as models:
        result = tracuu("questions", "write", NUMBER, "--per-provision", "10", **variables(models, TRACUU_LLM_DAILY_CALLS="1"))
        used = len(in_use())
        rest = tracuu("questions", "write", NUMBER, "--per-provision", "10", **variables(models))

    assert result.returncode == 1
    assert "hạn mức" in last_line(result) and "1/3 mục" in last_line(result) and "chạy lại đúng lệnh này" in last_line(result)
    assert used == 10
    assert rest.returncode == 0
    assert len(in_use()) == len(kept(folder)) == 30


def test_killed_anywhere_nothing_is_lost(tracuu, variables, environment, folder):
    with ScriptedModels.start(everyday, Fault("slow"), everyday) as models:
        process = started(environment | variables(models), "questions", "write", NUMBER, "--per-provision", "10")
        until = time.monotonic() + 60
        while len(models.requests) < 2 and time.monotonic() < until:
            time.sleep(0.05)
        process.kill()
        process.communicate()
        before = kept(folder)
        result = tracuu("questions", "write", NUMBER, "--per-provision", "10", **variables(models))

    assert len(before) == 10
    assert result.returncode == 0
    assert kept(folder)[:10] == before
    assert len(kept(folder)) == 30
    assert len(models.requests) == 4


@pytest.mark.parametrize("step", [Fault(status=500), Fault(status=429), Fault("cut", text="{"), "<html>502</html>", ""])
def test_a_useless_model_is_one_clear_line(tracuu, variables, folder, step):
    with ScriptedModels.start(step) as models:
        result = tracuu("questions", "write", NUMBER, **variables(models))

    assert result.returncode == 1
    assert "mô hình ngôn ngữ không trả lời được" in last_line(result)
    assert "0/3 mục" in last_line(result)
    assert kept(folder) == []


def test_a_dead_model_is_one_clear_line(tracuu, variables):
    with ScriptedModels.start("") as models:
        pass
    result = tracuu("questions", "write", NUMBER, "--per-provision", "10", **variables(models))

    assert result.returncode == 1
    assert last_line(result).startswith("Dừng lại vì mô hình ngôn ngữ không trả lời được")


def test_without_a_model_the_setting_is_named(tracuu):
    assert "TRACUU_LLM" in the_error(tracuu("questions", "write", NUMBER))


def test_a_document_that_is_not_there_is_one_clear_line(tracuu, variables):
    with ScriptedModels.start(everyday) as models:
        assert "1/SGDĐT" in tracuu("questions", "write", "1/SGDĐT", **variables(models)).stderr.decode()

    assert models.requests == []
