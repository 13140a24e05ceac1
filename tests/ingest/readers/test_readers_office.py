"""Word and HTML files."""

import random
import shutil
import subprocess
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from ingest.readers import by_suffix, read_file
from rag.errors import ReadError

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
NOISE = random.Random(3).randbytes(3000)


def lines_of(path: Path) -> list[str]:
    return [line for page in read_file(path).pages for line in page.text.split("\n")]


def html(folder: Path, body: str, head: str = "", encoding: str = "utf-8") -> Path:
    path = folder / "trang.html"
    path.write_bytes(f"<html><head>{head}</head><body>{body}</body></html>".encode(encoding))
    return path


def test_html_keeps_the_document_and_drops_the_page_around_it(tmp_path):
    path = html(
        tmp_path,
        "<nav>Trang chủ</nav><script>var a</script><h2>Điều 1. Phạm vi</h2>"
        "<p>Thông tư này <b>quy\n định</b> về dạy&nbsp;học.</p><ol start=2><li>Trường học</li><li>Phòng</li></ol>"
        "<ul><li>Học sinh</li></ul>Dòng một<br>Dòng hai",
        "<title>Thông tư 42</title>",
    )
    assert lines_of(path) == [
        "## Điều 1. Phạm vi",
        "Thông tư này quy định về dạy học.",
        "2. Trường học",
        "3. Phòng",
        "- Học sinh",
        "Dòng một",
        "Dòng hai",
    ]
    assert read_file(path).meta == {}  # what a page is called in the browser says little of the document


def test_html_tables_become_rows_and_a_merged_cell_is_in_each(tmp_path):
    path = html(
        tmp_path,
        "<table><tr><th>TT<th>Việc<th>Hạn</tr><tr><td rowspan=2>1<td>Báo cáo<td>10/01</tr><tr><td>Tổng kết<td>30/6</tr></table>",
    )
    assert lines_of(path) == ["| TT | Việc | Hạn |", "| 1 | Báo cáo | 10/01 |", "| 1 | Tổng kết | 30/6 |"]


def test_a_table_that_only_lays_out_the_head_is_read_column_by_column(tmp_path):
    path = html(
        tmp_path,
        "<table><tr><td><p>UBND TỈNH QUẢNG NINH</p><p>SỞ GIÁO DỤC VÀ ĐÀO TẠO</p></td>"
        "<td><p>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</p><p>Độc lập - Tự do - Hạnh phúc</p></td></tr></table>",
    )
    assert lines_of(path) == [
        "UBND TỈNH QUẢNG NINH",
        "SỞ GIÁO DỤC VÀ ĐÀO TẠO",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
    ]


def test_html_says_its_encoding_itself(tmp_path):
    path = html(tmp_path, "<p>Quyết định</p>", '<meta charset="utf-16-le">', "utf-16-le")
    assert lines_of(path) == ["Quyết định"]


def test_deeply_nested_html_does_not_crash_the_reader(tmp_path):
    path = html(tmp_path, "<div>" * 50_000 + "Công văn")
    try:
        assert "Công văn" in read_file(path).pages[0].text
    except ReadError as error:
        assert "trang.html" in str(error)


def test_word_numbers_tables_and_footnotes(tmp_path):
    word = docx.Document()
    word.add_heading("NHIỆM VỤ CHUNG", 1)
    word.add_paragraph("Rà soát dữ liệu", style="List Number")
    word.add_paragraph("Nộp báo cáo", style="List Number")
    word.add_paragraph("Học sinh", style="List Bullet")
    table = word.add_table(rows=2, cols=3)
    for cell, text in zip(table.rows[0].cells, ["TT", "Việc", "Hạn"], strict=True):
        cell.text = text
    table.cell(1, 0).merge(table.cell(1, 1)).text = "Tổng kết"
    table.cell(1, 2).text = "30/6"
    word.save(tmp_path / "a.docx")
    assert lines_of(tmp_path / "a.docx") == [
        "# NHIỆM VỤ CHUNG",
        "1. Rà soát dữ liệu",
        "2. Nộp báo cáo",
        "- Học sinh",
        "| TT | Việc | Hạn |",
        "| Tổng kết |  | 30/6 |",
    ]


def test_word_pages_follow_the_breaks_that_word_noted(tmp_path):
    word = docx.Document()
    run = word.add_paragraph("Các trường nộp báo cáo trước ").add_run()
    run._r.append(parse_xml(f"<w:lastRenderedPageBreak {nsdecls('w')}/>"))
    run._r.append(parse_xml(f"<w:t {nsdecls('w')}>ngày 10/01.</w:t>"))
    run = word.add_paragraph().add_run()
    run._r.append(parse_xml(f"<w:lastRenderedPageBreak {nsdecls('w')}/>"))
    run._r.append(parse_xml(f"<w:t {nsdecls('w')}>Nơi nhận</w:t>"))
    word.save(tmp_path / "a.docx")
    pages = read_file(tmp_path / "a.docx").pages
    assert [(p.number, p.text, p.continues) for p in pages] == [
        (1, "Các trường nộp báo cáo trước", False),
        (2, "ngày 10/01.", True),
        (3, "Nơi nhận", False),
    ]


