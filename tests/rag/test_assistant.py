"""The one door: every kind of question typed in every way, small talk, refusals."""

import pytest

from rag.language.numbers import DATE, LINK, PHONE
from rag.language.text import strip_marks
from tests.rag.conftest import cited, misquotes, unsourced

NUMBER = "2607/SGDĐT-GDPT"
ASKED = [
    # question, fact, section
    ("Hạn nộp báo cáo sơ kết học kì 1 của trường?", "10/01/2026", "IV.2-2"),
    ("Liên hệ ai về thống kê giáo dục?", "0983.691.800", "IV(3)"),
    ("Phòng nào hướng dẫn công tác thống kê ngành giáo dục?", "Phòng Kế hoạch - Tài chính", "IV.1-2"),
    ("Nhận học sinh từ tỉnh khác thì làm gì trên phần mềm?", "bổ sung hồ sơ học sinh", "PL4.2"),
    ("Phần mềm quản lý trường học ở địa chỉ nào?", "https://qlth.quangninh.edu.vn", "PL4.3"),
    ("Tối thiểu bao nhiêu phần trăm đơn vị được kiểm tra?", "30%", "III.6"),
    ("Năm nội dung kỹ năng số cơ bản cho học sinh gồm những gì?", "Thanh toán trực tuyến", "II.1-7"),
    ("QĐ 4725 về việc gì?", "Bộ chỉ số đánh giá mức độ chuyển đổi số", "PL3.A.9"),
    ("Khung năng lực số cho người học quy định ở thông tư nào?", "02/2025/TT-BGDĐT", "PL3.A.4"),
    ("0917.792.140 là số của ai?", "Nguyễn Văn Triều", "IV(2)"),
    ("Phụ lục 1 gồm những mục nào?", "Công tác báo cáo định kỳ", "PL1.3"),
    ("Đánh giá định kỳ trên máy tính có bắt buộc không?", "khuyến khích", "II.1-6"),
    ("Ngày Chuyển đổi số Quốc gia là ngày nào?", "10 tháng 10", "III.5-2"),
    ("Bao lâu phải rà soát việc mua sắm trang thiết bị?", "hằng tháng", "III.4-1"),
    ("Công văn 2607 ban hành ngày nào?", "27 tháng 9 năm 2025", "Mở đầu"),
]


@pytest.mark.parametrize("spelling", ["typed", "stripped", "capitals"])
@pytest.mark.parametrize(("question", "fact", "section"), ASKED)
def test_every_kind_of_question_gets_its_fact_and_source(directive, question, fact, section, spelling):
    typed = {"typed": question, "stripped": strip_marks(question), "capitals": question.upper()}[spelling]

    answer = directive.ask(typed)

    assert answer.status == "answered"
    assert fact in answer.text
    assert section in cited(answer)
    assert all(citation.document == NUMBER for citation in answer.citations)
    assert misquotes(directive, answer) == []
    assert unsourced(directive, answer) == []


@pytest.mark.parametrize(
    "question",
    [
        "hạn nộp bc sơ kết hk1 của trg?",
        "hanj nopj baos caos sow keets hocj kyf 1 cuar truwowngf",
        "hạn nop báo cao sơ ket học ki 1 cua truong",
        "hạn nộp báo cóa sơ kết hoc kì 1 của truờng",
        "truong em nop bc so ket truoc ngay may a",
        "nhà trường phải gửi báo cáo sơ kết HKI chậm nhất khi nào ạ",
        "Chào ad, cho em hỏi hạn nộp báo cáo sơ kết học kì 1 của trường với ạ",
        "deadline báo cáo sơ kết của trường",
    ],
)
def test_abbreviations_telex_typos_and_politeness_change_nothing(directive, question):
    answer = directive.ask(question)

    assert "10/01/2026" in answer.text
    assert "30/01/2026" not in answer.text
    assert cited(answer)[0] == "IV.2-2"


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("When is the deadline for the school's first semester report?", "10/01/2026"),
        ("Who is the contact for education statistics?", "0983.691.800"),
        ("deadline for the department's report to the ministry", "30/01/2026"),
    ],
)
def test_english_is_welcome(directive, question, fact):
    assert fact in directive.ask(question).text


