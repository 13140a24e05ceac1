"""Which documents are in force: from sentences, from whole documents, from the catalog, and on a given day."""

from __future__ import annotations

from datetime import date

import pytest

from ingest.pipeline import ingest
from ingest.validity import find_relations
from rag.documents import Document, Provision
from rag.finding.in_force import on_day
from rag.index.snapshot import SnapshotReader
from tests.ingest.office import circular, plan

ME = "20/2025/TT-BGDĐT"
OLD = "11/2024/TT-BGDĐT"


def said(*texts: str, title: str = "") -> list[tuple[str, str]]:
    """What provisions with these texts, the first one above the others, say of which documents."""
    provisions = [
        Provision(position, ME, f"Điều 9.{position}", "clause", "", "", text, 0, parent=0 if position else None)
        for position, text in enumerate(texts)
    ]
    return [(r.what, r.number or r.day) for r in find_relations([Document(ME, title=title)], provisions)]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Thông tư này thay thế Thông tư số 1/2010/TT-BGDĐT ngày 05/3/2010 của Bộ trưởng.", [("replaces", "1/2010/TT-BGDĐT")]),
        (
            "Thông tư này có hiệu lực từ ngày 01 tháng 5 năm 2025 và thay thế Quyết định số 2/QĐ-BGDĐT, Quyết định số 3/QĐ-BGDĐT.",
            [("replaces", "2/QĐ-BGDĐT"), ("replaces", "3/QĐ-BGDĐT")],
        ),
        ("Công văn này thay thế Công văn số 12/SGDĐT-VP ngày 01/02/2024.", [("replaces", "12/SGDĐT-VP")]),
        ("Bãi bỏ Thông tư số 1/2010/TT-BGDĐT quy định về lớp học.", [("repeals", "1/2010/TT-BGDĐT")]),
        ("Thông tư số 1/2010/TT-BGDĐT hết hiệu lực kể từ ngày Thông tư này có hiệu lực thi hành.", [("replaces", "1/2010/TT-BGDĐT")]),
        (
            "Luật Phòng, chống ma túy số 23/2000/QH10 đã được sửa đổi, bổ sung một số điều theo Luật số 16/2008/QH12 "
            "hết hiệu lực kể từ ngày Luật này có hiệu lực thi hành.",
            [("replaces", "23/2000/QH10")],
        ),
        ("Kể từ ngày Luật này có hiệu lực, Luật số 5/2005/QH11 hết hiệu lực kể từ ngày đó.", [("replaces", "5/2005/QH11")]),
        (
            "Thông tư này thay thế Thông tư số 1/2010/TT-BGDĐT hướng dẫn cho vay theo quy định tại Quyết định số 58/2013/QĐ-TTg.",
            [("replaces", "1/2010/TT-BGDĐT")],
        ),
        ("Bãi bỏ khoản 2 Điều 5 Thông tư số 1/2010/TT-BGDĐT.", [("amends", "1/2010/TT-BGDĐT")]),
        ("Thông tư này thay thế Phụ lục I, II kèm theo Thông tư số 1/2010/TT-BGDĐT.", [("amends", "1/2010/TT-BGDĐT")]),
        ("Thay thế cụm từ “phòng” bằng cụm từ “ban” tại Điều 4 Thông tư số 1/2010/TT-BGDĐT.", [("amends", "1/2010/TT-BGDĐT")]),
        ("Quyết định này có hiệu lực từ ngày 01 tháng 6 năm 2025 đến hết ngày 31 tháng 12 năm 2026.", [("expires", "2026-12-31")]),
        ("Thông tư này có hiệu lực từ ngày 01 tháng 6 năm 2025.", []),
        ("Chứng chỉ cấp trước ngày Luật này có hiệu lực được sử dụng đến hết ngày 31 tháng 12 năm 2026.", []),
        ("Thực hiện Thông tư số 1/2010/TT-BGDĐT về việc thay thế thiết bị hỏng.", []),
        ("Trường bố trí người thay thế giáo viên nghỉ theo Thông tư số 1/2010/TT-BGDĐT.", []),
        ("Căn cứ Nghị định số 5/2020/NĐ-CP sửa đổi, bổ sung một số điều của Nghị định số 4/2019/NĐ-CP.", []),
    ],
)
def test_a_sentence_says_of_which_documents_what(sentence, expected):
    assert said(sentence) == expected


