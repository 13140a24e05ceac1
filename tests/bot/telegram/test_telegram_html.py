"""Texts become messages that Telegram takes, whatever is in them and however long they are."""

from __future__ import annotations

import functools
from datetime import date

import pytest
from telegram import Bot

from bot.messenger.answers import shown
from bot.messenger.reading import text_pages
from bot.messenger.runs import Run, bold, italic, plain, quote
from bot.reading import unit_at
from bot.telegram.exchange import Telegram
from bot.telegram.html import messages, render
from rag.answers.base import Finding, Reply, answered
from rag.assistant import Assistant
from rag.documents import Answer, Citation, Related
from tests.bot.offered import LABELS, OFFERED, QUOTES, SENTENCE
from tests.bot.telegram_html import BadText, check_length, parse

VOICE = Telegram(Bot("1:x"))


def seen(html: str) -> str:
    """What people see of a message that Telegram takes."""
    text = parse(html, "HTML")
    check_length(text, html)
    return text


def test_everything_special_is_escaped():
    (message,) = messages([bold("a < b & c > d"), plain(' "x" <script>')])

    assert message == '<b>a &lt; b &amp; c &gt; d</b> "x" &lt;script&gt;'
    assert seen(message) == 'a < b & c > d "x" <script>'


@pytest.mark.parametrize("style", [bold, italic, quote, plain])
@pytest.mark.parametrize("text", ["từ " * 5000, "câu một. " * 3000, "&<>" * 4000, "😀" * 5000, "a" * 9000, "dòng\n" * 4000])
def test_long_texts_are_split_without_losing_a_word(style, text):
    made = messages([style(text)])

    assert len(made) > 1
    assert "".join("".join(seen(message).split()) for message in made) == "".join(text.split())


def test_a_text_is_cut_between_provisions_rather_than_within_one():
    provisions = [f"Điều {number}. " + "quy định " * 150 for number in range(6)]

    made = [seen(message) for message in messages([plain("\n\n".join(provisions))])]

    assert all(message.startswith("Điều") for message in made)


def test_a_long_paragraph_is_cut_between_sentences():
    made = [seen(message) for message in messages([plain("Câu này nói một điều. " * 600)])]

    assert all(message.endswith(".") for message in made)


def test_what_telegram_cannot_show_is_left_out():
    assert [seen(message) for message in messages([plain("a\x00b\x1b[31mc\ud800")])] == ["ab[31mc"]


@pytest.mark.parametrize("text", [[], [plain("")], [plain(" \n ")], [bold("  ")]])
def test_nothing_makes_no_message(text):
    assert messages(text) == []


def test_tags_never_cross_a_border():
    text = [Run("chữ " * 300, style) for style in ("b", "", "i", "quote", "b", "quote", "")]

    made = messages(text)

    assert len(made) > 1
    assert all(seen(message) for message in made)  # which stops at a tag that is not closed


def test_the_date_is_bold_then_the_quote_then_the_source_then_the_notes():
    citation = Citation("1/A", "II.1", 3, "Nộp <báo cáo> trước ngày 10/01/2026.", "Công văn 1/A, mục II.1, trang 3", "replaced", True)
    answer = Answer("hạn?", "answered", "Trước ngày 10/01/2026.", (citation,), notes=("Hạn này đã qua.",))

    text, buttons, places = shown(answer, "1f")
    (message,) = messages(text)

    order = [
        "<b>Trước ngày 10/01/2026</b>.",
        "<blockquote expandable>“Nộp &lt;báo cáo&gt;",
        "— Công văn 1/A, mục II.1, trang 3",
        "⚠️ Hạn này",
    ]
    assert [message.index(part) for part in order] == sorted(message.index(part) for part in order)
    assert "đã được thay thế" in message and "đối chiếu bản gốc" in message
    assert [label for row in buttons for label, _ in row] == ["Xem nguyên văn", "Câu liên quan", "👍", "👎"]
    assert [(place.document, place.section) for place in places] == [("1/A", "II.1")]


def test_a_long_fact_is_bold_only_where_it_begins():
    long = "Trường phải làm việc này. " * 60
    citation = Citation("1/A", "II.1", 3, "Nguồn.", "Công văn 1/A")

    (message,) = messages(shown(Answer("?", "answered", long, (citation,)), "1")[0])

    assert len(message[: message.index("</b>")]) < 500
    assert "".join(seen(message).split()).startswith("".join(long.split()))


