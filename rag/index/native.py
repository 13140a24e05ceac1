"""What goes wrong inside a native library, as an exception that can be handled like any other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def native(library: str) -> Iterator[None]:
    """Turn a panic of a library written in Rust, which is no ``Exception``, into an ``OSError``: damaged files cause them."""
    try:
        yield
    except (Exception, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as panic:
        raise OSError(f"{library}: {' '.join(str(panic).split())}") from panic
