"""A file is there in full, or as it was."""

from __future__ import annotations

import hashlib

import pytest

from rag.disk import beside, checksum


def names(folder) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("before", [None, b"as it was"])
def test_what_was_written_takes_the_place_at_the_end_and_nothing_else_is_left(tmp_path, before):
    path = tmp_path / "file"
    if before is not None:
        path.write_bytes(before)

    with beside(path) as new:
        new.write_bytes(b"new")
        assert (path.read_bytes() if path.exists() else None) == before

    assert path.read_bytes() == b"new"
    assert names(tmp_path) == ["file"]


@pytest.mark.parametrize("written", [True, False])
def test_what_fails_on_the_way_leaves_it_as_it_was(tmp_path, written):
    path = tmp_path / "file"
    path.write_bytes(b"as it was")

    with pytest.raises(ZeroDivisionError), beside(path) as new:
        if written:
            new.write_bytes(b"half of")
        raise ZeroDivisionError

    assert path.read_bytes() == b"as it was"
    assert names(tmp_path) == ["file"]


def test_two_who_write_at_once_do_not_write_to_one_file(tmp_path):
    path = tmp_path / "file"

    with beside(path) as one, beside(path) as other:
        one.write_bytes(b"one")
        other.write_bytes(b"other")

    assert path.read_bytes() == b"one"  # whoever is done last
    assert names(tmp_path) == ["file"]


def test_a_checksum_is_of_the_content_alone(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(b"x" * 100_000)

    assert checksum(tmp_path / "a") == checksum(tmp_path / "b") == hashlib.sha256(b"x" * 100_000).hexdigest()