@pytest.mark.parametrize(
    "said",
    ["xin chào", "hello", "cảm ơn nhé", "cam on ban nhieu", "thank you", "thanks", "ok", "tạm biệt", "bạn làm được gì?", "chào ad ạ"],
)
def test_small_talk_is_answered_without_a_source(directive, said):
    answer = directive.ask(said)

    assert answer.status == "chat"
    assert answer.citations == ()
    assert answer.text


def test_help_shows_what_can_be_asked(directive):
    help_text = directive.ask("bạn giúp được gì?").text

    examples = [piece.split("”")[0] for piece in help_text.split("“")[1:]]

    assert len(examples) >= 3
    assert all(directive.ask(example).status == "answered" for example in examples)


REFUSED = [
    "Lương giáo viên năm 2025 là bao nhiêu?",
    "Phụ cấp thâm niên của giáo viên tính thế nào?",
    "Lịch nghỉ tết Nguyên đán 2026 của học sinh Quảng Ninh?",
    "Điểm chuẩn vào lớp 10 năm 2025 là bao nhiêu?",
    "Thời tiết Hạ Long hôm nay thế nào?",
    "Số điện thoại của giám đốc sở?",
    "Cho em xin số điện thoại của thầy Nguyễn Văn Hùng",
    "Học phí năm học 2025-2026 là bao nhiêu?",
    "Thông tư 99/2025/TT-BGDĐT quy định gì?",
    "TT 77 nói gì?",
    "0912345678 là số của ai?",
    "Hạn nộp báo cáo sơ kết năm học 2024-2025?",
    "Quy định của Sở Hà Nội về báo cáo sơ kết?",
    "Điều 5 Luật 91/2025/QH15 quy định gì?",
    "Nộp muộn báo cáo bị phạt bao nhiêu tiền?",
    "Theo bạn chuyển đổi số có hiệu quả không?",
]


@pytest.mark.parametrize("spelling", ["typed", "stripped"])
@pytest.mark.parametrize("question", REFUSED)
def test_what_the_corpus_does_not_say_is_refused_and_never_guessed(directive, question, spelling):
    answer = directive.ask(question if spelling == "typed" else strip_marks(question))

    assert answer.status in ("offered", "not_found")
    if answer.status == "offered":  # the nearest provisions, in their own words, and nothing claimed
        assert answer.text.startswith("Tôi chưa chắc")
        return
    assert answer.citations == ()
    figures = {match.group() for figure in (DATE, PHONE, LINK) for match in figure.finditer(answer.text)}
    assert figures == set()
    assert answer.text.count(".") <= 2  # one polite sentence; a number may have a point


def test_a_refusal_names_the_nearest_provisions(directive):
    answer = directive.ask("Phụ cấp cho giáo viên kiêm nhiệm đầu mối công nghệ thông tin là bao nhiêu?")

    assert answer.status in ("offered", "not_found")
    nearest = answer.related or answer.citations
    assert 1 <= len(nearest) <= 3
    assert "III.1-2" in [near.section for near in nearest]
    assert all(near.page and near.label for near in nearest)
    assert all(near.title for near in answer.related)


def test_a_document_nobody_knows_is_named_in_the_refusal(directive):
    assert "99/2025/TT-BGDĐT" in directive.ask("Thông tư 99/2025/TT-BGDĐT quy định gì?").text


def test_a_detail_of_a_document_that_is_only_named_is_refused_saying_so(directive):
    answer = directive.ask("Điều 5 Luật 91/2025/QH15 quy định gì?")

    assert answer.status in ("offered", "not_found")
    assert "chưa có toàn văn" in answer.text
    assert "91/2025/QH15" in answer.text


def test_the_answer_says_what_was_asked_and_how_long_it_took(directive):
    answer = directive.ask("  Hạn nộp báo cáo sơ kết?  ")

    assert answer.question == "  Hạn nộp báo cáo sơ kết?  "
    assert answer.seconds > 0


def test_the_same_question_gets_the_same_answer(directive):
    def ask():
        answer = directive.ask("Hạn nộp báo cáo sơ kết?")
        return answer.text, answer.citations, answer.notes

    assert ask() == ask()
