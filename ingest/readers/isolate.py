"""The one door to every reader. Files are read in a child process with limits (``ingest.limited``).

Texts and pages of HTML share one child; every other file has its own. It gets ``{"path": …, "cache": …}``, and says
``{"done": 3, "pages": 10}`` after each page, and at last a reading or an error.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path

from ingest.limited import MEMORY, SILENCE, Child, Message, Say, SharedChild, answer_all, in_child
from ingest.readers.beginnings import true_suffix
from ingest.readers.contract import Page, PagesWanted, Progress, Reading
from rag.documents import Signature
from rag.errors import ReadError

Read = Callable[[Path, Path | None, Progress], Reading]
_IMAGES = frozenset({".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp"})
_PLAIN = frozenset({".md", ".markdown", ".txt", ".html", ".htm"})
SUFFIXES = _PLAIN | _IMAGES | {".pdf", ".docx", ".doc"}
"""The endings of the files that can be read."""

_MODULE = "ingest.readers.isolate"
_SHARED = SharedChild(_MODULE)


def read_file(
    path: Path,
    *,
    cache: Path | None = None,
    progress: Progress | None = None,
    elsewhere: bool = False,
    memory: int = MEMORY,
    silence: float = SILENCE,
) -> Reading:
    """Read a file of any kind in ``SUFFIXES``.

    ``cache``: folder in which pages read by OCR are kept, by their checksum. ``progress``: called after each page.
    ``elsewhere``: pages are read by OCR elsewhere; then it raises ``PagesWanted`` for those that are not yet.
    ``memory`` and ``silence``: limits of the child process, in bytes and seconds.

    Raises ReadError, in Vietnamese, with the file's name and the reason; ReadStopped where another try may go better.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise ReadError(f"Không đọc được {path.name}: chưa hỗ trợ loại tệp “{suffix or path.name}”.")
    if not path.is_file():
        raise ReadError(f"Không đọc được {path.name}: không có tệp này.")
    if path.stat().st_size == 0:
        raise ReadError(f"Không đọc được {path.name}: tệp rỗng.")
    asked = {"path": str(path.resolve()), "cache": str(cache or ""), "elsewhere": elsewhere}
    hear = partial(_hear, progress)
    try:
        suffix = true_suffix(path)
        if suffix in _PLAIN and in_child():
            return _read_here(path, cache, progress or _unheard)
        if suffix in _PLAIN and memory == MEMORY:
            return _SHARED.ask(asked, path.name, silence, hear)
        with contextlib.closing(Child(_MODULE, memory)) as child:
            return child.ask(asked, path.name, silence, hear)
    except OSError as error:
        raise ReadError(f"Không đọc được {path.name}: {error.strerror or error}.") from error


def _unheard(_done: int, _pages: int) -> None:
    """Progress that nobody wants to know of."""


def _hear(progress: Progress | None, message: Message) -> Reading | None:
    """Return the child's reading, when that is what it says. Raises its ``ReadError``."""
    if "error" in message:
        raise ReadError(message["error"])
    if "wanted" in message:
        raise PagesWanted(message["wanted"])
    if "read" in message:
        pages = tuple(Page(**page) for page in message["read"])
        return Reading(pages, message["meta"], tuple(message["problems"]), tuple(map(Signature.of_json, message["signatures"])))
    if progress:
        progress(message["done"], message["pages"])
    return None


def _reader_of(path: Path, elsewhere: bool) -> Read:
    """Import the reader of a format; only the child does."""
    suffix = true_suffix(path)
    if suffix == ".pdf":
        from ingest.readers.pdf import read_pdf

        return partial(read_pdf, elsewhere=elsewhere)
    if suffix in _IMAGES:
        from ingest.readers.pictures import read_picture

        return partial(read_picture, elsewhere=elsewhere)
    if suffix in (".docx", ".doc"):
        from ingest.readers.docx import read_doc, read_docx

        return partial(_alone, read_docx if suffix == ".docx" else read_doc)
    if suffix in (".html", ".htm"):
        from ingest.readers.html import read_html

        return partial(_alone, read_html)
    from ingest.readers.plain import read_markdown, read_text

    return partial(_alone, read_text if suffix == ".txt" else read_markdown)


def _alone(read: Callable[[Path], Reading], path: Path, _cache: Path | None, _progress: Progress) -> Reading:
    """Read with a reader that needs nothing but the file."""
    return read(path)


def _read_here(path: Path, cache: Path | None, progress: Progress, *, elsewhere: bool = False) -> Reading:
    """Read a file in this process. Raises ``ReadError``, whatever is amiss with the file."""
    try:
        return _reader_of(path, elsewhere)(path, cache, progress)
    except MemoryError:
        raise ReadError(f"Không đọc được {path.name}: tệp đòi quá nhiều bộ nhớ; hãy chia thành nhiều tệp nhỏ hơn.") from None
    except RecursionError:
        raise ReadError(f"Không đọc được {path.name}: tệp lồng nhau quá sâu.") from None
    except OSError as error:
        raise ReadError(f"Không đọc được {path.name}: {error.strerror or error}.") from error


def _answer(asked: Message, say: Say) -> None:
    cache = Path(asked["cache"]) if asked["cache"] else None

    def progress(done: int, pages: int) -> None:
        say({"done": done, "pages": pages})

    try:
        reading = _read_here(Path(asked["path"]), cache, progress, elsewhere=asked["elsewhere"])
    except PagesWanted as wanted:
        say({"wanted": wanted.pages})
    except ReadError as error:
        say({"error": str(error)})
    else:
        pages = [{name: getattr(page, name) for name in Page.__slots__} for page in reading.pages]
        signatures = [asdict(signature) for signature in reading.signatures]
        say({"read": pages, "meta": reading.meta, "problems": reading.problems, "signatures": signatures})


if __name__ == "__main__":
    answer_all(_answer)
