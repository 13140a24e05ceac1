"""An index that machines share through a store: published by one, fetched, checked and followed by all; killed, doubled and lied to."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from rag.errors import EditionUnreadable, StoreChanged, StoreUnavailable, TracuuError
from rag.index import sharing
from rag.index.bank import BankEntry
from rag.index.bank_publishing import BankPart, BankReader, build_bank, use_bank, verify_bank
from rag.index.fetching import catch_up
from rag.index.following import Follower, look_at, state_of
from rag.index.published import list_snapshots, verify
from rag.index.published_editions import copies, read_sources
from rag.index.publishing import building, publish_locked
from rag.index.sharing import Shared, collect
from rag.index.snapshot import SnapshotReader
from rag.language.diacritics import Diacritics
from rag.storage import open_blobs
from rag.storage.blobs import Blobs
from tests.rag.index.index_builder import SyllableEncoder, contents, mark_of
from tests.servers.s3 import S3

NUMBER = "1/SGDĐT-GDPT"


class Machine:
    """A data folder and a corpus of one file, and what a builder and a serving node do there."""

    def __init__(self, address: str, folder: Path) -> None:
        self.address = address
        self.data = folder / "data"
        self.source = folder / "corpus" / "văn bản.txt"
        self.source.parent.mkdir(parents=True, exist_ok=True)

    def begin(self) -> Shared:
        return Shared(open_blobs(self.address), self.data)

    def publish(self, mark: str, *, question: str = "", after: Shared | None = None, encoder: SyllableEncoder | None = None) -> None:
        """Publish an index with a mark and a bank of one question, as against the store as it was ``after`` something."""
        shared = after or self.begin()
        self.source.write_text(mark, encoding="utf-8")
        entries = [BankEntry(question or f"hạn {mark}", NUMBER, ("I.1",))]
        names: list[str] = []

        def accept(info) -> None:
            names.extend(build_bank(self.data, [BankPart(str(entries), lambda: entries)], Diacritics({}, {}), None))
            paths = {"corpus/văn bản.txt": self.source}
            sums = {name: (path.stat().st_size, sharing.checksum(path)) for name, path in paths.items()}
            shared.publish(info, names, sums, paths)

        with building(self.data):
            publish_locked(self.data, contents(mark), encoder, accept=accept)
            use_bank(self.data, names)

    def follow(self, blobs: Blobs | None = None, encoder: str = "") -> None:
        self.data.mkdir(parents=True, exist_ok=True)
        catch_up(blobs or open_blobs(self.address), self.data, encoder)

    @property
    def mark(self) -> str:
        assert verify(self.data) == []
        assert verify_bank(self.data) == []
        return mark_of(SnapshotReader(self.data).get())

    @property
    def questions(self) -> list[str]:
        return [entry.question for part in BankReader(self.data).get() for entry in part.entries]


@pytest.fixture
def builder(address, tmp_path) -> Machine:
    return Machine(address, tmp_path / "builder")


@pytest.fixture
def node(address, tmp_path) -> Machine:
    return Machine(address, tmp_path / "node")


def test_what_one_machine_publishes_another_answers_from(builder, node):
    builder.publish("một")
    node.follow()

    assert (node.mark, node.questions) == ("một", ["hạn một"])


def test_a_newer_one_is_followed_and_what_both_have_is_not_fetched_again(builder, node):
    builder.publish("một", question="hạn nộp")
    node.follow()
    (old,) = copies(node.data).values()
    fetched: list[str] = []
    blobs = open_blobs(node.address)
    get = blobs.get
    blobs.get = lambda name, path: (fetched.append(name), get(name, path))[1]
    builder.publish("hai", question="hạn nộp")

    node.follow(blobs)

    (new,) = (edition for edition in copies(node.data).values() if edition.snapshot != old.snapshot)
    assert node.mark == "hai"
    assert {name for _, name in new.files.values()} - {name for _, name in old.files.values()} <= set(fetched)
    assert not set(fetched) & {name for _, name in old.files.values()}


def test_of_two_who_publish_at_once_one_wins_and_the_other_is_told(builder, node):
    builder.publish("một")
    node.follow()
    both = builder.begin(), node.begin()
    builder.publish("hai", after=both[0])

    with pytest.raises(StoreChanged, match="chạy lại"):
        node.publish("ba", after=both[1])

    assert node.mark == "một"
    node.follow()
    assert (node.mark, builder.mark) == ("hai", "hai")
    node.publish("ba")
    builder.follow()
    assert builder.mark == "ba"


def test_a_going_back_is_followed_with_the_bank_in_use(builder, node):
    builder.publish("một", question="hạn cũ")
    builder.publish("hai", question="hạn mới")
    node.follow()

    node.begin().roll_back()
    for machine in (builder, node):
        machine.follow()

    assert [(machine.mark, machine.questions) for machine in (builder, node)] == [("một", ["hạn mới"])] * 2
    with pytest.raises(TracuuError, match="Không còn bản chỉ mục nào trước"):
        builder.begin().roll_back()


def test_of_two_processes_of_a_machine_one_fetches(builder, node):
    builder.publish("một")
    fetched: list[str] = []

    def follow() -> None:
        blobs = open_blobs(node.address)
        get = blobs.get
        blobs.get = lambda name, path: (fetched.append(name), get(name, path))[1]
        node.follow(blobs)

    threads = [threading.Thread(target=follow) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert node.mark == "một"
    assert len(fetched) == len(set(fetched))


def test_what_is_damaged_here_is_not_taken_over_into_the_next(builder, node):
    builder.publish("một", question="hạn nộp")
    node.follow()
    part = next(path for path in (node.data / "bank").iterdir() if path.is_dir())
    damaged = max(part.glob("*.npy"), key=lambda path: path.stat().st_size)
    content = bytearray(damaged.read_bytes())
    content[-1] ^= 0xFF
    damaged.write_bytes(content)
    builder.publish("hai", question="hạn nộp")

    node.follow()

    assert node.mark == "hai"


@pytest.mark.parametrize("fault", ["cut", "noise", "gone", "other"])
def test_a_store_that_lies_leaves_what_is_there(builder, node, tmp_path, fault):
    builder.publish("một")
    node.follow()
    builder.publish("hai")
    blobs = open_blobs(node.address)
    newest = builder.begin().newest
    name = newest.files[f"snapshots/{newest.snapshot}/store.sqlite"][1]
    whole, wrong = tmp_path / "whole", tmp_path / "wrong"
    blobs.get(name, whole)
    content = whole.read_bytes()
    if fault == "gone":
        blobs.delete(name)
    else:
        wrong.write_bytes({"cut": content[:-100], "noise": content[:500] + b"?" + content[501:], "other": b"<html>"}[fault])
        blobs._put(wrong, name)

    with pytest.raises(StoreUnavailable):
        node.follow()

    assert node.mark == "một"
    blobs.put(whole)
    node.follow()
    assert node.mark == "hai"


def test_a_node_of_another_encoder_or_version_stays_and_says_why(builder, node):
    builder.publish("một")
    node.follow(encoder="static")
    builder.publish("hai", encoder=SyllableEncoder())

    with pytest.raises(EditionUnreadable, match="bộ mã hóa syllables, máy này dùng static"):
        node.follow(encoder="static")
    with pytest.raises(EditionUnreadable, match="phiên bản Tra Cứu khác"):
        replace(builder.begin().newest, format=99).check_readable("static")

    assert node.mark == "một"


def test_what_nobody_names_is_deleted_once_it_is_old(builder, node, monkeypatch):
    for mark in ("một", "hai", "ba"):
        builder.publish(mark)
    blobs = open_blobs(builder.address)
    lately = builder.data / "lately"
    lately.write_text("of another who is about to publish")
    young = blobs.put(lately)
    everything = {blob.name for blob in blobs.list()}

    assert collect(blobs, builder.data) == 0
    monkeypatch.setattr(sharing, "_GRACE", timedelta(days=-1))
    deleted = collect(blobs, builder.data)

    kept = builder.begin().kept
    named = kept.keys() | {name for edition in kept.values() for name in edition.blobs}
    named |= {name for edition in kept.values() for _, name in read_sources(blobs, edition, builder.data).values()}
    assert {blob.name for blob in blobs.list()} == named
    assert deleted == len(everything - named) > 1
    assert young not in named
    node.follow()
    assert node.mark == "ba"


def test_publishing_counts_on_nothing_that_may_be_deleted(tmp_path):
    store = tmp_path / "store"
    builder = Machine(str(store), tmp_path / "builder")
    builder.publish("một")
    long_ago = time.time() - 13 * 3600
    kept = builder.begin().newest
    name = kept.files[f"snapshots/{kept.snapshot}/store.sqlite"][1]
    (store / "current").unlink()  # nobody names it any more
    os.utime(store / "files" / name, (long_ago, long_ago))

    builder.begin().publish(list_snapshots(builder.data)[0], kept.bank, {}, {})

    assert (store / "files" / name).stat().st_mtime > time.time() - 3600


def test_a_publisher_killed_at_any_moment_changes_nothing_or_all(builder, node, address):
    builder.publish("0")
    node.follow()
    chance = random.Random(3)

    for number in range(1, 4):
        process = _publishing(address, builder.data.parent, number * 100)
        assert process.stdout.readline() == "begun\n"
        time.sleep(chance.uniform(0, 2))
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        node.follow()
        assert node.mark == node.questions[0].removeprefix("hạn ")

    builder.publish("cuối")
    node.follow()
    assert (node.mark, builder.mark) == ("cuối", "cuối")


def _publishing(address: str, folder: Path, first: int) -> subprocess.Popen[str]:
    """Start a builder that publishes one after another."""
    root = Path(__file__).resolve().parents[3]
    code = f"""
