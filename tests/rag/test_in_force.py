"""What is in force on the day a question asks about comes first, and what has ended is said to have."""

from __future__ import annotations

from datetime import date

import pytest

from ingest.pipeline import ingest
from rag.assistant import Assistant

NEW = {
    "2607/SGDĐT-GDPT": "3111/SGDĐT-GDPT",
    "2025-2026": "2026-2027",
    "10/01/2026": "11/01/2027",
    "10/06/2026": "11/06/2027",
    "issued: 2025-09-27": "issued: 2026-09-28",
    "ngày 27 tháng 9 năm 2025": "ngày 28 tháng 9 năm 2026",
    "0972.523.518": "0900.111.222",
}


@pytest.fixture(scope="module")
def two_years(repo, tmp_path_factory):
    """The directive of this school year, and one of the next that says the same with other dates."""
    corpus, data = tmp_path_factory.mktemp("corpus"), tmp_path_factory.mktemp("data")
    text = (repo / "corpus/2607-SGDDT-GDPT.md").read_text(encoding="utf-8")
    (corpus / "2607-SGDDT-GDPT.md").write_text(text, encoding="utf-8")
    for old, new in NEW.items():
        text = text.replace(old, new)
    (corpus / "3111-SGDDT-GDPT.md").write_text(text, encoding="utf-8")
    ingest(corpus, data)
    return data


@pytest.mark.parametrize(
    ("question", "today", "fact", "document", "validity"),
    [
        ("hạn nộp báo cáo sơ kết của trường", (2026, 11, 1), "11/01/2027", "3111/SGDĐT-GDPT", "unknown"),
        ("ai hỗ trợ chuyển đổi số", (2026, 11, 1), "0900.111.222", "3111/SGDĐT-GDPT", "unknown"),
        ("hạn nộp báo cáo sơ kết năm học 2025-2026 của trường", (2026, 11, 1), "10/01/2026", "2607/SGDĐT-GDPT", "in_force"),
        ("theo quy định năm 2025 thì hạn nộp báo cáo sơ kết của trường?", (2026, 11, 1), "10/01/2026", "2607/SGDĐT-GDPT", "in_force"),
    ],
)
def test_the_version_in_force_answers(two_years, question, today, fact, document, validity):
    answer = Assistant(two_years, today=date(*today)).ask(question)

    assert fact in answer.text
    assert {(citation.document, citation.validity) for citation in answer.citations} == {(document, validity)}


def test_an_old_directive_asked_by_name_is_shown_as_replaced(two_years):
    answer = Assistant(two_years, today=date(2026, 11, 1)).ask("Công văn 2607 ban hành ngày nào?")

    assert answer.citations[0].validity == "replaced"
    assert "Văn bản 2607/SGDĐT-GDPT đã được thay thế bởi 3111/SGDĐT-GDPT." in answer.notes
