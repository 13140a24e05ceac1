"""Documents as offices write them, added today, with no question on them in the bank: timetables, fees, notices, contact lists."""

from __future__ import annotations

import pytest

from ingest.pipeline import ingest
from rag.assistant import Assistant

_LETTERHEAD = """SỞ GIÁO DỤC VÀ ĐÀO TẠO HẢI MINH
Số: {number}
V/v {about}
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Hải Minh, ngày 20 tháng 3 năm 2026

Kính gửi: Các trường phổ thông.

"""
_EXAM = (
    _LETTERHEAD.format(number="455/SGDĐT-QLCL", about="hướng dẫn thi tuyển sinh lớp 10")
    + """I. Lịch thi
| Ngày | Buổi | Môn thi | Khối | Giờ bắt đầu |
|---|---|---|---|---|
| 02/6/2026 | Sáng | Ngữ văn | 9 | 8 giờ 00 |
| 02/6/2026 | Chiều | Tiếng Anh | 8, 9 | 14 giờ 30 |
| 03/6/2026 | Sáng | Toán; phần tự luận | 9 | 8 giờ 05 |
II. Lệ phí
| TT | Nội dung | Mức thu (đồng) | Số bản |
|---|---|---|---|
| 1 | Thi tuyển | 120.000 | 2 |
| 2 | Phúc khảo | 40.000 | 1 |
"""
)
_BOARDING = (
    _LETTERHEAD.format(number="208/SGDĐT-CTHS", about="đón học sinh nội trú")
    + """1. Đón học sinh khối 10 vào khu nội trú
1.1. Thời gian: 8 giờ ngày 30/8/2026.
1.2. Địa điểm: Nhà đa năng.
2. Đón học sinh khối 11 vào khu nội trú
2.1. Thời gian: 14 giờ ngày 31/8/2026.
2.2. Địa điểm: Sân kí túc xá.
3. Mỗi phòng bố trí không quá 02 HSKT.
4. Giáo viên không phải lập sổ theo dõi riêng cho học sinh khuyết tật (HSKT).
"""
)
_HELP = (
    _LETTERHEAD.format(number="88/TB-SGDĐT", about="thông tin tư vấn tuyển sinh")
    + """I. THÔNG TIN CHUNG
- Tên cơ sở đào tạo: Trường Trung cấp Kỹ thuật Hải Minh.
- Mã trường: THM.
- Website: https://tuyensinh.haiminh.edu.vn
- Hotline: 0988000111 (nhánh 1)
II. ĐẦU MỐI
+ Phạm Văn Cường – Chuyên viên - Phòng Công tác sinh viên - SĐT: 0982.000.717
"""
)


_TESTS = (
    _LETTERHEAD.format(number="512/SGDĐT-QLCL", about="lịch kiểm tra cuối học kì I")
    + """I. Lịch kiểm tra cuối kì
| Ngày | Buổi | Khối 10 | Khối 11 | Khối 12 | Thời lượng |
|---|---|---|---|---|---|
| 24/12 | Sáng | Tiếng Anh | Tiếng Anh | Tiếng Anh | 60 phút |
|  | Chiều | Vật lí | Hóa học | Địa lí | 45 phút |
| 26/12 | Sáng | Hóa học; Địa lí | Tin học | Hóa học | 45 phút mỗi môn |
Nơi nhận:
- Như trên;
- Lưu: VT.
KT. GIÁM ĐỐC
PHÓ GIÁM ĐỐC
Lâm Hữu Thịnh
"""
)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory, today) -> Assistant:
    corpus, data = tmp_path_factory.mktemp("corpus"), tmp_path_factory.mktemp("small")
    for name, text in (("lich-thi.md", _EXAM), ("noi-tru.md", _BOARDING), ("tu-van.md", _HELP)):
        (corpus / name).write_text(text, encoding="utf-8")
    ingest(corpus, data)
    return Assistant(data, today=today)


