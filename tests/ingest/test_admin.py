"""``tracuu add`` and ``remove``: what goes into the corpus and out of it, what is asked, what is said."""

from __future__ import annotations

import json

import pytest

from ingest.additions import NothingAdded, add
from ingest.options import Options
from rag.assistant import Assistant
from rag.index.snapshot import SnapshotReader
from tests.ingest.office import CANTEEN, PARKING, article, circular

LIBRARY = circular(
    "14/2024/TT-BGDĐT",
    "Mượn sách: Mỗi học sinh được mượn 03 quyển sách trong 14 ngày.",
    "Thay thế: Thông tư này có hiệu lực từ ngày 20 tháng 4 năm 2024 và thay thế Thông tư số 9/2019/TT-BGDĐT.",
    title="quy định về thư viện trường học",
)


@pytest.fixture
def inbox(tmp_path):
    """A folder with a document that has just come in."""
    folder = tmp_path / "inbox"
    folder.mkdir()
    (folder / "thư viện.txt").write_text(LIBRARY, encoding="utf-8")
    return folder


@pytest.fixture
def indexed(office, tracuu):
    tracuu("ingest")
    return office


def store(office):
    return SnapshotReader(office.data).get().store


# --- add ---


def test_add_copies_the_file_shows_what_was_guessed_and_indexes_it(indexed, tracuu, inbox):
    result = tracuu("add", inbox / "thư viện.txt", "--yes")

    assert result.code == 0
    for guessed in ("14/2024/TT-BGDĐT", "Thông tư", "2024-03-05", "về thư viện trường học", "2024-04-20", "9/2019/TT-BGDĐT"):
        assert guessed in result.out
    assert (indexed.corpus / "thư viện.txt").read_text(encoding="utf-8") == LIBRARY
    assert "03 quyển" in Assistant(indexed.data).ask("học sinh được mượn mấy quyển sách").text


def test_the_first_document_may_be_added_to_an_empty_corpus(office, tracuu, inbox):
    for file in office.corpus.iterdir():
        file.unlink()

    assert tracuu("add", inbox, "--yes").code == 0
    assert store(office).document("14/2024/TT-BGDĐT").present


def test_what_the_admin_says_wins_over_text_and_catalog_and_stays(indexed, tracuu, inbox):
    indexed.write("catalog.yaml", "documents:\n  - {number: 14/2024/TT-BGDĐT, title: Theo danh mục, issuer: Bộ A}\n")

    tracuu("add", inbox / "thư viện.txt", "--yes", "--title", "Về thư viện", "--issued", "2024-03-06")
    tracuu("ingest")

    document = store(indexed).document("14/2024/TT-BGDĐT")
    assert (document.title, document.issued, document.issuer) == ("Về thư viện", "2024-03-06", "Bộ A")
    assert document.effective == "2024-04-20"


def test_a_number_can_be_given(indexed, tracuu, inbox):
    tracuu("add", inbox / "thư viện.txt", "--yes", "--number", "15/2024/TT-BGDĐT")

    assert not store(indexed).document("14/2024/TT-BGDĐT").present
    assert store(indexed).section("15/2024/TT-BGDĐT", "Điều 1")


@pytest.mark.parametrize("arguments", [["--issued", "5/3/2024"], ["--effective", "2024-02-30"]])
def test_a_wrong_date_is_refused(indexed, tracuu, inbox, arguments):
    result = tracuu("add", inbox / "thư viện.txt", "--yes", *arguments)

    assert result.code == 2
    assert arguments[0] in result.err


def test_details_of_many_files_are_refused(indexed, tracuu, inbox):
    (inbox / "2.txt").write_text(CANTEEN, encoding="utf-8")

    result = tracuu("add", inbox, "--title", "Một tên cho hai tệp")

    assert (result.code, list(indexed.corpus.glob("thư*"))) == (2, [])


@pytest.fixture
def terminal(monkeypatch):
    """A terminal at which these lines are typed."""

    def typed(*lines: str) -> None:
        waiting = iter(lines)
        monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
        monkeypatch.setattr("builtins.input", lambda prompt: next(waiting))

    return typed


def test_at_a_terminal_the_guess_can_be_confirmed(indexed, tracuu, inbox, terminal):
    terminal("")

    assert tracuu("add", inbox / "thư viện.txt").code == 0
    assert store(indexed).document("14/2024/TT-BGDĐT").present


