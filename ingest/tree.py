"""Paragraphs → a tree of nodes: which paragraph opens a node, under which one, and which goes on with the last.

Two families share one grammar of markers (``ingest.markers``): directives (Phần I → mục 1 → gạch đầu dòng, (1) (2) …)
and legal acts (Chương → Mục → Điều → khoản → điểm). A paragraph without a marker goes on the node above it, except
where it closes the last part of a directive. A number that does not follow the one before it is the middle of a
sentence, and what an amending document quotes is its text, not its structure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ingest.markers import Marker, Rank, place_of, read_marker
from ingest.paragraphs import Paragraph
from ingest.quotes import quoted_paragraphs
from ingest.titles import ACT_TITLE, ATTACHED, TITLE_LIMIT, is_title_line, looks_like_title, may_follow
from rag.documents import ProvisionKind
from rag.language.text import fold, squeeze

_SIGNATURE = re.compile(r"^Nơi nhận\s*:?", re.I)
_SIGNER = re.compile(r"^(?:KT|TM|TL|TUQ|Q)\.\s|^(?:BỘ TRƯỞNG|CHỦ TỊCH|GIÁM ĐỐC|HIỆU TRƯỞNG|THỦ TƯỚNG)\b|^Ký bởi")
_PASSED = re.compile(r"^(?:Luật|Bộ luật|Pháp lệnh|Nghị quyết) này (?:đã )?được .{5,120} thông qua ")
_CLOSING = re.compile(
    r"^(?:tren day la|trong qua trinh|can cu (?:huong dan|noi dung|cong van)|nhan duoc|de nghi (?:cac|thu truong|ubnd)"
    r"|yeu cau (?:cac|thu truong)|(?:so|phong|ubnd|bo) .{0,60}(?:gui kem|de nghi|yeu cau|thong bao|trien khai))"
)
_STRUCTURE = {"part", "chapter", "section", "article", "clause", "point"}
_GAP = 3
"""How many numbers a series may skip, for texts that lost a line."""


@dataclass(slots=True)
class Node:
    """A provision in the making. ``attached``: ``Quy chế`` … where it is an act that the document issues.

    ``starts`` holds (offset in ``text``, page) where a new page begins; ``parent`` is an index in the list of nodes.
    """

    kind: ProvisionKind
    rank: Rank
    name: str
    page: int
    parent: int | None
    heading: str = ""
    text: str = ""
    confidence: float = 1.0
    starts: list[tuple[int, int]] = field(default_factory=list)
    attached: str = ""
    path: str = ""
    label: str = ""
    bullets: int = 0

    @property
    def is_annex(self) -> bool:
        """Whether it holds an annex or a form, where the numbering begins again."""
        return self.rank in (Rank.ANNEX, Rank.FORM) and self.kind in ("annex", "section")

    def append(self, paragraph: Paragraph, text: str) -> None:
        """Add a paragraph's text, remembering where its pages start."""
        shift = len(self.text) + 1 if self.text else 0
        moved = len(paragraph.text) - len(text)
        if paragraph.page != (self.starts[-1][1] if self.starts else self.page):
            self.starts.append((shift, paragraph.page))
        self.starts += [(max(shift, shift + start - moved), page) for start, page in paragraph.starts]
        self.text = f"{self.text}\n{text}" if self.text else text
        self.confidence = min(self.confidence, paragraph.confidence)


def build_tree(paragraphs: list[Paragraph]) -> list[Node]:
    """Return the nodes in reading order, parents before their children; paths and labels are still empty."""
    return _Builder(paragraphs).build()