def test_a_truncated_word_file_is_named(tmp_path):
    docx.Document().save(tmp_path / "a.docx")
    whole = (tmp_path / "a.docx").read_bytes()
    (tmp_path / "a.docx").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ReadError, match=r"a\.docx.*hỏng"):
        read_file(tmp_path / "a.docx")


def test_a_word_file_that_unpacks_to_gigabytes_is_refused(tmp_path):
    docx.Document().save(tmp_path / "a.docx")
    with zipfile.ZipFile(tmp_path / "a.docx", "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/bomb.bin", bytes(420_000_000))
    with pytest.raises(ReadError, match=r"a\.docx.*giải nén lớn bất thường"):
        read_file(tmp_path / "a.docx")


def test_an_old_word_file_needs_libreoffice(tmp_path, monkeypatch):
    (tmp_path / "a.doc").write_bytes(OLE + "WordDocument".encode("utf-16-le"))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ReadError, match=r"a\.doc.*LibreOffice.*\.docx"):
        read_file(tmp_path / "a.doc")


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_an_old_word_file_is_read_through_libreoffice(tmp_path):
    word = docx.Document()
    word.add_paragraph("Điều 1. Phạm vi điều chỉnh")
    word.save(tmp_path / "a.docx")
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "doc", "--outdir", str(tmp_path), "a.docx"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    assert lines_of(tmp_path / "a.doc") == ["Điều 1. Phạm vi điều chỉnh"]


@pytest.mark.parametrize("suffix", sorted(by_suffix()))
def test_noise_of_any_name_is_refused_in_one_line(tmp_path, suffix):
    (tmp_path / f"a{suffix}").write_bytes(NOISE)
    with pytest.raises(ReadError, match=rf"\AKhông đọc được a{suffix}: [^\n]+\Z"):
        read_file(tmp_path / f"a{suffix}")


@pytest.mark.parametrize("content", [OLE + NOISE, OLE + NOISE + "EncryptedPackage".encode("utf-16-le"), b"MIME-Version: 1.0\n\nA"])
def test_what_is_called_doc_and_is_not_words_is_refused(tmp_path, content):
    (tmp_path / "a.doc").write_bytes(content)
    with pytest.raises(ReadError, match=r"a\.doc: (không phải văn bản Word|tệp Word có mật khẩu|nội dung không phải)"):
        read_file(tmp_path / "a.doc")


@pytest.mark.parametrize("name", ["a.doc", "a.docx", "a.pdf", "a.txt"])
def test_a_page_saved_under_another_name_is_read_as_the_page_it_is(tmp_path, name):
    html(tmp_path, "<p>Điều 1. Phạm vi</p>").rename(tmp_path / name)
    assert lines_of(tmp_path / name) == ["Điều 1. Phạm vi"]


def test_a_new_word_file_with_the_old_ending_needs_no_libreoffice(tmp_path, monkeypatch):
    word = docx.Document()
    word.add_paragraph("Điều 1. Phạm vi")
    word.save(tmp_path / "a.doc")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert lines_of(tmp_path / "a.doc") == ["Điều 1. Phạm vi"]


def test_a_table_of_excel_called_a_word_file_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as archive:
        archive.writestr("xl/workbook.xml", "<a/>")
    with pytest.raises(ReadError, match=r"a\.docx: .*không phải văn bản Word"):
        read_file(tmp_path / "a.docx")


def test_what_a_site_puts_around_a_document_is_left_out(tmp_path):
    menu = "".join(f'<li><a href="/{name}">{name}</a></li>' for name in ("Giới thiệu", "Tin tức", "Liên hệ"))
    path = html(
        tmp_path,
        f'<div id="header">Đường dây nóng: 0200 100 200</div><ul>{menu}</ul><div class="breadcrumb">Trang chủ » Tin</div>'
        '<div class="header"><p>UBND XÃ HÀ TÂN</p><p>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</p></div>'
        "<p>1. Nhà trường nhận hồ sơ tuyển sinh lớp 6 tại văn phòng trong giờ hành chính, xem mẫu đơn dưới đây.</p>"
        '<ul><li><a href="/don">Đơn dự tuyển</a></li></ul>'
        '<div class="related-news"><h3>Tin khác</h3><p>Bế giảng 25/5</p></div><p>© 2025 Trường Hà Tân</p>',
    )
    assert lines_of(path) == [
        "UBND XÃ HÀ TÂN",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "1. Nhà trường nhận hồ sơ tuyển sinh lớp 6 tại văn phòng trong giờ hành chính, xem mẫu đơn dưới đây.",
        "- Đơn dự tuyển",
    ]
