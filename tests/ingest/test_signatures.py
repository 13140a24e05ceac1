"""Digital signatures of PDFs: signed, changed, forged, signed again, by whom one trusts and by whom not; keys are made here."""

from __future__ import annotations

import io
from datetime import date

import pytest
from pypdf import PdfWriter

from ingest.readers import read_file
from ingest.readers.contract import Reading
from ingest.readers.pdf import read_pdf
from ingest.readers.signatures import read_signatures
from ingest.signing import told
from ingest.trust import TrustRoots
from rag.errors import SettingError
from rag.signatures import Signature
from tests.ingest.signed_pdfs import BODY, Signer, changed_after, letter, save, stamp

TODAY = date(2030, 1, 1)
BLANK = TrustRoots()


@pytest.fixture(scope="module")
def root() -> Signer:
    return Signer.new("Gốc Minh Lĩnh", authority=True)


@pytest.fixture(scope="module")
def person(root) -> Signer:
    return Signer.new("Nguyễn Thị Hòa", "Sở GDĐT Minh Lĩnh", root)


@pytest.fixture(scope="module")
def department(root) -> Signer:
    return Signer.new("Sở GDĐT Minh Lĩnh", "Sở GDĐT Minh Lĩnh", root, days=31)


@pytest.fixture(scope="module")
def signed(person) -> bytes:
    return person.sign(letter())


def signatures(folder, data: bytes) -> tuple[Signature, ...]:
    return read_signatures(save(folder, data)).signatures


def read(path) -> Reading:
    """As ``read_file`` does in a child, but quicker."""
    return read_pdf(path, None, lambda done, pages: None)


def sentences(found, roots=BLANK, today=TODAY) -> str:
    return "\n".join(line.text for line in told(found, roots, today))


def test_who_signed_and_that_nothing_changed_is_told(tmp_path, signed):
    found = read_file(save(tmp_path, signed)).signatures
    assert [(s.signer, s.organisation, s.state) for s in found] == [("Nguyễn Thị Hòa", "Sở GDĐT Minh Lĩnh", "unchanged")]
    text = sentences(found)
    assert text.startswith("Ký số bởi Nguyễn Thị Hòa (Sở GDĐT Minh Lĩnh) lúc ")
    assert text.endswith("tệp không bị sửa từ khi ký; chưa kiểm tra chứng thư")
    assert not told(found, BLANK, TODAY)[0].alarm


def test_an_unsigned_file_has_nothing_to_tell(tmp_path):
    reading = read(save(tmp_path, letter()))
    assert reading.signatures == () and reading.problems == ()


@pytest.mark.parametrize("how", ["in place", "appended", "appended and signed by another"])
def test_a_changed_file_is_a_loud_warning(tmp_path, signed, how):
    data = signed.replace(b"15/11/2025", b"15/12/2025") if how == "in place" else changed_after(signed, "15/11/2025", "15/12/2025")
    if how == "appended and signed by another":
        data = Signer.new("Kẻ sửa").sign(data, "Ky2")
    reading = read(save(tmp_path, data))
    assert BODY.replace("/11/", "/12/") in reading.pages[0].text
    assert reading.signatures[0].state == "changed"
    assert told(reading.signatures, BLANK, TODAY)[0].alarm
    assert reading.problems[0].startswith("CẢNH BÁO: tệp đã bị sửa sau khi Nguyễn Thị Hòa (Sở GDĐT Minh Lĩnh) ký số lúc ")


def test_a_field_filled_in_after_signing_is_a_change(tmp_path, person):
    data = person.sign(letter(stamp("/Subtype /Widget /FT /Tx /T (so) /V (12)", 62, 340, "12")))
    writer = PdfWriter(io.BytesIO(data), incremental=True)
    writer.update_page_form_field_values(writer.pages[0], {"so": "99"}, auto_regenerate=False)
    out = io.BytesIO()
    writer.write(out)
    assert [s.state for s in signatures(tmp_path, out.getvalue())] == ["changed"]


@pytest.mark.parametrize("box", [None, (40, 40, 200, 100)])
def test_a_later_signature_is_no_change_even_one_that_is_seen(tmp_path, signed, department, box):
    data = department.sign(signed, "Ky2", box)
    data = department.sign(data, "Ky3", box)
    found = signatures(tmp_path, data + b"\n")
    assert [(s.signer, s.state, s.count) for s in found] == [("Nguyễn Thị Hòa", "unchanged", 1), ("Sở GDĐT Minh Lĩnh", "unchanged", 2)]
    assert "Ký số bởi Sở GDĐT Minh Lĩnh 2 lần, lần cuối lúc" in sentences(found)


def test_a_seen_signature_after_one_that_certifies_is_no_change(tmp_path, person, department):
    data = person.sign(letter(), certify=True)
    assert [s.state for s in signatures(tmp_path, department.sign(data, "Ky2", (40, 40, 200, 100)))] == ["unchanged", "unchanged"]


def test_a_signature_that_does_not_fit_its_certificate_is_forged(tmp_path, person):
    stranger = Signer.new("Nguyễn Thị Hòa")
    data = Signer(person.certificate, stranger.key).sign(letter())
    reading = read(save(tmp_path, data))
    assert [s.state for s in reading.signatures] == ["invalid"]
    assert "không khớp với chứng thư" in reading.problems[0]


