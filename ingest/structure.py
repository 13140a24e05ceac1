"""Pages of text → the tree of provisions, with section paths, labels, pages and footnotes.

Two families share one grammar of markers (``ingest.markers``): directives (Phần I → mục 1 → gạch đầu dòng, (1) (2) …)
and legal acts (Chương → Mục → Điều → khoản → điểm). A paragraph without a marker goes on the node above it, except
where it closes the last part of a directive.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from ingest.markers import Marker, read_marker
from ingest.metadata import editorial_note
from ingest.readers.contract import Reading
from rag.documents import Footnote, Provision, ProvisionKind
from rag.text import fold, normalise, squeeze

_FOOTNOTE_DEFINITION = re.compile(r"^\[\^([\w*]+)\]:\s*(.*)$")
_FOOTNOTE_MARK = re.compile(r"\s?\[\^([\w*]+)\]")
_FOOTNOTE_PAGE = re.compile(r"^\(trang (\d+)\)\s*")
_SIGNATURE = re.compile(r"^Nơi nhận\s*:?", re.I)
_SIGNER = re.compile(r"^(?:KT|TM|TL|TUQ|Q)\.\s|^(?:BỘ TRƯỞNG|CHỦ TỊCH|GIÁM ĐỐC|HIỆU TRƯỞNG|THỦ TƯỚNG)\b|^Ký bởi")
_ATTACHED = re.compile(r"^\(?\s*(?:Ban hành )?kèm theo\s+(?:Quyết định|Thông tư|Nghị định|Nghị quyết|Công văn)", re.I)
_ACT_TITLE = re.compile(r"^(?:QUY CHẾ|QUY ĐỊNH|ĐIỀU LỆ|CHƯƠNG TRÌNH|QUY TRÌNH|ĐỀ ÁN|KẾ HOẠCH|HƯỚNG DẪN|DANH MỤC)\b")
_CLOSING = re.compile(
    r"^(?:tren day la|trong qua trinh|can cu (?:huong dan|noi dung|cong van)|nhan duoc|de nghi (?:cac|thu truong|ubnd)"
    r"|yeu cau (?:cac|thu truong)|(?:so|phong|ubnd|bo) .{0,60}(?:gui kem|de nghi|yeu cau|thong bao|trien khai))"
)
_RANK_HEAD, _RANK_SIGNATURE = 1, 1
_HEADING_LIMIT = 250


@dataclass(slots=True)
class _Paragraph:
    text: str
    page: int
    confidence: float
    is_heading: bool = False
    starts: list[tuple[int, int]] = field(default_factory=list)


@dataclass(slots=True)
class _Node:
    kind: ProvisionKind
    rank: int
    name: str
    page: int
    parent: int | None
    heading: str = ""
    text: str = ""
    confidence: float = 1.0
    starts: list[tuple[int, int]] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    path: str = ""
    label: str = ""
    bullets: int = 0

    def append(self, paragraph: _Paragraph, text: str) -> None:
        """Add a paragraph's text, remembering where its pages start."""
        shift = len(self.text) + 1 if self.text else 0
        moved = len(paragraph.text) - len(text)
        if paragraph.page != (self.starts[-1][1] if self.starts else self.page):
            self.starts.append((shift, paragraph.page))
        self.starts += [(max(shift, shift + start - moved), page) for start, page in paragraph.starts]
        self.text = f"{self.text}\n{text}" if self.text else text
        self.confidence = min(self.confidence, paragraph.confidence)


def build_provisions(number: str, reading: Reading) -> list[Provision]:
    """Return the provisions of a document in reading order; ids count from 0, parents stand before their children."""
    paragraphs, notes = _paragraphs(reading)
    nodes = _Builder(paragraphs).build()
    return _finish(number, nodes, notes)


def _paragraphs(reading: Reading) -> tuple[list[_Paragraph], dict[str, Footnote]]:
    paragraphs: list[_Paragraph] = []
    notes: dict[str, Footnote] = {}
    for page in reading.pages:
        goes_on = page.continues
        for raw in page.text.splitlines():
            line = normalise(raw).strip()
            if not line or editorial_note(line):
                continue
            if definition := _FOOTNOTE_DEFINITION.match(line):
                mark, text = definition.groups()
                told = _FOOTNOTE_PAGE.match(text)
                notes[mark] = Footnote(mark, _FOOTNOTE_PAGE.sub("", text), int(told.group(1)) if told else page.number)
                continue
            if goes_on and paragraphs:
                last = paragraphs[-1]
                last.starts.append((len(last.text) + 1, page.number))
                last.text += " " + line
            else:
                is_heading = line.startswith("#")
                text = re.sub(r"^#+\s*|\*\*|__", "", line)
                paragraphs.append(_Paragraph(text, page.number, page.confidence, is_heading))
            goes_on = False
    return paragraphs, notes


