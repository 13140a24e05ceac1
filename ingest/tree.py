"""Paragraphs → a tree of nodes: which paragraph opens a node, under which one, and which goes on with the last.

Two families share one grammar of markers (``ingest.markers``): directives (Phần I → mục 1 → gạch đầu dòng, (1) (2) …)
and legal acts (Chương → Mục → Điều → khoản → điểm). A paragraph without a marker goes on the node above it, except
where it closes the last part of a directive. A number that does not follow the one before it is the middle of a
sentence, and what an amending document quotes is its text, not its structure.
"""

from __future__ import annotations

import re
from dataclasses import replace

from ingest.markers import Marker, Rank, place_of
from ingest.open_nodes import OpenNodes
from ingest.outline import Outline
from ingest.paragraphs import Paragraph
from ingest.signature_block import is_signer, names_recipients
from ingest.titles import ACT_TITLE, ATTACHED, is_title_line, looks_like_title, may_follow
from ingest.tree_nodes import Node
from rag.documents import FRAME
from rag.language.kinds import LAWS, any_of
from rag.language.text import fold, squeeze

_PASSED = re.compile(rf"^(?:{any_of(*LAWS, 'Nghị quyết')}) này (?:đã )?được .{{5,120}} thông qua ")
_CLOSING = re.compile(
    r"^(?:tren day la|trong qua trinh|can cu (?:huong dan|noi dung|cong van)|nhan duoc|de nghi (?:cac|thu truong|ubnd)"
    r"|yeu cau (?:cac|thu truong)|(?:so|phong|ubnd|bo) .{0,60}(?:gui kem|de nghi|yeu cau|thong bao|trien khai))"
)
_BELOW_A_PARAGRAPH = ("bullet", "item", "point")
_SERIES = 3
"""So many clauses of one paragraph each show that none has a second one."""
_PIECE = 700
"""Characters: so much of a body without numbers is one provision."""


def build_tree(paragraphs: list[Paragraph]) -> list[Node]:
    """Return the nodes in reading order, parents before their children; paths and labels are still empty."""
    nodes = _Builder(paragraphs).build()
    _say_lone_titles(nodes)
    return nodes


def _say_lone_titles(nodes: list[Node]) -> None:
    """A title with nothing below it is what is said there (``2. Nộp hồ sơ trước ngày 20/10``)."""
    parents = {node.parent for node in nodes}
    for index, node in enumerate(nodes):
        lone = not node.lines and index not in parents and node.kind in ("clause", "part")
        if lone and re.search(r"\d", node.heading) and not node.heading.isupper():
            node.lines, node.size, node.heading = [node.heading], len(node.heading), ""


