"""The one door to every reader. Files are read in a child process with limits (``ingest.limited``).

Texts and pages of HTML share one child; every other file has its own. It gets ``{"path": …, "cache": …}``, and says
``{"done": 3, "pages": 10}`` after each page, and at last a reading or an error.
"""

from __future__ import annotations

import contextlib
from dataclasses import asdict
from functools import partial
from pathlib import Path

from ingest.limited import MEMORY, SILENCE, Child, Message, Say, SharedChild, answer_all, in_child
from ingest.readers.checking import checked
from ingest.readers.clean import clean_line
from ingest.readers.contract import Context, Page, PagesWanted, Progress, Reader, Reading
from ingest.readers.registry import by_suffix, reader_of
from rag.errors import ReadError
from rag.plugins import Plugin
from rag.signatures import Signature

_TOGETHER = ("html", "markdown", "text")
"""Readers of ours that need so little that their files share one child."""
_MOST_SAID = 300
"""Characters of what another package says is amiss."""
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
    """Read a file of any kind that there is a reader for (``registry``).

    ``cache``: folder in which pages read by OCR are kept, by their checksum. ``progress``: called after each page.
    ``elsewhere``: pages are read by OCR elsewhere; then it raises ``PagesWanted`` for those that are not yet.
    ``memory`` and ``silence``: limits of the child process, in bytes and seconds.

    Raises ReadError, in Vietnamese, with the file's name and the reason; ReadStopped where another try may go better.
    """
    suffix = path.suffix.lower()
    if suffix not in by_suffix():
        raise ReadError(f"Không đọc được {path.name}: chưa hỗ trợ loại tệp “{suffix or path.name}”.")
    if not path.is_file():
        raise ReadError(f"Không đọc được {path.name}: không có tệp này.")
    if path.stat().st_size == 0:
        raise ReadError(f"Không đọc được {path.name}: tệp rỗng.")
    asked = {"path": str(path.resolve()), "cache": str(cache or ""), "elsewhere": elsewhere}
    hear = partial(_hear, progress)
    try:
        together = reader_of(path).name in _TOGETHER
        if together and in_child():
            return _read_here(path, Context(progress or _unheard, cache))
        if together and memory == MEMORY:
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


def _read_here(path: Path, context: Context) -> Reading:
    """Read a file in this process. Raises ``ReadError``, whatever is amiss with the file."""
    try:
        reader = reader_of(path)
        return _read_by_package(reader, path, context) if reader.package else reader.value.read(path, context)
    except MemoryError:
        raise ReadError(f"Không đọc được {path.name}: tệp đòi quá nhiều bộ nhớ; hãy chia thành nhiều tệp nhỏ hơn.") from None
    except RecursionError:
        raise ReadError(f"Không đọc được {path.name}: tệp lồng nhau quá sâu.") from None
    except OSError as error:
        raise ReadError(f"Không đọc được {path.name}: {error.strerror or error}.") from error


def _read_by_package(reader: Plugin[Reader], path: Path, context: Context) -> Reading:
    """Read a file by a reader that is not ours. Raises ``ReadError`` of one line: what the reader says of the file, or its own fault."""
    before = f"Không đọc được {path.name}: "
    try:
        return checked(reader.value.read(path, context))
    except (Exception, SystemExit) as error:
        said = _one_line(str(error).removeprefix(before))
        if isinstance(error, ReadError) and said:
            raise ReadError(before + said) from error
        fault = ": ".join(filter(None, (type(error).__name__, said)))
        raise ReadError(f"{before}bộ đọc {reader.name} của gói {reader.package} có lỗi ({fault}).") from error


def _one_line(text: str) -> str:
    line = clean_line(text[:_MOST_SAID])
    return line if len(text) <= _MOST_SAID else f"{line}…"


def _answer(asked: Message, say: Say) -> None:
    cache = Path(asked["cache"]) if asked["cache"] else None

    def progress(done: int, pages: int) -> None:
        say({"done": done, "pages": pages})

    try:
        reading = _read_here(Path(asked["path"]), Context(progress, cache, asked["elsewhere"]))
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
