"""The one door to every reader. Risky formats are read in a child process with limits on memory and on silence.

A file from outside can hang a parser, eat all memory or crash it; then the child dies, and the message says so.
The child prints one JSON object a line: ``{"done": 3, "pages": 10}``, and at last a reading or an error.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

from ingest.readers.contract import Page, Progress, Reading
from ingest.readers.plain import read_markdown, read_text
from rag.errors import ReadError

_IMAGES = frozenset({".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp"})
_PLAIN: dict[str, Callable[[Path], Reading]] = {".md": read_markdown, ".markdown": read_markdown, ".txt": read_text}
_RISKY = frozenset({".pdf", ".docx", ".doc", ".html", ".htm"}) | _IMAGES
SUFFIXES = frozenset(_PLAIN) | _RISKY
"""The endings of the files that can be read."""

MEMORY = 3 * 1024**3
"""Address space of the child, in bytes."""
SILENCE = 120.0
"""Seconds without a page done after which the child is taken for hung."""


def read_file(
    path: Path,
    *,
    cache: Path | None = None,
    progress: Progress | None = None,
    memory: int = MEMORY,
    silence: float = SILENCE,
) -> Reading:
    """Read a file of any kind in ``SUFFIXES``.

    ``cache``: folder in which pages read by OCR are kept, by their checksum. ``progress``: called after each page.
    ``memory`` and ``silence``: limits of the child process, in bytes and seconds.

    Raises ReadError, in Vietnamese, with the file's name and the reason.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise ReadError(f"Không đọc được {path.name}: chưa hỗ trợ loại tệp “{suffix or path.name}”.")
    if not path.is_file():
        raise ReadError(f"Không đọc được {path.name}: không có tệp này.")
    if path.stat().st_size == 0:
        raise ReadError(f"Không đọc được {path.name}: tệp rỗng.")
    try:
        return _PLAIN[suffix](path) if suffix in _PLAIN else _read_in_child(path, cache, progress, memory, silence)
    except OSError as error:
        raise ReadError(f"Không đọc được {path.name}: {error.strerror or error}.") from error


def _read_in_child(path: Path, cache: Path | None, progress: Progress | None, memory: int, silence: float) -> Reading:
    command = [sys.executable, "-m", "ingest.readers.isolate", str(path.resolve()), str(cache or ""), str(memory)]
    root = str(Path(__file__).resolve().parents[2])
    search = os.pathsep.join([root, *filter(None, [os.environ.get("PYTHONPATH")])])
    environment = os.environ | {"PYTHONPATH": search, "OMP_THREAD_LIMIT": "1", "OPENBLAS_NUM_THREADS": "1"}
    with tempfile.TemporaryFile() as log:
        child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, env=environment, start_new_session=True)
        assert child.stdout is not None
        try:
            if reading := _listen(_messages(child.stdout, silence, path.name), progress):
                return reading
        finally:
            with contextlib.suppress(ProcessLookupError):  # it may have ended by itself
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()
            child.stdout.close()
        error = ReadError(f"Không đọc được {path.name}: bộ đọc đã dừng vì tệp hỏng hoặc đòi quá nhiều bộ nhớ.")
        log.seek(0)
        error.add_note(log.read()[-4000:].decode(errors="replace"))
        raise error


def _listen(messages: Iterator[dict[str, Any]], progress: Progress | None) -> Reading | None:
    """Return the child's reading; ``None`` when it died without a word."""
    for message in messages:
        if "error" in message:
            raise ReadError(message["error"])
        if "read" in message:
            pages = tuple(Page(**page) for page in message["read"])
            return Reading(pages, message["meta"], tuple(message["problems"]))
        if progress:
            progress(message["done"], message["pages"])
    return None


def _messages(stream: IO[bytes], silence: float, name: str) -> Iterator[dict[str, Any]]:
    """Yield the child's messages until it closes the stream."""
    buffer = b""
    deadline = time.monotonic() + silence
    while True:
        ready, _, _ = select.select([stream], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            raise ReadError(f"Không đọc được {name}: quá {silence:.0f} giây mà không đọc xong trang nào.")
        chunk = os.read(stream.fileno(), 1 << 20)
        if not chunk:
            return
        buffer += chunk
        while b"\n" in buffer:
            line, buffer = buffer.split(b"\n", 1)
            yield json.loads(line)
            deadline = time.monotonic() + silence


def _reader_of(path: Path) -> Callable[[Path, Path | None, Progress], Reading]:
    """Import the reader of a risky format; only the child does."""
    suffix = path.suffix.lower()
    if suffix == ".pdf":
        from ingest.readers.pdf import read_pdf

        return read_pdf
    if suffix in _IMAGES:
        from ingest.readers.pictures import read_picture

        return read_picture
    if suffix in (".docx", ".doc"):
        from ingest.readers.docx import read_doc, read_docx

        word = read_docx if suffix == ".docx" else read_doc
        return lambda path, _cache, _progress: word(path)
    from ingest.readers.html import read_html

    return lambda path, _cache, _progress: read_html(path)


def _child(path: Path, cache: Path | None, memory: int) -> None:
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # nothing but messages goes to the parent

    def say(message: dict[str, Any]) -> None:
        out.write(json.dumps(message, ensure_ascii=False) + "\n")
        out.flush()

    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        reading = _reader_of(path)(path, cache, lambda done, pages: say({"done": done, "pages": pages}))
    except ReadError as error:
        say({"error": str(error)})
    except MemoryError:
        say({"error": f"Không đọc được {path.name}: tệp đòi quá nhiều bộ nhớ."})
    except RecursionError:
        say({"error": f"Không đọc được {path.name}: tệp lồng nhau quá sâu."})
    else:
        pages = [{name: getattr(page, name) for name in Page.__slots__} for page in reading.pages]
        say({"read": pages, "meta": reading.meta, "problems": reading.problems})


if __name__ == "__main__":
    _child(Path(sys.argv[1]), Path(sys.argv[2]) if sys.argv[2] else None, int(sys.argv[3]))