class _Builder:
    """Puts paragraphs under the right node."""

    def __init__(self, paragraphs: list[Paragraph]) -> None:
        self.paragraphs = paragraphs
        self.open = OpenNodes()
        self.nodes = self.open.nodes
        self.bullets = 0  # of the body without numbers
        self.outline = Outline.of(paragraphs)

    def build(self) -> list[Node]:
        for position, paragraph in enumerate(self.paragraphs):
            marker = self._placed(self.outline.markers[position])
            if marker and self._fits(marker, position):
                self._open(marker, paragraph)
            elif self._is_signature(position):
                self._sign(paragraph)
            else:
                self._continue(paragraph, position)
        return self.nodes

    def _in_body(self, position: int) -> bool:
        """Whether this is a body without numbers, where no numbered provision is open."""
        if position < self.outline.body_at or position >= self.outline.body_end:
            return False
        return not self.open.path or self.open.path[0].kind in ("head", "paragraph", *_BELOW_A_PARAGRAPH)

    def _placed(self, marker: Marker | None) -> Marker | None:
        """``A.`` stands above ``I.`` where it comes first, and below where it does not."""
        if marker is None or marker.kind != "section" or marker.rank != Rank.SECTION or len(marker.name) > 1 or marker.name.isdigit():
            return marker
        if place_of(marker.name) == 0 or marker.mark.lower().startswith("mục"):
            return marker
        goes_on = any(node.rank == Rank.LETTER and place_of(node.name) + 1 == place_of(marker.name) for node in self.open.path)
        if goes_on or not any(node.rank == Rank.CHAPTER for node in self.open.path):
            return replace(marker, rank=Rank.LETTER)
        return marker

    def _fits(self, marker: Marker, position: int) -> bool:
        top = self.open.top
        if marker.kind == "annex":
            following = self.outline.markers[position + 1] if position + 1 < len(self.outline.markers) else None
            return bool(marker.rest or marker.name or not following or following.kind != "annex")
        if marker.rank == Rank.FORM:
            return self.open.in_annex or bool(top and top.kind == "signature")
        if top and top.kind == "signature" and marker.rank > Rank.CHAPTER and marker.kind != "article":
            return False
        if self.open.is_unnumbered and marker.rank > Rank.ARTICLE:
            if marker.kind in _BELOW_A_PARAGRAPH:
                return self._in_body(position) and self.open.is_next(marker)
            if self.outline.has_parts or marker.name != "1":
                return False
        if marker.kind == "section" and self.outline.is_act and not marker.name.isdigit() and not self.open.in_annex:
            return False
        if marker.under and not any(node.name == marker.under for node in self.open.path):
            return False
        if marker.mark == "+" and self.open.in_dashes:
            return False  # the details of a bullet
        if marker.kind == "article":
            return self._follows_articles(marker, position)
        return self.open.is_next(marker)

    def _follows_articles(self, marker: Marker, position: int) -> bool:
        """``Điều 7. …`` is the middle of a sentence where the articles are not that far, or are already further."""
        last = self.open.last(self.open.root, "article", Rank.ARTICLE)
        before, place = place_of(last.name) if last else 0, place_of(marker.name)
        if not last or place in (1, before + 1) or (place == before and marker.name[-1:].isalpha()):
            return True
        return place > before and not self.outline.has_article(before + 1, position)

    def _open(self, marker: Marker, paragraph: Paragraph) -> None:
        parent = None if marker.kind in ("annex", "signature") else self.open.parent_for(marker)
        node = Node(marker.kind, marker.rank, marker.name, paragraph.page, parent, marker.mark, confidence=paragraph.confidence)
        act = ACT_TITLE.match(marker.rest) if marker.kind == "annex" and marker.rest == paragraph.text else None
        node.attached = act.group().capitalize() if act else ""
        if marker.kind == "bullet":
            node.name = str(self._next_bullet(parent))
        self.open.push(node)
        if self._is_title(marker, paragraph):
            node.heading = marker.rest
        elif marker.rest:
            node.append(paragraph, marker.rest)

    def _next_bullet(self, parent: int | None) -> int:
        if parent is not None and self.nodes[parent].kind != "paragraph":
            self.nodes[parent].bullets += 1
            return self.nodes[parent].bullets
        self.bullets += 1
        return self.bullets

    def _is_title(self, marker: Marker, paragraph: Paragraph) -> bool:
        if marker.kind == "annex":
            return not (ATTACHED.match(marker.rest) or marker.rest.startswith("|"))
        if marker.kind in ("bullet", "item", "point", "signature"):
            return False
        if marker.kind == "chapter" or marker.rank == Rank.PART or (marker.kind == "section" and not self.open.in_annex):
            return True
        if marker.kind == "part":
            return looks_like_title(marker.rest.rstrip(".:; ")) or paragraph.is_heading
        if paragraph.is_heading:
            return True
        parent = self.nodes[-1].parent
        if marker.kind == "clause" and parent is not None and self.nodes[parent].kind == "article":
            return False
        in_article = self.outline.is_act and not self.open.in_annex and not (parent is not None and self.nodes[parent].kind == "part")
        return looks_like_title(marker.rest) and not (marker.kind == "clause" and in_article)

    def _continue(self, paragraph: Paragraph, position: int) -> None:
        top = self.open.top
        if self._opens_piece(paragraph, position):
            self._open_piece(paragraph)
        elif top is None:
            self.open.push(Node("head", Rank.PART, "", paragraph.page, None, confidence=paragraph.confidence))
            self.nodes[-1].append(paragraph, paragraph.text)
        elif _goes_on_title(top, paragraph.text):
            top.heading = squeeze(f"{top.heading} {paragraph.text}")
        elif top.breaks_off and paragraph.text.removeprefix("(")[:1].islower() and not ATTACHED.match(paragraph.text):
            top.go_on(paragraph)
        elif self._closes_part(paragraph, position):
            self._open_closing(paragraph)
        else:
            top.append(paragraph, paragraph.text)

    def _opens_piece(self, paragraph: Paragraph, position: int) -> bool:
        """Whether a paragraph of a body without numbers begins a provision of its own."""
        top = self.open.top
        if not self._in_body(position):
            return False
        if top is None or top.kind == "head":
            return True
        if paragraph.text.startswith("|") or paragraph.text[:1].islower() or top.announces:
            return False
        return top.kind != "paragraph" or top.size + len(paragraph.text) > _PIECE

    def _open_piece(self, paragraph: Paragraph) -> None:
        first = not any(node.kind == "paragraph" for node in self.nodes)
        self.bullets = self.bullets if first else max(self.bullets + 1, 2)
        self.open.push(
            Node("paragraph", Rank.SUBCLAUSE, "" if first else str(self.bullets), paragraph.page, None, confidence=paragraph.confidence)
        )
        self.nodes[-1].append(paragraph, paragraph.text)

    def _is_signature(self, position: int) -> bool:
        text, top = self.outline.texts[position], self.open.top
        if names_recipients(text):
            return text.rstrip(" :.").lower() == "nơi nhận" or position > self.outline.last_marker
        if not top or top.kind in FRAME or self.open.in_annex:
            return False
        return self.outline.last_marker < position < self.outline.body_end and is_signer(text)

    def _sign(self, paragraph: Paragraph) -> None:
        """Open the signature block, go on with it, or, for that of a form or an attached act, leave it with its annex."""
        top, annex = self.open.top, self.open.root
        if annex is not None:
            self.open.leave_to(annex)
            self.nodes[annex].append(paragraph, paragraph.text)
        elif top and top.kind == "signature":
            top.append(paragraph, paragraph.text)
        else:
            self._open(Marker("signature", Rank.PART, "", paragraph.text), paragraph)

    def _closes_part(self, paragraph: Paragraph, position: int) -> bool:
        top = self.open.top
        if not top or top.kind == "signature" or self.open.is_unnumbered or self.open.in_annex or paragraph.text.startswith(("|", "+")):
            return False
        if paragraph.is_heading and self.outline.last_marker < position < self.outline.body_end:
            return True  # remarks of whoever wrote the text down
        if self.outline.is_act:
            return top.kind == "closing" or bool(_PASSED.match(paragraph.text))
        if self.outline.marked[position] < self.outline.signed[position]:
            return False
        return top.kind in ("bullet", "closing") or bool(_CLOSING.match(fold(paragraph.text))) or self._ends_series(top)

    def _ends_series(self, top: Node) -> bool:
        """Whether clauses of one paragraph each end here, so that what stands behind the last is said of them all."""
        series = [node for node in self.nodes if node.kind == "clause" and node.parent == top.parent]
        single = all(sum(not line.startswith("|") for line in node.lines) <= 1 for node in series)
        return top.kind == "clause" and len(series) >= _SERIES and single and bool(top.lines) and not top.announces

    def _open_closing(self, paragraph: Paragraph) -> None:
        top = self.open.top
        if top and top.kind == "closing":
            top.append(paragraph, paragraph.text)
            return
        part = None if self.outline.is_act else self.open.outermost("part")
        node = Node("closing", Rank.ITEM, "", paragraph.page, part, confidence=paragraph.confidence)
        node.append(paragraph, paragraph.text)
        self.open.push(node)


def _goes_on_title(top: Node, text: str) -> bool:
    """``Chương I``, ``Phụ lục 2``, ``Điều 5.`` alone on a line are followed by their title."""
    if top.kind == "article":
        return not top.heading and not top.lines and text[:1].isupper() and looks_like_title(text)
    titled = top.kind in ("annex", "chapter", "part", "section") and top.rank != Rank.FORM
    return titled and may_follow(top.lines) and is_title_line(text, top.heading)
