"""What lists and reminders say of deadlines is what answers say to the same person."""

from __future__ import annotations

from datetime import date

import pytest

from bot import records
from bot.messenger.lists import dialled_abroad, due_line
from bot.messenger.runs import words_in
from bot.people import ROLES
from rag.assistant import Assistant
from rag.language.text import squeeze

TODAY = date(2026, 1, 3)
APART = "không nêu riêng"


@pytest.fixture(scope="module")
def assistant(directive_index):
    return Assistant(directive_index, today=TODAY)


@pytest.mark.parametrize("role", ROLES.values(), ids=ROLES)
@pytest.mark.parametrize("report", ["báo cáo sơ kết học kì 1", "báo cáo tổng kết năm học"])
def test_for_every_role_answers_and_lists_tell_the_same_deadlines(assistant, role, report):
    everybodys = records.deadlines(assistant.shelf(), TODAY)
    listed = [due for due in records.deadlines(assistant.shelf(), TODAY, role) if report in due.deadline.what.lower()]

    answer = assistant.ask(f"Bao giờ nộp {report}?", audience=role.audience)

    # Whoever has none is told so, beside what is nearest.
    assert (APART in answer.text) == (not listed)
    assert len(everybodys) >= 3
    for due in everybodys:
        is_told = squeeze(due.deadline.when) in answer.text and APART not in answer.text
        assert is_told == (due in listed)
    for due in listed:
        assert due.deadline.who in answer.text and due.deadline.to in answer.text
        assert due.label in [citation.label for citation in answer.citations]


@pytest.mark.parametrize("role", ROLES.values(), ids=ROLES)
def test_what_falls_due_in_a_month_is_what_is_listed(assistant, role):
    listed = [due for due in records.deadlines(assistant.shelf(), TODAY, role) if due.deadline.date.startswith("2026-01")]

    answer = assistant.ask("Tháng 1/2026 có hạn gì?", audience=role.audience)

    assert (answer.status == "answered") == bool(listed)
    assert {citation.label for citation in answer.citations} == {due.label for due in listed}


def test_a_school_that_is_named_as_ones_own_is_of_ones_level(assistant):
    own = assistant.ask("Trường em bao giờ nộp báo cáo sơ kết học kì 1?", audience=ROLES["th"].audience)
    other = assistant.ask("Trường THPT bao giờ nộp báo cáo sơ kết học kì 1?", audience=ROLES["th"].audience)

    assert APART in own.text and APART not in other.text


def test_a_day_that_is_too_late_itself_is_said_to_be_so(assistant):
    first = records.deadlines(assistant.shelf(), TODAY)[0]

    said = words_in(due_line(first))
    assert "trước ngày 10/01/2026 (còn 7 ngày)" in said and "trang 8" in said


@pytest.mark.parametrize(
    ("written", "dialled"), [("0203.3825.187", "+842033825187"), ("+84 912 345 678", ""), ("1022", ""), ("0912345678", "+84912345678")]
)
def test_a_vietnamese_number_is_dialled_from_everywhere(written, dialled):
    assert dialled_abroad(written) == dialled