def test_a_refusal_says_what_the_nearest_provisions_are_about():
    near = (Related("1/A", "II.1", 3, "Công văn 1/A, mục II.1", "Chuyển đổi số"), Related("1/A", "II.2", 3, "Công văn 1/A, mục II.2"))

    (message,) = messages(shown(Answer("?", "not_found", "Xin lỗi.", related=near), "1")[0])

    assert "1. Chuyển đổi số\n— Công văn 1/A, mục II.1\n2. Công văn 1/A, mục II.2" in seen(message)


def test_an_offer_is_a_sentence_and_numbered_provisions_to_read_or_to_confirm():
    text, buttons, places = shown(OFFERED, "1f", ["Định kỳ tổ chức", "Kiểm tra", ""])
    (message,) = messages(text)

    assert seen(message).startswith(f"{SENTENCE}\n\n1. {LABELS[0]}\n“{QUOTES[0]}”\n\n2. {LABELS[1]}\nKiểm tra\n“Tối thiểu")
    assert message.count("<blockquote expandable>") == 3 and "<b>" not in message
    assert [[label for label, _ in row] for row in buttons] == [
        ["Xem mục 1", "Xem mục 2", "Xem mục 3"],
        ["Đúng: mục 1", "Đúng: mục 2", "Đúng: mục 3"],
        ["Gửi câu này cho quản trị viên"],
        ["👍", "👎"],
    ]
    assert buttons[1][1][1] == f"p:1f:{places[1].key}"


def test_the_longest_offer_is_one_message_and_its_buttons_fit():
    citations = tuple(
        Citation("12345/QĐ-UBND" * 9, f"PL12.Điều {at}" * 9, 3, "&nghĩa <b> " * 90, "Công văn & " * 20, "replaced", True) for at in range(3)
    )
    text, buttons, _ = shown(Answer("?", "offered", SENTENCE, citations), "ffffffffffff", ["Đề mục dài " * 6] * 3)

    (message,) = messages(text)
    assert "…”" in seen(message)
    assert max(len(data.encode()) for row in buttons for _, data in row) <= 64


def test_buttons_of_the_longest_section_fit():
    citation = Citation("12345/QĐ-UBND-SGDĐT-TTĐT-BGDĐT" * 3, "PL12.Điều 123.45.đ-67(8)" * 3, 3, "Nguồn.", "Công văn")

    _, buttons, _ = shown(Answer("?", "answered", "Có.", (citation,)), "ffffffff")

    assert max(len(data.encode()) for row in buttons for _, data in row) <= 64


@pytest.mark.parametrize("index", ["directive_index", "laws_index", "example_index"])
def test_every_provision_is_readable_as_an_answer_and_in_full(index, request):
    searcher = Assistant(request.getfixturevalue(index)).searcher()
    searcher.store.of_document = functools.cache(searcher.store.of_document)
    provisions = [
        provision
        for document in searcher.store.documents()
        if document.present
        for provision in searcher.store.of_document(document.number)
        if provision.text or provision.heading
    ]
    read: dict[int, str] = {}

    for provision in provisions:
        text = provision.text or provision.heading
        reply = Reply(text, (Finding(text, provision),))
        for message in messages(shown(answered(searcher, "?", reply, date(2026, 1, 3)), "1")[0]):
            seen(message)
        unit = unit_at(searcher.store, provision.document, provision.section)
        assert unit
        if unit.provision.id not in read:
            heads, _, bodies = zip(*(seen(render(page)).partition("\n\n") for page in text_pages(VOICE, searcher, unit)), strict=True)
            read[unit.provision.id] = "".join(f"{heads[0]}{''.join(bodies)}".split())
        assert "".join(text.split()) in read[unit.provision.id]

    assert len(provisions) > 5


@pytest.mark.parametrize("bad", ["<b>a", "a</b>", "<b><i>a</b></i>", "a & b", "a < b", "<u x='1'>a</u>", "<h1>a</h1>", "&nbsp;"])
def test_the_simulator_is_strict(bad):
    with pytest.raises(BadText):
        parse(bad, "HTML")


@pytest.mark.parametrize("index", ["directive_index", "laws_index"])
def test_a_document_can_be_read_on_and_back_from_end_to_end(index, request):
    store = Assistant(request.getfixturevalue(index)).searcher().store
    store.of_document = functools.cache(store.of_document)

    documents = [document for document in store.documents() if document.present]
    assert documents
    for document in documents:
        unit = unit_at(store, document.number)
        while unit.after:
            following = unit_at(store, document.number, unit.after.section)
            assert (following.provision.id, following.before.id) == (unit.after.id, unit.provision.id)
            unit = following
