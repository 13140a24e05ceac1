"""``tracuu edit``: what was guessed of a document is said otherwise, emptied, looked at first, refused where it cannot be."""

from __future__ import annotations

import pytest
import yaml

from rag.index.snapshot import SnapshotReader
from tests.ingest.office import article

PARKING = "11/2024/TT-BGDĐT"


@pytest.fixture
def indexed(office, tracuu):
    office.write("nội-quy.txt", "NỘI QUY\nThư viện trường học\n\nĐiều 1. Mượn sách\n\nHọc sinh được mượn 03 quyển sách.\n")
    office.write("kho.jsonl", article("1/2020/TT-BYT", 1, "Y tế", "Trường có một nhân viên y tế."))
    tracuu("ingest")
    return office


def documents(office):
    return {document.number: document for document in SnapshotReader(office.data).get().store.documents()}


def test_what_was_guessed_is_said_otherwise_and_emptied(indexed, tracuu):
    told = tracuu("edit", PARKING, "--number", "21/2024/TT-BGDĐT", "--issued", "2024-04-06", "--title", "")

    found = documents(indexed)
    assert (told.code, found[PARKING].present) == (0, False)
    assert (found["21/2024/TT-BGDĐT"].issued, found["21/2024/TT-BGDĐT"].title) == ("2024-04-06", "")
    assert "2.000 đồng" in tracuu("ask", "phí gửi xe đạp bao nhiêu").out

    tracuu("edit", "11.txt", "--issued", "")
    tracuu("ingest")

    kept = documents(indexed)["21/2024/TT-BGDĐT"]
    assert (kept.issued, kept.title, kept.issuer) == ("", "", "Bộ Giáo dục và Đào tạo")
    added = yaml.safe_load((indexed.corpus / "added.yaml").read_text(encoding="utf-8"))
    assert added["documents"] == [{"file": "11.txt", "number": "21/2024/TT-BGDĐT", "issued": "", "title": ""}]


def test_a_document_without_number_is_named_by_its_file_and_can_be_given_one(indexed, tracuu):
    assert "nội-quy (không có số hiệu)" in " ".join(tracuu("status").out.split())
    assert not documents(indexed)["nội-quy"].numbered

    changed = tracuu("edit", "nội-quy", "--number", "5/NQ-THPT", "--dry-run")
    assert (changed.code, "+ 5/NQ-THPT" in changed.out, "nội-quy" in documents(indexed)) == (0, True, True)

    tracuu("edit", "nội-quy", "--number", "5/NQ-THPT")
    assert documents(indexed)["5/NQ-THPT"].source == "nội-quy.txt"


REFUSED = [
    ([PARKING], "Chưa nói sửa gì"),
    ([PARKING, "--issued", "31/02/2024"], "--issued phải là một ngày"),
    ([PARKING, "--effective", "2024-02-31"], "--effective phải là một ngày"),
    ([PARKING, "--number", "12/2024/TT-BGDĐT"], "Đã có văn bản 12/2024/TT-BGDĐT, từ tệp 12.txt"),
    (["99/2024/TT-X", "--title", "A"], "Không có văn bản hay tệp nào là 99/2024/TT-X"),
    (["1/2020/TT-BYT", "--title", "A"], "tuyển tập kho.jsonl"),
]


def test_what_cannot_be_is_refused_in_a_line_and_nothing_changes(indexed, tracuu):
    before = documents(indexed)

    refused = [(tracuu("edit", *arguments), said) for arguments, said in REFUSED]

    assert [(one.code, said in one.err, one.err.strip().count("\n")) for one, said in refused] == [(2, True, 0)] * len(REFUSED)
    assert documents(indexed) == before
    assert not (indexed.corpus / "added.yaml").exists()


def test_a_doubt_is_shown_with_its_file_until_it_is_confirmed(office, tracuu, tmp_path):
    (tmp_path / "7-QD-UBND.txt").write_text(
        "QUYẾT ĐỊNH\nVề việc nghỉ hè\n\nĐiều 1. Nghỉ hè\n\nHọc sinh nghỉ từ 01/6/2026.\n", encoding="utf-8"
    )

    shown = tracuu("add", tmp_path / "7-QD-UBND.txt", "--yes").out
    assert "Hãy kiểm tra “7/QĐ-UBND”: lấy từ tên tệp." in shown
    assert "7-QD-UBND.txt: Hãy kiểm tra “7/QĐ-UBND”" in tracuu("status").out

    tracuu("edit", "7/QĐ-UBND", "--number", "7/QĐ-UBND")
    assert "Hãy kiểm tra" not in tracuu("status").out
