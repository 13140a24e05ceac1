"""Section paths (``IV.2-2``, ``Điều 5.2.a``, ``PL4.2``) and the labels people read (``khoản 2 Điều 5``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.markers import number_of

if TYPE_CHECKING:
    from ingest.structure import _Node

HEAD = "Mở đầu"
SIGNATURE = "Nơi nhận"
CLOSING = "Kết"


def name_nodes(nodes: list[_Node]) -> None:
    """Fill ``path`` and ``label`` of every node; a path that stands already gets a counter (``I.1 [2]``)."""
    used: dict[str, int] = {}
    annexes = 0
    for node in nodes:
        if node.kind == "annex":
            annexes += 1
            node.name = number_of(node.name) if node.name else str(annexes)
        parent = nodes[node.parent] if node.parent is not None else None
        node.path = _path(node, parent, nodes)
        node.label = _label(node, parent)
        used[node.path] = used.get(node.path, 0) + 1
        if used[node.path] > 1 and not (node.kind == "closing" and parent):
            node.path += f" [{used[node.path]}]"


def _path(node: _Node, parent: _Node | None, nodes: list[_Node]) -> str:
    match node.kind:
        case "head":
            return HEAD
        case "signature":
            return SIGNATURE
        case "closing":
            return parent.path if parent else CLOSING
        case "annex":
            return f"PL{node.name}"
        case "article":
            return _join(_annex_path(node, nodes), f"Điều {node.name}")
        case "chapter":
            return _join(_annex_path(node, nodes), f"Chương {node.name}")
        case "part" if node.rank == 1:
            return _join(_annex_path(node, nodes), f"Phần {number_of(node.name)}")
        case "section" if node.name.isdigit() or len(node.name) > 1:
            return _join(parent.path if parent else "", f"Mục {node.name}")
        case "bullet":
            return f"{parent.path if parent else ''}-{node.name}"
        case "item":
            return f"{parent.path if parent else ''}({node.name})"
        case "clause" if "." in node.name:
            return _join(_path_above_clauses(node, nodes), node.name)
        case _:
            return _join(parent.path if parent else "", node.name)


def _path_above_clauses(node: _Node, nodes: list[_Node]) -> str:
    """``1.2`` under mục 1 of phần II is ``II.1.2``: a dotted number repeats the numbers above it."""
    above = node.parent
    while above is not None and nodes[above].kind == "clause":
        above = nodes[above].parent
    return nodes[above].path if above is not None else ""


def _join(above: str, name: str) -> str:
    return f"{above}.{name}" if above else name


def _annex_path(node: _Node, nodes: list[_Node]) -> str:
    above = node.parent
    while above is not None:
        if nodes[above].kind == "annex":
            return nodes[above].path
        above = nodes[above].parent
    return ""


def _label(node: _Node, parent: _Node | None) -> str:
    above = parent.label if parent else ""
    match node.kind:
        case "head":
            return "phần mở đầu"
        case "signature":
            return "phần nơi nhận và chữ ký"
        case "closing":
            return f"{above}, đoạn kết" if above else "đoạn kết"
        case "annex":
            return f"Phụ lục {node.name}"
        case "chapter":
            return _under(f"Chương {node.name}", above if above.startswith("Phụ lục") else "")
        case "article":
            annex = above[above.index("Phụ lục") :] if "Phụ lục" in above else ""
            return _under(f"Điều {node.name}", annex)
        case "part" if node.rank == 1:
            return f"Phần {node.name}"
        case "clause" if parent and parent.kind == "article":
            return f"khoản {node.name} {above}"
        case "point":
            return f"điểm {node.name} {above}"
        case "bullet":
            return f"{above}, gạch đầu dòng thứ {node.name}" if above else f"gạch đầu dòng thứ {node.name}"
        case "item":
            return f"{above}, ý ({node.name})"
        case "section" if node.name.isdigit() or len(node.name) > 1:
            return _under(f"Mục {node.name}", above)
        case _:
            annex = above[above.index("Phụ lục") :] if "Phụ lục" in above else ""
            path = node.path.split(".", 1)[1] if annex and "." in node.path else node.path
            return _under(f"mục {path}" if node.kind != "part" or annex else f"phần {path}", annex)


def _under(name: str, above: str) -> str:
    return f"{name} {above}".strip() if above.startswith(("Phụ lục", "Chương")) else name
