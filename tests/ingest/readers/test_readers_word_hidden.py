"""Word files with hidden letters: Word shows none of them, so none is read."""

import docx
import pytest
from docx.oxml import parse_xml

from ingest.readers.docx import read_docx
from tests.ingest.readers.test_readers_word import HEAD, SPACES, cell, lines_of, old_text_box, paragraph, row, run, table

HIDDEN_STYLES = (
    '<w:style w:type="paragraph" w:styleId="An"><w:name w:val="An"/><w:rPr><w:vanish/></w:rPr></w:style>',
    '<w:style w:type="paragraph" w:styleId="AnCon"><w:name w:val="AnCon"/><w:basedOn w:val="An"/></w:style>',
    '<w:style w:type="character" w:styleId="ChuAn"><w:name w:val="ChuAn"/><w:rPr><w:vanish w:val="true"/></w:rPr></w:style>',
)


def marked(text: str, mark: str) -> str:
    return run(text).replace("<w:r>", f"<w:r><w:rPr>{mark}</w:rPr>", 1)


@pytest.mark.parametrize(
    "style, mark, is_read",
    [
        ("", "<w:vanish/>", False),
        ("", '<w:vanish w:val="1"/>', False),
        ("", '<w:vanish w:val="0"/>', True),
        ("", '<w:rStyle w:val="ChuAn"/>', False),
        ("", '<w:rStyle w:val="ChuAn"/><w:vanish w:val="false"/>', True),
        ("An", "", False),
        ("AnCon", "<w:b/>", False),
        ("AnCon", '<w:vanish w:val="off"/>', True),
        ("An", '<w:rStyle w:val="ChuAn"/>', True),
        ("", '<w:rPrChange w:id="1" w:author="a"><w:rPr><w:vanish/></w:rPr></w:rPrChange>', True),
    ],
)
def test_hidden_letters_are_not_read(tmp_path, style, mark, is_read):
    word = docx.Document()
    word.styles.element.extend(parse_xml(f"<w:styles {SPACES}>{''.join(HIDDEN_STYLES)}</w:styles>"))
    of_style = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>'
    said = paragraph(of_style, marked("Hạn 01/01/2020.", mark), marked("Nộp tại phòng.", '<w:vanish w:val="0"/>'))
    for at, block in enumerate(parse_xml(f"<w:body {SPACES}>{said}{table(row('Việc', cell(said)))}</w:body>")):
        word.element.body.insert(at, block)
    word.save(tmp_path / "a.docx")

    read = "Hạn 01/01/2020.Nộp tại phòng." if is_read else "Nộp tại phòng."
    assert read_docx(tmp_path / "a.docx").pages[0].text.split("\n") == [read, f"| Việc | {read} |"]


def test_what_hangs_on_hidden_letters_and_hidden_rows_are_not_read(tmp_path):
    box = f"<w:r><w:rPr><w:vanish/></w:rPr>{old_text_box(paragraph('HỎA TỐC'))}</w:r>"

    read = lines_of(
        tmp_path,
        paragraph("Kính gửi", box),
        table(
            row(*HEAD), row("1", "Báo cáo", "10/01"), row("2", "A", "B", of="<w:hidden/>"), row("3", "C", "D", of='<w:hidden w:val="0"/>')
        ),
    )

    assert read == ["Kính gửi", "| TT | Việc | Hạn |", "| 1 | Báo cáo | 10/01 |", "| 3 | C | D |"]