def test_at_a_terminal_the_guess_can_be_corrected(indexed, tracuu, inbox, terminal):
    terminal("tên=Sai", "issued=hôm qua", "title=Thư viện và phòng đọc", "number=16/2024/TT-BGDĐT", "")

    result = tracuu("add", inbox / "thư viện.txt")

    assert "Viết một trong các trường" in result.out
    assert "--issued phải là một ngày" in result.out
    assert store(indexed).document("16/2024/TT-BGDĐT").title == "Thư viện và phòng đọc"


def test_at_a_terminal_a_file_can_be_left_out(indexed, tracuu, inbox, terminal):
    terminal("k")
    before = indexed.current

    result = tracuu("add", inbox / "thư viện.txt")

    assert (result.code, indexed.current) == (2, before)
    assert "bỏ theo ý người quản trị" in result.err
    assert not (indexed.corpus / "thư viện.txt").exists()


def test_a_newer_reading_of_a_document_takes_the_place_of_the_old_file(indexed, tracuu, inbox):
    (inbox / "11-bản-đẹp.txt").write_text(PARKING.replace("2.000", "2.500"), encoding="utf-8")

    result = tracuu("add", inbox / "11-bản-đẹp.txt", "--yes")

    assert result.code == 0
    assert "tệp 11-bản-đẹp.txt thay cho tệp 11.txt đã có" in result.out
    assert "2.500" in store(indexed).section("11/2024/TT-BGDĐT", "Điều 1").text
    assert not (indexed.corpus / "11.txt").exists()
    assert next((indexed.data / "trash").iterdir()).read_text(encoding="utf-8") == PARKING


def test_a_newer_file_of_the_same_name_and_document_takes_its_place(indexed, tracuu, inbox):
    (inbox / "11.txt").write_text(PARKING.replace("2.000", "2.500"), encoding="utf-8")

    assert tracuu("add", inbox / "11.txt", "--yes").code == 0
    assert "2.500" in (indexed.corpus / "11.txt").read_text(encoding="utf-8")
    assert next((indexed.data / "trash").iterdir()).read_text(encoding="utf-8") == PARKING


def test_another_documents_file_is_never_overwritten(indexed, tracuu, inbox):
    (inbox / "11.txt").write_text(LIBRARY, encoding="utf-8")
    (inbox / "thư viện.txt").unlink()
    before = indexed.current

    result = tracuu("add", inbox, "--yes")

    assert (result.code, indexed.current) == (2, before)
    assert "đã có tệp 11.txt của văn bản khác" in result.err
    assert (indexed.corpus / "11.txt").read_text(encoding="utf-8") == PARKING


def test_two_new_documents_of_one_file_name_do_not_overwrite_each_other(indexed, tracuu, inbox):
    (inbox / "a").mkdir()
    (inbox / "a" / "thư viện.txt").write_text(LIBRARY.replace("14/2024", "15/2024"), encoding="utf-8")

    result = tracuu("add", inbox / "a" / "thư viện.txt", inbox / "thư viện.txt", "--yes")

    assert result.code == 1
    assert "thư viện.txt: trùng tên với tệp của văn bản 15/2024/TT-BGDĐT" in result.out
    assert store(indexed).document("15/2024/TT-BGDĐT").present
    assert not (indexed.data / "trash").exists()


def test_the_name_of_a_file_in_a_folder_of_the_corpus_is_taken_too(indexed, tracuu, inbox):
    indexed.corpus.joinpath("cũ").mkdir()
    indexed.write("cũ/thư viện.txt", PARKING.replace("11/2024", "13/2024"))
    tracuu("ingest")

    result = tracuu("add", inbox / "thư viện.txt", "--yes")

    assert result.code == 2
    assert "đã có tệp thư viện.txt của văn bản khác (13/2024" in result.err
    assert store(indexed).document("13/2024/TT-BGDĐT").present


@pytest.mark.parametrize("number", ["15/2024/TT-BGDĐT", "14/2024/TT-BGDĐT"], ids=["another document", "the same document"])
def test_what_another_admin_adds_while_this_one_looks_is_not_overwritten(indexed, inbox, number):
    theirs = inbox / "của người khác" / "thư viện.txt"
    theirs.parent.mkdir()
    theirs.write_text(LIBRARY.replace("14/2024/TT-BGDĐT", number).replace("03 quyển", "05 quyển"), encoding="utf-8")

    def add_file(path, confirm):
        return add(indexed.corpus, indexed.data, [(path, {})], confirm, Options(), print)

    def look(addition):
        add_file(theirs, lambda addition: {})
        return {}

    with pytest.raises(NothingAdded) as refused:
        add_file(inbox / "thư viện.txt", look)

    assert refused.value.skipped[0][0] == "thư viện.txt"
    assert "05 quyển" in store(indexed).section(number, "Điều 1").text
    assert not (indexed.data / "trash").exists()


