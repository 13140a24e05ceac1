"""From the corpus folder to the published snapshot: what is read, kept, compared, checked and published."""

from __future__ import annotations

import json
import os

import pytest

from ingest.pipeline import ingest, preview
from rag.assistant import Assistant
from rag.errors import ReadError
from rag.index.snapshot import SnapshotReader
from tests.ingest.office import PARKING, article, circular

BICYCLE = "phí gửi xe đạp là bao nhiêu"


def read_files(result) -> list[str]:
    """The files that an ingest said it read."""
    return [line.removeprefix("Đọc ") for line in result.err.splitlines() if line.startswith("Đọc ")]


# --- only what changed ---


def test_when_nothing_changed_nothing_is_read_or_published(office, tracuu):
    assert read_files(tracuu("ingest")) == ["11.txt", "12.txt"]
    before = office.current

    again = tracuu("ingest")

    assert again.code == 0
    assert "Không có gì thay đổi" in again.out
    assert (read_files(again), office.current) == ([], before)


def test_only_the_changed_file_is_read_again(office, tracuu):
    tracuu("ingest")
    office.write("11.txt", PARKING.replace("2.000", "3.000"))
    os.utime(office.corpus / "12.txt")

    again = tracuu("ingest")

    assert read_files(again) == ["11.txt"]
    assert "3.000 đồng" in Assistant(office.data).ask(BICYCLE).text


def test_a_hundred_documents_are_not_read_twice(office, tracuu):
    for number in range(100):
        office.write(f"{number}-2023.txt", circular(f"{number + 1}/2023/TT-BGDĐT", f"Mức thu: Mức thu thứ {number} là {number}.000 đồng."))
    assert len(read_files(tracuu("ingest"))) == 102
    before = office.current

    again = tracuu("ingest")

    assert read_files(again) == []
    assert office.current == before


def test_a_change_of_the_catalog_is_published_without_reading(office, tracuu):
    tracuu("ingest")
    before = office.current
    office.write("catalog.yaml", "documents:\n  - number: 11/2024/TT-BGDĐT\n    title: Trông giữ xe\n    validity: expired\n")

    again = tracuu("ingest")

    document = SnapshotReader(office.data).get().store.document("11/2024/TT-BGDĐT")
    assert read_files(again) == []
    assert office.current != before
    assert (document.title, document.validity) == ("Trông giữ xe", "expired")


def test_what_is_read_again_from_what_was_kept_is_the_same(office, tracuu, tmp_path):
    tracuu("ingest")
    office.write("13.txt", circular("13/2024/TT-BGDĐT", "Mức thu: Không thu."))
    tracuu("ingest")

    ingest(office.corpus, tmp_path / "fresh")

    kept, fresh = (SnapshotReader(data).get().store for data in (office.data, tmp_path / "fresh"))
    assert kept.documents() == fresh.documents()
    assert kept.of_document("11/2024/TT-BGDĐT") == fresh.of_document("11/2024/TT-BGDĐT")


def test_a_kept_result_that_was_not_written_to_its_end_is_not_used(office, tracuu):
    tracuu("ingest")
    for kept in (office.data / "parsed").glob("*.sqlite"):
        os.truncate(kept, 100)
    office.write("13.txt", circular("13/2024/TT-BGDĐT", "Mức thu: Không thu."))

    assert read_files(tracuu("ingest")) == ["11.txt", "12.txt", "13.txt"]


def test_a_damaged_snapshot_is_built_anew_though_nothing_changed(office, tracuu):
    tracuu("ingest")
    store = office.data / "snapshots" / office.current / "store.sqlite"
    store.write_bytes(b"\0" * store.stat().st_size)

    tracuu("ingest")

    assert tracuu("ask", BICYCLE).code == 0
    assert "2.000 đồng" in Assistant(office.data).ask(BICYCLE).text


def test_a_document_that_went_is_forgotten(office, tracuu):
    tracuu("ingest")
    (office.corpus / "11.txt").unlink()

    tracuu("ingest")

    assert SnapshotReader(office.data).get().store.document("11/2024/TT-BGDĐT") is None
    assert len(list((office.data / "parsed").glob("*.sqlite"))) == 1


