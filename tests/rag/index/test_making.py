"""A library written by several processes: what happens to one of them happens to the build."""

import os
import signal
from dataclasses import replace

import pytest

from rag.errors import TracuuError
from rag.index import making
from rag.index.publishing import publish
from rag.index.snapshot import SnapshotReader
from tests.rag.index.index_builder import SyllableEncoder, contents, mark_of


class Killed:
    """Models in the making of which the process is killed, as it is where memory runs out."""

    def items(self):
        os.kill(os.getpid(), signal.SIGKILL)


class FullDisk:
    """Models for which there is no room."""

    def items(self):
        raise OSError(28, "No space left on device")


@pytest.fixture
def by_several(monkeypatch):
    """Whatever is built is a library."""
    monkeypatch.setattr(making, "_LIBRARY", 0)


def test_what_several_processes_wrote_is_whole(by_several, tmp_path):
    publish(tmp_path, contents("một", 40), SyllableEncoder())
    assert mark_of(SnapshotReader(tmp_path).get()) == "một"


@pytest.mark.parametrize(("models", "told"), [(Killed(), "thiếu bộ nhớ"), (FullDisk(), "No space left")])
def test_a_process_that_is_killed_or_meets_a_fault_is_told_and_the_old_index_answers(by_several, tmp_path, models, told):
    # given an index, and a new one that one of the processes cannot finish
    publish(tmp_path, contents("một", 40))
    folders = sorted((tmp_path / "snapshots").iterdir())
    with pytest.raises(TracuuError, match=told):
        publish(tmp_path, replace(contents("hai", 40), models=models), SyllableEncoder())
    # then the old one is in use, and nothing half-made is left
    assert mark_of(SnapshotReader(tmp_path).get()) == "một"
    assert sorted((tmp_path / "snapshots").iterdir()) == folders
