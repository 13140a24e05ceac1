"""One builder at a time, and who that is."""

from __future__ import annotations

import json
import os

import pytest

from rag.errors import IndexBusy
from rag.index.lock import builder_lock


def test_who_comes_second_is_told_who_is_at_work_and_finds_it_free_afterwards(tmp_path):
    said = []
    with (
        builder_lock(tmp_path),
        pytest.raises(IndexBusy, match=f"tiến trình {os.getpid()} trên máy"),
        builder_lock(tmp_path, wait=0.01, say=said.append),
    ):
        pass
    with builder_lock(tmp_path, say=said.append):
        assert json.loads((tmp_path / "builder.json").read_text())["pid"] == os.getpid()

    assert len(said) == 1
    assert "đang đợi" in said[0]
    assert not (tmp_path / "builder.json").exists()


@pytest.mark.parametrize("holder", [None, "", "{", "[]", '{"pid": 1}'])
def test_a_holder_that_cannot_be_read_is_some_other_process(tmp_path, holder):
    with builder_lock(tmp_path):
        (tmp_path / "builder.json").unlink() if holder is None else (tmp_path / "builder.json").write_text(holder)

        with pytest.raises(IndexBusy, match="một tiến trình khác"), builder_lock(tmp_path):
            pass


def test_a_builder_that_fails_gives_the_lock_back(tmp_path):
    with pytest.raises(ZeroDivisionError), builder_lock(tmp_path):
        raise ZeroDivisionError

    with builder_lock(tmp_path):
        pass
    assert not (tmp_path / "builder.json").exists()