# --- collections ---


def test_a_collection_stays_in_the_index_at_the_next_ingest(office, tracuu, tmp_path):
    given = tmp_path / "luật.jsonl"
    given.write_text(article("5/2020/QH14", 3, "Nghỉ hè", "Học sinh nghỉ hè từ ngày 01 tháng 6."), encoding="utf-8")
    tracuu("ingest", given)
    given.unlink()
    office.write("13.txt", circular("13/2024/TT-BGDĐT", "Mức thu: Không thu."))

    assert tracuu("ingest").code == 0

    assert SnapshotReader(office.data).get().store.section("5/2020/QH14", "Điều 3")
    assert not list(office.corpus.glob("*.jsonl"))


def test_a_newer_collection_of_the_same_name_takes_its_place(office, tracuu, tmp_path):
    given = tmp_path / "luật.jsonl"
    for text in ("Nghỉ từ ngày 01 tháng 6.", "Nghỉ từ ngày 15 tháng 6."):
        given.write_text(article("5/2020/QH14", 3, "Nghỉ hè", text), encoding="utf-8")
        tracuu("ingest", given)

    assert "15 tháng 6" in SnapshotReader(office.data).get().store.section("5/2020/QH14", "Điều 3").text


def test_a_collection_that_cannot_be_read_is_not_remembered(office, tracuu, tmp_path):
    (tmp_path / "luật.jsonl").write_text('{"id": 1}\n')

    result = tracuu("ingest", tmp_path / "luật.jsonl")

    assert result.code == 1
    assert "dòng 1" in result.out
    assert tracuu("ingest").code == 0


def test_a_document_that_two_files_hold_is_taken_once_and_named(office, tracuu, tmp_path):
    lines = article("11/2024/tt-bgdđt", 1, "Khác", "Khác hẳn.") + article("5/2020/QH14", 3, "Nghỉ hè", "Nghỉ từ ngày 01 tháng 6.")
    (tmp_path / "luật.jsonl").write_text(lines, encoding="utf-8")
    office.write("z.txt", PARKING)

    result = tracuu("ingest", tmp_path / "luật.jsonl")

    store = SnapshotReader(office.data).get().store
    assert result.code == 1
    assert "z.txt: văn bản 11/2024/TT-BGDĐT đã có từ tệp khác (11.txt)" in result.out
    assert "luật.jsonl: văn bản 11/2024/TT-BGDĐT đã có" in result.out
    assert store.section("5/2020/QH14", "Điều 3")
    assert "2.000" in store.section("11/2024/TT-BGDĐT", "Điều 1").text


def test_a_second_file_of_one_name_is_left_out_and_named(office, tracuu):
    for folder, number in (("a", "13/2024/TT-BGDĐT"), ("b", "14/2024/TT-BGDĐT")):
        (office.corpus / folder).mkdir()
        office.write(f"{folder}/cv.txt", circular(number, "Mức thu: Không thu."))

    result = tracuu("ingest")

    assert result.code == 1
    assert "cv.txt: trùng tên với tệp khác" in result.out
    assert "a/cv.txt" in result.out.replace("\n", "")
    assert SnapshotReader(office.data).get().store.document("13/2024/TT-BGDĐT").present


def test_a_given_file_of_the_name_of_one_in_the_corpus_is_not_remembered(office, tracuu, tmp_path):
    (tmp_path / "11.txt").write_text(circular("13/2024/TT-BGDĐT", "Mức thu: Không thu."), encoding="utf-8")

    result = tracuu("ingest", tmp_path / "11.txt")

    assert result.code == 1
    assert "11.txt: trùng tên với tệp khác" in result.out
    assert not (office.data / "extra").exists()


def test_a_new_file_of_the_name_of_one_that_is_answered_from_changes_nothing(office, tracuu):
    for folder, number in (("b", "14/2024/TT-BGDĐT"), ("a", "13/2024/TT-BGDĐT")):
        (office.corpus / folder).mkdir()
        office.write(f"{folder}/cv.txt", circular(number, "Mức thu: Không thu."))
        result = tracuu("ingest")

    assert result.code == 2
    assert "14/2024/TT-BGDĐT" in result.err
    assert "trùng tên với tệp khác" in result.err
    assert SnapshotReader(office.data).get().store.document("14/2024/TT-BGDĐT").present


