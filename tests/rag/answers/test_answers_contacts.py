"""Whom to call, and whose number this is."""

import pytest

from ingest.pipeline import ingest
from rag.assistant import Assistant
from tests.rag.conftest import cited, misquotes

ALIKE = """Số: 100/SGDĐT-VP

Kính gửi: Các trường học trên địa bàn tỉnh.

Mọi vướng mắc về kiểm kê tài sản liên hệ đồng chí Nguyễn Thị Hòa, chuyên viên phụ trách tài sản, điện thoại 0912.345.678.

Mọi vướng mắc về thư viện liên hệ đồng chí Trần Văn Bình, chuyên viên phụ trách thư viện, điện thoại 0912.345.678.

Mọi vướng mắc về thiết bị liên hệ đồng chí Lê Thị Hoa, chuyên viên phụ trách thiết bị, điện thoại 0987.654.321.
"""
PEOPLE = {"Cao Bá Duyệt": "0972.523.518", "Nguyễn Văn Triều": "0917.792.140", "Vũ Thế Quí": "0983.691.800"}


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("Liên hệ ai về thống kê giáo dục?", "Vũ Thế Quí"),
        ("vướng mắc về chuyển đổi số gọi ai", "Cao Bá Duyệt"),
        ("sdt nguoi phu trach ung dung cntt", "Nguyễn Văn Triều"),
        ("ai phụ trách lĩnh vực CĐS bên Sở?", "Cao Bá Duyệt"),
        ("cho em xin số anh Triều", "Nguyễn Văn Triều"),
        ("so dien thoai dong chi Vu The Qui", "Vũ Thế Quí"),
        ("đc Duyệt phụ trách lv gì", "Cao Bá Duyệt"),
    ],
)
def test_one_field_one_person(directive, question, name):
    answer = directive.ask(question)

    assert name in answer.text
    assert PEOPLE[name] in answer.text
    assert not [phone for other, phone in PEOPLE.items() if other != name and phone in answer.text]
    assert misquotes(directive, answer) == []


def test_everybody_when_no_field_is_named(directive):
    answer = directive.ask("Cho xin tất cả đầu mối hỗ trợ của Sở kèm số điện thoại")

    assert all(name in answer.text and phone in answer.text for name, phone in PEOPLE.items())
    assert {"IV(1)", "IV(2)", "IV(3)"} <= set(cited(answer))


@pytest.mark.parametrize("typed", ["0972.523.518", "0972523518", "0972 523 518", "+84 972 523 518", "0972-523-518"])
def test_whose_number_this_is_in_every_grouping(directive, typed):
    answer = directive.ask(f"{typed} là số của ai?")

    assert "Cao Bá Duyệt" in answer.text
    assert cited(answer) == ["IV(1)"]


@pytest.mark.parametrize("question", ["0912345678 là số của ai?", "số 0903 111 222 của đồng chí nào"])
def test_a_number_that_nobody_has_is_nobody_s(directive, question):
    assert directive.ask(question).status in ("offered", "not_found")


@pytest.mark.parametrize(
    ("question", "lead"),
    [
        ("Số của anh Duyệt là 0917.792.140 đúng không?", "Không phải"),
        ("Số của anh Duyệt là 0972.523.518 đúng không?", "Đúng"),
    ],
)
def test_a_supposed_number_is_confirmed_or_corrected(directive, question, lead):
    answer = directive.ask(question)

    assert answer.text.startswith(lead)
    assert "0972.523.518" in answer.text
    assert "0917.792.140" not in answer.text


def test_a_supposed_field_is_not_confirmed(directive):
    answer = directive.ask("Đồng chí Triều phụ trách lĩnh vực chuyển đổi số phải không?")

    assert not answer.text.startswith("Đúng")
    assert "ứng dụng công nghệ thông tin" in answer.text


@pytest.mark.parametrize(
    "question",
    [
        "Số điện thoại của giám đốc sở là bao nhiêu?",
        "Cho xin số thầy Nguyễn Văn Hùng",
        "số điện thoại hiệu trưởng trường THPT Hòn Gai",
        "Đồng chí Triều bao nhiêu tuổi?",
        "email của anh Duyệt",
    ],
)
def test_what_is_not_known_of_people_is_not_made_up(directive, question):
    answer = directive.ask(question)

    assert answer.status in ("offered", "not_found")
    assert not [phone for phone in PEOPLE.values() if phone in answer.text]


@pytest.mark.parametrize(
    "question", ["cho em xin điện thoại và email của đồng chí Cao Bá Duyệt", "cho em xin dien thoai va email cua dong chi cao ba duyet"]
)
def test_of_two_ways_to_reach_somebody_the_one_that_is_known_is_told_and_of_the_other_that_it_is_not(directive, question):
    answer = directive.ask(question)

    assert "0972.523.518" in answer.text
    assert "Chỗ này không nêu địa chỉ thư điện tử." in answer.notes


def test_a_contact_in_a_footnote_comes_with_what_it_is_for(directive):
    answer = directive.ask("Trường mới thành lập muốn có tài khoản cơ sở dữ liệu ngành thì nhắn Zalo cho ai?")

    assert "0983.691.800" in answer.text
    assert "PL4.3" in cited(answer)


@pytest.mark.parametrize(
    ("question", "fact", "section"),
    [
        ("Dữ liệu ngành liên hệ ai?", "0203 3825 516", "III(1)"),
        ("Email của ông Tráng?", "trangdc@binhson.edu.vn", "III(1)"),
        ("Số tổng đài hỗ trợ kỹ thuật?", "1900 6644", "III(4)"),
        ("maylt@binhson.edu.vn là của ai?", "Lò Thị Mây", "III(2)"),
        ("Sự cố an toàn thông tin gọi số nào?", "0912345678", "III(3)"),
    ],
)
def test_another_directive_works_the_same_way(example_assistant, question, fact, section):
    answer = example_assistant.ask(question)

    assert fact in answer.text
    assert section in cited(answer)
    assert misquotes(example_assistant, answer) == []


@pytest.fixture(scope="module")
def alike(tmp_path_factory, today) -> Assistant:
    """Two people with one phone, two whose names differ in a mark."""
    corpus, data = tmp_path_factory.mktemp("corpus"), tmp_path_factory.mktemp("data")
    (corpus / "100-SGDDT-VP.md").write_text(ALIKE, encoding="utf-8")
    ingest(corpus, data)
    return Assistant(data, today=today)


@pytest.mark.parametrize("question", ["có những ai để liên hệ?", "0912345678 là số của ai?"])
def test_two_people_with_one_phone_are_two(alike, question):
    text = alike.ask(question).text

    assert "Nguyễn Thị Hòa" in text
    assert "Trần Văn Bình" in text


@pytest.mark.parametrize("question", ["so cua co pham thi hoa", "cho em số điện thoại của cô phạm thị hoa", "số của cô Phạm Thị Hòa?"])
def test_another_family_name_is_another_person(alike, question):
    answer = alike.ask(question)

    assert answer.status in ("offered", "not_found")
    assert "0912.345.678" not in answer.text


@pytest.mark.parametrize(
    ("question", "name", "other"),
    [
        ("số của chị Hòa?", "Nguyễn Thị Hòa", "Lê Thị Hoa"),
        ("số của chị Hoa?", "Lê Thị Hoa", "Nguyễn Thị Hòa"),
        ("so cua co nguyen thi hoa", "Nguyễn Thị Hòa", "Lê Thị Hoa"),
    ],
)
def test_a_name_is_told_from_one_like_it(alike, question, name, other):
    text = alike.ask(question).text

    assert name in text
    assert other not in text
