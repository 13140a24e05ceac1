from __future__ import annotations

import io
import json
from dataclasses import replace

import pytest
from rich.console import Console

from bot.render import print_answer, source_line, to_json
from rag.documents import Answer, Citation, Related, Wording
from tests.bot.offered import LABELS, OFFERED, QUOTES, REFUSED, SENTENCE, TITLES

CITATION = Citation(
    document="15/SGDĐT-GDPT",
    section="IV.2-1",
    page=8,
    quote="báo cáo sơ kết gửi về Sở trước ngày 10/01/2026",
    label="Công văn 15/SGDĐT-GDPT, mục IV.2, trang 8",
    validity="in_force",
)
ANSWERED = Answer(
    question="hạn nộp?",
    status="answered",
    text="Trước ngày 10/01/2026.\nTheo mục Chế độ báo cáo.",
    citations=(CITATION,),
    notes=("Thời hạn này đã qua.",),
    seconds=0.0012345678,
)


def shown(answer: Answer, **console_options) -> str:
    output = io.StringIO()
    print_answer(answer, Console(file=output, highlight=False, markup=False, **console_options))
    return output.getvalue()


def test_json_has_the_promised_fields_in_order():
    value = to_json(ANSWERED)

    assert list(value) == ["question", "status", "answer", "citations", "notes", "related", "seconds"]
    assert list(value["citations"][0]) == ["document", "section", "page", "quote", "label", "validity", "doubtful"]
    assert json.loads(json.dumps(value))["citations"][0]["page"] == 8


def test_people_read_the_fact_first_then_the_quote_its_source_and_the_notes():
    text = shown(ANSWERED)

    order = [
        "Trước ngày 10/01/2026.",
        "Chế độ báo cáo",
        "“báo cáo sơ kết",
        "— Công văn 15/SGDĐT-GDPT, mục IV.2, trang 8",
    ]
    positions = [text.index(part) for part in [*order, "Lưu ý: Thời hạn này đã qua."]]
    assert positions == sorted(positions)


def test_a_source_that_adds_nothing_is_named_once():
    both = replace(ANSWERED, text=f"Hạn nộp: {CITATION.quote}", citations=(CITATION, replace(CITATION, quote="Hạn nộp")))

    assert shown(both).count("— Công văn 15/SGDĐT-GDPT") == 1


def test_the_date_is_bold_in_a_terminal():
    text = shown(ANSWERED, force_terminal=True, width=60, color_system="standard")

    assert "\x1b[1mTrước ngày 10/01/2026\x1b[0m." in text


def test_a_fact_without_a_date_is_bold_in_a_terminal():
    text = shown(replace(ANSWERED, text="Tối thiểu 30% số đơn vị."), force_terminal=True, width=60, color_system="standard")

    assert "\x1b[1mTối thiểu 30% số đơn vị.\x1b[0m" in text


def test_a_quote_that_is_the_answer_is_not_printed_twice():
    answer = Answer("hạn nộp?", "answered", f"Mục IV.2: {CITATION.quote}.", (CITATION,))

    assert shown(answer).count(CITATION.quote) == 1


def test_a_refusal_names_the_nearest_provisions():
    related = Related("15/SGDĐT-GDPT", "III.1", 5, "Công văn 15/SGDĐT-GDPT, mục III.1, trang 5")
    answer = Answer("giá vàng?", "not_found", "Chưa tìm thấy.", related=(related,))

    assert "- Công văn 15/SGDĐT-GDPT, mục III.1, trang 5" in shown(answer)


def test_a_refusal_says_what_the_nearest_provisions_are_about():
    assert f"- {TITLES[1]}\n    — {LABELS[1]}" in shown(REFUSED)
    assert to_json(REFUSED)["related"][0]["title"] == TITLES[1]


def test_an_offer_is_a_sentence_and_numbered_provisions_and_nothing_is_said_twice():
    text = shown(OFFERED)

    assert text.startswith(f"{SENTENCE}\n\n1. {LABELS[0]}\n   “{QUOTES[0]}”\n\n2. {LABELS[1]}\n   {TITLES[1]}\n   “Tối thiểu")
    assert text.endswith(f"3. {LABELS[2]}\n   “{QUOTES[2]}”\n")
    for words in (SENTENCE, *LABELS, TITLES[1], QUOTES[2], "Định kỳ tổ chức sơ kết"):
        assert text.count(words) == 1


def test_nothing_of_an_offer_is_bold_as_a_fact_is():
    assert f"\x1b[1m{SENTENCE[:20]}" not in shown(OFFERED, force_terminal=True, width=100, color_system="standard")


def test_in_a_pipe_no_line_is_folded():
    long = "từ " * 200
    answer = Answer("?", "answered", long, (CITATION,))

    assert long.strip() in shown(answer, width=40)


def test_in_a_terminal_lines_keep_to_its_width():
    answer = Answer("?", "answered", "từ " * 200, (CITATION,))

    lines = shown(answer, width=40, force_terminal=True, color_system=None).splitlines()
    assert max(map(len, lines)) <= 40


@pytest.mark.parametrize(
    ("citation", "caution"),
    [
        (Citation("1", "I", 1, "…", "Công văn 1", validity="replaced"), "đã được thay thế"),
        (Citation("1", "I", 1, "…", "Công văn 1", doubtful=True), "đối chiếu bản gốc"),
    ],
)
def test_a_source_to_be_careful_about_says_so(citation, caution):
    assert caution in source_line(citation)


def test_square_brackets_of_a_document_are_kept():
    assert "[bold]" in shown(Answer("?", "answered", "Mẫu [bold] số 1", (CITATION,)))


def test_a_models_wording_comes_last_and_is_marked():
    answer = replace(ANSWERED, wording=Wording("Nộp trước ngày 10/01/2026 [1].", (CITATION,), "mo-hinh"))

    text = shown(answer)

    facts, _, wording = text.partition("Diễn đạt bởi mô hình ngôn ngữ mo-hinh")
    assert facts.strip() == shown(ANSWERED).strip()
    assert "Nộp trước ngày 10/01/2026 [1]." in wording
    assert "[1] Công văn 15/SGDĐT-GDPT, mục IV.2, trang 8" in wording
    assert to_json(answer)["wording"]["citations"][0]["document"] == "15/SGDĐT-GDPT"
