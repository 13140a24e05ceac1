"""Arrays in files: grown row by row, read as numpy reads them."""

from __future__ import annotations

import numpy as np
import pytest

from rag.index.arrays import GrowingArray, mapped


@pytest.mark.parametrize(("shape", "dtype"), [((), np.int32), ((3,), np.float16), ((2, 4), np.uint64)])
@pytest.mark.parametrize("sizes", [(), (0,), (5,), (1, 0, 700, 2)])
def test_what_grew_in_pieces_is_one_array(tmp_path, shape, dtype, sizes):
    pieces = [np.arange(size * int(np.prod(shape))).reshape(size, *shape) % 1000 for size in sizes]

    with GrowingArray(tmp_path / "a.npy", shape, dtype) as growing:
        for piece in pieces:
            growing.append(piece)

    found = mapped(tmp_path / "a.npy")
    assert growing.rows == len(found) == sum(sizes)
    assert (found.dtype, found.shape[1:]) == (dtype, shape)
    assert found.tolist() == [row for piece in pieces for row in piece.tolist()]


def test_every_second_column_of_another_array_is_written_as_it_looks(tmp_path):
    whole = np.arange(20, dtype=np.int32).reshape(4, 5)

    with GrowingArray(tmp_path / "a.npy", (3,), np.int32) as growing:
        growing.append(whole[:, ::2])

    assert mapped(tmp_path / "a.npy").tolist() == whole[:, ::2].tolist()


def test_what_is_mapped_cannot_be_written(tmp_path):
    np.save(tmp_path / "a.npy", np.zeros(3))

    with pytest.raises(ValueError, match="read-only"):
        mapped(tmp_path / "a.npy")[0] = 1


@pytest.mark.parametrize("kept", [0, 20, 200])
def test_a_file_that_was_cut_short_is_an_error(tmp_path, kept):
    np.save(tmp_path / "a.npy", np.arange(100.0))
    (tmp_path / "a.npy").write_bytes((tmp_path / "a.npy").read_bytes()[:kept])

    with pytest.raises((ValueError, EOFError)):
        mapped(tmp_path / "a.npy")
