"""Whatever people put around a question, its provision stays the same; two questions in a message get two answers."""

from __future__ import annotations

import pytest

from rag.language.text import fold, words
from rag.question.conversation import Conversation
from rag.question.core import core_of
from rag.training.evaluation import load_cases

# Written for this test; none of them stands in corpus/questions/wrappings.tsv.
WRAPPINGS = (
    "Chào cả nhà, cho mình xen ngang tí ạ. {q}",
    "Kính thưa quý anh chị chuyên viên, tôi là Lò Văn Pó, hiệu phó một trường vùng cao. Tôi xin phép được hỏi: {q}",
    "{q} Mong sớm nhận được hồi âm, trân trọng cảm ơn.",
    "Alo ad ơi 😅 {q}",
    "e chao ac a e moi nhan viec thay chi Hoa nghi sinh nen chua biet gi het, ac chi e voi: {q}",
    "Sáng giờ em gọi máy không ai nghe nên đành nhắn vào đây. {q} Em cảm ơn ạ!",
    "{q} gấp lắm luôn á mai sếp hỏi rồi 😭😭",
    "TÔI HỎI LẦN THỨ BA RỒI ĐẤY NHÉ! {q}",
    "Dạ thưa bot, {q}",
    "hôm bữa đi họp cụm nghe nói lung tung mà hổng hiểu gì hết trơn, {q} cảm ơn nha",
    "Excuse me, sorry to bother you. {q} Thank you very much!",
    "Xin lỗi vì làm phiền giờ nghỉ trưa. Máy tính phòng em vừa hỏng nên không mở lại được công văn. {q}",
    "{q} (em hỏi giùm chị tổ trưởng)",
    "Em là Nga, giáo viên Tin, năm nay kiêm thêm nhiều việc quá. {q} Anh chị rảnh thì trả lời em với nhé, em cảm ơn nhiều.",
    "cau hoi cua toi la the nay: {q} xin cam on",
)
_LOST = 0.03  # of the shares below; see docs/measured.md for strangers' wrappings


def cores(text):
    """The words of what a message asks."""
    return [words(fold(question)) for question in core_of(text).questions]


@pytest.fixture(scope="module")
def asked(repo):
    """Every single question of the sets that has an answer."""
    cases = [case for path in sorted((repo / "tests/evals").glob("directive_*.yaml")) for case in load_cases(path)]
    return [case.turns[0] for case in cases if len(case.turns) == 1 and case.turns[0].status == "answered"]


def test_every_question_keeps_its_core_in_every_wrapping(asked):
    bare = {turn.question: cores(turn.question) for turn in asked}

    kept = [cores(wrapping.format(q=turn.question)) == bare[turn.question] for turn in asked for wrapping in WRAPPINGS]

    assert sum(kept) / len(kept) > 0.9, f"{1 - sum(kept) / len(kept):.1%} giữ không đúng phần hỏi"


def test_every_question_keeps_its_provision_in_a_wrapping(directive, asked):
    lost = []
    for at, turn in enumerate(asked):
        wrapped = WRAPPINGS[at % len(WRAPPINGS)].format(q=turn.question)
        if cores(wrapped) == cores(turn.question):
            continue  # the same question is asked
        bare, answer = directive.ask(turn.question), directive.ask(wrapped)
        places = {citation.section for citation in bare.citations}
        if bare.status == "answered" and not (answer.status == "answered" and places & {c.section for c in answer.citations}):
            lost.append(wrapped)

    assert len(lost) / len(asked) <= _LOST, lost


@pytest.mark.parametrize("joined", ["{a} {b}", "{a}\n{b}", "Em chào anh. {a} Với lại {b} Em cảm ơn ạ"])
def test_two_questions_in_one_message_are_both_answered(directive, joined):
    message = joined.format(a="Hạn nộp báo cáo sơ kết học kì 1 là ngày nào?", b="liên hệ ai về thống kê giáo dục?")

    answer = directive.ask(message)

    assert answer.status == "answered"
    assert "10/01/2026" in answer.text
    assert "0983.691.800" in answer.text
    assert answer.text.startswith("1. ")
    assert "\n2. " in answer.text
    assert {citation.section for citation in answer.citations} >= {"IV.2-2"}


def test_two_questions_on_two_lines_need_no_mark_between_them(directive):
    answer = directive.ask("Trường nộp báo cáo sơ kết khi nào\nLiên hệ ai về thống kê giáo dục")

    assert "10/01/2026" in answer.text
    assert "0983.691.800" in answer.text


def test_a_question_over_two_lines_is_one(directive):
    answer = directive.ask("Hạn nộp báo cáo\nsơ kết học kì 1 của trường là khi nào")

    assert answer.text == directive.ask("Hạn nộp báo cáo sơ kết học kì 1 của trường là khi nào").text


def test_what_is_only_offered_beside_an_answer_is_no_source_of_it(directive):
    answer = directive.ask("Bao giờ nộp báo cáo sơ kết? Ai là người kiểm tra phòng máy của trường?")

    assert answer.status == "answered"
    assert [citation.section for citation in answer.citations] == ["IV.2-2", "IV.1-1"]
    assert "III.6" in [near.section for near in answer.related]


def test_the_second_question_of_a_message_may_go_on_with_the_first(directive):
    answer = directive.ask("Hạn nộp báo cáo sơ kết học kì 1 là ngày nào? Thế còn tổng kết?")

    assert "10/01/2026" in answer.text
    assert "10/06/2026" in answer.text


def test_a_conversation_goes_on_with_the_last_question_of_a_message(directive):
    conversation = Conversation()
    directive.ask("Liên hệ ai về thống kê giáo dục? Hạn nộp báo cáo sơ kết học kì 1 là ngày nào?", conversation)

    assert "10/06/2026" in directive.ask("còn tổng kết?", conversation).text


@pytest.mark.parametrize("text", ["xin chào ạ", "cảm ơn bạn nhiều nhé 🙏", "ok", "tạm biệt"])
def test_small_talk_is_answered_as_such_only_where_nothing_else_is_left(directive, text):
    assert directive.ask(text).status == "chat"
    assert directive.ask(f"{text}. Hạn nộp báo cáo sơ kết học kì 1 là ngày nào?").status == "answered"
