"""What a reader is, what it is given and what it gives back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, runtime_checkable

from rag.documents import ReadAs
from rag.signatures import Signature

Progress = Callable[[int, int], None]
"""Called with (pages done, pages in all)."""
LAST_PAGE = 100_000
LONGEST_LINE = 1_000
"""Characters of a line of ``Reading.problems``, of a value of ``meta`` and of what a signature says."""
MOST_LINES = 1_000
"""Of ``Reading.problems``."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page as read: ``confidence`` 0-1 says how surely. Paragraphs are lines; tables are rows ``| a | b |``.

    ``number`` is from 1 to ``LAST_PAGE``; 0 means that the source has no pages. ``continues``: the first line of this page
    goes on with the last paragraph of the page before.
    """

    number: int
    text: str
    read_as: ReadAs = "text"
    confidence: float = 1.0
    continues: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as read. ``meta``: what the file says of itself (front matter); ``problems``: what was not readable.

    Values of ``meta`` are words, numbers, days or ``None``; each of them, as each problem, is one line of at most ``LONGEST_LINE``
    characters. What another package gives back is held to all this (``ingest.readers.checking``).
    """

    pages: tuple[Page, ...]
    meta: dict[str, object] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    signatures: tuple[Signature, ...] = ()


@dataclass(frozen=True, slots=True)
class Context:
    """What a reader may use beside the file.

    ``progress``: to be called after each page, at least every two minutes. ``cache``: the folder for what is dear to make, such as
    pages read by OCR. ``elsewhere``: pages of PDFs and pictures are read by OCR elsewhere (``Scans``); no other reader need look at it.
    """

    progress: Progress
    cache: Path | None = None
    elsewhere: bool = False


@runtime_checkable
class Reader(Protocol):
    """Reads files of some kinds: an object, or a module, named by an entry point of the group ``tracuu.readers``.

    It is imported by every process that wants to know which files can be read, so what is slow to import belongs into ``read``. That
    runs in a child process: 3 GB of address space, two minutes between two calls of ``progress``, standard output goes to a log. A
    child that hangs, crashes or eats all memory is ended, and only its file is left out, with the reason.

    What was read is kept, and read again when the file, what the catalog says of it, the version of the reader's package or its code
    has changed. One of ours is chosen by what a file begins with, one of another package by the ending alone.
    """

    @property
    def label(self) -> str:
        """What admins call these files, in Vietnamese: ``thư điện tử (EML)``."""

    @property
    def suffixes(self) -> Collection[str]:
        """The endings of their names: small letters behind a dot. One that has a reader already is refused, ours come first."""

    @property
    def media_types(self) -> Mapping[str, str]:
        """The media types by which servers call them, each with the ending that such a download gets; may be empty."""

    def read(self, path: Path, context: Context) -> Reading:
        """Read a file, which is there and not empty.

        Raises ``ReadError`` with one Vietnamese line, ``Không đọc được <name>: <reason>.``, for one that cannot be read. Any other
        error of one from another package, such as an ``OSError`` or ``MemoryError``, is told as a fault of that package.
        """


class PagesWanted(Exception):
    """Pages (numbers from 1) must be read by OCR first, which whoever asked wants done elsewhere."""

    def __init__(self, pages: Sequence[int]) -> None:
        super().__init__(f"pages wanted: {list(pages)}")
        self.pages = tuple(pages)


@dataclass(frozen=True, slots=True)
class Signed:
    """The signatures of a file, one for each signer; ``problem``: why they could not all be looked at."""

    signatures: tuple[Signature, ...] = ()
    problem: str = ""