# --- what would change ---


def test_a_dry_run_tells_provisions_added_removed_and_changed_and_changes_nothing(office, tracuu):
    tracuu("ingest")
    before = office.current
    changed = PARKING.replace("2.000", "3.000").replace("Điều 2. Miễn thu", "Điều 5. Miễn thu")
    office.write("11.txt", changed)
    office.write("13.txt", circular("13/2024/TT-BGDĐT", "Mức thu: Không thu."))
    (office.corpus / "12.txt").unlink()

    result = tracuu("ingest", "--dry-run")

    lines = [line.strip() for line in result.out.splitlines()]
    assert result.code == 0
    assert "~ 11/2024/TT-BGDĐT: 1 điều khoản thêm, 1 điều khoản bớt, 1 điều khoản sửa" in lines
    assert any(line.startswith("~ Điều 1 ") and "3.000" in line for line in lines)
    assert any(line.startswith("+ Điều 5 ") for line in lines)
    assert any(line.startswith("- Điều 2 ") for line in lines)
    assert any(line.startswith("+ 13/2024/TT-BGDĐT: ") for line in lines)
    assert any(line.startswith("- 12/2024/TT-BGDĐT: ") for line in lines)
    assert office.current == before


def test_a_dry_run_before_the_first_ingest_publishes_nothing(office, tracuu):
    result = tracuu("ingest", "--dry-run")

    assert "+ 11/2024/TT-BGDĐT" in result.out
    assert not (office.data / "current").exists()
    assert "Không có gì thay đổi." in (tracuu("ingest"), tracuu("ingest", "--dry-run"))[1].out


def test_diff_compares_with_the_snapshot_before(office, tracuu):
    tracuu("ingest")
    assert "trước" in tracuu("diff").err
    office.write("11.txt", PARKING.replace("2.000", "3.000"))
    tracuu("ingest")

    result = tracuu("diff")

    assert result.code == 0
    assert "~ 11/2024/TT-BGDĐT: 1 điều khoản sửa" in result.out
    assert "12/2024/TT-BGDĐT" not in result.out


# --- the admin's questions ---

QUESTIONS = """
questions:
  - question: phí gửi xe đạp là bao nhiêu?
    document: 11/2024/TT-BGDĐT
    section: Điều 1
    facts: ["2.000 đồng"]
  - question: căng tin mở cửa lúc mấy giờ?
    facts: [["6 giờ 30", "6h30"]]
"""


def test_an_index_that_fails_the_admins_questions_is_not_put_to_use(office, tracuu):
    office.write("checks.yaml", QUESTIONS)
    assert "2/2 câu đúng" in tracuu("ingest").out
    before = office.current
    office.write("11.txt", PARKING.replace("2.000", "3.000"))

    refused = tracuu("ingest")

    assert refused.code == 2
    assert refused.err.splitlines()[-1].startswith("Bản chỉ mục mới không đạt bộ câu hỏi checks.yaml (1/2 câu đúng")
    assert "2.000 đồng" in refused.err
    assert office.current == before
    assert [path.name for path in (office.data / "snapshots").iterdir()] == [before]
    # and the admin who knows better has the last word
    forced = tracuu("ingest", "--force")
    assert (forced.code, office.current != before) == (0, True)
    assert "1/2 câu đúng" in forced.out


def test_a_level_below_all_lets_some_questions_fail(office, tracuu):
    office.write("checks.yaml", "level: 0.5\n" + QUESTIONS.replace("2.000", "9.999"))

    assert "1/2 câu đúng, mức phải đạt 50%" in tracuu("ingest").out


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("questions: [", "checks.yaml"),
        ("level: 7\nquestions: []", "level phải từ 0 đến 1"),
        ("questions:\n - section: I", "câu thứ 1 thiếu `question`"),
        ("questions:\n - {question: a, status: maybe}", "status “maybe”"),
        ("questions:\n - {question: a, document: 1/A-B}", "thiếu `section`"),
        ("- a", "checks.yaml"),
    ],
)
def test_questions_that_cannot_be_understood_stop_the_ingest(office, tracuu, content, reason):
    office.write("checks.yaml", content)

    result = tracuu("ingest")

    assert result.code == 2
    assert reason in result.err.splitlines()[-1]
    assert not (office.data / "current").exists()


