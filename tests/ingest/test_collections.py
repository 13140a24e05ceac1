"""Collections: cut into chunks, parsed side by side, kept by what stands in them, put together again."""

import gzip
import json

import pytest

from ingest import chunks, collection
from ingest.catalog import Catalog
from ingest.collection import chunks_of, read_collection
from ingest.contents import build_contents
from ingest.parsed import parse
from ingest.pipeline import ingest
from rag.documents import Deadline
from rag.errors import ReadError
from rag.index import making
from rag.index.snapshot import SnapshotReader
from rag.language.numbers import number_key
from tests.ingest.office import Office


def line(number, text="", document=""):
    document = document or f"{number // 7}/2024/TT-BGDĐT"  # so that many a document reaches over the end of a chunk
    text = text or f"Nhà trường nộp báo cáo số {number} cho Sở trước ngày {1 + number % 28}/5/2025."
    return json.dumps({"id": f"{number}", "document": document, "article": f"{number}", "title": "", "text": text}, ensure_ascii=False)


@pytest.fixture
def small_chunks(monkeypatch):
    """Chunks of some ten lines instead of some thousand."""
    for name, size in (("_LEAST", 5), ("_MEAN", 8), ("_MOST", 30)):
        monkeypatch.setattr(collection, name, size)


@pytest.fixture
def file(tmp_path, small_chunks):
    path = tmp_path / "luật.jsonl"
    path.write_text("\n".join(map(line, range(200))) + "\n", encoding="utf-8")
    return path


def texts(path):
    return ["\n".join(text for _, text in chunk) for chunk in chunks_of(path)]


def test_a_line_more_moves_no_other_chunk(file):
    before = texts(file)
    lines = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join([*lines[:90], line(1000), "", *lines[90:]]), encoding="utf-8")

    after = texts(file)

    assert len(before) > 8
    assert len(set(after) - set(before)) <= 2
    assert [row for chunk in chunks_of(file) for row, _ in chunk] == [*range(1, 92), *range(93, 203)]


def test_a_collection_parsed_in_chunks_holds_what_the_whole_file_says(file, tmp_path):
    documents, provisions = read_collection(file)

    found = parse(file, {}, tmp_path / "data")

    assert len(found.parts) > 8
    assert list(found.provisions()) == provisions
    assert [document.number for document in found.documents] == [document.number for document in documents]
    assert len({document.checksum for document in found.documents}) == 1
    deadlines = [record for record in found.records() if isinstance(record, Deadline)]
    assert [record.provision for record in deadlines] == list(range(200))
    assert all(f"báo cáo số {record.provision} " in record.quote for record in deadlines)


def test_only_the_chunk_with_something_new_is_parsed_again(file, tmp_path, monkeypatch):
    # given a collection that was parsed, and one article more in it
    parse(file, {}, tmp_path / "data")
    with file.open("a", encoding="utf-8") as more:
        more.write(line(1000))
    read = []
    of = chunks.parse_chunk
    monkeypatch.setattr(chunks, "parse_chunk", lambda children, chunk, *asked: read.append(len(chunk)) or of(children, chunk, *asked))
    # when it is parsed once more
    found = parse(file, {}, tmp_path / "data")
    # then little is read, and all is there
    assert sum(read) <= 60
    assert found.size == 201
    # and what is damaged of what was kept is parsed again
    kept = found.parts[3].path
    kept.write_bytes(kept.read_bytes()[:-9])
    read.clear()
    assert list(parse(file, {}, tmp_path / "data").provisions()) == read_collection(file)[1]
    assert read == [found.parts[3].size]


@pytest.mark.parametrize("packed", [False, True])
def test_a_line_that_cannot_be_read_is_named_wherever_it_stands(file, tmp_path, packed):
    lines = file.read_text(encoding="utf-8").splitlines()
    whole = "\n".join([*lines[:150], "", "{", *lines[150:]]).encode()
    path = tmp_path / ("luật.jsonl.gz" if packed else "luật.jsonl")
    path.write_bytes(gzip.compress(whole) if packed else whole)
    with pytest.raises(ReadError, match=rf"luật\.jsonl{'.gz' if packed else ''}, dòng 152: "):
        parse(path, {}, tmp_path / "data")


def test_a_document_that_is_left_out_of_a_collection_leaves_no_gap(file, tmp_path):
    removed = Catalog(removed=frozenset({(file.name, number_key("10/2024/TT-BGDĐT"))}))
    contents = build_contents([parse(file, {}, tmp_path / "data")], removed, {})
    provisions = list(contents.provisions)

    assert [provision.id for provision in provisions] == list(range(len(contents.provisions))) == list(range(193))
    assert "10/2024/TT-BGDĐT" not in {provision.document for provision in provisions}
    numbers = {provision.id: provision.section.removeprefix("Điều ") for provision in provisions}
    assert all(f"báo cáo số {numbers[record.provision]} " in record.quote for record in contents.records if isinstance(record, Deadline))


def test_a_library_that_several_processes_write_is_the_same_to_the_byte(file, tmp_path, monkeypatch):
    # given an office with a collection, indexed in one process
    one, other = Office(tmp_path / "one"), Office(tmp_path / "other")
    for office in (one, other):
        ingest(office.corpus, office.data, extra=[file])
        if office is one:
            monkeypatch.setattr(making, "_LIBRARY", 50)  # and once more by several
    # then every file is the same but those in which an engine names its files or the clock is read
    first, second = (SnapshotReader(office.data).get().info for office in (one, other))
    assert first.counts == second.counts
    ours = {name: known for name, known in first.files.items() if "lexical" not in name}
    assert ours == {name: known for name, known in second.files.items() if "lexical" not in name}
    searched = [SnapshotReader(office.data).get().lexical.search({"bao_cao": 1.0, "so": 0.5}, {}, 30) for office in (one, other)]
    assert searched[0] == searched[1]


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("131/QĐ-TTg", "131/QĐ-TTg"),
        ("05/TTr-UBND", "05/TTr-UBND"),
        ("57-NQ/TW", "57-NQ/TW"),
        ("Sổ tay", "Sổ tay"),
        ("131/qđ-ttg", "131/QĐ-TTg"),  # letters that the collection has made small, as no office writes them
        ("22/2021/qd-bgddt", "22/2021/QD-BGDDT"),
    ],
)
def test_a_number_is_copied_as_the_collection_writes_it(tmp_path, written, number):
    (tmp_path / "luật.jsonl").write_text(line(1, document=written), encoding="utf-8")

    (document,), (provision,) = read_collection(tmp_path / "luật.jsonl")

    assert (document.number, provision.document) == (number, number)


def test_a_document_whose_number_a_collection_spells_in_several_ways_is_one(tmp_path):
    spelled = ("131/QĐ-TTg", "131/QĐ-TTG", "7/2024/TT-BGDĐT", "07/2024/TT-BGDĐT")
    path = tmp_path / "luật.jsonl"
    path.write_text("\n".join(line(at, document=number) for at, number in enumerate(spelled)), encoding="utf-8")

    contents = build_contents([parse(path, {}, tmp_path / "data")], Catalog(), {})

    assert [document.number for document in contents.documents if document.present] == ["131/QĐ-TTg", "7/2024/TT-BGDĐT"]
    assert [provision.document for provision in contents.provisions] == ["131/QĐ-TTg"] * 2 + ["7/2024/TT-BGDĐT"] * 2
