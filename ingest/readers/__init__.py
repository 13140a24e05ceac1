"""Files in, pages of text out."""

from __future__ import annotations

from dataclasses import dataclass, field

from rag.documents import ReadAs


@dataclass(frozen=True, slots=True)
class Page:
    """One page as read: ``confidence`` 0–1 says how surely. Paragraphs are lines; tables are rows ``| a | b |``."""

    number: int
    text: str
    read_as: ReadAs = "text"
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as read. ``meta`` holds what the file says of itself (front matter); ``problems`` what was not readable."""

    pages: tuple[Page, ...]
    meta: dict[str, object] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