@pytest.fixture(scope="module")
def timetable(tmp_path_factory, today) -> Assistant:
    corpus, data = tmp_path_factory.mktemp("corpus"), tmp_path_factory.mktemp("timetable")
    (corpus / "kiem-tra.md").write_text(_TESTS, encoding="utf-8")
    ingest(corpus, data)
    return Assistant(data, today=today)


@pytest.mark.parametrize(
    ("question", "facts", "quote"),
    [
        ("môn toán thi lúc mấy giờ", ("8 giờ 05", "03/6/2026"), "| 03/6/2026 | Sáng | Toán; phần tự luận | 9 | 8 giờ 05 |"),
        ("mon tieng anh thi ngay nao", ("02/6/2026", "Chiều"), "| 02/6/2026 | Chiều | Tiếng Anh | 8, 9 | 14 giờ 30 |"),
        ("mức thu phúc khảo bao nhiêu", ("Mức thu (đồng): 40.000",), "| 2 | Phúc khảo | 40.000 | 1 |"),
        ("đón học sinh khối 10 ở đâu", ("Nhà đa năng",), "Địa điểm: Nhà đa năng."),
        ("đón học sinh khối 11 lúc mấy giờ", ("14 giờ ngày 31/8/2026",), "Thời gian: 14 giờ ngày 31/8/2026."),
        ("mỗi phòng có mấy học sinh khuyết tật", ("không quá 02",), "Mỗi phòng bố trí không quá 02 HSKT."),
        ("website tuyển sinh", ("https://tuyensinh.haiminh.edu.vn",), "Website: https://tuyensinh.haiminh.edu.vn"),
        ("hotline tư vấn tuyển sinh", ("0988000111",), "Hotline: 0988000111 (nhánh 1)"),
        ("hotline", ("0988000111",), "Hotline: 0988000111 (nhánh 1)"),
        ("mã trường trung cấp kỹ thuật hải minh là gì", ("THM",), "Mã trường: THM."),
        ("sđt anh cường phòng công tác sinh viên", ("0982.000.717",), "0982.000.717"),
    ],
)
def test_what_stands_there_is_answered_with_its_line(shelf, question, facts, quote):
    answer = shelf.ask(question)

    assert answer.status == "answered", answer.text
    assert all(fact in answer.text for fact in facts), answer.text
    assert any(quote in citation.quote for citation in answer.citations)


@pytest.mark.parametrize(
    "question",
    [
        "môn ngữ văn khối 8 thi lúc mấy giờ",
        "môn toán khối 8 thi ngày nào",
        "môn vật lí thi ngày nào",
        "học phí nội trú mỗi tháng bao nhiêu",
        "số điện thoại giám đốc sở",
    ],
)
def test_what_stands_nowhere_is_not_answered(shelf, question):
    assert shelf.ask(question).status != "answered"


def test_the_figures_of_other_columns_are_left_out(shelf):
    assert "Số bản" not in shelf.ask("mức thu phúc khảo bao nhiêu").text


def test_a_line_of_few_words_is_said_under_the_heading_that_it_is_of(shelf):
    assert shelf.ask("đón học sinh khối 10 ở đâu").text.startswith("Đón học sinh khối 10 vào khu nội trú:")


def test_a_first_cell_that_spans_rows_is_said_with_each_and_other_classes_do_not_count(timetable):
    answer = timetable.ask("khối 11 kiểm tra cuối kì môn Hóa hôm nào")

    assert answer.status == "answered"
    assert "24/12" in answer.text and "Chiều" in answer.text
    assert "26/12" not in answer.text
    assert "24/12" in answer.citations[0].quote


@pytest.mark.parametrize("question", ["tiền ăn mỗi bữa bao nhiêu", "kinh phí đón học sinh", "đồng phục nội trú"])
def test_no_letterhead_and_no_list_of_recipients_is_offered(shelf, question):
    answer = shelf.ask(question)

    assert not {"Mở đầu", "Nơi nhận"}.intersection(one.section for one in (*answer.citations, *answer.related))


def test_the_letterhead_says_when_a_document_was_issued(shelf):
    answer = shelf.ask("công văn đón học sinh nội trú ban hành ngày nào")

    assert "20 tháng 3 năm 2026" in answer.text
