"""A directive of a school year that is over."""

from datetime import date

import pytest

from rag.documents import Document
from rag.finding.school_year import outlived, school_year_of, successor_wanted
from rag.question.conversation import Conversation

NOTE = "Văn bản này hướng dẫn năm học 2025-2026, nay đã kết thúc; hãy hỏi Sở có văn bản mới chưa."
DIRECTIVE = Document("1/SGDĐT", "Công văn", "Sở GDĐT", "hướng dẫn nhiệm vụ năm học 2025-2026")


@pytest.mark.parametrize(("day", "over"), [((2026, 8, 31), False), ((2026, 9, 1), True)])
def test_a_school_year_ends_with_august(day, over):
    assert bool(outlived(DIRECTIVE, "in_force", date(*day))) is over


def test_what_has_a_successor_is_not_asked_for():
    today = date(2026, 11, 26)

    assert outlived(DIRECTIVE, "replaced", today) is None
    assert successor_wanted([DIRECTIVE], lambda number: "replaced", today) == ""
    assert "Công văn 1/SGDĐT" in successor_wanted([DIRECTIVE], lambda number: "unknown", today)


def test_a_rule_that_begins_with_a_school_year_does_not_end_with_it():
    assert school_year_of(Document("2/TT", title="quy định áp dụng từ năm học 2025-2026")) is None


def test_it_is_said_once_a_conversation(on_day):
    assistant, conversation = on_day(2026, 11, 26), Conversation()

    first = assistant.ask("Hạn nộp báo cáo sơ kết của trường?", conversation)
    conversation = Conversation.from_json(conversation.to_json())
    second = assistant.ask("Liên hệ ai về thống kê giáo dục?", conversation)

    assert NOTE in first.notes
    assert second.status == "answered"
    assert NOTE not in second.notes


def test_while_the_year_lasts_nothing_is_said(on_day):
    assert NOTE not in on_day(2026, 8, 31).ask("Hạn nộp báo cáo sơ kết của trường?").notes
