"""Of a long provision the words that answer, with all that turns their meaning."""

import pytest

from rag.answers.focus import focused
from rag.language.tables import readable, rows_of
from tests.rag.conftest import cited

RULE = (
    "Nhà trường lưu hồ sơ điện tử của học sinh trên hệ thống chung của ngành theo hướng dẫn của Sở. "
    "Học sinh được mượn thiết bị của nhà trường trong 30 ngày. Trừ thiết bị của phòng thí nghiệm. "
    "Cuối năm học, nhà trường kiểm kê thiết bị và báo cáo kết quả về Sở theo mẫu đính kèm văn bản này."
)


@pytest.fixture
def focus(read, directive):
    return lambda question, text: focused(read(question), text, -1, directive.shelf().weights)


def test_the_rest_of_a_paragraph_goes_and_an_exception_stays(focus):
    said = focus("Học sinh được mượn thiết bị trong bao lâu?", RULE)

    assert said == "Học sinh được mượn thiết bị của nhà trường trong 30 ngày. Trừ thiết bị của phòng thí nghiệm."


def test_a_clause_of_a_list_keeps_what_announces_it(focus):
    things = "; ".join(f"việc thứ {at} của nhà trường trong năm học này là rà soát phần số {at}" for at in range(1, 9))
    said = focus("mượn máy chiếu có bị cấm không", f"Học sinh không được: {things}; mượn máy chiếu ngoài giờ học.")

    assert said.startswith("Học sinh không được:")
    assert "mượn máy chiếu ngoài giờ học" in said


def test_a_figure_is_said_with_its_clause(directive):
    answer = directive.ask("Tối thiểu bao nhiêu phần trăm đơn vị được kiểm tra?")

    assert answer.text.startswith("đảm bảo tối thiểu 30%")
    assert "Xây dựng kế hoạch và tổ chức kiểm tra" in answer.citations[0].quote  # the whole stays in the quote
    assert cited(answer) == ["III.6"]


def test_items_stand_below_each_other_where_a_list_is_asked_for(directive):
    lines = directive.ask("Ba nhóm dịch vụ công trực tuyến gồm những gì?").text.split("\n")

    assert [line[:5] for line in lines[1:]] == ["- (1)", "- (2)", "- (3)"]


@pytest.mark.parametrize(
    "row",
    ["| 1 | Nhóm 7: a) Có giấy; b) Có bằng | Giấy; bằng |", "| | Nhóm 7: a) Có giấy; b) Có bằng | Giấy; bằng |"],
)
def test_a_row_survives_semicolons_and_missing_cells(row):
    table = f"| TT | Đối tượng | Minh chứng |\n|---|---|---|\n{row}\n| 2 | Nhóm 6"

    found = next(one for one in rows_of(table) if "Nhóm 7" in one.line)

    assert found.line == row
    assert found.said == "Đối tượng: Nhóm 7: a) Có giấy; b) Có bằng; Minh chứng: Giấy; bằng"
    assert "|" not in readable(f"Như sau:\n{table}\nHết.")
    assert readable(f"Như sau:\n{table}\nHết.").splitlines()[0] == "Như sau:"


def test_the_titles_of_a_table_say_nothing_on_their_own():
    table = "| TT | Việc |\n|---|---|\n| 1 | Đăng ký |"

    assert [row.said for row in rows_of(table)] == ["", "", "Việc: Đăng ký"]
    assert readable(table) == "Việc: Đăng ký"