def test_the_number_of_a_file_already_there_can_be_put_right(indexed, tracuu, inbox):
    (inbox / "11.txt").write_text(PARKING, encoding="utf-8")

    assert tracuu("add", inbox / "11.txt", "--yes", "--number", "12/2030/TT-BGDĐT").code == 0

    assert store(indexed).section("12/2030/TT-BGDĐT", "Điều 1")
    assert store(indexed).section("11/2024/TT-BGDĐT", "Điều 1") is None


def test_what_is_already_there_is_said_and_nothing_is_published(indexed, tracuu, inbox):
    (inbox / "11.txt").write_text(PARKING, encoding="utf-8")
    before = indexed.current

    result = tracuu("add", inbox / "11.txt")

    assert (result.code, indexed.current) == (0, before)
    assert "đã có từ tệp 11.txt, không đổi" in result.out


def test_files_that_cannot_be_added_are_named_and_the_others_go_in(indexed, tracuu, inbox):
    (inbox / "hỏng.pdf").write_bytes(b"%PDF-1.4 nothing more")
    (inbox / "bảng.xlsx").write_bytes(b"PK")
    (inbox / "bản sao.txt").write_text(LIBRARY, encoding="utf-8")

    result = tracuu("add", inbox, inbox / "không-có.txt", "--yes")

    assert result.code == 1
    for name, reason in (
        ("hỏng.pdf", ""),
        ("bảng.xlsx", "chưa hỗ trợ"),
        ("thư viện.txt", "vừa được thêm"),
        ("không-có.txt", "không có tệp"),
    ):
        assert any(name in line and reason in line for line in result.out.splitlines() if line.strip().startswith("- ")), name
    assert store(indexed).document("14/2024/TT-BGDĐT").present
    assert sorted(path.name for path in indexed.corpus.iterdir()) == ["11.txt", "12.txt", "bản sao.txt"]


def test_when_nothing_can_be_added_nothing_changes(indexed, tracuu, tmp_path):
    before = indexed.current

    result = tracuu("add", tmp_path / "không-có.txt")

    assert (result.code, indexed.current) == (2, before)
    assert "không-có.txt: không có tệp này" in result.err


def test_a_dry_run_of_add_says_what_would_change_and_copies_nothing(indexed, tracuu, inbox):
    before = indexed.current

    result = tracuu("add", inbox, "--yes", "--dry-run")

    assert result.code == 0
    assert "+ 14/2024/TT-BGDĐT" in result.out
    assert indexed.current == before
    assert not (indexed.corpus / "thư viện.txt").exists()


def test_when_the_new_index_is_refused_the_corpus_is_as_before(indexed, tracuu, inbox):
    indexed.write("checks.yaml", "questions: [{question: phí gửi xe đạp là bao nhiêu, facts: [2.000 đồng]}]")
    (inbox / "mới.txt").write_text(PARKING.replace("2.000", "9.000"), encoding="utf-8")
    files = {path.name: path.read_bytes() for path in indexed.corpus.iterdir()}
    before = indexed.current

    result = tracuu("add", inbox / "mới.txt", "--yes", "--title", "Trông xe")

    assert (result.code, indexed.current) == (2, before)
    assert {path.name: path.read_bytes() for path in indexed.corpus.iterdir()} == files
    assert tracuu("add", inbox / "mới.txt", "--yes", "--force").code == 0


def test_a_collection_can_be_added_for_good(indexed, tracuu, inbox):
    (inbox / "luật.jsonl").write_text(article("5/2020/QH14", 3, "Nghỉ hè", "Nghỉ từ ngày 01 tháng 6."), encoding="utf-8")

    assert tracuu("add", inbox / "luật.jsonl").code == 0
    assert (indexed.corpus / "luật.jsonl").exists()
    assert store(indexed).section("5/2020/QH14", "Điều 3")


# --- remove ---


