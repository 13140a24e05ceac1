"""Section paths (``IV.2-2``, ``Điều 5.2.a``, ``PL4.2``) and the labels people read (``khoản 2 Điều 5``).

What a body without numbers says is ``Mở đầu``, ``Mở đầu-2`` …

An annex is ``PL`` with its number. One without a number gets the first number that no other annex has; an act that
the document issues (``Quy chế ban hành kèm theo …``) too, but where the document has annexes with numbers of their
own it is called by its kind: ``Quy chế.Điều 3``. Forms are ``Mẫu 01``, inside their annex if there is one.
"""

from __future__ import annotations

from collections.abc import Iterator

from ingest.markers import Rank, number_of
from ingest.tree_nodes import Node
from rag.documents import HEAD

SIGNATURE = "Nơi nhận"
CLOSING = "Kết"


def name_nodes(nodes: list[Node]) -> None:
    """Fill ``path`` and ``label`` of every node; a path that stands already gets a counter (``I.1 [2]``)."""
    _number_annexes([node for node in nodes if node.kind == "annex"])
    used: dict[str, int] = {}
    for node in nodes:
        parent = nodes[node.parent] if node.parent is not None else None
        node.path = _path(node, parent, nodes)
        node.label = _label(node, parent, nodes)
        used[node.path] = used.get(node.path, 0) + 1
        shared = (node.kind == "closing" and parent) or (node.kind == "paragraph" and node.path == HEAD)
        if used[node.path] > 1 and not shared:
            node.path += f" [{used[node.path]}]"


def _number_annexes(annexes: list[Node]) -> None:
    """Give every annex its path and label; a single annex without a number is just ``Phụ lục`` to people."""
    numbered = {number_of(annex.name) for annex in annexes if annex.name}
    free = (str(number) for number in range(1, 1000) if str(number) not in numbered)
    kinds: dict[str, int] = {}
    for annex in annexes:
        if annex.attached and numbered:
            kinds[annex.attached] = kinds.get(annex.attached, 0) + 1
            annex.path = annex.attached + (f" {kinds[annex.attached]}" if kinds[annex.attached] > 1 else "")
        else:
            annex.name = number_of(annex.name) if annex.name else next(free)
            annex.path = f"PL{annex.name}"
        annex.label = f"{annex.attached} kèm theo" if annex.attached else f"Phụ lục {annex.name}"
    if len(annexes) == 1 and not numbered and not annexes[0].attached:
        annexes[0].label = "Phụ lục"


def _path(node: Node, parent: Node | None, nodes: list[Node]) -> str:
    above = parent.path if parent else ""
    match node.kind:
        case "head":
            return HEAD
        case "paragraph":
            return f"{HEAD}-{node.name}" if node.name else HEAD
        case "signature":
            return SIGNATURE
        case "closing":
            return above or CLOSING
        case "annex":
            return node.path
        case "article":
            return _join(_container_path(node, nodes), f"Điều {node.name}")
        case "chapter":
            return _join(above, f"Chương {node.name}")
        case "part" if node.rank == Rank.PART:
            return _join(_container_path(node, nodes), f"Phần {number_of(node.name)}")
        case "section" if _word(node):
            return _join(above, f"{_word(node)} {node.name}")
        case "bullet" if parent is None or parent.kind == "paragraph":
            return f"{HEAD}-{node.name}"
        case "bullet":
            return f"{above}-{node.name}"
        case "item":
            return f"{above}({node.name})"
        case "clause" if node.rank == Rank.SUBCLAUSE:
            return _join(_path_above_clauses(node, nodes), node.name)
        case _:
            return _join(above, node.name)


def _word(node: Node) -> str:
    """``Mục`` …: what a section is called; a lettered one (``A. …``) has no word."""
    if node.rank in (Rank.LETTER, Rank.SECTION):
        return "Mục" if node.name.isdigit() or len(node.name) > 1 else ""
    return "Mẫu" if node.rank == Rank.FORM else "Tiểu mục"


def _path_above_clauses(node: Node, nodes: list[Node]) -> str:
    """``1.2`` under mục 1 of phần II is ``II.1.2``: a dotted number repeats the numbers above it."""
    return next((above.path for above in _ancestors(node, nodes) if above.kind != "clause"), "")


def _join(above: str, name: str) -> str:
    return f"{above}.{name}" if above else name


def _ancestors(node: Node, nodes: list[Node]) -> Iterator[Node]:
    while node.parent is not None:
        node = nodes[node.parent]
        yield node


def _container(node: Node, nodes: list[Node]) -> Node | None:
    """The annex or form that the node stands in."""
    return next((above for above in _ancestors(node, nodes) if above.is_annex), None)


def _container_path(node: Node, nodes: list[Node]) -> str:
    container = _container(node, nodes)
    return container.path if container else ""


def _label(node: Node, parent: Node | None, nodes: list[Node]) -> str:
    above = parent.label if parent else ""
    container = _container(node, nodes)
    inside = container.label if container else ""
    match node.kind:
        case "head":
            return "phần mở đầu"
        case "paragraph":
            return f"phần mở đầu, đoạn {node.name}" if node.name else "phần mở đầu"
        case "signature":
            return "phần nơi nhận và chữ ký"
        case "closing":
            return f"{above}, đoạn kết" if above else "đoạn kết"
        case "annex":
            return node.label
        case "chapter":
            return f"Chương {node.name} {above}".strip()
        case "article":
            return f"Điều {node.name} {inside}".strip()
        case "part" if node.rank == Rank.PART:
            return f"Phần {node.name} {inside}".strip()
        case "section" if node.rank == Rank.FORM:
            return f"Mẫu số {node.name} {inside}".strip()
        case "section" if _word(node):
            return f"{_word(node)} {node.name} {above}".strip()
        case "clause" if parent and parent.kind == "article":
            return f"khoản {node.name} {above}"
        case "clause" if parent and parent.label.startswith("khoản") and node.rank == Rank.SUBCLAUSE:
            return f"khoản {node.name} {' '.join(above.split()[2:])}"
        case "point" if node.rank == Rank.STEP:
            return f"{node.name} {above}".strip()
        case "point":
            return f"điểm {node.name} {above}".strip()
        case "bullet" if parent is None or parent.kind == "paragraph":
            return f"phần mở đầu, đoạn {node.name}"
        case "bullet":
            return f"{above}, gạch đầu dòng thứ {node.name}" if above else f"gạch đầu dòng thứ {node.name}"
        case "item":
            return f"{above}, ý ({node.name})".removeprefix(", ")
        case _:
            word = "phần" if node.kind == "part" and not container else "mục"
            path = node.path.removeprefix(f"{container.path}.") if container else node.path
            return f"{word} {path} {inside}".strip()
