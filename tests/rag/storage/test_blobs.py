"""A folder and a bucket hold the same contract: files by their content, and a pointer that one of two replaces."""

from __future__ import annotations

import hashlib
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.errors import StoreChanged, StoreUnavailable
from rag.storage import open_blobs
from rag.storage.blobs import Blobs, FolderBlobs
from tests.servers.s3 import S3


@pytest.fixture
def blobs(address) -> Blobs:
    return open_blobs(address)


@pytest.mark.parametrize("size", [0, 5, 20_000_003])
def test_a_file_comes_back_as_it_was_put_under_the_name_of_its_content(blobs, tmp_path, size) -> None:
    path = tmp_path / "công văn.pdf"
    path.write_bytes(os.urandom(size))

    name = blobs.put(path)
    blobs.get(name, tmp_path / "again")

    assert name == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (tmp_path / "again").read_bytes() == path.read_bytes()
    assert blobs.has(name)
    assert [(blob.name, blob.size) for blob in blobs.list()] == [(name, size)]


def test_a_part_of_a_file_is_read_alone(blobs, tmp_path) -> None:
    path = tmp_path / "file"
    path.write_bytes(bytes(range(100)))
    name = blobs.put(path)

    parts = blobs.read(name, 10, 20), blobs.read(name, 95, 200), blobs.read(name, 5, 5)

    assert parts == (bytes(range(10, 20)), bytes(range(95, 100)), b"")


def test_all_there_is_can_be_forgotten_and_begun_anew(blobs, tmp_path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x")
    name = blobs.put(path)
    blobs.swap(b"1", "")

    for _ in range(2):  # done again, it goes on where it stopped
        blobs.forget()

    assert (blobs.pointer(), blobs.has(name), list(blobs.list())) == (None, False, [])
    blobs.swap(b"2", "")


def test_a_file_put_again_counts_as_new(blobs, tmp_path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x")
    blobs.put(path)
    before = next(blobs.list()).modified
    time.sleep(1.1)  # a bucket tells whole seconds

    blobs.put(path)

    assert next(blobs.list()).modified > before


def test_what_was_deleted_is_gone_and_may_be_deleted_again(blobs, tmp_path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x")
    name = blobs.put(path)

    blobs.delete(name)
    blobs.delete(name)

    assert not blobs.has(name)
    assert list(blobs.list()) == []


def test_a_file_that_is_not_there_leaves_nothing_behind(blobs, tmp_path) -> None:
    with pytest.raises(StoreUnavailable):
        blobs.get("0" * 64, tmp_path / "nothing")

    assert [path.name for path in tmp_path.iterdir() if path.name != "store"] == []


def test_wrong_content_is_refused(blobs, address, tmp_path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"what it was")
    name = blobs.put(path)
    path.write_bytes(b"what a lying store gives")
    blobs._put(path, name)

    with pytest.raises(StoreUnavailable, match="nội dung sai"):
        blobs.get(name, tmp_path / "again")

    assert not (tmp_path / "again").exists()


def test_the_pointer_is_replaced_by_who_knows_its_version(blobs) -> None:
    assert blobs.pointer() is None

    blobs.swap(b"one", "")
    first = blobs.pointer()
    blobs.swap(b"two", first.version)

    assert first.content == b"one"
    assert blobs.pointer().content == b"two"
    with pytest.raises(StoreChanged, match="chạy lại"):
        blobs.swap(b"three", first.version)
    with pytest.raises(StoreChanged):
        blobs.swap(b"three", "")
    assert blobs.pointer().content == b"two"


def test_of_many_who_replace_the_pointer_at_once_one_wins(blobs, address) -> None:
    blobs.swap(b"begin", "")
    version = blobs.pointer().version
    won: list[int] = []

    def replace(number: int) -> None:
        try:
            open_blobs(address).swap(b"%d" % number, version)
            won.append(number)
        except StoreChanged:
            pass

    threads = [threading.Thread(target=replace, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(won) == 1
    assert blobs.pointer().content == b"%d" % won[0]


def test_a_folder_that_cannot_be_used_is_said_in_one_line(tmp_path) -> None:
    (tmp_path / "store").write_text("a file")
    blobs = FolderBlobs(tmp_path / "store")

    for use in (lambda: blobs.swap(b"x", ""), blobs.pointer, lambda: blobs.put(Path(__file__))):
        with pytest.raises(StoreUnavailable, match=r"Kho .*store không dùng được") as told:
            use()
        assert "\n" not in str(told.value)


@pytest.fixture
def own_s3(monkeypatch) -> Iterator[S3]:
    server = S3()
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    yield server
    server.stop()


def test_a_bucket_that_does_not_answer_is_said_in_one_line_and_comes_back(own_s3, tmp_path) -> None:
    own_s3.bucket("im-lang")  # its own: the servers of one process share what they hold
    blobs = open_blobs("s3://im-lang")
    blobs.swap(b"one", "")
    own_s3.stop()
    path = tmp_path / "file"
    path.write_bytes(b"x")

    for use in (blobs.pointer, lambda: blobs.put(path), lambda: blobs.get("0" * 64, path), lambda: list(blobs.list())):
        with pytest.raises(StoreUnavailable, match="Kho s3://im-lang không dùng được") as told:
            use()
        assert "\n" not in str(told.value)
    own_s3.start()

    assert blobs.pointer().content == b"one"


def test_a_bucket_that_is_not_there_is_said(own_s3, tmp_path) -> None:
    blobs = open_blobs("s3://khong-co")
    path = tmp_path / "file"
    path.write_bytes(b"x")

    with pytest.raises(StoreUnavailable, match="không có bucket này"):
        blobs.put(path)


def test_a_folder_needs_no_client_of_buckets(repo) -> None:
    import subprocess
    import sys

    code = "import sys; from rag.storage import open_blobs; open_blobs('/tmp'); print('obstore' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], cwd=repo, capture_output=True, text=True, check=True).stdout.strip() == "False"


def test_the_file_that_is_put_has_to_be_readable(blobs, tmp_path) -> None:
    with pytest.raises(FileNotFoundError):
        blobs.put(tmp_path / Path("nothing"))
