"""The store: real SQLite files, built once and only read."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor

import pytest

from rag.documents import Contact, Deadline, Document, Doubt, Footnote, Provision, Reference, System
from rag.index.store import Store

LAW = Document("91/2025/QH15", kind="Luật", title="Luật Bảo vệ dữ liệu cá nhân", validity="in_force", pages=30)
LETTER = Document("2607/SGDĐT-GDPT", kind="Công văn", confidence=0.97, read_as="ocr")
NAMED = Document("131/QĐ-TTg", present=False)


def provision(id, document, section, parent=None, **more):
    return Provision(id, document, section, "section", section, f"Tiêu đề {section}", f"Lời văn {id}", 1, parent, **more)


RICH = provision(
    11,
    LETTER.number,
    "II.1",
    parent=10,
    headings=("II. Nhiệm vụ", "1. Chương trình"),
    page_starts=((0, 2), (181, 3)),
    footnotes=(Footnote("1", "Thông tư 32", 2),),
    doubts=(Doubt("1O/01", "low", "chữ O trong một số"),),
    confidence=0.91,
)
# ids on purpose not in the order of reading
PROVISIONS = [
    provision(10, LETTER.number, "II"),
    RICH,
    provision(9, LETTER.number, "II.2", parent=10),
    provision(8, LETTER.number, "II"),  # a closing paragraph has the path of the part it closes
    provision(20, LAW.number, "Điều 1"),
]
DEADLINE = Deadline("báo cáo sơ kết", "trường", "Sở", "trước 10/01", "2026-01-10", "", 11, "trước ngày 10/01/2026")
LATER = Deadline("báo cáo tổng kết", "trường", "Sở", "trước 30/5", "2026-05-30", "", 9, "trước ngày 30/5/2026")
CONTACT = Contact("Phòng GDPT", "đầu mối", "028 3829 0000", "", "", 11, "liên hệ Phòng GDPT")
SYSTEM = System("Cổng dữ liệu", "https://csdl.example.vn", "nhập số liệu", 9, "nhập trên Cổng dữ liệu")


@pytest.fixture
def store(tmp_path):
    path = tmp_path / "thư mục có dấu & 100%?#" / "store.sqlite"
    path.parent.mkdir()
    records = [DEADLINE, CONTACT, LATER, SYSTEM]
    Store.build(path, [LETTER, LAW, NAMED], PROVISIONS, records, {"built_with": "0.1"})
    return Store.open(path)


def test_documents_come_back_as_they_were_in_order(store):
    assert store.documents() == [LETTER, LAW, NAMED]
    assert store.document("91/2025/QH15") == LAW
    assert store.document("91/2025/QH14") is None


def test_a_provision_comes_back_with_all_its_parts(store):
    assert store.provision(11) == RICH
    assert store.provision(11).page_at(200) == 3
    with pytest.raises(KeyError):
        store.provision(999)


def test_provisions_come_in_the_order_asked_and_unknown_ids_are_left_out(store):
    assert list(store.provisions([20, 999, 8, 11])) == [20, 8, 11]
    assert store.provisions([]) == {}


def test_more_ids_than_sqlite_takes_variables(store):
    assert set(store.provisions(range(100_000))) == {8, 9, 10, 11, 20}


def test_a_section_path_names_the_first_provision_that_has_it(store):
    found = store.section(LETTER.number, "II")
    assert found is not None
    assert found.id == 10
    assert store.section(LETTER.number, "II.3") is None
    assert store.section(LAW.number, "II") is None


def test_a_document_reads_in_order(store):
    assert [p.id for p in store.of_document(LETTER.number)] == [10, 11, 9, 8]
    assert store.of_document("không có") == []


def test_children_read_in_order(store):
    assert [p.id for p in store.children(10)] == [11, 9]
    assert store.children(11) == []


def test_records_by_kind_and_by_provision(store):
    assert store.records(Deadline) == [DEADLINE, LATER]
    assert store.records(Reference) == []
    assert store.records_of([9, 20], Deadline) == [LATER]
    assert store.records_of([9, 11], Deadline) == [DEADLINE, LATER]
    assert store.records_of([11], Contact) == [CONTACT]
    assert store.records_of([], System) == []


def test_counts_and_meta(store):
    kinds = (Document, Provision, Deadline, Contact, Reference)
    assert [store.count(kind) for kind in kinds] == [3, 5, 2, 1, 0]
    assert store.meta("built_with") == "0.1"
    assert store.meta("khác") is None


def test_many_threads_read_one_store(store):
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: store.provisions([8, 9, 10, 11, 20])[11 if n % 2 else 20].id, range(400)))
    assert answers == [20, 11] * 200


def test_reading_leaves_no_trace_and_cannot_write(tmp_path):
    # given a store
    Store.build(tmp_path / "s", [LAW], [], [], {})
    before = (tmp_path / "s").read_bytes()
    # when it is opened and read
    store = Store.open(tmp_path / "s")
    assert store.documents() == [LAW]
    # then the file is as it was, alone, and refuses to be written
    assert [path.name for path in tmp_path.iterdir()] == ["s"]
    assert (tmp_path / "s").read_bytes() == before
    with pytest.raises(sqlite3.OperationalError):
        store.source._connection.execute("DELETE FROM documents")


def test_two_documents_of_one_number_are_refused(tmp_path):
    with pytest.raises(sqlite3.IntegrityError):
        Store.build(tmp_path / "s", [LAW, LAW], [], [], {})


@pytest.mark.parametrize("content", [None, b"", b"khong phai SQLite " * 100])
def test_opening_what_is_no_store_is_an_error(tmp_path, content):
    if content is not None:
        (tmp_path / "s").write_bytes(content)
    with pytest.raises(sqlite3.Error):
        Store.open(tmp_path / "s")
    assert content is not None or not (tmp_path / "s").exists()
