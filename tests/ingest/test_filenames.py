"""Files as people name and place them: long names, odd letters, twins, links; one bad file costs one file."""

from __future__ import annotations

import asyncio
import io
import os
import unicodedata

import pytest
from starlette.datastructures import UploadFile

from bot.web.admin.uploads import store
from ingest.filenames import LONGEST, cut, kept_name, shown
from rag.index.snapshot import SnapshotReader
from tests.ingest.office import PARKING, circular

LETTERS = "ế" * 150
APART = unicodedata.normalize("NFD", "Kế hoạch tổ chức Hội khỏe Phù Đổng của trường Phú Hòa năm học này, " * 9)
LONG = APART.encode()[:236].decode(errors="ignore") + ".txt"


@pytest.fixture
def indexed(office, tracuu, monkeypatch):
    monkeypatch.setenv("TRACUU_ENCODER", "off")
    tracuu("ingest")
    return office


@pytest.fixture
def inbox(tmp_path):
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


def put(folder, name: str | bytes, number: int, text: str = "") -> None:
    with open(os.path.join(os.fsencode(folder), os.fsencode(name)), "wb") as file:  # noqa: PTH118, PTH123 (the name may be bytes)
        file.write((text or circular(f"{number}/2023/TT-BGDĐT", f"Việc: Việc thứ {number} của trường.")).encode())


def loaded(office) -> set[str]:
    return {document.number for document in SnapshotReader(office.data).get().store.documents() if document.present}


def test_odd_names_go_in_and_those_that_cannot_cost_one_file_each(indexed, tracuu, inbox):
    good = [LONG, "b" * (LONGEST - 4) + ".txt", " cách .txt", "'nháy\".txt", "-rf.txt", "a..b.txt", "😀 vui.txt", "Hoa.txt", "hoa.txt"]
    for number, name in enumerate([*good, "dòng\nmới.txt", b"xau\xff.txt", "m\x1b[31m.txt"], 1):
        put(inbox, name, number)

    result = tracuu("add", inbox, "x" * 300, "--yes")

    assert result.code == 1
    assert "Bỏ qua 4 tệp" in result.out
    for line in ("dòng\\nmới.txt: tên tệp có dấu xuống dòng", "xau\\xff.txt: tên tệp không phải chữ Unicode", "m\\x1b[31m.txt: tên tệp"):
        assert f"  - {line}" in result.out
    assert {f"{number}/2023/TT-BGDĐT" for number in range(1, len(good) + 1)} <= loaded(indexed)
    assert {kept_name(name) for name in good} <= {path.name for path in indexed.corpus.iterdir()}
    # and out again, by the name as somebody types it, with the file kept
    for name in (unicodedata.normalize("NFC", LONG), "b" * (LONGEST - 4) + ".txt"):
        assert tracuu("remove", name).code == 0
    assert not {"1/2023/TT-BGDĐT", "2/2023/TT-BGDĐT"} & loaded(indexed)
    assert len(list((indexed.data / "trash").iterdir())) == 2


def test_two_spellings_of_one_name_are_one_file(indexed, tracuu, inbox):
    for form, title in (("NFC", "Một"), ("NFD", "Hai")):
        name = unicodedata.normalize(form, "thể lệ.txt")
        put(inbox, name, 5, circular("5/2023/TT-BGDĐT", f"Việc: Lần {title}."))
        assert tracuu("add", inbox / name, "--yes", "--title", title).code == 0

    assert [path.name for path in indexed.corpus.glob("th*")] == ["thể lệ.txt"]
    assert (indexed.corpus / "added.yaml").read_text(encoding="utf-8").count("file:") == 1
    assert SnapshotReader(indexed.data).get().store.document("5/2023/TT-BGDĐT").title == "Hai"


def test_what_the_catalog_says_of_a_file_counts_for_its_name_as_a_mac_writes_it(indexed, tracuu):
    put(indexed.corpus, unicodedata.normalize("NFD", "thể lệ.txt"), 5)
    indexed.write("catalog.yaml", "documents:\n  - {number: 6/2023/TT-BGDĐT, file: thể lệ.txt}\n")

    tracuu("ingest")

    assert "6/2023/TT-BGDĐT" in loaded(indexed)


def test_links_pipes_and_endless_files_in_the_corpus_are_named_and_not_followed(indexed, tracuu, inbox):
    put(inbox, "ngoài.txt", 7)
    (indexed.corpus / "liên kết.txt").symlink_to(inbox / "ngoài.txt")
    (indexed.corpus / "thư mục ngoài").symlink_to(inbox)
    (indexed.corpus / "vòng").symlink_to(indexed.corpus)
    (indexed.corpus / "tự trỏ.txt").symlink_to("tự trỏ.txt")
    os.mkfifo(indexed.corpus / "ống.pdf")
    with (indexed.corpus / "thưa.txt").open("wb") as file:
        file.truncate(3 * 10**12)

    result = tracuu("ingest")

    assert result.code == 1
    assert "Bỏ qua 6 tệp" in result.out
    assert result.out.count("là liên kết tới nơi khác nên không được đi theo") == 4
    assert "ống.pdf: không phải là tệp thường" in result.out
    assert "thưa.txt: lớn hơn 2 GB" in result.out
    assert loaded(indexed) == {"11/2024/TT-BGDĐT", "12/2024/TT-BGDĐT"}
    assert "liên kết.txt" in tracuu("status").out
    # but who names a link means the file it leads to
    assert tracuu("add", indexed.corpus / "liên kết.txt", "--yes").code == 1
    assert "7/2023/TT-BGDĐT" in loaded(indexed)
    assert not (indexed.corpus / "liên kết.txt").is_symlink()


def test_an_upload_gets_a_name_that_every_disk_takes(tmp_path):
    names = [f"{LETTERS}.pdf", f"{LETTERS}2.pdf", unicodedata.normalize("NFD", "đề.docx"), "../../thoát.txt", "C:\\a\\b\n.md", "-x.txt"]

    kept = asyncio.run(store(tmp_path, [UploadFile(io.BytesIO(PARKING.encode()), filename=name) for name in names]))

    assert [path.read_text(encoding="utf-8") for path in kept] == [PARKING] * len(names)
    assert all(len(os.fsencode(path.name)) <= LONGEST and path.parent.parent == tmp_path / "uploads" for path in kept)
    assert [path.name for path in kept[2:]] == ["đề.docx", "thoát.txt", "b.md", "-x.txt"]
    assert kept[0].name != kept[1].name
    assert [path.suffix for path in kept[:2]] == [".pdf", ".pdf"]


def test_a_name_is_cut_between_letters_and_shown_in_one_line():
    assert cut("ngắn.pdf") == "ngắn.pdf"
    assert "\udcbf" not in cut(f"{LETTERS}.pdf", 100)
    assert cut("a" * 300).startswith("aaa")
    assert shown("a\nb\x1b\udcff") == "a\\nb\\x1b\\xff"
