"""The parts of a page that are made: ``<!-- made: NAME -->``, what a maker of that name says, ``<!-- end -->``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

Makers = Mapping[str, Callable[[], str]]
"""What can stand in a page, by its name."""
_BLOCK = re.compile(r"(<!-- made: ([\w-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def filled(page: str, makers: Makers) -> str:
    """Return a page with every block as its maker has it now. Raises ``KeyError`` for a block that nobody makes."""
    return _BLOCK.sub(lambda block: f"{block[1]}\n{makers[block[2]]().strip()}\n\n{block[3]}", page)


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """Return a table of Markdown; bars and ends of lines inside a cell are kept from ending it."""
    cells = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |" for row in cells)