@pytest.mark.parametrize("name", ["11/2024/TT-BGDĐT", "11/2024/tt-bgddt", "11.txt"])
def test_remove_takes_a_document_out_and_keeps_its_file(indexed, tracuu, name):
    result = tracuu("remove", name)

    (kept,) = (indexed.data / "trash").iterdir()
    assert result.code == 0
    assert str(kept) in result.out
    assert kept.read_text(encoding="utf-8") == PARKING
    assert not (indexed.corpus / "11.txt").exists()
    assert store(indexed).document("11/2024/TT-BGDĐT") is None


def test_a_dry_run_of_remove_removes_nothing(indexed, tracuu):
    before = indexed.current

    assert "- 11/2024/TT-BGDĐT" in tracuu("remove", "11/2024/TT-BGDĐT", "--dry-run").out
    assert ((indexed.corpus / "11.txt").exists(), indexed.current) == (True, before)


def test_what_is_not_there_cannot_be_removed(indexed, tracuu):
    result = tracuu("remove", "99/2024/TT-BGDĐT")

    assert result.code == 2
    assert "99/2024/TT-BGDĐT" in result.err


def test_the_last_document_cannot_be_removed(indexed, tracuu):
    tracuu("remove", "11.txt")

    assert tracuu("remove", "12.txt").code == 2
    assert (indexed.corpus / "12.txt").exists()
    assert store(indexed).document("12/2024/TT-BGDĐT").present


def test_a_document_of_a_collection_is_left_out_until_it_is_added_again(indexed, tracuu, inbox):
    lines = [article(number, 3, "Nghỉ hè", "Nghỉ từ ngày 01 tháng 6.") for number in ("5/2020/QH14", "6/2020/QH14")]
    (inbox / "luật.jsonl").write_text("".join(lines), encoding="utf-8")
    tracuu("ingest", inbox / "luật.jsonl")

    assert tracuu("remove", "5/2020/QH14").code == 0

    assert store(indexed).document("5/2020/QH14") is None
    assert store(indexed).section("6/2020/QH14", "Điều 3")
    # and a file of its own may bring it back
    (inbox / "5.txt").write_text(circular("5/2020/QH14", "Nghỉ hè: Nghỉ từ ngày 02 tháng 6."), encoding="utf-8")
    assert tracuu("add", inbox / "5.txt", "--yes").code == 0
    assert "02 tháng 6" in store(indexed).section("5/2020/QH14", "Điều 1").text


def test_a_file_of_its_own_takes_the_place_of_a_collections_document(indexed, tracuu, inbox):
    lines = [article(number, 3, "Nghỉ hè", "Nghỉ từ ngày 01 tháng 6.") for number in ("5/2020/QH14", "6/2020/QH14")]
    (inbox / "luật.jsonl").write_text("".join(lines), encoding="utf-8")
    tracuu("add", inbox / "luật.jsonl")
    (inbox / "5.txt").write_text(circular("5/2020/QH14", "Nghỉ hè: Nghỉ từ ngày 02 tháng 6."), encoding="utf-8")

    result = tracuu("add", inbox / "5.txt", "--yes")

    assert (result.code, "thay cho tệp luật.jsonl" in result.out) == (0, True)
    assert "02 tháng 6" in store(indexed).section("5/2020/QH14", "Điều 1").text
    assert store(indexed).section("6/2020/QH14", "Điều 3")


def test_removing_what_was_added_forgets_what_was_said_of_it(indexed, tracuu, inbox):
    tracuu("add", inbox / "thư viện.txt", "--yes", "--title", "Về thư viện")
    assert (indexed.corpus / "added.yaml").exists()

    tracuu("remove", "14/2024/TT-BGDĐT")

    assert not (indexed.corpus / "added.yaml").exists()


@pytest.mark.parametrize("content", ["documents: [{number: 1/A-B}]", "removed: [{file: a}]", "- a", "removed: 3"])
def test_a_bad_list_of_additions_is_named(indexed, tracuu, content):
    indexed.write("added.yaml", content)

    result = tracuu("ingest")

    assert result.code == 2
    assert "added.yaml" in result.err.splitlines()[-1]


def test_titles_with_odd_characters_are_kept_as_they_are(indexed, tracuu, inbox):
    title = "Về “thư viện”: #1, {a} & 'b'"

    tracuu("add", inbox / "thư viện.txt", "--yes", "--title", title)

    assert json.dumps(store(indexed).document("14/2024/TT-BGDĐT").title) == json.dumps(title)
