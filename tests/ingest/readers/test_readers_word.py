"""Word files as Word shows them: content controls, tracked changes, links, text boxes, tables whose rows begin further right."""

import zipfile
from pathlib import Path

import docx
import pytest
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml

from ingest.readers.docx import read_docx
from rag.errors import ReadError

SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
HEAD = ("TT", "Việc", "Hạn")


def lines_of(folder: Path, *blocks: str) -> list[str]:
    """Return the lines that are read of a Word file with these blocks in its body."""
    word = docx.Document()
    for block in parse_xml(f"<w:body {SPACES}>{''.join(blocks)}</w:body>"):
        word.element.body.insert(-1, block)
    word.save(folder / "a.docx")
    return [line for page in read_docx(folder / "a.docx").pages for line in page.text.split("\n")]


def run(text: str, kind: str = "t") -> str:
    return f'<w:r><w:{kind} xml:space="preserve">{text}</w:{kind}></w:r>'


def paragraph(*inner: str) -> str:
    return f"<w:p>{''.join(part if part.startswith('<') else run(part) for part in inner)}</w:p>"


def control(*inner: str) -> str:
    return f'<w:sdt><w:sdtPr><w:alias w:val="Ô nhập"/></w:sdtPr><w:sdtContent>{"".join(inner)}</w:sdtContent></w:sdt>'


def cell(*inner: str, of: str = "") -> str:
    return f"<w:tc><w:tcPr>{of}</w:tcPr>{''.join(part if part.startswith('<') else paragraph(part) for part in inner)}</w:tc>"


def row(*cells: str, of: str = "") -> str:
    return f"<w:tr><w:trPr>{of}</w:trPr>{''.join(part if part.startswith('<') else cell(part) for part in cells)}</w:tr>"


def table(*rows: str) -> str:
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(rows)}</w:tbl>"


@pytest.mark.parametrize(
    "made",
    [
        table(row(*HEAD), row(control(cell("1")), control(cell("Báo cáo")), "10/01")),
        table(row(*HEAD), control(row("1", "Báo cáo", "10/01"))),
        table(row(*HEAD), control(control(row("1", control(cell("Báo cáo")), "10/01")))),
        table(row(*HEAD), row("1", cell(control(paragraph("Báo cáo"))), cell(paragraph(control(run("10/01")))))),
        table(row(*HEAD), f"<w:customXml>{row('1', '<w:customXml>' + cell('Báo cáo') + '</w:customXml>', '10/01')}</w:customXml>"),
        control(table(row(*HEAD), row("1", "Báo cáo", "10/01"))),
        control(control(table(row(*HEAD), row("1", "Báo cáo", "10/01")))),
    ],
    ids=["cells", "row", "row and cell", "in cells", "custom xml", "table", "table in two"],
)
def test_what_stands_in_a_content_control_keeps_its_place_in_the_table(tmp_path, made):
    assert lines_of(tmp_path, paragraph("Phân công:"), made) == ["Phân công:", "| TT | Việc | Hạn |", "| 1 | Báo cáo | 10/01 |"]


def test_a_row_that_begins_further_right_stays_below_its_heads(tmp_path):
    later, sooner = '<w:gridBefore w:val="1"/>', '<w:gridAfter w:val="1"/>'

    read = lines_of(tmp_path, table(row(*HEAD), row("Báo cáo", "10/01", of=later), row("2", "Tổng kết", of=sooner)))

    assert read == ["| TT | Việc | Hạn |", "|  | Báo cáo | 10/01 |", "| 2 | Tổng kết |  |"]


def test_cells_over_several_rows_are_said_in_each_by_their_column(tmp_path):
    begins, goes_on, two = '<w:vMerge w:val="restart"/>', "<w:vMerge/>", '<w:gridSpan w:val="2"/>'

    read = lines_of(
        tmp_path,
        table(
            row("Cấp", "TT", "Việc", cell("Hạn", of=begins)),
            row(cell("Tiểu học", of=begins), "1", "Báo cáo", cell("", of=goes_on)),
            row(control(cell("", of=goes_on)), cell("Tổng kết", of=two), cell("", of=goes_on)),
            row(cell("2", of=""), "Sơ kết", "15/6", of='<w:gridBefore w:val="1"/>'),
        ),
    )

    assert read == [
        "| Cấp | TT | Việc | Hạn |",
        "| Tiểu học | 1 | Báo cáo | Hạn |",
        "| Tiểu học | Tổng kết |  | Hạn |",
        "|  | 2 | Sơ kết | 15/6 |",
    ]


