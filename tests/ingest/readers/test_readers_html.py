"""HTML pages as sites make them: whole pages in a form, fields and menus around the text, tables that lay out, tables in tables."""

from pathlib import Path

import pytest

from ingest.readers.html import read_html
from rag.errors import ReadError

TEXT = (
    "<h2>Công văn 12/UBND</h2><p>1. Các trường nộp báo cáo sơ kết học kì I về Phòng Văn hóa trước ngày 10/01/2026, gửi qua hộp thư "
    "công vụ của phòng.</p><p>2. Trường nào chưa có tài khoản thì đăng ký với bộ phận một cửa trong tuần này, kèm danh sách giáo viên.</p>"
)
READ = [
    "## Công văn 12/UBND",
    "1. Các trường nộp báo cáo sơ kết học kì I về Phòng Văn hóa trước ngày 10/01/2026, gửi qua hộp thư công vụ của phòng.",
    "2. Trường nào chưa có tài khoản thì đăng ký với bộ phận một cửa trong tuần này, kèm danh sách giáo viên.",
]
DATES = "<tr><td>TT<td>Việc<td>Hạn</tr><tr><td>1<td>Báo cáo<td>10/01</tr><tr><td>2<td>Tổng kết<td>30/6</tr>"
READ_DATES = ["| TT | Việc | Hạn |", "| 1 | Báo cáo | 10/01 |", "| 2 | Tổng kết | 30/6 |"]
STATE = '<input type="hidden" name="__VIEWSTATE" value="/wEPDwUKLTI2">'
SEARCH = (
    '<label for="q">Từ khóa cần tìm</label><input id="q"><select><option>Tất cả</option><option>Công văn</option></select>'
    "<button>Tìm</button>"
)


def lines_of(folder: Path, body: str) -> list[str]:
    (folder / "trang.html").write_text(f"<html><body>{body}</body></html>", encoding="utf-8")
    return [line for page in read_html(folder / "trang.html").pages for line in page.text.split("\n")]


@pytest.mark.parametrize(
    "body",
    [
        f'<form id="aspnetForm" action="./12.aspx">{STATE}<script>var theForm</script>{SEARCH}<div id="ctl00_Main">{TEXT}</div></form>',
        f'<form id="form1">{STATE}<div class="top-menu">Giới thiệu</div><main>{SEARCH}{TEXT}</main><textarea>Góp ý</textarea></form>',
        f'<form id="form1"><article>{TEXT}</article><div class="sidebar">{SEARCH}</div></form>',
        f"<form>{SEARCH}</form>{TEXT}<form><p>Gửi bình luận</p>Tên <input>, thư <input type=email>, lời <textarea></textarea></form>",
        f'<form id="aspnetForm"><table><tr><td>{SEARCH}</td></tr><tr><td>{TEXT}</td></tr></table></form>',
        f"<table><form><tr><td>{TEXT}</td></tr></form></table>",
        f"<form>{TEXT.partition('<p>2.')[0]}</form><form><p>2.{TEXT.partition('<p>2.')[2]}</form>",
    ],
    ids=["webforms", "main in a form", "article in a form", "forms beside", "form and table", "form in a table", "two forms"],
)
def test_the_text_in_a_form_is_read_and_what_is_filled_in_is_not(tmp_path, body):
    assert lines_of(tmp_path, body) == READ


def test_a_page_with_nothing_but_a_form_to_fill_in_holds_no_text(tmp_path):
    with pytest.raises(ReadError, match="không có chữ nào"):
        lines_of(tmp_path, "<form>Tên đăng nhập <input name=a> Mật khẩu <input type=password><input type=submit value=Vào></form>")


def test_what_opens_by_a_tick_keeps_its_heading(tmp_path):
    body = f'<form><input type="checkbox" id="o"><label for="o">Điều 1. Phạm vi</label>{TEXT}</form>'

    assert lines_of(tmp_path, body)[0].startswith("Điều 1. Phạm vi")


@pytest.mark.parametrize(
    "body",
    [
        f"<table><tr><td>Giới thiệu<br>Tin tức</td><td>{TEXT}<table>{DATES}</table></td></tr><tr><td>Hà Tân<td>0200</tr></table>",
        f"<table><tr><td><table><tr><td>Giới thiệu<br>Tin tức</table><td>{TEXT}<table>{DATES}</table></tr><tr><td>Hà Tân<td>0200</table>",
        f"<table role='presentation'><tr><td>Giới thiệu<br>Tin tức</td><td>{TEXT}<table>{DATES}</table></td></tr>"
        "<tr><td>Hà Tân<td>0200</tr></table>",
    ],
)
def test_a_page_that_is_laid_out_by_tables_is_read_in_paragraphs_with_its_own_tables(tmp_path, body):
    assert lines_of(tmp_path, body) == ["Giới thiệu", "Tin tức", *READ, *READ_DATES, "Hà Tân", "0200"]


def test_a_long_text_beside_a_menu_is_no_row_of_a_table(tmp_path):
    body = "".join(f"<p>{at}. Nhà trường thực hiện việc thứ {at} theo kế hoạch đã giao.</p>" for at in range(1, 20))

    read = lines_of(tmp_path, f"<table><tr><td>Tin tức</td><td>{body}</td></tr></table>")

    assert read[:3] == ["Tin tức", *(f"{at}. Nhà trường thực hiện việc thứ {at} theo kế hoạch đã giao." for at in (1, 2))]


