"""Nearly identical documents: what a question names answers, else the newest, and which one that is is said."""

from __future__ import annotations

from datetime import date

import pytest

from ingest.pipeline import ingest
from rag.assistant import Assistant
from rag.question.conversation import Conversation

TODAY = date(2025, 12, 5)
LETTERHEAD = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n"
YEAR = """Trường Đại học An toàn Phú Hòa thông báo tuyển sinh trình độ đại học chính quy tuyển mới năm {year}

Căn cứ Hướng dẫn của Bộ về tuyển sinh năm {year}, Trường Đại học An toàn Phú Hòa thông báo tuyển sinh như sau:
1. Khu vực tuyển sinh: phía Nam.
2. Điều kiện
2.1. Có chứng chỉ ngoại ngữ quốc tế tính đến ngày 01/04/{year}.
2.2. Lệ phí thi đánh giá: {fee} đồng.
"""
ROUND = f"""TRƯỜNG CAO ĐẲNG KỸ THUẬT HÒA LÂM
Số: {{number}}/TB-CĐKT
{LETTERHEAD}Hòa Lâm, ngày 05 tháng 6 năm 2025
THÔNG BÁO
Tuyển sinh cao đẳng chính quy năm 2025 đợt {{round}}

Căn cứ Quy chế tuyển sinh;

1. Thời gian nhận hồ sơ: đến hết ngày {{day}}.
2. Điểm sàn xét tuyển ngành Điện lạnh: {{points}} điểm.
3. Hồ sơ gồm: phiếu đăng ký, học bạ, giấy khai sinh.
"""
FORM = f"""ĐẠI HỌC PHƯƠNG NAM
Số: {{number}}/TB-ĐHPN
{LETTERHEAD}Vĩnh An, ngày 20 tháng 3 năm 2025
THÔNG BÁO
Tuyển sinh đại học hình thức {{form}} năm 2025

Căn cứ Quy chế tuyển sinh;

1. Học phí: {{fee}} đồng/tín chỉ.
2. Thời gian đào tạo: {{years}} năm.
"""
SCHOOL = f"""UBND PHƯỜNG {{ward}}
TRƯỜNG THCS {{name}}
Số: {{number}}/TB-THCS
{LETTERHEAD}Minh Lĩnh, ngày 25 tháng 8 năm 2025
THÔNG BÁO
Về việc tựu trường năm học 2025-2026

Căn cứ Kế hoạch năm học;

1. Học sinh tập trung lúc {{hour}} ngày 29/8/2025.
2. Mọi thắc mắc xin liên hệ: cô {{who}} (văn phòng, điện thoại: {{phone}}).
"""
FILES = {
    "ts2023.md": YEAR.format(year=2023, fee="80.000"),
    "ts2025.md": YEAR.format(year=2025, fee="180.000"),
    "dot1.md": ROUND.format(number=41, round=1, day="30/6/2025", points=18),
    "dot2.md": ROUND.format(number=42, round=2, day="31/7/2025", points=17),
    "chinh-quy.md": FORM.format(number=310, form="chính quy", fee="450.000", years="4"),
    "tu-xa.md": FORM.format(number=311, form="đào tạo từ xa", fee="380.000", years="5"),
    "le-loi.md": SCHOOL.format(ward="TÂN HÒA", name="LÊ LỢI", number=31, hour="7 giờ 00", who="Trần Thị Mai", phone="0911.111.222"),
    "nguyen-du.md": SCHOOL.format(ward="BÌNH SƠN", name="NGUYỄN DU", number=45, hour="7 giờ 30", who="Vũ Thị Lan", phone="0911.333.444"),
}


@pytest.fixture(scope="module")
def families(tmp_path_factory) -> Assistant:
    corpus, data = tmp_path_factory.mktemp("corpus"), tmp_path_factory.mktemp("data")
    for name, text in FILES.items():
        (corpus / name).write_text(text, encoding="utf-8")
    ingest(corpus, data)
    return Assistant(data, today=TODAY)


@pytest.mark.parametrize(
    ("question", "said", "unsaid"),
    [
        ("lệ phí thi đánh giá năm 2023 bao nhiêu", ["80.000"], ["180.000"]),
        ("le phi thi danh gia nam nay bao nhieu", ["180.000"], [" 80.000"]),
        ("điểm sàn ngành Điện lạnh đợt 1", ["18 điểm"], ["17 điểm"]),
        ("nhan ho so dot hai den ngay nao", ["31/7/2025"], ["30/6/2025"]),
        ("hoc phi he tu xa bao nhieu mot tin chi", ["380.000"], ["450.000"]),
        ("thcs nguyen du tap trung luc may gio", ["7 giờ 30"], ["7 giờ 00"]),
        ("liên hệ văn phòng trường Lê Lợi số nào", ["0911.111.222"], ["0911.333.444"]),
    ],
)
def test_what_is_named_answers_and_no_other(families, question, said, unsaid):
    answer = families.ask(question)

    assert answer.status == "answered"
    assert all(fact in answer.text for fact in said)
    assert not any(fact in answer.text for fact in unsaid)


@pytest.mark.parametrize(
    ("question", "said", "unsaid"),
    [
        ("lệ phí thi đánh giá bao nhiêu", ["180.000", "năm 2025"], [" 80.000"]),
        ("điểm sàn ngành Điện lạnh là bao nhiêu", ["17 điểm", "đợt 2"], ["18 điểm"]),
        ("học phí bao nhiêu một tín chỉ", ["450.000", "chính quy", "380.000", "đào tạo từ xa"], []),
        ("học sinh tập trung lúc mấy giờ", ["7 giờ 00", "7 giờ 30"], []),
    ],
)
def test_where_nothing_is_named_the_newest_answers_and_which_it_is_is_said(families, question, said, unsaid):
    answer = families.ask(question)

    assert answer.status == "answered"
    assert all(fact in answer.text for fact in said)
    assert not any(fact in answer.text for fact in unsaid)


def test_an_older_one_that_says_otherwise_is_mentioned_and_one_that_says_the_same_is_not(families):
    other = families.ask("lệ phí thi đánh giá bao nhiêu")
    same = families.ask("khu vực tuyển sinh ở đâu")

    assert any("năm 2023" in note for note in other.notes)
    assert not any("năm 2023" in note for note in same.notes)


@pytest.mark.parametrize(
    ("question", "there"),
    [
        ("lệ phí thi đánh giá năm 2024 bao nhiêu", "năm 2023"),
        ("lệ phí thi đánh giá năm ngoái bao nhiêu", "năm 2025"),
        ("điểm sàn ngành Điện lạnh đợt 4", "đợt 1"),
        ("học phí hệ liên thông bao nhiêu một tín chỉ", "chính quy"),
        ("trường THCS Hoàng Diệu tập trung lúc mấy giờ", "THCS"),
    ],
)
def test_what_is_not_there_is_refused_with_what_there_is(families, question, there):
    answer = families.ask(question)

    assert answer.status == "not_found"
    assert there.lower() in answer.text.lower()
    assert not answer.citations


@pytest.mark.parametrize(
    ("first", "then", "fact"),
    [
        ("lệ phí thi đánh giá bao nhiêu?", "còn năm 2023?", "80.000"),
        ("điểm sàn ngành Điện lạnh đợt 1?", "còn đợt 2?", "17 điểm"),
        ("học phí hệ chính quy bao nhiêu một tín chỉ?", "thế hệ từ xa?", "380.000"),
    ],
)
def test_a_follow_up_changes_only_what_it_names(families, first, then, fact):
    conversation = Conversation()
    families.ask(first, conversation)

    assert fact in families.ask(then, conversation).text