def test_a_list_below_its_opening_is_read():
    assert said(
        "Các văn bản sau đây hết hiệu lực kể từ ngày Thông tư này có hiệu lực:",
        "Thông tư số 1/2010/TT-BGDĐT ngày 05/3/2010 quy định về lớp học;",
        "Điều 3 Thông tư số 2/2011/TT-BGDĐT.",
    ) == [("replaces", "1/2010/TT-BGDĐT"), ("amends", "2/2011/TT-BGDĐT")]


@pytest.mark.parametrize(
    "title",
    [
        "sửa đổi, bổ sung một số điều của Thông tư số 11/2024/TT-BGDĐT ngày 05 tháng 3 năm 2024",
        "về việc sửa đổi, bổ sung một số nội dung tại Thông tư số 11/2024/TT-BGDĐT",
    ],
)
def test_a_title_says_what_is_amended(title):
    assert said(title=title) == [("amends", OLD)]


def documents(folder, *texts, catalog=""):
    """The documents of an index of these texts, by number."""
    corpus = folder / "corpus"
    corpus.mkdir(parents=True)
    for position, text in enumerate(texts):
        (corpus / f"{position}.txt").write_text(text, encoding="utf-8")
    if catalog:
        (corpus / "catalog.yaml").write_text(catalog, encoding="utf-8")
    ingest(corpus, folder / "data")
    return {document.number: document for document in SnapshotReader(folder / "data").get().store.documents()}


PARKING = circular(OLD, "Mức thu: Phí gửi xe là 2.000 đồng.")


def test_a_replaced_document_names_its_successor(tmp_path):
    ended = "Thông tư số 11/2024/TT-BGDĐT, Thông tư số 8/2020/TT-BGDĐT"
    new = circular(ME, f"Hiệu lực: Thông tư này có hiệu lực từ ngày 01 tháng 5 năm 2026 và thay thế {ended}.")

    found = documents(tmp_path, PARKING, new)

    assert (found[OLD].validity, found[OLD].validity_by) == ("replaced", ME)
    assert (found["8/2020/TT-BGDĐT"].validity, found["8/2020/TT-BGDĐT"].present) == ("replaced", False)
    assert (found[ME].validity, found[ME].effective) == ("unknown", "2026-05-01")


def test_a_number_with_another_date_is_another_document(tmp_path):
    new = circular(ME, "Hiệu lực: Thông tư này thay thế Thông tư số 11/2024/TT-BGDĐT ngày 09 tháng 9 năm 2023.")

    assert documents(tmp_path, PARKING, new)[OLD].validity == "unknown"


def test_a_repealed_document_has_expired_and_an_amended_one_goes_on(tmp_path):
    first = circular(ME, "Mức thu: Bãi bỏ Thông tư số 11/2024/TT-BGDĐT.", "Khác: Bãi bỏ Điều 2 Thông tư số 8/2020/TT-BGDĐT.")

    found = documents(tmp_path, PARKING, first)

    assert (found[OLD].validity, found[OLD].validity_by) == ("expired", ME)
    assert (found["8/2020/TT-BGDĐT"].validity, found["8/2020/TT-BGDĐT"].validity_by) == ("amended", ME)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("validity: amended, validity_by: 15/2025/TT-BGDĐT", ("amended", "15/2025/TT-BGDĐT")),
        ("validity: expired", ("expired", "")),
        ("validity: in_force", ("replaced", ME)),  # it was, when that was written
    ],
)
def test_the_catalog_wins_but_for_what_a_later_document_ends(tmp_path, given, expected):
    new = circular(ME, "Hiệu lực: Thông tư này thay thế Thông tư số 11/2024/TT-BGDĐT.", issued="06 tháng 6 năm 2025")

    found = documents(tmp_path, PARKING, new, catalog=f"documents:\n  - {{number: {OLD}, {given}}}\n")

    assert (found[OLD].validity, found[OLD].validity_by) == expected


