"""What a question names outright, however it is typed."""

import pytest

from rag.question.mentions import find_mentions


@pytest.mark.parametrize(
    ("text", "serial", "year", "kind"),
    [
        ("TT 42 về gì", "42", "", "tt"),
        ("TT42 quy định gì", "42", "", "tt"),
        ("thông tư số 42/2021 nói gì", "42", "2021", "tt"),
        ("thong tu 42 nam 2021", "42", "2021", "tt"),
        ("QĐ 4725 về việc gì", "4725", "", "qd"),
        ("quyet dinh so 4725", "4725", "", "qd"),
        ("luật 91 có gì", "91", "", "l"),
        ("kế hoạch số 0810", "810", "", "kh"),
    ],
)
def test_numbers_short_of_their_symbol(text, serial, year, kind):
    (number,) = find_mentions(text).numbers

    assert (number.serial, number.year, number.kind) == (serial, year, kind)


@pytest.mark.parametrize(
    ("text", "symbol"),
    [
        ("71-NQ/TW là gì", ("nq", "tw")),
        ("71-nq/tw la gi", ("nq", "tw")),
        ("71/NQ-CP là gì", ("nq", "cp")),
        ("42/2021/tt-bgddt", ("tt", "bgddt")),
        ("91/2025/QH15 điều 5", ("qh15",)),
    ],
)
def test_numbers_with_their_symbol(text, symbol):
    (number,) = find_mentions(text).numbers

    assert number.symbol == symbol


def test_a_lone_number_is_a_document_and_a_year_is_none():
    assert [number.serial for number in find_mentions("2607").numbers] == ["2607"]
    assert find_mentions("năm 2026 có gì").numbers == ()
    assert find_mentions("lớp 6 học mấy tiết").numbers == ()
    assert find_mentions("100% giáo viên").numbers == ()
    assert find_mentions("học kì 1 năm học 2025-2026").numbers == ()


def test_several_numbers_are_all_named():
    assert [number.serial for number in find_mentions("QĐ 4725 và QĐ 3276 khác gì nhau").numbers] == ["4725", "3276"]


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("hạn là 10/01/2026 à", ((10, 1, 2026),)),
        ("ngày 10 tháng 1 năm 2026", ((10, 1, 2026),)),
        ("ngay 10 thang 1", ((10, 1, 0),)),
        ("trước 30/6 hay 10/6", ((30, 6, 0), (10, 6, 0))),
        ("lớp 99/99", ()),
        ("viết bài 20/11", ((20, 11, 0),)),
        ("mã số V.07.03.27 là hạng mấy", ()),
    ],
)
def test_dates_with_or_without_a_year(text, dates):
    assert find_mentions(text).dates == dates


@pytest.mark.parametrize(
    ("text", "stretch"),
    [
        ("từ 10/01/2026 đến 30/01/2026 có hạn gì", ((10, 1, 2026), (30, 1, 2026))),
        ("10-01-2026 - 30-01-2026", ((10, 1, 2026), (30, 1, 2026))),
        ("từ ngày 15/12 đến hết ngày 10/1/2026", ((15, 12, 0), (10, 1, 2026))),
        ("từ ngày 1 đến 15/1/2026", ((1, 1, 2026), (15, 1, 2026))),
        ("ngày 10-01-2026 và 30-01-2026 có hạn gì", None),
        ("hạn là 10/01/2026 hay 30/01/2026", None),
    ],
)
def test_days_that_reach_from_one_to_the_other(text, stretch):
    assert find_mentions(text).stretch == stretch


@pytest.mark.parametrize("text", ["0983.691.800 của ai", "0983 691 800 là ai", "+84983691800 của ai", "so 0983691800"])
def test_phones_are_digits(text):
    mentions = find_mentions(text)

    assert mentions.phones == ("0983691800",)
    assert mentions.numbers == ()


