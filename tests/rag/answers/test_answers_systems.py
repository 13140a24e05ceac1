"""Which site, software or form, and its address."""

import pytest

from tests.rag.conftest import cited, misquotes

SCHOOL_FORM = "https://forms.gle/6Gkb1iiZkSmh3auH6"
COMMUNE_FORM = "https://forms.gle/9nTH9YRfJ45Br1zZA"
QLTH = "https://qlth.quangninh.edu.vn"
CSDL_PROVINCE = "https://csdl.quangninh.edu.vn"
CSDL_MINISTRY = "https://csdl.moet.gov.vn"


@pytest.mark.parametrize(
    ("question", "address", "section"),
    [
        ("Phần mềm quản lý trường học ở địa chỉ nào?", QLTH, "PL4.1"),
        ("trang quan ly truong hoc la web nao", QLTH, "PL4.1"),
        ("link csdl ngành giáo dục Quảng Ninh", CSDL_PROVINCE, "PL4.1"),
        ("csdl nganh cua bo vao dia chi nao", CSDL_MINISTRY, "PL4.3"),
        ("link cập nhật cán bộ phụ trách cntt của trường", SCHOOL_FORM, "III.1-2"),
        ("link cho xã cập nhật cán bộ phụ trách", COMMUNE_FORM, "III.1-1"),
    ],
)
def test_the_address_and_nobody_else_s(directive, question, address, section):
    answer = directive.ask(question)

    assert address in answer.text
    assert section in cited(answer)
    assert not [other for other in {SCHOOL_FORM, COMMUNE_FORM} - {address} if other in answer.text]
    assert misquotes(directive, answer) == []


def test_both_forms_labelled_when_nobody_is_named(directive):
    answer = directive.ask("link cập nhật thông tin cán bộ phụ trách CNTT")

    lines = {line.rsplit(": ", 1)[1]: line for line in answer.text.splitlines()}
    assert "xã, phường" in lines[COMMUNE_FORM]
    assert "cơ sở giáo dục" in lines[SCHOOL_FORM]


def test_every_address_of_an_annex(directive):
    answer = directive.ask("cho xin tất cả link phần mềm trong phụ lục 4")

    assert all(address in answer.text for address in (QLTH, CSDL_PROVINCE, CSDL_MINISTRY))
    assert SCHOOL_FORM not in answer.text


@pytest.mark.parametrize(
    "typed", [CSDL_PROVINCE, "csdl.quangninh.edu.vn", "https://csdl.quangninh.edu.vn/", "HTTPS://CSDL.QUANGNINH.EDU.VN"]
)
def test_what_a_link_leads_to(directive, typed):
    answer = directive.ask(f"{typed} là trang gì?")

    assert answer.status == "answered"
    assert "Quảng Ninh" in answer.text
    assert CSDL_MINISTRY not in answer.text


@pytest.mark.parametrize("question", ["https://vidu.edu.vn là trang gì?", "Link nhóm Zalo của Sở?", "Địa chỉ trang Facebook của Sở?"])
def test_an_address_that_no_document_has_is_not_made_up(directive, question):
    answer = directive.ask(question)

    assert answer.status in ("offered", "not_found")
    assert "http" not in answer.text


@pytest.mark.parametrize(
    ("question", "address", "section"),
    [
        ("Kho học liệu số dùng chung ở địa chỉ nào?", "https://hoclieu.binhson.edu.vn", "II.5-1"),
        ("link hệ thống quản lý dữ liệu giáo dục tỉnh", "https://dulieu.binhson.edu.vn", "II.1-1"),
        ("Cuộc thi Thầy cô sáng tạo số gửi sản phẩm vào trang nào?", "https://sangtaoso.binhson.edu.vn", "II.5-3"),
    ],
)
def test_another_directive_works_the_same_way(example_assistant, question, address, section):
    answer = example_assistant.ask(question)

    assert address in answer.text
    assert section in cited(answer)


def test_an_address_that_differs_in_a_large_letter_is_another(directive):
    form = "https://forms.gle/9nTH9YRfJ45Br1zZA"

    assert form in directive.ask(f"{form.replace('https://forms.gle', 'HTTPS://Forms.gle')} là gì?").text
    assert directive.ask(f"{form.swapcase().replace('HTTPS://FORMS.GLE', 'https://forms.gle')} là gì?").status != "answered"
