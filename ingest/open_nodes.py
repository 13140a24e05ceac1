"""The nodes of a tree in the making, and which of them are open: what a marker may open below them, and what it follows."""

from __future__ import annotations

from ingest.markers import Marker, Rank, place_of
from ingest.tree_nodes import Node
from rag.documents import FRAME, ProvisionKind

_GAP = 3
"""How many numbers a series may skip, for texts that lost a line."""


class OpenNodes:
    """``nodes`` are those so far, in reading order; open are the last of them and all above it."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self._stack: list[int] = []  # the open ones, from the root down
        self._last: dict[tuple[int | None, ProvisionKind, Rank], Node] = {}

    @property
    def path(self) -> list[Node]:
        """The open nodes from the root down."""
        return [self.nodes[index] for index in self._stack]

    @property
    def top(self) -> Node | None:
        """The innermost open node."""
        return self.nodes[self._stack[-1]] if self._stack else None

    @property
    def root(self) -> int | None:
        """The innermost open annex, by its index, or ``None`` in the body."""
        return next((index for index in reversed(self._stack) if self.nodes[index].is_annex), None)

    @property
    def in_annex(self) -> bool:
        """Whether an annex is open."""
        return self.root is not None

    @property
    def in_dashes(self) -> bool:
        """Whether a bullet is open that may have details of its own."""
        return any(node.kind == "bullet" and node.mark != "+" for node in self.path)

    @property
    def is_unnumbered(self) -> bool:
        """Whether nothing is open but the head, or the body of a letter without numbers."""
        return not self._stack or self.path[0].kind in ("head", "paragraph") or self.path[0].rank >= Rank.STEP

    def outermost(self, kind: ProvisionKind) -> int | None:
        """Return the outermost open node of a kind, by its index."""
        return next((index for index in self._stack if self.nodes[index].kind == kind), None)

    def last(self, parent: int | None, kind: ProvisionKind, rank: Rank) -> Node | None:
        """Return the last node of its kind and rank below a parent; of articles, below an annex or in the body."""
        return self._last.get((parent, kind, rank))

    def parent_for(self, marker: Marker) -> int | None:
        """Return the index of the node below which a marker opens one; ``None``: below none."""
        for index in reversed(self._stack):
            if self.nodes[index].rank < marker.rank and _takes(self.nodes[index], marker):
                return index
        return None

    def is_next(self, marker: Marker) -> bool:
        """Say whether a marker follows the one before it: a number that does not is the middle of a sentence."""
        if marker.rank == Rank.STEP:
            return True
        if marker.kind not in ("clause", "part", "section", "point") or (marker.kind == "point" and ")" in marker.mark):
            return True
        last = self.last(self.parent_for(marker), marker.kind, marker.rank)
        place, before = place_of(marker.name), place_of(last.name) if last else 0
        if marker.rank == Rank.SUBCLAUSE and last and last.name.rsplit(".", 1)[0] != marker.name.rsplit(".", 1)[0]:
            before = 0
        if marker.rank == Rank.CHAPTER and place == 1:
            return True  # forms in one annex each have their own I, II, III
        same_again = marker.name[-1:].isalpha() and place == before  # 5, 5a
        return before < place <= before + _GAP or (marker.kind == "clause" and same_again)

    def push(self, node: Node) -> None:
        """Add a node, and close those that it does not stand below."""
        self.nodes.append(node)
        self._stack = [index for index in self._stack if self._is_ancestor(index, node.parent)] + [len(self.nodes) - 1]
        owner = self.root if node.kind == "article" else node.parent
        self._last[owner, node.kind, node.rank] = node

    def leave_to(self, index: int) -> None:
        """Close all below an open node."""
        self._stack = self._stack[: self._stack.index(index) + 1]

    def _is_ancestor(self, index: int, of: int | None) -> bool:
        while of is not None:
            if of == index:
                return True
            of = self.nodes[of].parent
        return False


def _takes(node: Node, marker: Marker) -> bool:
    """A tiểu mục that stands in no mục comes from a text that lost its chapters: nobody knows where it ends."""
    if node.kind in FRAME or (node.rank == Rank.SUBSECTION and node.parent is None):
        return False
    return not (marker.kind == "bullet" and _is_closed_to_bullets(node))


def _is_closed_to_bullets(node: Node) -> bool:
    """Bullets after an item ``(5) …`` go on the list of the mục, unless the item announces them with a colon."""
    return node.kind == "item" and not node.bullets and not node.announces
