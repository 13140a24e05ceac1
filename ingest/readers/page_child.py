"""Single pages of a file, read by OCR in a child process with limits: what a worker on the queue does.

The child gets ``{"path": …, "pages": [3, 4], "cache": …}``, says ``{"page": 3, "read": …}`` (a page in its kept form) or
``{"page": 3, "reason": …}`` after each, and at last ``{"through": true}`` or an error that concerns the whole file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from PIL import Image

from ingest.limited import MEMORY, SILENCE, Child, Message, Say, answer_all
from ingest.readers.beginnings import true_suffix
from ingest.readers.ocr import scan
from ingest.readers.scanned import kept_form
from rag.errors import ReadError

Heard = Callable[[int, str, str], None]
"""Called with each page: its number (from 1), what was read in its kept form, or else the reason why it could not be."""
_MODULE = "ingest.readers.page_child"


class PageReader:
    """A child process that reads pages, of one file after another, until it is closed or a page ends it."""

    def __init__(self, memory: int = MEMORY) -> None:
        self._child = Child(_MODULE, memory)

    def read(self, path: Path, name: str, pages: Sequence[int], cache: Path | None, heard: Heard) -> None:
        """Read these pages, one after another. ``name``: what messages call the file. ``cache``: see ``read_file``.

        Raises what ``heard`` raises, ``ReadError``, and ``ReadStopped``; after any but ``ReadError`` itself the child is of
        no use any more.
        """
        asked = {"path": str(path), "name": name, "pages": list(pages), "cache": str(cache or "")}
        self._child.ask(asked, name, SILENCE, partial(_hear, heard))

    def close(self) -> None:
        """End the child."""
        self._child.close()


def _hear(heard: Heard, message: Message) -> bool | None:
    if "error" in message:
        raise ReadError(message["error"])
    if "page" in message:
        heard(message["page"], message.get("read", ""), message.get("reason", ""))
    return message.get("through")


def _answer(asked: Message, say: Say) -> None:
    cache = Path(asked["cache"]) if asked["cache"] else None
    try:
        with _pages(Path(asked["path"])) as draw:
            for page in asked["pages"]:
                say({"page": page} | _read(lambda page=page: draw(page), cache))  # type: ignore[misc]
    except ReadError as error:
        say({"error": str(error)})
    except OSError as error:
        say({"error": f"Không đọc được {asked['name']}: {error.strerror or error}."})
    else:
        say({"through": True})


def _read(draw: Callable[[], Image.Image], cache: Path | None) -> Message:
    try:
        return {"read": kept_form(scan(draw(), cache))}
    except ReadError as error:
        return {"reason": str(error)}


@contextmanager
def _pages(path: Path) -> Iterator[Callable[[int], Image.Image]]:
    """Open a file and yield what draws its pages."""
    if true_suffix(path) == ".pdf":
        from ingest.readers.pdf import draw_for_ocr, open_pdf
        from ingest.readers.pdf_stamps import open_page

        document = open_pdf(path)
        yield lambda page: draw_for_ocr(open_page(document, page - 1))
    else:
        from ingest.readers.pictures import drawn, open_picture

        with open_picture(path) as image:
            yield lambda page: drawn(image, page)


if __name__ == "__main__":
    answer_all(_answer)
