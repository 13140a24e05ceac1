"""What a machine answers from is damaged under its feet: it is fetched again from the shared store, and no more than that."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.index.bank_publishing import BankReader
from rag.index.following import Follower, look_at, state_of
from rag.index.manifest import CHECKED, mark
from rag.index.published_editions import copies
from rag.index.snapshot import SnapshotReader
from rag.storage import open_blobs
from rag.storage.blobs import Blobs
from tests.rag.index.index_builder import mark_of
from tests.rag.index.test_shared_index import Machine


@pytest.fixture
def builder(address, tmp_path) -> Machine:
    machine = Machine(address, tmp_path / "builder")
    machine.publish("một")
    return machine


@pytest.fixture
def node(address, tmp_path) -> Machine:
    return Machine(address, tmp_path / "node")


@pytest.fixture
def fetched(monkeypatch) -> list[str]:
    """The names of what is fetched from stores."""
    names: list[str] = []
    get = Blobs.get
    monkeypatch.setattr(Blobs, "get", lambda self, name, path: (names.append(name), get(self, name, path))[1])
    return names


def flip(file: Path) -> None:
    """Put other bytes into a file, as many as before."""
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 0xFF
    file.write_bytes(content)


def largest(node: Machine, place: str) -> Path:
    """The largest file of the snapshot, or of the bank."""
    (edition,) = copies(node.data).values()
    return node.data / max((name for name in edition.files if name.startswith(place)), key=lambda name: edition.files[name][0])


@pytest.mark.parametrize("place", ["snapshots/", "bank/"])
@pytest.mark.parametrize("damage", [Path.unlink, flip, lambda file: file.write_bytes(b"")], ids=["gone", "other", "cut"])
def test_what_is_damaged_on_a_node_is_fetched_again_and_used(builder, node, fetched, place, damage):
    # given a node that answers, and a process of it that has all of it open
    follower = Follower(node.address, node.data, lambda: "")
    assert follower.look() == ""
    snapshots, bank = SnapshotReader(node.data), BankReader(node.data)
    assert (mark_of(snapshots.get()), len(bank.get())) == ("một", 1)
    opened = snapshots.get(), bank.get()
    # when a file of it is damaged
    fetched.clear()
    (edition,) = copies(node.data).values()
    file = largest(node, place)
    damage(file)
    told, is_well = look_at(node.address, node.data)
    # then that is told, and nothing is fetched but that file
    assert (file.name in told, "bị hỏng" in told, is_well) == (True, True, False)
    assert follower.look() == ""
    assert set(fetched) == {edition.files[file.relative_to(node.data).as_posix()][1]}
    assert (node.mark, node.questions) == ("một", ["hạn một"])
    assert look_at(node.address, node.data)[1]
    # and who has it open takes the new one
    assert (opened[0] is snapshots.get(), snapshots.get().warning, bank.warning) == (False, "", "")
    assert (mark_of(snapshots.get()), len(bank.get())) == ("một", 1)
    assert (bank.get() is opened[1]) == (place == "snapshots/")
    fetched.clear()
    assert (follower.look(), fetched) == ("", [])


@pytest.mark.parametrize("place", ["snapshots/", "bank/"])
def test_what_the_disk_forgot_without_a_mark_is_fetched_once_it_is_found(builder, node, place):
    # given a file whose bytes are others though nobody has written to it
    follower = Follower(node.address, node.data, lambda: "")
    follower.look()
    snapshots, bank = SnapshotReader(node.data), BankReader(node.data)
    used = snapshots.get(), bank.get()
    file = largest(node, place)
    folder = next(up for up in file.parents if (up / CHECKED).exists())
    noted = (folder / CHECKED).read_text().replace(str(mark(file))[1:-1], "OF THE FILE")
    flip(file)
    (folder / CHECKED).write_text(noted.replace("OF THE FILE", str(mark(file))[1:-1]))
    assert look_at(node.address, node.data)[1]
    # when all of it is read, as is done once a day
    assert snapshots.look_again(used[0]) if place == "snapshots/" else bank.look_again()
    # then it is fetched again, and used
    assert not look_at(node.address, node.data)[1]
    assert follower.look() == ""
    assert (node.mark, node.questions) == ("một", ["hạn một"])
    assert (mark_of(snapshots.get()), snapshots.get().warning) == ("một", "")
    assert ([entry.question for part in bank.get() for entry in part.entries], bank.warning) == (["hạn một"], "")


def test_what_cannot_be_fetched_again_is_said_and_mended_later(builder, node, tmp_path):
    # given a damaged node, and a store that has lost the file too
    follower = Follower(node.address, node.data, lambda: "")
    follower.look()
    (edition,) = copies(node.data).values()
    file = largest(node, "snapshots/")
    name = edition.files[file.relative_to(node.data).as_posix()][1]
    blobs = open_blobs(node.address)
    blobs.get(name, tmp_path / "kept")
    blobs.delete(name)
    file.unlink()
    # when it is looked at
    told = follower.look()
    # then the trouble is known, until the store has the file again
    assert told == state_of(node.data).trouble != ""
    blobs.put(tmp_path / "kept")
    assert (follower.look(), node.mark) == ("", "một")