def test_a_certificate_is_trusted_where_it_chains_to_a_root(tmp_path, root, signed):
    found = signatures(tmp_path, signed)
    (tmp_path / "goc").mkdir()
    (tmp_path / "goc" / "khac.cer").write_bytes(Signer.new("Gốc khác", authority=True).der)
    others = TrustRoots.load(tmp_path / "goc")
    assert others.of_signer(found[0]) == "untrusted"
    assert "chứng thư KHÔNG do nơi được tin cậy nào cấp" in sentences(found, others)
    (tmp_path / "goc" / "minh-linh.pem").write_bytes(root.pem)
    trusted = TrustRoots.load(tmp_path / "goc")
    assert trusted.of_signer(found[0]) == "trusted"
    assert sentences(found, trusted).endswith("chứng thư do nơi được tin cậy cấp")


def test_a_certificate_that_signs_itself_is_called_so(tmp_path):
    alone = Signer.new("Trần Tự Ký")
    found = signatures(tmp_path, alone.sign(letter()))
    assert "chứng thư tự ký, không do nơi cấp nào xác nhận; chưa kiểm tra chứng thư" in sentences(found)
    assert TrustRoots.load(save(tmp_path, alone.pem, "tu-ky.pem")).of_signer(found[0]) == "trusted"


def test_expired_certificates_and_weak_algorithms_are_called_so(tmp_path, root, department):
    (lapsed,) = signatures(tmp_path, department.sign(letter(), md_algorithm="sha1"))
    roots = TrustRoots.load(save(tmp_path, root.pem, "goc.pem"))
    text = sentences([lapsed], roots)
    assert "dùng SHA-1, thuật toán đã yếu" in text and "chứng thư do nơi được tin cậy cấp" in text and text.endswith(", sau khi ký")
    (late,) = signatures(tmp_path, Signer.new("Lê Quá Hạn", "", root, days=3).sign(letter()))
    assert roots.of_signer(late) == "untrusted"
    assert sentences([late]).endswith(", trước khi ký") and "ĐÃ HẾT HẠN" in sentences([late])


def test_a_file_that_was_saved_anew_lost_its_signature(tmp_path, signed):
    writer = PdfWriter(clone_from=io.BytesIO(signed))
    del writer.root_object["/AcroForm"]
    writer.write(tmp_path / "luu-lai.pdf")
    reading = read(tmp_path / "luu-lai.pdf")
    assert reading.signatures == () and "tệp từng được ký số" in reading.problems[0]


def test_a_broken_signature_leaves_the_document_readable(tmp_path, signed):
    start = signed.index(b"/Contents <") + 11
    garbled = signed[: start + 10] + b"00" * 40 + signed[start + 90 :]
    reading = read(save(tmp_path, garbled))
    assert BODY in reading.pages[0].text
    assert [s.state for s in reading.signatures] == ["unread"]
    assert "chưa kiểm tra được chữ ký (" in sentences(reading.signatures)
    cut = read(save(tmp_path, signed[:-200]))
    assert BODY in cut.pages[0].text and "chữ ký số chưa được kiểm tra" in cut.problems[0]


def test_a_file_of_roots_that_is_none_is_named(tmp_path):
    (tmp_path / "goc.pem").write_text("không phải chứng thư")
    with pytest.raises(SettingError, match=r"goc\.pem \(TRACUU_TRUST_ROOTS\)"):
        TrustRoots.load(tmp_path / "goc.pem")
    (tmp_path / "rong").mkdir()
    with pytest.raises(SettingError, match="Không có chứng thư nào"):
        TrustRoots.load(tmp_path / "rong")


def test_add_and_status_tell_who_signed_and_warn_of_a_change(tracuu, tmp_path, monkeypatch, root, person, signed):
    monkeypatch.setenv("TRACUU_TRUST_ROOTS", str(save(tmp_path, root.pem, "goc.pem")))
    added = tracuu("add", "--yes", "--number", "8/SGDĐT-QLCL", save(tmp_path, signed, "nguyen-ven.pdf"))
    assert added.code == 0
    assert "Ký số bởi Nguyễn Thị Hòa (Sở GDĐT Minh Lĩnh) lúc" in added.out
    assert "tệp không bị sửa từ khi ký; chứng thư do nơi được tin cậy cấp" in added.out
    changed = changed_after(signed, "15/11/2025", "15/12/2025")
    added = tracuu("add", "--yes", "--number", "9/SGDĐT-QLCL", save(tmp_path, changed, "da-sua.pdf"))
    assert "CẢNH BÁO: tệp đã bị sửa sau khi Nguyễn Thị Hòa" in added.out
    monkeypatch.delenv("TRACUU_TRUST_ROOTS")  # counts at once, nothing is read anew
    shown = tracuu("status").out
    assert "8/SGDĐT-QLCL: Ký số bởi Nguyễn Thị Hòa" in shown and "tệp không bị sửa từ khi ký; chưa kiểm tra chứng thư" in shown
    assert "9/SGDĐT-QLCL: Ký số bởi Nguyễn Thị Hòa" in shown and "TỆP ĐÃ BỊ SỬA SAU KHI KÝ" in shown