class _Builder:
    """Puts paragraphs under the right node; ``stack`` holds the open nodes from the root down."""

    def __init__(self, paragraphs: list[Paragraph]) -> None:
        self.paragraphs = paragraphs
        self.nodes: list[Node] = []
        self.stack: list[int] = []
        self.last_of: dict[tuple[int | None, ProvisionKind, Rank], Node] = {}
        quoted = quoted_paragraphs([paragraph.text for paragraph in paragraphs])
        self.markers = [None if at in quoted else self._announced(at) for at in range(len(paragraphs))]
        self.body_end = next((at for at, marker in enumerate(self.markers) if marker and marker.kind == "annex"), len(paragraphs))
        body = [marker for marker in self.markers[: self.body_end] if marker]
        self.is_act = any(marker.kind == "article" for marker in body)
        self.has_parts = any(marker.kind in ("article", "part", "chapter") for marker in body)
        self.last_marker = max(
            (at for at, marker in enumerate(self.markers[: self.body_end]) if marker and marker.kind in _STRUCTURE), default=-1
        )

    def build(self) -> list[Node]:
        for position, paragraph in enumerate(self.paragraphs):
            marker = self.markers[position]
            if marker and self._fits(marker, position):
                self._open(marker, paragraph)
            elif self._is_signature(position):
                self._sign(paragraph)
            else:
                self._continue(paragraph, position)
        return self.nodes

    def _announced(self, position: int) -> Marker | None:
        """What a paragraph announces as it stands, before it is known where in the tree that would be."""
        paragraph = self.paragraphs[position]
        if position and self._is_attached_act(position):
            return Marker("annex", Rank.ANNEX, "", paragraph.text)
        marker = read_marker(paragraph.text)
        if marker and marker.kind == "annex" and not paragraph.is_heading:
            listed = paragraph.text.endswith((";", ","))
            return None if listed or len(paragraph.text) > TITLE_LIMIT else marker
        return marker

    def _is_attached_act(self, position: int) -> bool:
        """``QUY CHẾ`` + title + ``(Ban hành kèm theo Quyết định …)`` starts an act of its own; a title under ``Phụ lục`` does not."""
        text = self.paragraphs[position].text
        if not ACT_TITLE.match(text) or len(text) > TITLE_LIMIT or text.endswith((".", ";", ":", ",")):
            return False
        before = read_marker(self.paragraphs[position - 1].text)
        if before and before.kind == "annex" and not before.rest:
            return False
        return any(ATTACHED.match(paragraph.text) for paragraph in self.paragraphs[position + 1 : position + 5])

    def _top(self) -> Node | None:
        return self.nodes[self.stack[-1]] if self.stack else None

    def _in_annex(self) -> bool:
        return any(self.nodes[index].is_annex for index in self.stack)

    def _fits(self, marker: Marker, position: int) -> bool:
        top = self._top()
        if marker.kind == "annex":
            following = self.markers[position + 1] if position + 1 < len(self.markers) else None
            return bool(marker.rest or marker.name or not following or following.kind != "annex")
        if marker.rank == Rank.FORM:
            return self._in_annex() or bool(top and top.kind == "signature")
        if top and top.kind == "signature" and marker.rank > Rank.CHAPTER and marker.kind != "article":
            return False
        if (top is None or top.kind == "head") and marker.rank > Rank.ARTICLE and (self.has_parts or marker.name != "1"):
            return False
        if marker.kind == "section" and self.is_act and not marker.name.isdigit() and not self._in_annex():
            return False
        if marker.kind == "article":
            return self._follows_articles(marker, position)
        return self._in_sequence(marker, self.paragraphs[position].text)

    def _in_sequence(self, marker: Marker, text: str) -> bool:
        """A number opens a node only where it follows the one before it; else it is the middle of a sentence."""
        if marker.kind not in ("clause", "part", "section", "point") or (marker.kind == "point" and ")" in text[:4]):
            return True
        last = self.last_of.get((self._parent_for(marker), marker.kind, marker.rank))
        place, before = place_of(marker.name), place_of(last.name) if last else 0
        if marker.rank == Rank.SUBCLAUSE and last and last.name.rsplit(".", 1)[0] != marker.name.rsplit(".", 1)[0]:
            before = 0
        if marker.rank == Rank.CHAPTER and place == 1:
            return True  # forms in one annex each have their own I, II, III
        same_again = marker.name[-1:].isalpha() and place == before  # 5, 5a
        return before < place <= before + _GAP or (marker.kind == "clause" and same_again)

    def _follows_articles(self, marker: Marker, position: int) -> bool:
        """``Điều 7. …`` is the middle of a sentence where the articles are not that far, or are already further."""
        last = self.last_of.get((self._root(), "article", Rank.ARTICLE))
        before, place = place_of(last.name) if last else 0, place_of(marker.name)
        if not last or place in (1, before + 1) or (place == before and marker.name[-1:].isalpha()):
            return True
        later = (m for m in self.markers[position + 1 :] if m and m.kind in ("article", "annex"))
        ahead = next((m for m in later if m.kind == "annex" or place_of(m.name) == before + 1), None)
        return place > before and (ahead is None or ahead.kind == "annex")

    def _root(self) -> int | None:
        """The innermost open annex, or ``None`` in the body."""
        return next((index for index in reversed(self.stack) if self.nodes[index].is_annex), None)

    def _parent_for(self, marker: Marker) -> int | None:
        for index in reversed(self.stack):
            if self.nodes[index].rank < marker.rank and self._takes(self.nodes[index], marker):
                return index
        return None

    def _takes(self, node: Node, marker: Marker) -> bool:
        """A tiểu mục that stands in no mục comes from a text that lost its chapters: nobody knows where it ends."""
        if node.kind in ("head", "signature") or (node.rank == Rank.SUBSECTION and node.parent is None):
            return False
        return not (marker.kind == "bullet" and _closed_to_bullets(node))

    def _open(self, marker: Marker, paragraph: Paragraph) -> None:
        parent = None if marker.kind in ("annex", "signature") else self._parent_for(marker)
        node = Node(marker.kind, marker.rank, marker.name, paragraph.page, parent, confidence=paragraph.confidence)
        act = ACT_TITLE.match(marker.rest) if marker.kind == "annex" and marker.rest == paragraph.text else None
        node.attached = act.group().capitalize() if act else ""
        if marker.kind == "bullet" and parent is not None:
            self.nodes[parent].bullets += 1
            node.name = str(self.nodes[parent].bullets)
        self._push(node)
        if self._is_title(marker, paragraph):
            node.heading = marker.rest
        else:
            node.append(paragraph, marker.rest)

    def _push(self, node: Node) -> None:
        self.nodes.append(node)
        self.stack = [index for index in self.stack if self._is_ancestor(index, node.parent)] + [len(self.nodes) - 1]
        owner = self._root() if node.kind == "article" else node.parent
        self.last_of[owner, node.kind, node.rank] = node

    def _is_ancestor(self, index: int, of: int | None) -> bool:
        while of is not None:
            if of == index:
                return True
            of = self.nodes[of].parent
        return False

    def _is_title(self, marker: Marker, paragraph: Paragraph) -> bool:
        if marker.kind in ("annex", "chapter", "part") or (marker.kind == "section" and not self._in_annex()):
            return True
        if marker.kind in ("bullet", "item", "point", "signature"):
            return False
        if paragraph.is_heading:
            return True
        parent = self.nodes[-1].parent
        if marker.kind == "clause" and parent is not None and self.nodes[parent].kind == "article":
            return False
        return looks_like_title(marker.rest) and not (marker.kind == "clause" and self.is_act and not self._in_annex())

    def _continue(self, paragraph: Paragraph, position: int) -> None:
        top = self._top()
        if top is None:
            self._push(Node("head", Rank.PART, "", paragraph.page, None, confidence=paragraph.confidence))
            self.nodes[-1].append(paragraph, paragraph.text)
        elif _goes_on_title(top, paragraph.text):
            top.heading = squeeze(f"{top.heading} {paragraph.text}")
        elif self._closes_part(paragraph, position):
            self._open_closing(paragraph)
        else:
            top.append(paragraph, paragraph.text)

    def _is_signature(self, position: int) -> bool:
        text, top = self.paragraphs[position].text, self._top()
        if _SIGNATURE.match(text):
            return True
        if not top or top.kind in ("head", "signature") or self._in_annex():
            return False
        return self.last_marker < position < self.body_end and bool(_SIGNER.match(text)) and (text.isupper() or text.startswith("Ký"))

    def _sign(self, paragraph: Paragraph) -> None:
        """Open the signature block, go on with it, or, for that of a form or an attached act, leave it with its annex."""
        top, annex = self._top(), self._root()
        if annex is not None:
            self.stack = self.stack[: self.stack.index(annex) + 1]
            self.nodes[annex].append(paragraph, paragraph.text)
        elif top and top.kind == "signature":
            top.append(paragraph, paragraph.text)
        else:
            self._open(Marker("signature", Rank.PART, "", paragraph.text), paragraph)

    def _closes_part(self, paragraph: Paragraph, position: int) -> bool:
        top = self._top()
        if not top or top.kind in ("signature", "head") or self._in_annex() or paragraph.text.startswith(("|", "+")):
            return False
        if self.is_act:
            return top.kind == "closing" or bool(_PASSED.match(paragraph.text))
        if any(marker and marker.kind != "annex" for marker in self.markers[position + 1 : self._signed_at(position)]):
            return False
        return top.kind in ("bullet", "closing") or bool(_CLOSING.match(fold(paragraph.text)))

    def _signed_at(self, position: int) -> int:
        """Where the signature block or the first annex behind ``position`` begins."""
        for at in range(position + 1, self.body_end):
            if _SIGNATURE.match(self.paragraphs[at].text) or _SIGNER.match(self.paragraphs[at].text):
                return at
        return self.body_end

    def _open_closing(self, paragraph: Paragraph) -> None:
        top = self._top()
        if top and top.kind == "closing":
            top.append(paragraph, paragraph.text)
            return
        part = next((index for index in self.stack if self.nodes[index].kind == "part" and not self.is_act), None)
        node = Node("closing", Rank.ITEM, "", paragraph.page, part, confidence=paragraph.confidence)
        node.append(paragraph, paragraph.text)
        self._push(node)


def _closed_to_bullets(node: Node) -> bool:
    """Bullets after an item ``(5) …`` go on the list of the mục, unless the item announces them with a colon."""
    return node.kind == "item" and not node.bullets and not node.text.rstrip().endswith(":")


def _goes_on_title(top: Node, text: str) -> bool:
    """``Chương I``, ``Phụ lục 2``, ``Điều 5.`` alone on a line are followed by their title."""
    if top.kind == "article":
        return not top.heading and not top.text and text[:1].isupper() and looks_like_title(text)
    titled = top.kind in ("annex", "chapter", "part", "section") and top.rank != Rank.FORM
    return titled and may_follow(top.text) and is_title_line(text, top.heading)
