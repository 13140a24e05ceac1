"""The sources of an index that several machines change: what others changed is taken over, what was changed here stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.shared_corpus import _paths, _remember, _sums, pull
from rag.disk import checksum
from rag.index.published_editions import Files
from rag.storage.blobs import FolderBlobs

NAME = "công văn/số 1.txt"


@pytest.fixture
def blobs(tmp_path) -> FolderBlobs:
    return FolderBlobs(tmp_path / "store")


@pytest.fixture
def put(blobs, tmp_path):
    """Put texts into the store as the sources of an edition."""

    def run(texts: dict[str, str]) -> Files:
        found = {}
        for name, text in texts.items():
            path = tmp_path / "text"
            path.write_text(text, encoding="utf-8")
            found[f"corpus/{name}"] = (path.stat().st_size, blobs.put(path))
        return found

    return run


def held(corpus: Path) -> dict[str, str]:
    return {path.relative_to(corpus).as_posix(): path.read_text(encoding="utf-8") for path in corpus.rglob("*") if path.is_file()}


def write(corpus: Path, text: str) -> None:
    (corpus / NAME).parent.mkdir(parents=True, exist_ok=True)
    (corpus / NAME).write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("before", "ours", "theirs", "after"),
    [
        ("", "", "new", "new"),  # another machine has added it, or this one is new
        ("old", "old", "new", "new"),
        ("old", "old", "", ""),
        ("old", "mine", "old", "mine"),  # changed here only
        ("old", "", "old", ""),
        ("", "mine", "", "mine"),
        ("old", "mine", "new", "mine"),  # changed on both
        ("old", "mine", "", "mine"),
        ("old", "", "new", "new"),
        ("", "mine", "new", "mine"),
    ],
)
def test_what_others_changed_comes_and_what_was_changed_here_stays(blobs, put, tmp_path, before, ours, theirs, after):
    corpus, data, told = tmp_path / "corpus", tmp_path / "data", list[str]()
    (data / "store").mkdir(parents=True)
    _remember(data, put({NAME: before} if before else {}), {})
    if ours:
        write(corpus, ours)

    pull(blobs, put({NAME: theirs} if theirs else {}), corpus, data, told.append)

    assert held(corpus) == ({NAME: after} if after else {})
    kept = [path.read_text(encoding="utf-8") for path in (data / "trash").glob("*")]
    assert kept == ([ours] if ours and after != ours else [])
    assert any("giữ bản ở máy này" in line for line in told) == (bool(ours) and ours != before and theirs not in (before, ours))


def test_done_again_nothing_changes_and_nothing_is_summed_up_twice(blobs, put, tmp_path, monkeypatch):
    corpus, data = tmp_path / "corpus", tmp_path / "data"
    (data / "store").mkdir(parents=True)
    theirs = put({NAME: "text", "catalog.yaml": "[]"})
    pull(blobs, theirs, corpus, data, print)
    monkeypatch.setattr("ingest.shared_corpus.checksum", lambda path: pytest.fail(f"{path} was read"))

    pull(blobs, theirs, corpus, data, lambda line: pytest.fail(line))

    assert _sums(_paths(corpus, data / "extra"), data) == theirs


def test_a_file_written_to_is_summed_up_again(blobs, put, tmp_path):
    corpus, data = tmp_path / "corpus", tmp_path / "data"
    (data / "store").mkdir(parents=True)
    pull(blobs, put({NAME: "text"}), corpus, data, print)
    write(corpus, "TEXT")

    sums = _sums(_paths(corpus, data / "extra"), data)

    assert sums[f"corpus/{NAME}"][1] == checksum(corpus / NAME)
