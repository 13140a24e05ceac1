"""What is put over the page of a PDF: number and day belong to its text, notes of readers and signing blocks do not."""

import io
import shutil
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter

from ingest.metadata import read_metadata
from ingest.readers.pdf import read_pdf
from tests.ingest.signed_pdfs import BODY, letter, save, stamp

SHARED = Path(__file__).resolve().parents[4] / "shared"
SIGNATURE = "/Subtype /Widget /FT /Sig /T (a)"
TEXT_FIELD = "/Subtype /Widget /FT /Tx /T (b)"
FREE = "/Subtype /FreeText"


def read(path: Path, cache: Path | None = None):
    return read_pdf(path, cache, lambda done, pages: None)


def lines(folder: Path, data: bytes) -> list[str]:
    return read(save(folder, data)).pages[0].text.split("\n")


@pytest.mark.parametrize("kind", [SIGNATURE, TEXT_FIELD, FREE, "/Subtype /Stamp"])
def test_number_and_day_are_read_where_they_are_stamped(tmp_path, kind):
    path = save(tmp_path, letter(stamp(kind, 62, 340, "1239"), stamp(kind, 140, 320, "24")))
    found = read_metadata(read(path), path.name, "", {})
    assert (found.number, found.issued) == ("1239/SGDĐT-QLCL", "2025-10-24")


def test_a_field_without_a_drawing_of_its_own_is_read_too(tmp_path):
    field = "/DA (/F1 12 Tf 0 g) /V (77)"
    data = letter(f"<< /Type /Annot {TEXT_FIELD} {field} /Rect [62 338 100 354] /F 4 >>")
    assert "Số: 77 /SGDĐT-QLCL" in lines(tmp_path, data)


@pytest.mark.parametrize(
    "note",
    [
        stamp("/Subtype /Text /Contents (xem)", 60, 340, "xem"),
        stamp("/Subtype /Highlight", 60, 340, "xem"),
        stamp(SIGNATURE.replace("/T", "/F 2 /T"), 60, 340, "xem").replace("/F 4", ""),
        stamp(SIGNATURE, 60, 200, "Người ký: Hòa", "Thời gian: 24/10/2025 08:15:00"),
        stamp(SIGNATURE, 60, 200, "Ký bởi: Hòa"),
        stamp(SIGNATURE, 60, 200, "hoa@minhlinh.edu.vn"),
    ],
)
def test_notes_and_signing_blocks_are_no_text_of_the_document(tmp_path, note):
    assert lines(tmp_path, letter(note)) == lines(tmp_path, letter())


def test_of_a_signing_block_the_number_stays(tmp_path):
    block = stamp(SIGNATURE, 60, 200, "Số: 840/SGDĐT", "Thời gian: 24/10/2025 08:15:00")
    text = lines(tmp_path, letter(block))
    assert "Số: 840/SGDĐT" in text and not any("08:15" in line for line in text)


@pytest.mark.skipif(not (SHARED / "pdf").is_dir() or not shutil.which("tesseract"), reason="../shared/pdf or tesseract is absent")
def test_stamps_on_a_scan_are_read_letter_by_letter(tmp_path):
    writer = PdfWriter(clone_from=SHARED / "pdf/scan/911-TB-DHVN.pdf")
    for _ in range(3):
        writer.remove_page(1)
    writer.write(tmp_path / "a.pdf")
    reading = read(tmp_path / "a.pdf")
    assert reading.pages[0].read_as == "ocr"
    assert "Số: 911 /TB-ĐHVN" in reading.pages[0].text
    assert "Hà Nội, ngày 06 tháng 09 năm 2024" in reading.pages[0].text


def test_the_properties_of_a_file_are_no_title(tmp_path):
    writer = PdfWriter(clone_from=io.BytesIO(letter()))
    writer.add_metadata({"/Title": "Microsoft Word - Document1"})
    writer.write(tmp_path / "a.pdf")
    assert read_metadata(read(tmp_path / "a.pdf"), "a.pdf", "", {}).title == ""


def test_files_in_a_file_are_named(tmp_path):
    writer = PdfWriter(clone_from=io.BytesIO(letter()))
    writer.add_attachment("phu-luc.xlsx", b"PK")
    writer.write(tmp_path / "a.pdf")
    (problem,) = read(tmp_path / "a.pdf").problems
    assert problem.startswith("tệp đính kèm bên trong chưa được đọc: phu-luc.xlsx")


def test_what_only_the_owner_may_change_is_read(tmp_path):
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(letter())))
    writer.encrypt("", "chu-so-huu", algorithm="AES-256")
    writer.write(tmp_path / "a.pdf")
    reading = read(tmp_path / "a.pdf")
    assert BODY in reading.pages[0].text and reading.problems == ()
