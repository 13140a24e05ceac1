"""What was published to the store of many machines: read, refused where this program cannot answer from it, and its copies."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from rag.errors import EditionUnreadable, StoreUnavailable
from rag.index.manifest import FORMAT
from rag.index.published_editions import STORE, Edition, copies, load_kept, named, parse, read_sources, sources_folder
from rag.storage.blobs import FolderBlobs

EDITION = Edition(
    snapshot="20260101",
    bank=("b1", "b2"),
    created="2026-01-01T08:00:00+07:00",
    encoder="syllables",
    counts={"entries": 3},
    files={"snapshots/20260101/store.sqlite": (200, "s" * 64), "bank/b1/rows.npy": (8, "r" * 64)},
    sources="a" * 64,
)


def changed(**values) -> str:
    return json.dumps(json.loads(EDITION.to_json()) | values)


def test_an_edition_is_read_as_it_was_written():
    assert parse(EDITION.to_json()) == EDITION
    assert EDITION.of_folder("bank/b1") == {"bank/b1/rows.npy": (8, "r" * 64)}
    assert EDITION.of_folder("bank/b") == {}
    assert EDITION.blobs == {"a" * 64, "s" * 64, "r" * 64}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (changed(edition=2), "do một phiên bản Tra Cứu khác ghi"),
        (changed(files={"../current": [1, "x"]}), r"ở ngoài thư mục của nó \(\.\./current\)"),
        (changed(files={"snapshots/../../x": [1, "x"]}), "ở ngoài thư mục"),
        (changed(files={"/etc/passwd": [1, "x"]}), "ở ngoài thư mục"),
        (changed(files={"bank/b1/rows.npy": [1]}), "không đọc được"),
        (changed(files=[1]), "không đọc được"),
        (changed(unknown=1), "không đọc được"),
        (changed(bank=None), "không đọc được"),
        (EDITION.to_json()[:-20], "không đọc được"),
        ("[]", "không đọc được"),
        ("", "không đọc được"),
        ("[" * 100_000, "không đọc được"),
    ],
)
def test_what_is_no_edition_or_points_outside_its_folder_is_refused(text, told):
    with pytest.raises(EditionUnreadable, match=told):
        parse(text)


def test_a_program_answers_from_what_it_can_read_with_the_encoder_that_it_has():
    for readable in (EDITION, replace(EDITION, encoder=""), replace(EDITION, chooser="another"), replace(EDITION, format=FORMAT - 1)):
        readable.check_readable("syllables")
    EDITION.check_readable("")


@pytest.mark.parametrize(
    ("edition", "encoder", "told"),
    [
        (replace(EDITION, format=FORMAT + 1), "syllables", "phiên bản Tra Cứu khác lập"),
        (EDITION, "letters", "bằng bộ mã hóa syllables, máy này dùng letters"),
        (replace(EDITION, chooser="another", files={"bank/b1/fit.json": (1, "f" * 64)}), "syllables", "ngân hàng câu hỏi"),
    ],
)
def test_an_edition_that_would_answer_wrongly_here_is_refused(edition, encoder, told):
    with pytest.raises(EditionUnreadable, match=told):
        edition.check_readable(encoder)


@pytest.fixture
def blobs(tmp_path) -> FolderBlobs:
    return FolderBlobs(tmp_path / "store")


@pytest.fixture
def published(blobs, tmp_path):
    """Two editions, the newer in use."""
    content = tmp_path / "edition.json"
    names = []
    for snapshot in ("mới", "cũ"):
        content.write_text(replace(EDITION, snapshot=snapshot).to_json())
        names.append(blobs.put(content))
    blobs.swap("\n".join(names).encode(), "")
    return names


def kept(blobs, data: Path) -> list[str]:
    return [edition.snapshot for edition in load_kept(blobs, blobs.pointer(), data).values()]


def test_what_is_kept_comes_in_the_order_of_the_pointer_and_copies_are_held_to_their_names(blobs, published, tmp_path):
    data = tmp_path / "data"
    assert kept(blobs, data) == ["mới", "cũ"]
    # when the store is away, the copies do
    (tmp_path / "store" / "files").rename(tmp_path / "away")
    assert kept(blobs, data) == ["mới", "cũ"]
    (tmp_path / "away").rename(tmp_path / "store" / "files")
    # and a damaged copy is fetched anew
    (data / STORE / published[0]).write_text(EDITION.to_json())
    assert kept(blobs, data) == ["mới", "cũ"]
    assert sorted(each.snapshot for each in copies(data).values()) == ["cũ", "mới"]


def test_an_edition_that_the_store_has_lost_is_left_out_and_said(blobs, published, tmp_path, caplog):
    blobs.delete(published[0])

    assert kept(blobs, tmp_path / "data") == ["cũ"]
    assert published[0] in caplog.text


def test_an_edition_that_comes_with_wrong_content_is_no_lost_one(blobs, published, tmp_path):
    (tmp_path / "store" / "files" / published[0]).write_text("what a bad disk gives")

    with pytest.raises(StoreUnavailable, match="nội dung sai"):
        kept(blobs, tmp_path / "data")


def test_copies_that_cannot_be_read_are_none(tmp_path):
    (tmp_path / STORE).mkdir()
    for name, text in (("a" * 64, EDITION.to_json()), ("b" * 64, "{"), ("current", EDITION.to_json())):
        (tmp_path / STORE / name).write_text(text)

    assert list(copies(tmp_path)) == ["a" * 64]
    assert copies(tmp_path / "nowhere") == {}


def test_nothing_was_published_before_there_is_a_pointer(blobs, tmp_path):
    assert named(None) == []
    assert load_kept(blobs, None, tmp_path / "data") == {}


@pytest.mark.parametrize("text", ['{"../x": [1, "x"]}', "[]", "{", '{"corpus/a.pdf": 1}'])
def test_a_list_of_sources_that_is_none_is_refused_and_a_damaged_copy_fetched_anew(blobs, tmp_path, text):
    def listed(content: str) -> Edition:
        (tmp_path / "sources.json").write_text(content)
        return replace(EDITION, sources=blobs.put(tmp_path / "sources.json"))

    good = listed('{"corpus/a.pdf": [3, "x"]}')
    assert read_sources(blobs, good, tmp_path / "data") == {"corpus/a.pdf": (3, "x")}
    (sources_folder(tmp_path / "data") / good.sources).write_text("cut")
    assert read_sources(blobs, good, tmp_path / "data") == {"corpus/a.pdf": (3, "x")}
    with pytest.raises(EditionUnreadable):
        read_sources(blobs, listed(text), tmp_path / "data")
