"""What a folder says it holds: noted, read again, compared with what is there, and what is taken on trust."""

from __future__ import annotations

import json
import os
from threading import Thread

import pytest

from rag.errors import IndexDamaged
from rag.index import manifest
from rag.index.manifest import CHECKED, HEAD, problems, read_manifest, write_manifest
from rag.index.vector_server import Collection


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "20260101-000000"
    (path / "models").mkdir(parents=True)
    (path / "store.sqlite").write_bytes(b"rows" * 50)
    (path / "models" / "words.bin").write_bytes(b"words")
    return path


@pytest.fixture
def read(monkeypatch):
    """The names of the files of which the content is read."""
    names = []
    checksum = manifest.checksum
    monkeypatch.setattr(manifest, "checksum", lambda file: names.append(file.name) or checksum(file))
    return names


def rewrite(folder, **changed):
    """Write the manifest anew as a program would that holds with it."""
    content = json.loads((folder / "manifest.json").read_text()) | changed
    content.pop("seal")
    (folder / "manifest.json").write_text(json.dumps(content))


@pytest.mark.parametrize("collection", [None, Collection("http://localhost:8000", "kho", "c1")])
@pytest.mark.parametrize("cut", [{}, {"shard": HEAD, "shards": 4}])
def test_what_was_noted_is_read_again(folder, collection, cut):
    noted = write_manifest(folder, "encoder", {"entries": 3}, collection, **cut)

    assert read_manifest(folder) == noted
    assert (noted.id, noted.size, sorted(noted.files)) == (folder.name, 205, ["models/words.bin", "store.sqlite"])
    assert (noted.shard, noted.shards) == (cut.get("shard", 0), cut.get("shards", 0))
    assert problems(noted, checksums=True) == []


def test_what_was_found_whole_is_read_again_only_where_it_was_written_to(folder, read):
    info = write_manifest(folder, "", {})
    read.clear()

    assert (problems(info, checksums=False), read) == ([], [])
    assert (problems(info, checksums=True), sorted(read)) == ([], ["store.sqlite", "words.bin"])
    read.clear()
    # when a file is put there again, of the same size, at the same time
    before = (folder / "store.sqlite").stat()
    (folder / "store.sqlite").write_bytes(b"rowz" * 50)
    os.utime(folder / "store.sqlite", ns=(before.st_atime_ns, before.st_mtime_ns))
    (line,) = problems(info, checksums=False)
    assert read == ["store.sqlite"]
    assert line == f"bản {info.id}: nội dung tệp store.sqlite đã bị thay đổi"


@pytest.mark.parametrize("checked", [None, b"", b"[]", b"{", b"\xff", b'{"store.sqlite": [1, 2, 3, 4]}'])
def test_notes_that_are_lost_or_damaged_cost_reading_and_are_taken_anew(folder, read, checked):
    info = write_manifest(folder, "", {})
    (folder / CHECKED).unlink() if checked is None else (folder / CHECKED).write_bytes(checked)
    read.clear()

    assert problems(info, checksums=False) == []
    assert "store.sqlite" in read
    read.clear()
    assert (problems(info, checksums=False), read) == ([], [])


def test_damage_is_never_noted_as_whole(folder):
    info = write_manifest(folder, "", {})
    (folder / "store.sqlite").write_bytes(b"rowz" * 50)

    assert [len(problems(info, checksums=False)) for _ in range(2)] == [1, 1]


def forge(folder, name, content):
    """Damage a file as a disk does that forgets without leaving a mark."""
    (folder / name).write_bytes(content)
    noted = json.loads((folder / CHECKED).read_text()) | {name: manifest.mark(folder / name)}
    (folder / CHECKED).write_text(json.dumps(noted))


def test_trust_that_another_process_took_away_meanwhile_is_not_written_back(folder, monkeypatch):
    # given a file that is damaged without a mark, and another that is to be read again
    info = write_manifest(folder, "", {})
    forge(folder, "store.sqlite", b"rowz" * 50)
    os.utime(folder / "models" / "words.bin", ns=(1, 1))
    assert "store.sqlite" in json.loads((folder / CHECKED).read_text())
    # when another process finds the damage, while this one is at the other file
    checksum, found = manifest.checksum, []

    def meanwhile(file):
        if file.name == "words.bin" and not found:
            found.append(file)
            found.extend(problems(info, checksums=True, under="store"))
        return checksum(file)

    monkeypatch.setattr(manifest, "checksum", meanwhile)
    assert problems(info, checksums=False) == []
    # then nobody trusts the damaged file any more
    assert len(found) == 2
    assert list(json.loads((folder / CHECKED).read_text())) == ["models/words.bin"]
    assert problems(info, checksums=False) == [f"bản {info.id}: nội dung tệp store.sqlite đã bị thay đổi"]


def test_what_is_noted_and_taken_back_at_once_waits_for_one_another(folder, monkeypatch):
    # given a file that is damaged without a mark
    info = write_manifest(folder, "", {})
    forge(folder, "store.sqlite", b"rowz" * 50)
    os.utime(folder / "models" / "words.bin", ns=(1, 1))
    # when the damage is found just as the other file is noted
    write, others = manifest._write, []

    def meanwhile(path, text):
        if not others:
            others.append(Thread(target=problems, args=(info,), kwargs={"checksums": True, "under": "store"}))
            others[0].start()
            others[0].join(0.5)  # it waits, or it is done
        write(path, text)

    monkeypatch.setattr(manifest, "_write", meanwhile)
    problems(info, checksums=False)
    others[0].join()
    # then the damage is what stays
    assert list(json.loads((folder / CHECKED).read_text())) == ["models/words.bin"]


def test_a_file_that_is_gone_or_of_another_length_is_named_and_others_are_not_looked_at_where_only_a_part_is_asked_for(folder):
    info = write_manifest(folder, "", {})
    (folder / "store.sqlite").write_bytes(b"rows")
    (folder / "models" / "words.bin").unlink()

    assert problems(info, checksums=False) == [
        f"bản {info.id} thiếu tệp models/words.bin",
        f"bản {info.id}: tệp store.sqlite dài 4 byte thay vì 200",
    ]
    assert len(problems(info, checksums=False, under="models/")) == 1
    assert problems(info, checksums=False, under="vectors/") == []


def test_a_manifest_that_was_changed_by_hand_is_damage(folder):
    write_manifest(folder, "", {"entries": 3})
    text = (folder / "manifest.json").read_text()
    (folder / "manifest.json").write_text(text.replace('"entries": 3', '"entries": 4'))

    with pytest.raises(IndexDamaged, match=r"manifest\.json đã bị thay đổi"):
        read_manifest(folder)


@pytest.mark.parametrize("version", [manifest.FORMAT + 1, 2, "4", None])
def test_the_format_of_another_program_is_said_to_be_that(folder, version):
    write_manifest(folder, "", {})
    rewrite(folder, format=version)

    with pytest.raises(IndexDamaged, match="do một phiên bản Tra Cứu khác lập"):
        read_manifest(folder)


def test_of_the_format_before_what_is_of_no_use_any_more_need_not_be_there(folder):
    write_manifest(folder, "", {})
    rewrite(folder, format=3, files={"vectors/chroma.sqlite3": [9, "sum"], "store.sqlite": [200, ""]})

    info = read_manifest(folder)

    assert list(info.files) == ["store.sqlite"]
    assert (info.collection, info.shard, info.shards) == (None, 0, 0)
    assert problems(info, checksums=True) == []  # a file without a sum is held to its length
