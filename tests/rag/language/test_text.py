"""Text as it is matched: whatever keyboard, font or habit it was typed with."""

import unicodedata

import pytest

from rag.language.text import canonical, fold, folded, has_marks, normalise, sentences, squeeze, strip_marks, syllables, terms


def test_decomposed_letters_and_look_alikes_become_the_letters_we_know():
    assert normalise(unicodedata.normalize("NFD", "Hạn nộp của đơn vị")) == "Hạn nộp của đơn vị"
    assert normalise("ð\u00a0Ðơn") == "đ Đơn"


def test_invisible_and_control_characters_are_gone():
    assert normalise("han\u200b n\u00adop\ufeff") == "han nop"
    assert squeeze(normalise("hạn\x00nộp\x1b\u202ebáo cáo")) == "hạn nộp báo cáo"


def test_marks_go_and_case_and_punctuation_stay():
    assert strip_marks("Hạn NỘP báo cáo, Đúng không?") == "Han NOP bao cao, Dung khong?"
    assert fold("ĐƯỜNG Kỳ") == "duong ky"
    assert has_marks("đi")
    assert not has_marks("di 2026")


@pytest.mark.parametrize(
    ("one", "other"),
    [("hoà", "hòa"), ("Thuý", "thúy"), ("kỳ", "kì"), ("Quý", "quí"), ("lý", "lí"), ("05", "5"), ("000", "0"), ("UỶ", "ủy")],
)
def test_spellings_of_one_syllable_are_one_token(one, other):
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(("one", "other"), [("lương", "lượng"), ("sở", "số"), ("máy", "mấy"), ("50", "5"), ("ý", "ỷ")])
def test_other_syllables_stay_apart(one, other):
    assert canonical(one) != canonical(other)


def test_the_folded_form_is_what_is_typed_without_marks():
    assert [folded(word) for word in ("Kỳ", "học", "Đường", "05")] == ["ki", "hoc", "duong", "5"]


def test_abbreviations_in_capitals_are_written_out_in_documents():
    assert syllables("CNTT và CĐS") == syllables("công nghệ thông tin và chuyển đổi số")
    assert syllables("đi th") == ["đi", "th"]  # small letters may be anything


def test_terms_and_grades_have_one_spelling():
    assert syllables("học kỳ II lớp sáu") == syllables("học kì 2 lớp 6")
    assert syllables("lop sau") == syllables("lop 6")


@pytest.mark.parametrize("text", ["các lớp sau đây", "danh sách lớp năm học 2025-2026", "lớp nam sinh", "lớp năm 2025"])
def test_what_is_written_like_the_number_of_a_class_is_none(text):
    assert [token for token in syllables(text) if token.isdigit() and len(token) == 1] == []
    assert syllables("phần II")[-1] == "ii"  # elsewhere a Roman number is itself


def test_terms_are_syllables_and_their_pairs():
    assert terms(["hạn", "nộp", "bài"]) == ["hạn", "nộp", "bài", "hạn_nộp", "nộp_bài"]
    assert terms([]) == []


def test_sentences_end_where_people_end_them():
    text = "Gửi về Sở trước ngày 10/01/2026; nộp bản giấy. TP. Hạ Long nộp sau! 1. Mục đầu\n- Gạch đầu dòng./."

    pieces = [text[start:end] for start, end in sentences(text)]

    assert pieces == [
        "Gửi về Sở trước ngày 10/01/2026;",
        "nộp bản giấy.",
        "TP. Hạ Long nộp sau!",
        "1. Mục đầu",
        "- Gạch đầu dòng./.",
    ]
    assert list(sentences(" \n ")) == []


def test_a_line_broken_where_it_had_no_more_room_goes_on():
    text = (
        "Kí túc xá đóng cửa từ 18 giờ ngày 13/02/2026, mở lại từ 7 giờ\nngày 23/02/2026. Sinh viên đăng kí (gọi\ntắt là ĐK).\n- Một\n- hai"
    )
    assert [text[start:end].replace("\n", " ") for start, end in sentences(text)] == [
        "Kí túc xá đóng cửa từ 18 giờ ngày 13/02/2026, mở lại từ 7 giờ ngày 23/02/2026.",
        "Sinh viên đăng kí (gọi tắt là ĐK).",
        "- Một",
        "- hai",
    ]


@pytest.mark.parametrize(
    ("before", "after", "goes_on"),
    [
        ("Sinh viên đăng kí", "trước ngày 5", True),
        ("Sinh viên đăng kí   ", "trước ngày 5", True),
        ("Sinh viên đăng kí", "Trước ngày 5", False),
        ("Sinh viên đăng kí:", "trước ngày 5", False),
        ("Sinh viên đăng kí;", "trước ngày 5", False),
        ("| Sinh viên", "trước ngày 5", False),  # a row of a table
        ("Sinh viên", "| trước ngày 5", False),
        ("Sinh viên", "- trước ngày 5", False),
        ("Sinh viên", "a) trước ngày 5", False),
        ("Sinh viên", "(đ) trước ngày 5", False),
        ("Sinh viên", "ii. trước ngày 5", False),
        ("Sinh viên", "2) trước ngày 5", False),
        ("", "trước ngày 5", False),
    ],
)
def test_a_line_goes_on_where_nothing_ends_before_it_and_nothing_begins_with_it(before, after, goes_on):
    text = f"Câu đầu.\n{before}\n{after}"

    assert len(list(sentences(text))) == (2 if goes_on else 3) - (not before)