# --- what cannot be read ---


def test_an_unreadable_file_is_named_each_time_but_tried_once(office, tracuu):
    office.write("hỏng.pdf", "%PDF-1.4 nothing more")
    first = tracuu("ingest")
    before = office.current

    again = tracuu("ingest")

    assert (first.code, again.code) == (1, 1)
    assert "- hỏng.pdf: " in again.out
    assert "hỏng.pdf" in read_files(first)
    assert (read_files(again), office.current) == ([], before)


def test_status_tells_apart_what_is_there_named_replaced_and_unreadable(office, tracuu):
    office.write("hỏng.pdf", "%PDF-1.4 nothing more")
    office.write("13.txt", circular("13/2025/TT-BGDĐT", "Thay thế: Thông tư này thay thế Thông tư số 11/2024/TT-BGDĐT."))
    entries = [
        {"number": "7/2022/NĐ-CP", "file": "hỏng.pdf", "url": "https://vanban.chinhphu.vn/7"},
        {"number": "8/2022/NĐ-CP", "url": "https://vanban.chinhphu.vn/8"},
    ]
    office.write("catalog.yaml", json.dumps({"documents": entries}))
    tracuu("ingest")

    lines = {line.split("│")[1].strip(): line for line in tracuu("status", "--all").out.splitlines() if line.count("│") > 2}

    assert "đã được thay thế (bởi 13/2025/TT-BGDĐT)" in lines["11/2024/TT-BGDĐT"]
    assert "│ có " in lines["12/2024/TT-BGDĐT"]
    assert "chưa có, chỉ được nhắc tới" in lines["8/2022/NĐ-CP"]
    assert "https://vanban.chinhphu.vn/8" in lines["8/2022/NĐ-CP"]
    assert "không đọc được: hỏng.pdf" in lines["7/2022/NĐ-CP"]
    assert "- hỏng.pdf: " in tracuu("status").out


def test_what_was_read_only_in_part_is_said(office, tracuu):
    unmarked = "Khong thu tien gui xe cua hoc sinh va giao vien trong truong. " * 20
    office.write("13.txt", f"So: 13/2024/TT-BGDDT\n\nDieu 1. Muc thu\n\n{unmarked}\n")

    for _ in range(2):
        result = tracuu("ingest")
        assert result.code == 0
        assert "13.txt: Văn bản không có dấu tiếng Việt." in result.out


def test_a_bad_catalog_stops_the_ingest(office, tracuu):
    for content in ("documents: [", "documents: [{title: a}]", "- a", "documents: {a: b}"):
        office.write("catalog.yaml", content)
        with pytest.raises(ReadError, match=r"catalog\.yaml"):
            preview(office.corpus, office.data)
    office.write("catalog.yaml", "documents: [{number: 11/2024/TT-BGDĐT, validity: maybe}]")
    with pytest.raises(ReadError, match="maybe"):
        preview(office.corpus, office.data)


@pytest.mark.parametrize("field", ["effective: 31/02/2026", "issued: 20/12/2026"])
def test_a_day_of_the_catalog_that_is_none_is_named(office, field):
    office.write("catalog.yaml", f"documents: [{{number: 11/2024/TT-BGDĐT, {field}}}]")

    with pytest.raises(ReadError, match=rf"catalog\.yaml: 11/2024/TT-BGDĐT: `{field}` không phải một ngày"):
        preview(office.corpus, office.data)


def test_a_field_of_the_catalog_that_is_left_empty_says_nothing(office):
    office.write("catalog.yaml", "documents: [{number: 11/2024/TT-BGDĐT, file: 11.txt, url: , followed_by: , issued: , validity_by: }]")

    ingest(office.corpus, office.data)

    (document,) = (each for each in SnapshotReader(office.data).get().store.documents() if each.number == "11/2024/TT-BGDĐT")
    assert "None" not in (document.url, document.followed_by, document.issued, document.validity_by)