@pytest.mark.parametrize("head", ["th", "td"])
def test_a_table_within_a_cell_of_a_table_takes_no_row_from_it(tmp_path, head):
    heads = "".join(f"<{head}>{name}</{head}>" for name in ("Đơn vị phụ trách", "Việc phải làm", "Hạn nộp báo cáo"))
    body = (
        f"<table><tr>{heads}</tr><tr><td>Tổ Toán<td>Sơ kết<table><tr><td>lớp 6<td>lớp 7</tr></table><td>10/01/2026</tr>"
        "<tr><td>Tổ Ngữ văn<td>Tổng kết năm học<td>30/6/2026</tr></table>"
    )

    assert lines_of(tmp_path, body) == [
        "| Đơn vị phụ trách | Việc phải làm | Hạn nộp báo cáo |",
        "| Tổ Toán | Sơ kết lớp 6 lớp 7 | 10/01/2026 |",
        "| Tổ Ngữ văn | Tổng kết năm học | 30/6/2026 |",
    ]


def test_a_table_framed_by_another_keeps_its_rows(tmp_path):
    assert lines_of(tmp_path, f"<table><tr><th>Lịch</th></tr><tr><td><table>{DATES}</table></td></tr></table>") == ["Lịch", *READ_DATES]


def test_a_long_cell_over_many_rows_is_said_once_and_a_short_one_in_each(tmp_path):
    long = "Nhà trường thực hiện theo kế hoạch đã giao. " * 400
    rows = "".join(f"<tr><td>{at}<td>10/01</tr>" for at in range(2, 101))
    heads = "<tr><th>Tổ<th>Việc<th>TT<th>Hạn</tr>"

    read = lines_of(tmp_path, f"<table>{heads}<tr><td rowspan=100>Toán<td rowspan=100>{long}<td>1<td>10/01</tr>{rows}</table>")

    assert read[1] == f"| Toán | {long.strip()} | 1 | 10/01 |"
    assert read[2:] == [f"| Toán |  | {at} | 10/01 |" for at in range(2, 101)]


UNSEEN = "Nộp hồ sơ trước ngày 01/01/2020 cho ông A."


@pytest.mark.parametrize(
    "hidden",
    [
        f'<div style="display:none">{UNSEEN}</div>',
        f'<DIV STYLE="Color: red; DISPLAY : None !important">{UNSEEN}</DIV>',
        f'<div style="display:block; display:none"><p>{UNSEEN}</p></div>',
        f"<p hidden>{UNSEEN}</p>",
        f'<p hidden="hidden">{UNSEEN}</p>',
        f'<div aria-hidden="true">{UNSEEN}</div>',
        f'<p style="visibility:hidden">{UNSEEN}</p>',
        f"<dialog><p>{UNSEEN}</p></dialog>",
        f"<dialog hidden open>{UNSEEN}</dialog>",
        f"<section hidden><div style='display:none'>{UNSEEN}</div>{UNSEEN}</section>",
    ],
)
def test_what_a_page_does_not_show_is_not_read(tmp_path, hidden):
    assert lines_of(tmp_path, f"{hidden}<main>{TEXT}{hidden}</main>") == READ
    assert lines_of(tmp_path, f"<p>Điều 1.</p>{hidden}Điều 2.{hidden}") == ["Điều 1.", "Điều 2."]


@pytest.mark.parametrize(
    "shown",
    [
        f'<div style="display:none; display:block">{TEXT}</div>',
        f'<div hidden style="display: block">{TEXT}</div>',
        f'<div hidden="until-found">{TEXT}</div>',
        f'<div aria-hidden="false" style="background:none">{TEXT}</div>',
        f"<dialog open>{TEXT}</dialog>",
        f"<details>{TEXT}</details>",
        f'<div aria-hidden="true">{TEXT}</div>',
    ],
    ids=["last said", "style before attribute", "until found", "not hidden", "open", "details", "behind a window that was open"],
)
def test_what_a_page_shows_is_read(tmp_path, shown):
    assert lines_of(tmp_path, shown) == READ


def test_a_page_that_a_script_shows_is_read_and_one_of_hidden_parts_alone_holds_no_text(tmp_path):
    (tmp_path / "a.html").write_text(f'<html><body style="visibility:hidden">{TEXT}</body></html>', encoding="utf-8")

    assert read_html(tmp_path / "a.html").pages[0].text.split("\n") == READ
    with pytest.raises(ReadError, match="không có chữ nào"):
        lines_of(tmp_path, f"<div hidden>{TEXT}</div>")


def test_hidden_cells_and_rows_are_none_of_a_table(tmp_path):
    cell, row = '<td style="display:none">7</td>', "<tr hidden><td>9<td>Ẩn<td>1/1</tr>"

    assert lines_of(tmp_path, f"<table>{DATES.replace('<td>Báo cáo', f'{cell}<td>Báo cáo')}{row}</table>") == READ_DATES


def test_text_around_parts_that_are_dropped_is_read_also_where_there_are_very_many(tmp_path):
    of_each_kind = "<script>1</script>một <i hidden>1</i>hai <label for=q>1</label>ba <b>bốn</b> <button>1</button>năm"

    assert lines_of(tmp_path, f"<input id=q>không {of_each_kind}") == ["không một hai ba bốn năm"]
    # one by one, each would copy the text that those before it left: minutes
    many = 120_000
    assert lines_of(tmp_path, "<script></script>chữ " * many) == [" ".join(["chữ"] * many)]