def test_columns_that_word_only_draws_for_uneven_edges_are_none(tmp_path):
    two = '<w:gridSpan w:val="2"/>'

    read = lines_of(
        tmp_path,
        table(
            row(
                cell("UBND XÃ HÀ TÂN", of=two),
                cell(paragraph("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), paragraph("Độc lập - Tự do - Hạnh phúc"), of=two),
                of='<w:gridAfter w:val="1"/>',
            )
        ),
    )

    assert read == ["UBND XÃ HÀ TÂN", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"]


def test_tracked_changes_are_read_as_accepted(tmp_path):
    change = 'w:id="1" w:author="a" w:date="2026-01-01T00:00:00Z"'
    ended, gone = f"<w:pPr><w:rPr><w:del {change}/></w:rPr></w:pPr>", f"<w:del {change}/>"

    read = lines_of(
        tmp_path,
        paragraph("Nộp trước ngày ", f"<w:del {change}>{run('05/01', 'delText')}</w:del>", f"<w:ins {change}>{run('10/01')}</w:ins>", "."),
        paragraph(f"<w:moveFrom {change}>{run('Gửi qua thư.')}</w:moveFrom>"),
        paragraph(f"<w:moveTo {change}>{run('Gửi qua mạng.')}</w:moveTo>"),
        paragraph(ended, "Các trường "),
        paragraph("rà soát."),
        paragraph(ended, f"<w:del {change}>{run('Cũ', 'delText')}</w:del>"),
        table(
            row("TT", cell("Bỏ", of=f"<w:cellDel {change}/>"), "Việc", "Hạn"),
            row("1", "Bỏ", "10/01", of=gone),
            row("2", "Tổng kết", "30/6", of=f"<w:ins {change}/>"),
        ),
    )

    assert read == [
        "Nộp trước ngày 10/01.",
        "Gửi qua mạng.",
        "Các trường rà soát.",
        "| TT | Việc | Hạn |",
        "| 2 | Tổng kết | 30/6 |",
    ]


def test_links_fields_and_tags_are_read_where_they_stand(tmp_path):
    read = lines_of(
        tmp_path,
        paragraph(
            *("Xem ", f'<w:hyperlink w:anchor="a">{run("csdl.edu.vn")}</w:hyperlink>', ", trang "),
            *(f'<w:fldSimple w:instr="PAGE">{run("4")}</w:fldSimple>', ", tại "),
            f'<w:smartTag w:element="place"><w:smartTag w:element="City">{run("Hà Tân")}</w:smartTag></w:smartTag>',
            "<w:r><w:cr/></w:r>",
            f'<w:customXml w:element="day">{run("Hạn 10/01")}</w:customXml>',
        ),
    )

    assert read == ["Xem csdl.edu.vn, trang 4, tại Hà Tân", "Hạn 10/01"]


def text_box(*inner: str, old: str = "") -> str:
    new = f"<w:drawing><wps:txbx><w:txbxContent>{''.join(inner)}</w:txbxContent></wps:txbx></w:drawing>"
    return (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps">{new}</mc:Choice><mc:Fallback>{old}</mc:Fallback></mc:AlternateContent></w:r>'
    )


def old_text_box(*inner: str) -> str:
    return f"<w:pict><v:textbox><w:txbxContent>{''.join(inner)}</w:txbxContent></v:textbox></w:pict>"


def test_text_boxes_are_read_once_in_paragraphs_of_their_own(tmp_path):
    said = paragraph("UBND XÃ HÀ TÂN"), paragraph("TRƯỜNG THCS HÀ TÂN")
    dates = table(row(*HEAD), row("1", "Báo cáo", "10/01"))

    read = lines_of(
        tmp_path,
        paragraph("Kính gửi: ", text_box(*said, old=old_text_box(*said)), "các tổ chuyên môn"),
        paragraph(f"<w:r>{old_text_box(paragraph('HỎA TỐC'))}</w:r>"),
        control(paragraph("Lịch", text_box(dates))),
        table(row("Số", cell(paragraph("12", text_box(paragraph("mật"))))), row("Ngày", "10/01")),
    )

    assert read == [
        "Kính gửi: các tổ chuyên môn",
        *("UBND XÃ HÀ TÂN", "TRƯỜNG THCS HÀ TÂN", "HỎA TỐC"),
        *("Lịch", "| TT | Việc | Hạn |", "| 1 | Báo cáo | 10/01 |"),
        *("| Số | 12 mật |", "| Ngày | 10/01 |"),
    ]


def test_a_table_within_the_frame_of_another_keeps_its_rows(tmp_path):
    inner = table(row(*HEAD), row("1", "Báo cáo", "10/01"))

    framed = lines_of(tmp_path, table(row(cell("Phân công:", inner, paragraph("Hết")))))
    beside = lines_of(tmp_path, table(row("Nội dung", "Lịch"), row("Nộp", cell(inner, paragraph("")))))

    assert framed == ["Phân công:", "| TT | Việc | Hạn |", "| 1 | Báo cáo | 10/01 |", "Hết"]
    assert beside == ["| Nội dung | Lịch |", "| Nộp | ¦ TT ¦ Việc ¦ Hạn ¦ ¦ 1 ¦ Báo cáo ¦ 10/01 ¦ |"]


def test_tables_nested_dozens_deep_lose_no_words(tmp_path):
    nested = paragraph("Công văn")
    for _ in range(60):
        nested = table(row(cell(nested, paragraph("theo"))))

    assert lines_of(tmp_path, nested) == ["Công văn", *["theo"] * 60]


@pytest.mark.parametrize("within", [lambda inner: inner, lambda inner: table(row(cell(inner)))], ids=["boxes", "boxes and tables"])
def test_text_boxes_nested_deep_are_read_once_each(tmp_path, within):
    nested, said = "", [f"Mục {at}" for at in range(18)]
    for words in reversed(said):
        nested = within(paragraph(words, f"<w:r>{old_text_box(nested)}</w:r>" if nested else ""))

    assert lines_of(tmp_path, nested) == said


def test_cells_over_several_rows_within_one_another_do_not_multiply(tmp_path):
    nested, rows = paragraph("Nộp báo cáo về phòng."), 6
    for _ in range(7):
        first, more = cell(nested, of='<w:vMerge w:val="restart"/>'), cell("", of="<w:vMerge/>")
        nested = table(row(first, "1"), *(row(more, "2") for _ in range(rows - 1)))

    read = lines_of(tmp_path, nested)

    assert read[0].startswith("| ") and "Nộp báo cáo về phòng." in read[0]
    assert sum(map(len, read)) < 50_000  # six to the power of seven times the words are six million characters


def test_a_footnote_says_what_is_left_of_it(tmp_path):
    moved = f'<w:moveFrom w:id="1" w:author="a">{run("cũ ")}</w:moveFrom>'
    hidden = run("nháp ").replace("<w:r>", "<w:r><w:rPr><w:vanish/></w:rPr>")
    note = f'<w:footnote w:id="2">{paragraph("Theo ", moved, hidden, "Thông tư 27.")}{paragraph("Xem thêm.")}</w:footnote>'
    notes = f"<w:footnotes {SPACES}>{note}</w:footnotes>"
    word = docx.Document()
    part = Part(PackURI("/word/footnotes.xml"), CONTENT_TYPE.WML_FOOTNOTES, notes.encode())
    word.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    word.element.body.insert(0, parse_xml(f"<w:p {SPACES}>{run('Đánh giá')}<w:r><w:footnoteReference w:id='2'/></w:r></w:p>"))
    word.save(tmp_path / "a.docx")

    assert read_docx(tmp_path / "a.docx").pages[0].text.split("\n") == ["Đánh giá[^2]", "[^2]: Theo Thông tư 27. Xem thêm."]


def test_a_word_file_whose_markup_breaks_off_is_named(tmp_path):
    docx.Document().save(tmp_path / "a.docx")
    with zipfile.ZipFile(tmp_path / "a.docx") as whole, zipfile.ZipFile(tmp_path / "b.docx", "w") as broken:
        for name in whole.namelist():
            broken.writestr(name, whole.read(name)[: 200 if name == "word/document.xml" else None])

    with pytest.raises(ReadError, match=r"b\.docx.*hỏng"):
        read_docx(tmp_path / "b.docx")
