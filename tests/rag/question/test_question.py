"""A question as typed, understood with what the directive taught."""

import re

import pytest

from rag.question.understanding import MAX_LENGTH, spoken


def topic(question):
    return {term.folded for term in question.terms}


@pytest.mark.parametrize(
    "typed",
    [
        "Hạn nộp báo cáo sơ kết học kì 1?",
        "han nop bao cao so ket hoc ki 1",
        "hạn nop báo cao sơ ket học ki 1",
        "hanj nopj baos caos sow keets hocj kyf 1",
        "hạn nộp bc sơ kết hk1",
        "hạn nộp báo cáoo sơ kêt học kỳ 1",
        "HẠN NỘP BÁO CÁO SƠ KẾT HKI",
    ],
)
def test_every_way_of_typing_asks_the_same(read, typed):
    question = read(typed)

    assert question.kind == "deadline"
    assert {"bao", "cao", "so", "ket", "1"} <= topic(question)


@pytest.mark.parametrize(
    ("typed", "written_out"),
    [
        ("gv cần gì", "giáo viên"),
        ("hs lớp 6", "học sinh"),
        ("sdt ai phụ trách", "số điện thoại"),
        ("cntt", "công nghệ thông tin"),
        ("cđs", "chuyển đổi số"),
        ("cds", "chuyển đổi số"),
        ("csdl ngành", "cơ sở dữ liệu ngành"),
        ("sở gddt", "giáo dục và đào tạo"),
        ("trường thpt", "trung học phổ thông"),
        ("ko bắt buộc", "không"),
        ("lv thống kê", "lĩnh vực"),
        ("đc Triều phụ trách gì", "đồng chí"),
        ("đc web csdl", "địa chỉ"),
        ("hk1", "học kì 1"),
    ],
)
def test_everyday_abbreviations_are_written_out(read, typed, written_out):
    assert written_out in read(typed).whole.replace("kỳ", "kì")


def test_what_was_typed_with_marks_stays(read):
    assert "lượng" in read("số lượng giáo viên").whole
    assert "lương" in read("lương giáo viên").whole


@pytest.mark.parametrize(
    ("typed", "reading"),
    [
        ("Ai phụ trách việc này", "ai"),
        ("dạy học với AI", "trí tuệ nhân tạo"),
        ("ung dung ai trong day hoc", "trí tuệ nhân tạo"),
        ("ai phu trach", "ai"),
    ],
)
def test_ai_is_who_or_the_machine(read, typed, reading):
    assert reading in read(typed).whole


def test_english_words_of_the_field_are_understood(read):
    question = read("When is the deadline for the school report?")

    assert question.kind == "deadline"
    assert {"bao", "cao"} <= topic(question)


def test_tags_are_no_words(read):
    assert read("<b>Hạn nộp</b> báo cáo").whole == read("Hạn nộp báo cáo").whole
    assert not read("<script>alert(1)</script>").terms


def test_long_text_is_cut(read):
    assert len(read("báo cáo " * 5000).text) <= MAX_LENGTH


def test_a_machine_is_no_question_word(read):
    assert read("máy tính của trường dùng thế nào").kind != "figure"
    assert read("có mấy nhóm").kind == "list"


def test_stop_words_carry_no_topic(read):
    assert not read("là gì vậy ạ").terms


def test_everyday_words_weigh_less_than_the_topic(read):
    light = {term.folded: term.light for term in read("cần nộp báo cáo thống kê").terms}

    assert not light["thong"]
    assert light.get("nop", True)


def test_the_words_of_documents_come_along(read):
    others = {phrase for term in read("học bạ điện tử").terms for phrase in term.others}

    assert ("hoc", "ba", "so") in others


def test_a_province_is_no_name_that_an_answer_has_to_hold(read):
    assert read("quy định của Sở Hà Nội").mentions.names == ()
    assert read("học sinh từ Hải Phòng chuyển về").mentions.names == ()


@pytest.mark.parametrize("text", ["lớp0 là gì?", "lớp0 nộp 5 bản trước ngày 10/01/2026", "tt0 kh0 nộp 5 bản, lớp 3"])
def test_figures_stay_where_they_are_typed_beside_a_nought(read, diacritics, text):
    figures = re.findall(r"\d+", spoken(read(text).text, diacritics))

    assert figures == re.findall(r"\d+", text)
