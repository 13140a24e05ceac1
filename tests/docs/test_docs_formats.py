"""The formats of files are documented as they are: examples are read by the program itself, fields are those that it knows."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

from bot.stores import STORES
from docs.generator.places import ROOT
from ingest import archive
from ingest.archive import Manifest
from ingest.bank_files import as_yaml, read_questions
from ingest.catalog import ADDED, CATALOG, Catalog, described, with_doubts
from ingest.checks import CHECKS, load_checks
from ingest.collection import read_collection
from ingest.given import FIELDS, SOURCE, STANDING
from ingest.readers import by_suffix
from ingest.source_files import COLLECTIONS
from rag.documents import Document, Doubt, Provision
from rag.index.bank import BankEntry
from rag.training.evaluation import load_cases
from tests.docs.pages import blocks

PAGE = "docs/quan-tri/dinh-dang.md"
TEXT = (ROOT / PAGE).read_text("utf-8")


def section(heading: str) -> str:
    """What stands below a heading."""
    return TEXT.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def example(heading: str) -> str:
    """The first block below a heading."""
    return next(block.content for block in blocks() if block.page == PAGE and block.content in section(heading))


def told(heading: str) -> set[str]:
    """The fields that the table below a heading has."""
    rows = re.findall(r"^\| (`.*?) \|", section(heading), re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`(\w+)`", row)}


def test_the_catalog(tmp_path):
    (tmp_path / CATALOG).write_text(example("`corpus/catalog.yaml` và `added.yaml`"), "utf-8")
    (tmp_path / ADDED).write_text(example("`corpus/catalog.yaml` và `added.yaml`"), "utf-8")

    catalog = Catalog.load(tmp_path)

    entry = catalog.entry("2607/SGDĐT-GDPT")
    document = described(Document("2607/SGDĐT-GDPT"), entry)
    assert (document.url, document.followed_by) == (entry["url"], entry["followed_by"])
    [provision] = with_doubts([Provision(0, "2607/SGDĐT-GDPT", "III.1", "clause", "III.1", "", "ông Nguyễn Văn Triều", 1)], entry)
    assert provision.doubts == (Doubt("Nguyễn Văn Triều", "low", entry["doubts"][0]["why"]),)
    assert catalog.is_removed("luat.jsonl", "91/2025/QH15")


def test_the_fields_of_the_catalog():
    known = {*FIELDS, *STANDING, SOURCE, "file", "url", "followed_by", "doubts", "removed"}

    assert told("`corpus/catalog.yaml` và `added.yaml`") - {"certainty", "reading", "section", "why"} == known


def test_checks(tmp_path):
    (tmp_path / CHECKS).write_text(example("`corpus/checks.yaml`"), "utf-8")

    checks = load_checks(tmp_path)

    assert checks.level == 0.9
    first, second = checks.turns
    assert (first.document, first.sections, first.facts, first.status) == ("2607/SGDĐT-GDPT", ("IV.2",), (("10/01/2026",),), "answered")
    assert second.status == "not_found"


def test_the_bank(tmp_path):
    path = tmp_path / "questions.yaml"
    path.write_text(example("`corpus/questions/*.yaml`"), "utf-8")

    entries = read_questions(path)

    path.write_text(as_yaml(entries), "utf-8")
    assert read_questions(path) == entries
    assert [entry.by for entry in entries] == ["written", "written"]
    assert told("`corpus/questions/*.yaml`") == {field.name for field in fields(BankEntry)}


def test_a_collection(tmp_path):
    path = tmp_path / "luat.jsonl"
    path.write_text(example("Tuyển tập `.jsonl`"), "utf-8")

    [document], [provision] = read_collection(path)

    assert (document.number, provision.section, provision.heading) == ("91/2025/QH15", "Điều 5", "Quyền của chủ thể dữ liệu")
    assert told("Tuyển tập `.jsonl`") == {"id", "document", "article", "title", "text"}


def test_a_set_of_questions(tmp_path):
    path = tmp_path / "set.yaml"
    path.write_text(example("Bộ câu hỏi chấm `tests/evals/*.yaml`"), "utf-8")

    assert [len(case.turns) for case in load_cases(path)] == [1, 2]


def test_a_backup():
    assert told("Tệp sao lưu") == {"format", *(field.name for field in fields(Manifest))}
    assert f"| `format` | {archive._FORMAT};" in section("Tệp sao lưu")


def test_files_that_can_be_read():
    assert set(re.findall(r"`(\.[\w.]+)`", section("Văn bản"))) == {*by_suffix(), *COLLECTIONS}


def test_stores():
    [row] = re.findall(r"^\| `\*\.sqlite3` .*$", TEXT, re.MULTILINE)

    assert set(re.findall(r"`([\w-]+)`", row)) - {"TRACUU_DATABASE"} == set(STORES)


@pytest.mark.parametrize("by", ["written", "taught", "model"])
def test_every_kind_of_entry_of_the_bank_is_told(by):
    assert f"`{by}`" in section("`corpus/questions/*.yaml`")
