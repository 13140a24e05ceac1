"""A provision in the making."""

from __future__ import annotations

from dataclasses import dataclass, field

from ingest.markers import Rank
from ingest.paragraphs import Paragraph
from ingest.titles import looks_like_title
from rag.documents import ProvisionKind


@dataclass(slots=True)
class Node:
    """A provision in the making. ``attached``: ``Quy chế`` … where it is an act that the document issues.

    ``lines`` are the paragraphs of its text; ``starts`` holds (offset in ``text``, page) where a new page begins;
    ``parent`` is an index in the list of nodes.
    """

    kind: ProvisionKind
    rank: Rank
    name: str
    page: int
    parent: int | None
    mark: str = ""
    heading: str = ""
    lines: list[str] = field(default_factory=list)
    size: int = 0
    confidence: float = 1.0
    starts: list[tuple[int, int]] = field(default_factory=list)
    attached: str = ""
    path: str = ""
    label: str = ""
    bullets: int = 0

    @property
    def text(self) -> str:
        """Its own text."""
        return "\n".join(self.lines)

    @property
    def is_annex(self) -> bool:
        """Whether it holds an annex or a form, where the numbering begins again."""
        return self.rank in (Rank.ANNEX, Rank.FORM) and self.kind in ("annex", "section")

    @property
    def announces(self) -> bool:
        """Whether its text ends with a colon."""
        return bool(self.lines) and self.lines[-1].rstrip().endswith(":")

    @property
    def breaks_off(self) -> bool:
        """Whether it has only a title that may be the first line of a sentence: where the next one begins small."""
        return self.kind in ("clause", "part", "article") and bool(self.heading) and not self.heading.isupper() and not self.lines

    def go_on(self, paragraph: Paragraph) -> None:
        """Put a paragraph behind the title, on its line: both are one title, or a sentence that a line break parts."""
        title, whole = self.heading, f"{self.heading} {paragraph.text}"
        if looks_like_title(whole):
            self.heading = whole
            return
        self.append(paragraph, paragraph.text)
        self.starts = [(start + len(title) + 1, page) for start, page in self.starts]
        self.heading, self.lines, self.size = "", [whole], len(whole)

    def append(self, paragraph: Paragraph, text: str) -> None:
        """Add a paragraph's text, remembering where its pages start."""
        shift = self.size + 1 if self.lines else 0
        moved = len(paragraph.text) - len(text)
        if paragraph.page != (self.starts[-1][1] if self.starts else self.page):
            self.starts.append((shift, paragraph.page))
        self.starts += [(max(shift, shift + start - moved), page) for start, page in paragraph.starts]
        self.lines.append(text)
        self.size = shift + len(text)
        self.confidence = min(self.confidence, paragraph.confidence)
