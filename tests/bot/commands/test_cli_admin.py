"""The admins' verbs as a process: ingest, show, status, verify, rollback, settings, eval."""

from __future__ import annotations

import getpass
import json
import re
import shutil
from contextlib import closing

import pytest

from bot.audit import Audit
from rag.storage import State
from tests.bot.command import DEADLINE, objects, the_error


def test_ingest_counts_what_was_read_and_names_what_was_skipped(tracuu, repo, tmp_path):
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "1422.md").write_bytes((repo / "tests/data/1422-SGDDT-CNTT.md").read_bytes())
    (corpus / "hỏng.pdf").write_bytes(b"%PDF-1.4 nothing more")

    result = tracuu("ingest", TRACUU_DATA=str(tmp_path / "data"))

    summary = result.stdout.decode()
    assert result.returncode == 1
    assert re.search(r"văn bản\s*│\s*1\b", summary)
    for counted in ("điều khoản", "thời hạn", "đầu mối liên hệ", "hệ thống", "viện dẫn"):
        assert re.search(rf"{counted}\s*│\s*[1-9]", summary)
    assert re.search(r"- hỏng\.pdf: \S+", summary)
    assert "1422.md" in result.stderr.decode()


def test_ingest_of_good_documents_exits_0_and_can_be_asked(tracuu, repo, tmp_path):
    data = str(tmp_path / "data")

    assert tracuu("ingest", TRACUU_DATA=data, TRACUU_CORPUS=str(repo / "tests/data")).returncode == 0
    assert objects(tracuu("ask", "--json", DEADLINE, TRACUU_DATA=data))[0]["status"] == "answered"
    with closing(Audit(State(tmp_path / "data"))) as audit:
        (entry,) = audit.entries()
    assert (entry.who, entry.action) == (f"máy chủ (dòng lệnh), {getpass.getuser()}", "lập lại chỉ mục")


def test_a_collection_is_ingested_by_articles(tracuu, repo, tmp_path):
    data = str(tmp_path / "data")
    article = {
        "id": "1",
        "document": "12/2024/TT-ABC",
        "article": "7",
        "title": "Phí gửi xe",
        "text": "Phí gửi xe đạp là 2.000 đồng một ngày.",
    }
    (tmp_path / "more.jsonl").write_text(json.dumps(article, ensure_ascii=False) + "\n", encoding="utf-8")

    ingested = tracuu("ingest", "more.jsonl", TRACUU_DATA=data, TRACUU_CORPUS=str(repo / "tests/data"))

    (found,) = objects(tracuu("search", "--json", "phí gửi xe đạp", TRACUU_DATA=data))
    assert ingested.returncode == 0
    assert (found["results"][0]["document"], found["results"][0]["section"]) == ("12/2024/TT-ABC", "Điều 7")


def test_a_collection_that_is_not_there_changes_nothing(tracuu):
    assert "none.jsonl" in the_error(tracuu("ingest", "none.jsonl"))


def test_an_empty_corpus_is_an_error(tracuu, tmp_path):
    (tmp_path / "empty").mkdir()

    assert "empty" in the_error(tracuu("ingest", TRACUU_DATA=str(tmp_path / "data"), TRACUU_CORPUS="empty"))


@pytest.mark.parametrize("number", ["1422/SGDĐT-CNTT", "1422/sgddt-cntt"])
def test_show_prints_a_section_as_read(tracuu, number):
    text = tracuu("show", number, "I.1").stdout.decode()

    assert "100% học sinh lớp 1 đến lớp 11 có học bạ số được ký số" in text
    assert "II. " not in text


def test_show_prints_every_word_of_a_document(tracuu, repo):
    source = (repo / "tests/data/1422-SGDDT-CNTT.md").read_text(encoding="utf-8")
    source = re.sub(r"<!--.*?-->|\[\^\w+\]:?|\*\*|^#+ ", "", source, flags=re.M)

    shown = tracuu("show", "1422/SGDĐT-CNTT").stdout.decode()

    missing = set(re.findall(r"\w{2,}", source)) - set(re.findall(r"\w+", shown))
    assert not missing


@pytest.mark.parametrize(("arguments", "reason"), [(["9/NONE"], "9/NONE"), (["1422/SGDĐT-CNTT", "X.99"], "X.99")])
def test_show_says_what_there_is_not(tracuu, arguments, reason):
    assert reason in the_error(tracuu("show", *arguments))


@pytest.mark.parametrize(("day", "asked"), [("2026-08-31", False), ("2026-11-26", True)])
def test_status_asks_for_what_comes_after_a_school_year_that_is_over(tracuu, day, asked):
    said = tracuu("status", TRACUU_TODAY=day).stdout.decode()

    assert ("Năm học 2025-2026 đã kết thúc: kho cần văn bản thay cho Công văn 1422/SGDĐT-CNTT." in said) is asked


def test_status_tells_loaded_documents_from_named_ones(tracuu):
    lines = tracuu("status", "--all").stdout.decode().splitlines()

    assert any("1422/SGDĐT-CNTT" in line and "14/10/2025" in line and "chỉ được nhắc" not in line for line in lines)
    assert any("417/KH-UBND" in line and "chỉ được nhắc tới" in line for line in lines)
    assert any("lập lúc" in line for line in lines)


def test_a_damaged_index_is_found_and_named(tracuu, repo, tmp_path):
    data = tmp_path / "data"
    tracuu("ingest", TRACUU_DATA=str(data), TRACUU_CORPUS=str(repo / "tests/data"))
    assert tracuu("verify", TRACUU_DATA=str(data)).returncode == 0

    store = next(data.glob("snapshots/*/store.sqlite"))
    store.write_bytes(b"\0" * store.stat().st_size)

    result = tracuu("verify", TRACUU_DATA=str(data))
    assert result.returncode == 2
    assert "store.sqlite" in result.stderr.decode()
    assert "tracuu ingest" in the_error(tracuu("ask", "hạn?", TRACUU_DATA=str(data)))


def test_rollback_goes_to_the_snapshot_before(tracuu, repo, tmp_path):
    corpus = shutil.copytree(repo / "tests/data", tmp_path / "corpus")
    data = {"TRACUU_DATA": str(tmp_path / "data"), "TRACUU_CORPUS": str(corpus)}
    tracuu("ingest", **data)
    first = (tmp_path / "data/current").read_text().split()[0]
    (corpus / "2.txt").write_text("Số: 2/KH-ABC\n\nI. Việc cần làm\n\n1. Dọn kho.\n", encoding="utf-8")
    tracuu("ingest", **data)

    assert first in tracuu("rollback", **data).stdout.decode()
    assert (tmp_path / "data/current").read_text().split() == [first]
    assert "trước" in the_error(tracuu("rollback", **data))


def test_settings_lists_every_variable(tracuu):
    text = tracuu("settings").stdout.decode()

    assert all(name in text for name in ("TRACUU_DATA", "TRACUU_CORPUS", "TRACUU_ENCODER", "TRACUU_TODAY"))
    assert "2025-11-01" in text


def test_eval_prints_and_writes_figures(tracuu, repo, tmp_path):
    questions = str(repo / "tests/evals/other_directive.yaml")

    result = tracuu("eval", "--file", questions, "--split", "tune", "--stripped", "--failures", "--report", "report.json")

    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert result.returncode == 0
    assert "Hỏi không dấu" in result.stdout.decode()
    assert "typed" not in report
    assert report["stripped"]["cases"] > 10
    assert report["stripped"]["right"] > 0.5
