"""What is in force on the day a question asks about comes first, and what has ended is said to have."""

from __future__ import annotations

from datetime import date

import pytest

from rag.assistant import Assistant
from rag.finding.in_force import asked_day


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


@pytest.mark.parametrize("day", ["28/02/2024", "29/02/2024", "30/11/2024", "31/12/2024"])
def test_the_last_days_of_a_month_are_asked_about_as_they_are(read, day):
    asked = asked_day(read(f"tại thời điểm {day} văn bản nào có hiệu lực"), date(2026, 11, 1))

    assert asked.strftime("%d/%m/%Y") == day