def test_links_and_mail():
    mentions = find_mentions("https://csdl.moet.gov.vn và attt@binhson.edu.vn là gì")

    assert mentions.links == ("https://csdl.moet.gov.vn",)
    assert mentions.emails == ("attt@binhson.edu.vn",)
    assert mentions.rest.split() == ["và", "là", "gì"]


@pytest.mark.parametrize(
    "text", ["năm học 2025-2026", "nam hoc 2025 - 2026", "năm học 25-26", "NH 25-26", "nam hoc 25/26", "năm học 2025/2026"]
)
def test_the_school_year(text):
    assert find_mentions(text).school_year == ("2025", "2026")


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("nộp báo cáo ngày 11/12 có kịp không", ((11, 12, 0),)),
        ("nộp 08/09 được không", ((8, 9, 0),)),
        ("nộp ngày 10-11 được không", ((10, 11, 0),)),
        ("khối 10-11 học gì", ()),
        ("tiết 11-12 nghỉ", ()),
        ("lớp 11/12 học gì", ()),
        ("mục 10.11 nói gì", ()),
        ("trong 10-11 ngày", ()),
        ("ngày 25-26 tháng 12", ()),
    ],
)
def test_two_numbers_of_two_digits_are_no_school_year(text, dates):
    mentions = find_mentions(text)

    assert mentions.school_year is None
    assert mentions.dates == dates


def test_numbers_behind_a_label_stay_words_of_the_question():
    assert find_mentions("lớp 10-11 học mấy tiết").rest == "lớp 10-11 học mấy tiết"


def test_the_school_year_beside_a_span_of_years():
    assert find_mentions("giai đoạn 2022-2025, năm học 2025-2026").school_year == ("2025", "2026")


def test_a_span_of_years_is_no_school_year():
    assert find_mentions("giai đoạn 2022-2025").school_year is None


@pytest.mark.parametrize(
    ("text", "article"),
    [
        ("Điều 5 nói gì", "Điều 5"),
        ("khoản 2 Điều 5", "Điều 5.2"),
        ("dieu 5 khoan 2 diem a", "Điều 5.2.a"),
        ("điểm a khoản 2 Điều 5", "Điều 5.2.a"),
        ("điểm đ, khoản 4, điều 2", "Điều 2.4.đ"),
        ("điều 2 khoản 4 điểm Đ", "Điều 2.4.đ"),
        ("Điều 5a", "Điều 5a"),
    ],
)
def test_articles_clauses_and_points_in_any_order(text, article):
    assert find_mentions(text).article == article


def test_sections_and_annexes():
    assert find_mentions("mục IV.2 nói gì").section == "IV.2"
    assert find_mentions("muc iv.2").section == "IV.2"
    assert find_mentions("phụ lục III có gì").annex == "3"
    assert find_mentions("pl 4 muc 3").annex == "4"
    assert find_mentions("pl 4 muc 3").section == "3"
    assert find_mentions("phần mềm").section == ""


def test_percents_and_names():
    assert find_mentions("có phải 30% không").percents == ("30%",)
    assert find_mentions("trường của em ở Hồng Gai thì sao").names == (("hong", "gai"),)
    assert find_mentions("HẠN NỘP BÁO CÁO").names == ()
    assert find_mentions("gặp đồng chí nào").names == ()


@pytest.mark.parametrize(
    ("text", "no_days"),
    [
        ("hạn là 31/02/2026 à", ("ngày 31/02/2026",)),
        ("ngày 32/1 nộp gì", ("ngày 32/1",)),
        ("ngày 10 tháng 13 năm 2025", ("ngày 10 tháng 13 năm 2025",)),
        ("tháng 13/2025 có hạn gì", ("tháng 13/2025",)),
        ("ngày 29/2 nộp gì", ()),
        ("tháng 12/2025 có hạn gì", ()),
        ("15/20 học sinh", ()),
        ("lương tháng 13", ()),
    ],
)
def test_what_is_written_like_a_day_and_is_none(text, no_days):
    assert find_mentions(text).no_days == no_days