class _Builder:
    """Puts paragraphs under the right node; ``stack`` holds the open nodes from the root down."""

    def __init__(self, paragraphs: list[_Paragraph]) -> None:
        self.paragraphs = paragraphs
        self.nodes: list[_Node] = []
        self.stack: list[int] = []
        kinds = {marker.kind for p in paragraphs if (marker := read_marker(p.text))}
        self.is_act = "article" in kinds
        self.has_parts = bool(kinds & {"article", "part", "chapter"})

    def build(self) -> list[_Node]:
        for position, paragraph in enumerate(self.paragraphs):
            marker = self._marker(paragraph, position)
            if marker:
                self._open(marker, paragraph)
            elif _SIGNATURE.match(paragraph.text) and self._in_annex():
                self._continue_annex(paragraph)
            elif _SIGNATURE.match(paragraph.text):
                self._open(Marker("signature", _RANK_SIGNATURE, "", paragraph.text), paragraph)
            else:
                self._continue(paragraph, position)
        return self.nodes

    def _top(self) -> _Node | None:
        return self.nodes[self.stack[-1]] if self.stack else None

    def _marker(self, paragraph: _Paragraph, position: int) -> Marker | None:
        top = self._top()
        if paragraph.text.startswith("|"):
            return None
        marker = read_marker(paragraph.text)
        if self._is_attached_act(position):
            return Marker("annex", 0, "", paragraph.text)
        if marker is None:
            return None
        if top and top.kind == "signature" and marker.rank > 2 and marker.kind != "article":
            return None
        if (top is None or top.kind == "head") and marker.rank > 4 and (self.has_parts or marker.name != "1"):
            return None
        if marker.kind == "clause" and not self._in_sequence(marker):
            return None
        if marker.kind == "annex" and not paragraph.is_heading and len(paragraph.text) > _HEADING_LIMIT:
            return None
        if marker.kind == "section" and self.is_act and not marker.name.isdigit() and not self._in_annex():
            return None
        return marker

    def _in_annex(self) -> bool:
        return any(self.nodes[index].kind == "annex" for index in self.stack)

    def _continue_annex(self, paragraph: _Paragraph) -> None:
        """The signature block of a form in an annex is text of the annex."""
        self.stack = [index for index in self.stack if self.nodes[index].kind == "annex"]
        self.nodes[self.stack[-1]].append(paragraph, paragraph.text)

    def _is_attached_act(self, position: int) -> bool:
        """``QUY CHẾ`` + title + ``(Ban hành kèm theo Quyết định …)`` starts an act of its own."""
        if not self.nodes or not _ACT_TITLE.match(self.paragraphs[position].text):
            return False
        following = self.paragraphs[position + 1 : position + 5]
        return any(_ATTACHED.match(paragraph.text) for paragraph in following)

    def _in_sequence(self, marker: Marker) -> bool:
        """A number opens a node only where it follows the one before it; else it is the middle of a sentence."""
        if not marker.name.isdigit():
            return True
        siblings = [n for n in self.nodes[-200:] if n.rank == marker.rank and n.parent == self._parent_for(marker)]
        value = int(marker.name)
        if not siblings:
            return value <= 3
        last = int(re.sub(r"\D", "", siblings[-1].name) or 0)
        return last < value <= last + 3

    def _parent_for(self, marker: Marker) -> int | None:
        for index in reversed(self.stack):
            node = self.nodes[index]
            if node.kind != "head" and node.rank < marker.rank and not (marker.kind == "bullet" and self._closed_to_bullets(node)):
                return index
        return None

    def _closed_to_bullets(self, node: _Node) -> bool:
        """Bullets after an item ``(5) …`` go on the list of the mục, unless the item announces them with a colon."""
        return node.kind == "item" and not node.bullets and not node.text.rstrip().endswith(":")

    def _open(self, marker: Marker, paragraph: _Paragraph) -> None:
        parent = None if marker.kind in ("annex", "signature") else self._parent_for(marker)
        node = _Node(marker.kind, marker.rank, marker.name, paragraph.page, parent, confidence=paragraph.confidence)
        if marker.kind == "bullet" and parent is not None:
            self.nodes[parent].bullets += 1
            node.name = str(self.nodes[parent].bullets)
        self.nodes.append(node)
        index = len(self.nodes) - 1
        self.stack = [i for i in self.stack if self._is_ancestor(i, parent)] + [index]
        if self._is_title(marker, paragraph):
            node.heading = marker.rest
        else:
            node.append(paragraph, marker.rest)

    def _is_ancestor(self, index: int, of: int | None) -> bool:
        while of is not None:
            if of == index:
                return True
            of = self.nodes[of].parent
        return False

    def _is_title(self, marker: Marker, paragraph: _Paragraph) -> bool:
        if marker.kind in ("annex", "chapter", "part") or (marker.kind == "section" and not self._in_annex()):
            return True
        if marker.kind in ("bullet", "item", "point", "signature"):
            return False
        if paragraph.is_heading:
            return True
        rest = marker.rest
        return (
            len(rest) < _HEADING_LIMIT
            and not rest.endswith((".", ";", ":", ",", "./"))
            and not (marker.kind == "clause" and self.is_act and not self._in_annex())
        )

    def _continue(self, paragraph: _Paragraph, position: int) -> None:
        top = self._top()
        if top is None:
            self.nodes.append(_Node("head", _RANK_HEAD, "", paragraph.page, None, confidence=paragraph.confidence))
            self.stack = [len(self.nodes) - 1]
            self.nodes[-1].append(paragraph, paragraph.text)
        elif self._goes_on_title(top, paragraph):
            top.heading = squeeze(f"{top.heading} {paragraph.text}")
        elif not self.is_act and self._closes_part(paragraph, position):
            self._open_closing(paragraph)
        else:
            top.append(paragraph, paragraph.text)

    def _goes_on_title(self, top: _Node, paragraph: _Paragraph) -> bool:
        """``Chương I`` / ``Phụ lục 2`` are followed by their title on the next line, in capitals."""
        if top.kind not in ("annex", "chapter", "part", "section") or top.text:
            return False
        return not top.heading or (top.heading.isupper() and paragraph.text.isupper() and len(paragraph.text) < 200)

    def _closes_part(self, paragraph: _Paragraph, position: int) -> bool:
        top = self.nodes[self.stack[-1]]
        if top.kind in ("signature", "head", "annex") or self._in_annex() or paragraph.text.startswith(("|", "+")):
            return False
        for later in self.paragraphs[position + 1 :]:
            if _SIGNATURE.match(later.text) or _SIGNER.match(later.text):
                break
            marker = read_marker(later.text)
            if marker and marker.kind == "annex":
                break
            if marker:
                return False
        return top.kind in ("bullet", "closing") or bool(_CLOSING.match(fold(paragraph.text)))

    def _open_closing(self, paragraph: _Paragraph) -> None:
        top = self._top()
        if top and top.kind == "closing":
            top.append(paragraph, paragraph.text)
            return
        part = next((i for i in self.stack if self.nodes[i].kind == "part"), None)
        node = _Node("closing", 8, "", paragraph.page, part, confidence=paragraph.confidence)
        node.append(paragraph, paragraph.text)
        self.nodes.append(node)
        self.stack = [*([part] if part is not None else []), len(self.nodes) - 1]


