"""What all answers share: quote, page, label, and the notes a reader must see."""

import dataclasses
from datetime import date

import pytest

from rag.answers.base import bullet_list, sentence_case, vietnamese_date
from rag.assistant import Assistant
from rag.documents import Contact, Deadline, Document, Reference, System
from rag.index.lexical import Entry
from rag.index.making import Contents
from rag.index.publishing import publish
from rag.index.snapshot import SnapshotReader
from rag.language.tables import rows_of
from tests.rag.conftest import cited, misquotes, provisions_cited


def test_a_citation_tells_people_where_to_look(directive):
    (citation,) = directive.ask("Hạn nộp báo cáo sơ kết của trường?").citations

    assert (citation.document, citation.section, citation.page) == ("2607/SGDĐT-GDPT", "IV.2-2", 8)
    assert citation.label.startswith("Công văn 2607/SGDĐT-GDPT")
    assert "IV.2" in citation.label
    assert citation.label.endswith("trang 8")
    assert citation.validity == "in_force"


def test_the_quote_is_the_source_not_the_answer(directive):
    answer = directive.ask("Hạn nộp báo cáo sơ kết của trường?")

    (citation,) = answer.citations
    assert "Báo cáo sơ kết học kì 1 năm học 2025-2026 trước ngày 10/01/2026" in citation.quote
    assert citation.quote in provisions_cited(directive, citation)[0].text
    assert "(qua phòng Giáo dục phổ thông)" in citation.quote


def test_the_page_is_where_the_quote_begins_not_where_the_provision_does(directive):
    # IV.1-1 begins on page 7, its dates stand on page 8
    whole = directive.ask("Phòng Giáo dục phổ thông có nhiệm vụ gì?")
    dates = directive.ask("Sở báo cáo Bộ sơ kết học kì 1 trước ngày nào?")

    assert [c.page for c in whole.citations if c.section == "IV.1-1"] == [7]
    assert [c.page for c in dates.citations if c.section == "IV.1-1"] == [8]


def test_a_footnote_is_cited_as_one_with_its_own_page(directive):
    (citation,) = directive.ask("Khung năng lực số cho người học quy định ở thông tư nào?").citations[:1]

    assert "chú thích 1" in citation.label
    assert citation.page == 2


def test_an_item_of_an_enumeration_is_cited_itself(directive):
    answer = directive.ask("số điện thoại đồng chí Nguyễn Văn Triều")

    assert cited(answer) == ["IV(2)"]
    assert answer.citations[0].quote.startswith("(2)")
    assert misquotes(directive, answer) == []


@pytest.mark.parametrize(
    ("question", "reading"),
    [
        ("Liên hệ ai về thống kê giáo dục?", "Vũ Thế Quí"),
        ("sdt anh Triều", "Nguyễn Văn Triều"),
        ("link cập nhật cán bộ phụ trách của trường", "https://forms.gle/6Gkb1iiZkSmh3auH6"),
        ("link cập nhật cán bộ phụ trách của xã", "https://forms.gle/9nTH9YRfJ45Br1zZA"),
        ("ai ký công văn 2607", "Trương Thị Thúy Vân"),
        ("206/QĐ-TTg về việc gì?", "206/QĐ-TTg"),
        ("Địa chỉ phần mềm quản lý trường học?", "https://qlth.quangninh.edu.vn"),
    ],
)
def test_a_doubtful_reading_is_marked_and_the_reader_told_to_check(directive, question, reading):
    answer = directive.ask(question)

    assert any(citation.doubtful for citation in answer.citations)
    assert any(reading in note and "đối chiếu với bản gốc" in note for note in answer.notes)


@pytest.mark.parametrize("question", ["Hạn nộp báo cáo sơ kết?", "Tối thiểu bao nhiêu phần trăm đơn vị được kiểm tra?"])
def test_a_sure_reading_is_not_called_doubtful(directive, question):
    answer = directive.ask(question)

    assert not any(citation.doubtful for citation in answer.citations)
    assert not any("đối chiếu" in note for note in answer.notes)


@pytest.mark.parametrize(
    ("validity", "note"),
    [
        ("replaced", "Văn bản 1422/SGDĐT-CNTT đã được thay thế bởi 9/SGDĐT."),
        ("amended", "Văn bản 1422/SGDĐT-CNTT đã được sửa đổi, bổ sung bởi 9/SGDĐT."),
        ("expired", "Văn bản 1422/SGDĐT-CNTT đã hết hiệu lực."),
        ("in_force", None),
    ],
)
def test_a_document_that_is_no_longer_what_it_was_is_said_to_be_so(example_index, tmp_path, validity, note):
    # given the made-up directive, published again with another validity
    snapshot = SnapshotReader(example_index).get()
    documents = [
        dataclasses.replace(document, validity=validity, validity_by="9/SGDĐT") if document.present else document
        for document in snapshot.store.documents()
    ]
    publish(tmp_path, _copied(snapshot, documents))

    answer = Assistant(tmp_path, today=date(2025, 11, 1)).ask("Mật khẩu có tối thiểu bao nhiêu ký tự?")

    assert "12 ký tự" in answer.text
    assert {citation.validity for citation in answer.citations} == {validity}
    assert answer.notes == ((note,) if note else ())


def _copied(snapshot, documents):
    provisions = [p for document in documents for p in snapshot.store.of_document(document.number)]
    return Contents(
        documents=documents,
        provisions=provisions,
        records=[record for kind in (Deadline, Contact, System, Reference) for record in snapshot.store.records(kind)],
        entries=[Entry(p.id, p.text, "\n".join((*p.headings, p.heading)), "") for p in provisions if p.text or p.heading],
        models={name: snapshot.model(name) for name in ("diacritics", "frequencies")},
    )


def test_text_as_people_write_it():
    assert bullet_list(["một"]) == "một"
    assert bullet_list(["một", "hai"]) == "- một\n- hai"
    assert sentence_case("  báo  cáo") == "Báo cáo"
    assert sentence_case("") == ""
    assert vietnamese_date("2026-01-10") == "10/01/2026"


def test_a_row_of_a_table_is_read_with_its_column_titles():
    table = "| TT | Việc | Thời hạn |\n|---|---|---|\n| 1 | Đăng ký | 07/11/2025 |"

    assert [row.said for row in rows_of(table)][-1] == "Việc: Đăng ký; Thời hạn: 07/11/2025"


def test_every_document_named_anywhere_is_known(directive):
    documents = directive.snapshot.store.documents()

    assert len(documents) == 48  # 41 named ones, six that came after them, and the directive itself
    assert [document.number for document in documents if document.present] == ["2607/SGDĐT-GDPT"]
    assert all(isinstance(document, Document) and document.kind for document in documents)
