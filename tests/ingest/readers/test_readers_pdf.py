"""PDFs and pictures, real ones where they are at hand; hostile ones made here."""

import shutil
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from PIL import Image
from rapidfuzz.distance import Levenshtein

from ingest.limited import SharedChild
from ingest.readers import isolate, read_file
from rag.errors import ReadError
from rag.language.text import words

SHARED = Path(__file__).resolve().parents[4] / "shared"
needs_shared = pytest.mark.skipif(not (SHARED / "pdf").is_dir(), reason="../shared/pdf is absent")
needs_tesseract = pytest.mark.skipif(not shutil.which("tesseract"), reason="tesseract is not installed")


def pick(source: str, pages: list[int], target: Path) -> Path:
    """Write some pages of a shared PDF to ``target``."""
    with pdfium.PdfDocument(SHARED / "pdf" / source) as whole, pdfium.PdfDocument.new() as chosen:
        chosen.import_pages(whole, pages)
        chosen.save(target)
    return target


def drawn(source: str, page: int, scale: float = 200 / 72) -> Image.Image:
    with pdfium.PdfDocument(SHARED / "pdf" / source) as document:
        return document[page].render(scale=scale).to_pil().convert("RGB")


def pdf_of(folder: Path, objects: list[str], name: str = "a.pdf") -> Path:
    """Write a PDF of these objects, numbered from 1; the first is the catalogue."""
    body = "%PDF-1.4\n"
    places = []
    for number, text in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n{text}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    body += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    body += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{body.index('xref')}\n%%EOF"
    path = folder / name
    path.write_text(body, encoding="latin-1")
    return path


@needs_shared
def test_a_good_text_layer_is_used_page_by_page(tmp_path):
    done = []
    reading = read_file(SHARED / "pdf/text/39-2020-TT-BGDDT.pdf", progress=lambda n, of: done.append((n, of)))
    assert done == [(n, 9) for n in range(1, 10)]
    assert [page.number for page in reading.pages] == list(range(1, 10))
    assert {page.read_as for page in reading.pages} == {"text"}
    lines = reading.pages[0].text.split("\n")
    assert lines[:4] == [
        "BỘ GIÁO DỤC VÀ ĐÀO TẠO",
        "Số: 39/2020/TT-BGDĐT",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
    ]
    assert "Điều 1. Phạm vi điều chỉnh và đối tượng áp dụng" in lines


@needs_shared
def test_running_heads_go_and_look_alikes_are_mended():
    decree = read_file(SHARED / "pdf/text/86-2021-ND-CP.pdf")
    assert not any("CÔNG BÁO/Số" in page.text for page in decree.pages[1:])
    rules = read_file(SHARED / "pdf/text/628-QD-DHQGHN.pdf")
    assert "Điều 1. Phạm vi điều chỉnh và đối tượng áp dụng" in rules.pages[0].text  # printed "tƣợng"
    assert rules.pages[2].continues


@needs_shared
def test_tables_are_rows_that_can_be_quoted():
    rows = read_file(SHARED / "pdf/text/840-DT-calendar-tables.pdf").pages[0].text.split("\n")
    assert "| TT | Thời gian thực hiện | Nội dung công việc | Đơn vị đầu mối | Đơn vị phối hợp |" in rows
    assert "| 9 | 08/09/2025-14/09/2025 | Buổi định hướng về công tác sinh viên | Phòng Đào tạo &CTSV | Các Khoa |" in rows


@needs_shared
@needs_tesseract
def test_garbled_layers_are_read_by_ocr_and_cached(tmp_path, monkeypatch):
    path = pick("trap/4998-QD-BGDDT-english-ocr-layer.pdf", [0], tmp_path / "4998.pdf")
    first = read_file(path, cache=tmp_path / "ocr")
    assert first.pages[0].read_as == "ocr"
    assert 0.85 < first.pages[0].confidence < 1
    assert "Quy định kỹ thuật về dữ liệu của cơ sở dữ liệu giáo dục và đào tạo" in first.pages[0].text
    monkeypatch.setenv("PATH", str(tmp_path))  # without tesseract: what was read is still there
    assert read_file(path, cache=tmp_path / "ocr").pages == first.pages


@needs_shared
@needs_tesseract
def test_a_text_without_a_vietnamese_letter_is_read_by_ocr_and_said(tmp_path):
    path = pick("trap/1132-QD-DHVN-broken-font-map.pdf", [0], tmp_path / "1132.pdf")
    reading = read_file(path)
    assert reading.pages[0].read_as == "ocr"
    assert reading.problems == ("trang 1: không có chữ tiếng Việt (có thể là tiếng nước ngoài)",)