def _finish(number: str, nodes: list[_Node], notes: dict[str, Footnote]) -> list[Provision]:
    from ingest.enumerations import add_inline_items
    from ingest.paths import name_nodes

    name_nodes(nodes)
    provisions = [_provision(number, index, nodes, notes) for index, node in enumerate(nodes)]
    return add_inline_items(provisions)


def _provision(number: str, index: int, nodes: list[_Node], notes: dict[str, Footnote]) -> Provision:
    node = nodes[index]
    text, starts, marks = _without_marks(node.text, node.starts)
    heading, _, heading_marks = _without_marks(node.heading, [])
    tied = [*((mark, heading, len(heading)) for mark, _ in heading_marks), *((mark, text, at) for mark, at in marks)]
    headings: list[str] = []
    above = node.parent
    while above is not None:
        headings.insert(0, _FOOTNOTE_MARK.sub("", nodes[above].heading))
        above = nodes[above].parent
    return Provision(
        id=index,
        document=number,
        section=node.path,
        kind=node.kind,
        label=node.label,
        heading=heading,
        text=text,
        page=node.page,
        parent=node.parent,
        headings=tuple(h for h in headings if h),
        page_starts=tuple(starts),
        footnotes=tuple(replace(notes[mark], anchor=_clause_before(around, at)) for mark, around, at in tied if mark in notes),
        confidence=node.confidence,
    )


def _clause_before(text: str, at: int) -> str:
    """The clause that a footnote mark at ``at`` stands in, up to the mark."""
    start = max(text.rfind(stop, 0, at) for stop in (";", ". ", "\n")) + 1
    return text[start:at].strip()


def _without_marks(text: str, starts: list[tuple[int, int]]) -> tuple[str, list[tuple[int, int]], list[tuple[str, int]]]:
    """Take the footnote marks ``[^7]`` out of the text, say where they stood, and move the page starts behind them."""
    marks, pieces, at, removed = [], [], 0, []
    for found in _FOOTNOTE_MARK.finditer(text):
        marks.append((found.group(1), found.start() - sum(size for _, size in removed)))
        pieces.append(text[at : found.start()])
        removed.append((found.start(), len(found.group())))
        at = found.end()
    pieces.append(text[at:])
    moved = [(start - sum(size for where, size in removed if where < start), page) for start, page in starts]
    return "".join(pieces), moved, marks
