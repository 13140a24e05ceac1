"""How much of a question stands in a piece of text."""

import pytest

from rag.choosing.evidence import Passage, Weights, Words, share, strength
from rag.documents import Footnote, Provision

TEXT = "Nộp báo cáo sơ kết học kì 1 trước ngày 10/01/2026. Số lượng giáo viên gửi sau."


@pytest.fixture(scope="module")
def weights(directive):
    return Weights(directive.snapshot.model("frequencies"))


@pytest.fixture
def passage():
    notes = (Footnote("1", "Theo Thông tư số 25/2024/TT-BGDĐT.", 3),)
    provision = Provision(1, "1/SGDĐT", "I.1", "section", "mục 1", "Chế độ báo cáo", TEXT, 2, headings=("I. NHIỆM VỤ",), footnotes=notes)
    return Passage(provision, "Công văn hướng dẫn", "")


def terms(read, text):
    return read(text).terms


def test_all_some_and_none(read, weights):
    words = [(1.0, Words(TEXT))]

    everything = share(terms(read, "báo cáo sơ kết học kì 1"), words, weights)
    half = share(terms(read, "báo cáo sơ kết ngân hàng máu"), words, weights)
    nothing = share(terms(read, "ngân hàng máu"), words, weights)

    assert everything > 0.95
    assert 0 < half < everything
    assert nothing == 0
    assert share((), words, weights) == 1


def test_a_word_typed_with_other_marks_is_another_word(read):
    (term,) = (term for term in terms(read, "lương giáo viên") if term.folded == "luong")

    assert strength(term, Words("số lượng giáo viên")) == 0
    assert strength(term, Words("lương giáo viên")) > 0.9


def test_a_word_typed_without_marks_may_be_it(read):
    term = next(term for term in terms(read, "nang luc so") if term.folded == "luc")

    assert strength(term, Words("nâng cao năng lực số")) > 0.8


def test_a_pair_is_stronger_than_its_halves_apart(read):
    term = terms(read, "thống kê")[0]

    assert strength(term, Words("công tác thống kê")) > strength(term, Words("thống nhất kê khai")) > 0


def test_grade_six_is_not_grade_ten(read):
    six = next(term for term in terms(read, "học sinh lớp 6") if term.folded == "6")

    assert strength(six, Words("học sinh lớp 6")) > 0.9
    assert strength(six, Words("học sinh lớp 10, 6 tiết")) == 0


def test_what_documents_say_instead_counts(read):
    term = terms(read, "chuyển khoản")[-1]

    assert strength(term, Words("chuyển khoản")) > strength(term, Words("thanh toán không dùng tiền mặt")) > 0.8


def test_rare_words_weigh_more(weights):
    assert weights.of("ngoai") > weights.of("giao")


def test_the_sentences_of_a_passage_are_its_text_and_its_notes(passage):
    pieces = [(sentence.text, sentence.note) for sentence in passage.sentences]

    assert pieces == [
        ("Nộp báo cáo sơ kết học kì 1 trước ngày 10/01/2026.", -1),
        ("Số lượng giáo viên gửi sau.", -1),
        ("Theo Thông tư số 25/2024/TT-BGDĐT.", 0),
    ]
    assert all(TEXT[s.start : s.end] == s.text for s in passage.sentences if s.note < 0)


def test_headings_and_title_speak_for_a_passage(passage):
    assert passage.states(("che", "do", "bao", "cao"))
    assert passage.states(("cong", "van", "huong", "dan"))
    assert not passage.states(("so", "ket", "nam"))


def test_whom_a_passage_speaks_of():
    def actor(text):
        return Passage(Provision(1, "1", "I", "bullet", "", "", text, 1), "", "").actor

    assert actor("Phòng Kế hoạch - Tài chính: Chủ trì hướng dẫn.") == "Phòng Kế hoạch - Tài chính"
    assert actor("Đối với cơ sở giáo dục: Thành lập tổ.") == "cơ sở giáo dục"
    assert actor("Chủ trì hướng dẫn các trường.") == ""