@needs_shared
def test_without_tesseract_the_other_pages_are_still_read(tmp_path, monkeypatch):
    with (
        pdfium.PdfDocument(SHARED / "pdf/text/39-2020-TT-BGDDT.pdf") as text,
        pdfium.PdfDocument(SHARED / "pdf/scan/24-2023-ND-CP.pdf") as scan,
        pdfium.PdfDocument.new() as mixed,
    ):
        mixed.import_pages(text, [1])
        mixed.import_pages(scan, [1, 2])
        mixed.save(tmp_path / "mixed.pdf")
    monkeypatch.setenv("PATH", str(tmp_path))
    reading = read_file(tmp_path / "mixed.pdf")
    assert "Chất lượng của chương trình đào tạo" in reading.pages[0].text
    assert reading.pages[1].text == "" and reading.pages[1].confidence == 0
    assert reading.problems[0].startswith("trang 2-3: chưa có tesseract") and "tesseract-ocr-vie" in reading.problems[0]


@needs_shared
@needs_tesseract
@pytest.mark.parametrize(("turn", "tilt"), [(90, 0), (180, 0), (0, 3)])
def test_turned_and_tilted_pictures_are_put_right(tmp_path, turn, tilt):
    image = drawn("scan/24-2023-ND-CP.pdf", 1)
    image = image.rotate(tilt, fillcolor="white", resample=Image.Resampling.BICUBIC).rotate(turn, expand=True)
    image.save(tmp_path / "a.png")
    reading = read_file(tmp_path / "a.png")
    assert reading.pages[0].confidence > 0.9
    assert "Từ ngày 01 tháng 7 năm 2023, mức lương cơ sở là 1.800.000 đồng/tháng" in reading.pages[0].text


@needs_shared
@needs_tesseract
def test_a_red_stamp_does_not_hide_the_words_under_it(tmp_path):
    image = drawn("text/39-2020-TT-BGDDT.pdf", 1)
    stamp = Image.new("RGB", (600, 500), (225, 30, 40))
    image.paste(Image.blend(image.crop((400, 300, 1000, 800)), stamp, 0.5), (400, 300))
    image.save(tmp_path / "a.jpg", quality=85)
    seen = words(read_file(tmp_path / "a.jpg").pages[0].text)
    printed = words(read_file(SHARED / "pdf/text/39-2020-TT-BGDDT.pdf").pages[1].text)
    assert Levenshtein.normalized_distance(printed, seen) < 0.06


def test_a_locked_pdf_says_so(tmp_path):
    pypdf = pytest.importorskip("pypdf")
    writer = pypdf.PdfWriter()
    writer.add_blank_page(200, 200)
    writer.encrypt("bí mật", algorithm="AES-256")
    writer.write(tmp_path / "khoa.pdf")
    with pytest.raises(ReadError, match=r"khoa\.pdf.*mật khẩu"):
        read_file(tmp_path / "khoa.pdf")


@pytest.mark.parametrize("data", [b"%PDF-1.7\n1 0 obj\n<<", b"khong phai pdf"])
def test_a_broken_pdf_is_named(tmp_path, data):
    (tmp_path / "hong.pdf").write_bytes(data)
    with pytest.raises(ReadError, match=r"hong\.pdf.*hỏng"):
        read_file(tmp_path / "hong.pdf")


def test_ten_thousand_pages_are_refused(tmp_path):
    kids = " ".join(["3 0 R"] * 10_000)
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count 10000 /Kids [{kids}] >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>",
    ]
    with pytest.raises(ReadError, match=r"a\.pdf.*10000 trang"):
        read_file(pdf_of(tmp_path, objects))


def test_a_page_tree_that_loops_ends(tmp_path):
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Count 5 /Kids [2 0 R 2 0 R] /Parent 2 0 R >>",
    ]
    with pytest.raises(ReadError, match=r"a\.pdf"):
        read_file(pdf_of(tmp_path, objects))


def test_a_drawing_that_calls_itself_ends(tmp_path):
    form = "<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F 4 0 R >> >> /Length 12 >>"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R /Resources << /XObject << /F 4 0 R >> >> >>",
        form + "\nstream\n/F Do       \nendstream",
    ]
    with pytest.raises(ReadError, match=r"a\.pdf"):
        read_file(pdf_of(tmp_path, objects))


def test_a_reader_that_eats_memory_is_stopped(tmp_path):
    Image.new("L", (7000, 7000), 255).save(tmp_path / "to.png")
    with pytest.raises(ReadError, match=r"to\.png"):
        read_file(tmp_path / "to.png", memory=300 * 1024**2)


def test_a_reader_that_hangs_is_stopped(tmp_path, monkeypatch):
    (tmp_path / "a.html").write_text("<p>Công văn</p>")
    (tmp_path / "hanging_reader.py").write_text("import time\ntime.sleep(600)\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(isolate, "_SHARED", SharedChild("hanging_reader"))

    with pytest.raises(ReadError, match=r"a\.html.*giây"):
        read_file(tmp_path / "a.html", silence=0.2)


def test_a_picture_bomb_is_refused(tmp_path):
    Image.new("1", (20_000, 20_000)).save(tmp_path / "bom.png")
    with pytest.raises(ReadError, match=r"bom\.png.*quá lớn"):
        read_file(tmp_path / "bom.png")


def test_a_broken_picture_is_named(tmp_path):
    (tmp_path / "a.jpg").write_bytes(b"\xff\xd8\xff\xe0 hong")
    with pytest.raises(ReadError, match=r"a\.jpg.*hỏng"):
        read_file(tmp_path / "a.jpg")