from pathlib import Path
from tests.rag.index.test_shared_index import Machine
machine = Machine({address!r}, Path({str(folder)!r}))
print("begun", flush=True)
for number in range({first}, {first} + 100):
    machine.publish(str(number))
"""
    environment = {**os.environ, "PYTHONPATH": str(root)}
    return subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, encoding="utf-8", start_new_session=True)


@pytest.fixture
def own_s3(monkeypatch) -> Iterator[S3]:
    server = S3()
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    server.bucket("kho")
    yield server
    server.stop()


def test_a_dead_bucket_is_said_once_and_answers_go_on(own_s3, tmp_path, caplog):
    builder, node = Machine("s3://kho", tmp_path / "builder"), Machine("s3://kho", tmp_path / "node")
    builder.publish("một")
    follower = Follower("s3://kho", node.data, lambda: "")
    assert follower.look() == ""
    own_s3.stop()

    told = follower.look(), follower.look()

    assert told[0] == told[1] == state_of(node.data).trouble == "Kho s3://kho không dùng được (không nối được)."
    assert len([record for record in caplog.records if "không nối được" in record.getMessage()]) == 1
    assert node.mark == "một"
    assert look_at("s3://kho", node.data) == (told[0], False)
    own_s3.start()
    builder.publish("hai")
    assert follower.look() == ""
    assert state_of(node.data).trouble == ""
    assert node.mark == "hai"


def test_a_store_that_has_vanished_is_no_empty_one(tmp_path):
    builder, node = (Machine(str(tmp_path / "store"), tmp_path / name) for name in ("builder", "node"))
    builder.publish("một")
    follower = Follower(node.address, node.data, lambda: "")
    follower.look()
    Path(node.address).rename(f"{node.address}.gone")

    assert "không còn bản nào" in follower.look()
    assert node.mark == "một"
