"""What every reader gives back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from rag.documents import ReadAs, Signature

Progress = Callable[[int, int], None]
"""Called with (pages done, pages in all)."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page as read: ``confidence`` 0-1 says how surely. Paragraphs are lines; tables are rows ``| a | b |``.

    ``number`` starts at 1; 0 means that the source has no pages. ``continues``: the first line of this page goes on
    with the last paragraph of the page before.
    """

    number: int
    text: str
    read_as: ReadAs = "text"
    confidence: float = 1.0
    continues: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as read. ``meta``: what the file says of itself (front matter); ``problems``: what was not readable."""

    pages: tuple[Page, ...]
    meta: dict[str, object] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    signatures: tuple[Signature, ...] = ()


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