@pytest.mark.parametrize(("says", "source"), [("Khác", "theo nguồn thứ cấp"), ("thay thế Thông tư số 11/2024/TT-BGDĐT", "")])
def test_where_only_the_catalog_knows_it_the_source_is_kept(tmp_path, says, source):
    new = circular(ME, f"Hiệu lực: Thông tư này {says}.")
    known = f"{{number: {OLD}, validity: replaced, validity_by: {ME}, validity_source: theo nguồn thứ cấp, followed_by: 1/2027/TT-BGDĐT}}"

    found = documents(tmp_path, PARKING, new, catalog=f"documents:\n  - {known}\n")

    assert (found[OLD].validity, found[OLD].validity_source, found[OLD].followed_by) == ("replaced", source, "1/2027/TT-BGDĐT")


def test_the_directive_of_the_next_school_year_replaces_this_years(tmp_path):
    title = "hướng dẫn thực hiện nhiệm vụ công nghệ thông tin năm học {}"
    first = plan("10/SGDĐT-VP", title.format("2024-2025"), "Nộp báo cáo trước ngày 10/01/2025.", issued="05 tháng 9 năm 2024")
    second = plan("20/SGDĐT-VP", title.format("2025-2026"), "Nộp báo cáo trước ngày 12/01/2026.")
    third = plan("30/SGDĐT-GDPT", title.format("2026 - 2027"), "Nộp báo cáo trước ngày 11/01/2027.", issued="05 tháng 9 năm 2026")
    other = plan("40/SGDĐT-VP", "tổ chức hội thi bơi năm học 2026-2027", "Bơi.", issued="05 tháng 9 năm 2026")

    found = documents(tmp_path, first, second, third, other)

    assert (found["10/SGDĐT-VP"].validity, found["10/SGDĐT-VP"].validity_by) == ("replaced", "20/SGDĐT-VP")
    assert (found["20/SGDĐT-VP"].validity, found["20/SGDĐT-VP"].validity_by) == ("replaced", "30/SGDĐT-GDPT")
    assert {found[number].validity for number in ("30/SGDĐT-GDPT", "40/SGDĐT-VP")} == {"unknown"}


def test_the_law_in_the_reference_texts_replaces_the_one_before(shared, tmp_path):
    found = documents(tmp_path, (shared / "texts/43-2019-QH14.txt").read_text(encoding="utf-8"))

    assert (found["38/2005/QH11"].validity, found["38/2005/QH11"].validity_by) == ("replaced", "43/2019/QH14")


@pytest.mark.parametrize(
    ("document", "successor", "expires", "day", "expected"),
    [
        (Document(OLD, effective="2026-05-01"), None, "", "2026-04-30", "not_yet"),
        (Document(OLD, effective="2026-05-01"), None, "", "2026-05-01", "unknown"),
        (Document(OLD, validity="replaced"), Document(ME, effective="2026-05-01"), "", "2026-04-30", "in_force"),
        (Document(OLD, validity="replaced"), Document(ME, effective="2026-05-01"), "", "2026-05-01", "replaced"),
        (Document(OLD, validity="replaced"), Document(ME, issued="2025-03-05"), "", "2025-01-01", "in_force"),
        (Document(OLD, validity="expired"), None, "2026-12-31", "2026-06-01", "in_force"),
        (Document(OLD, validity="expired"), None, "2026-12-31", "2027-01-01", "expired"),
        (Document(OLD, validity="replaced"), None, "", "2027-01-01", "replaced"),
        (Document(OLD, validity="not_yet", effective="2026-05-01"), None, "", "2026-06-01", "in_force"),
    ],
)
def test_what_holds_depends_on_the_day(document, successor, expires, day, expected):
    assert on_day(document, date.fromisoformat(day), successor=successor, expires=expires) == expected
