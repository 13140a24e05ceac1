"""How an answer came about: what was read, what was found, which kind answered or why nobody did."""

from __future__ import annotations

import json

import pytest

from rag.question.conversation import Conversation


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Hạn nộp báo cáo sơ kết học kì 1?", "deadlines"),
        ("Tháng 12/2025 có hạn gì không?", "falls_due"),
        ("0917792140 là số của ai?", "whose_number"),
        ("Công văn 2607 mục IV.2", "place"),
    ],
)
def test_it_names_the_kind_that_answered(directive, question, kind):
    answer, (why,) = directive.explain(question)

    assert answer.status == "answered"
    assert (why.kind, why.reason) == (kind, "")


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("Thông tư 9999/2031/TT-BGDĐT quy định gì?", "unknown_number"),
        ("0999999999 là số của ai?", "unknown_key"),
        ("Tháng 12/2030 có hạn gì không?", "nothing_there"),
        ("Công văn 2607 có bao nhiêu chương?", "uncounted"),
        ("Hạn nộp báo cáo sơ kết năm học 2023-2024?", "disagrees"),
        ("đội nào vô địch bóng đá thế giới năm ngoái", "unsure"),
    ],
)
def test_a_refusal_has_its_reason(directive, question, reason):
    answer, (why,) = directive.explain(question)

    assert answer.status == "not_found"
    assert (why.kind, why.reason) == ("", reason)
    assert why.why


def test_what_the_nearest_provision_lacks_is_named(directive):
    (why,) = directive.explain("Hạn nộp báo cáo sơ kết năm học 2023-2024?")[1]

    assert why.gates == ("“2023 2024”",)
    assert "“2023 2024”" in why.candidates[0].lacks


def test_the_candidates_come_with_what_brought_them_and_how_sure_the_chooser_was(directive):
    (why,) = directive.explain("Hạn nộp báo cáo sơ kết học kì 1 của trường tiểu học?")[1]

    first = why.candidates[0]
    assert first.section == "IV.2-2"
    assert 0 < first.views.words <= 1
    assert 0 < first.coverage <= 1
    assert [one.score for one in why.candidates] == sorted((one.score for one in why.candidates), reverse=True)
    assert all(one.met == (one.sureness >= one.level.least) for one in why.compared)
    assert 0 < why.sureness <= 1
    assert any("tiểu học" in slot for slot in why.question.slots)


def test_a_story_around_the_question_is_no_part_of_its_core(directive):
    (why,) = directive.explain("Chào bạn, em là giáo viên mới. Hạn nộp báo cáo sơ kết học kì 1 là ngày nào ạ?")[1]

    assert "giáo viên mới" not in why.question.core
    assert "sơ kết" in why.question.core


def test_each_question_of_a_message_is_explained_in_order(directive):
    answer, why = directive.explain("Hạn nộp báo cáo sơ kết học kì 1 là ngày nào? Thông tư 9999/2031/TT-BGDĐT quy định gì?")

    assert answer.text.startswith("1. ")
    assert [(one.kind, one.reason) for one in why] == [("deadlines", ""), ("", "unknown_number")]


def test_the_answer_and_the_conversation_are_those_of_asking(directive):
    questions = ["Hạn nộp báo cáo sơ kết học kì 1?", "còn cuối năm thì sao?", "chào bạn"]
    asked, explained = Conversation(), Conversation()

    for question in questions:
        plain, (answer, _) = directive.ask(question, asked), directive.explain(question, explained)
        assert (answer.text, answer.citations, answer.notes) == (plain.text, plain.citations, plain.notes)
        assert asked == explained


def test_it_is_written_as_json(directive):
    (why,) = directive.explain("Hạn nộp báo cáo sơ kết học kì 1?")[1]

    made = json.loads(json.dumps(why.to_json(), ensure_ascii=False))

    assert made["kind"] == "deadlines"
    assert made["candidates"][0]["views"].keys() == {"words", "vectors", "bank"}
    assert made["compared"][0].keys() == {"level", "sureness", "met"}
