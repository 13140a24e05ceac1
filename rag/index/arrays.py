"""Arrays in files: written row by row, whatever their number, and mapped, so that only what is looked at is read."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import DTypeLike, NDArray

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Ints = NDArray[np.int64]


class GrowingArray:
    """An ``.npy`` file that rows are appended to; whole once it is closed."""

    def __init__(self, path: Path, shape: tuple[int, ...], dtype: DTypeLike) -> None:
        """``shape`` is that of a row. Raises ``OSError``."""
        self.rows = 0
        self._shape = shape
        self._dtype = np.dtype(dtype)
        self._file = path.open("wb")
        self._write_header()

    def __enter__(self) -> GrowingArray:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        with self._file:
            self._file.seek(0)
            self._write_header()

    def append(self, rows: NDArray[Any]) -> None:
        """Write more rows, shape (n, *shape). Raises ``OSError``."""
        self._file.write(np.ascontiguousarray(rows, dtype=self._dtype).data)
        self.rows += len(rows)

    def _write_header(self) -> None:
        """Numpy leaves room in it for any number of rows."""
        header = {"descr": npy.dtype_to_descr(self._dtype), "fortran_order": False, "shape": (self.rows, *self._shape)}
        npy.write_array_header_1_0(self._file, header)


def mapped(path: Path) -> NDArray[Any]:
    """Map an array from disk: a plain view, as slices of ``np.memmap`` itself cost ten times as much.

    Raises ``OSError`` or ``ValueError``.
    """
    return np.asarray(np.load(path, mmap_mode="r"))
