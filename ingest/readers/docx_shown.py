"""What Word shows of a file once every tracked change is accepted.

Content controls, custom XML, smart tags, links, fields and tracked insertions only stand around what is read; what was deleted or
moved away is not there any more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement as Element

PARAGRAPH, TABLE, TEXT_BOX = qn("w:p"), qn("w:tbl"), qn("w:txbxContent")
_COMPATIBLE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_DELETED = (qn("w:del"), qn("w:moveFrom"))
_GONE_ROW = (*_DELETED, qn("w:hidden"))
_LEFT_OUT = frozenset((*_DELETED, f"{_COMPATIBLE}Fallback"))
"""The fallback says the choice beside it once more, to older programs."""
_AROUND = frozenset(
    (
        *map(qn, ("w:sdt", "w:sdtContent", "w:customXml", "w:smartTag", "w:ins", "w:moveTo")),
        *(f"{_COMPATIBLE}{name}" for name in ("AlternateContent", "Choice")),
    )
)

_DEEPEST = 8  # tables and text boxes in one another


def blocks(parent: Element) -> Iterator[list[Element]]:
    """Yield what stands in a body or a part of it: each table, and each paragraph with those before it that now run into it."""
    begun: list[Element] = []
    for node in _walked(parent, _AROUND.__contains__):
        if node.tag == PARAGRAPH:
            begun.append(node)
            if not _has(node, "w:pPr/w:rPr", _DELETED):
                yield begun
                begun = []
        elif node.tag == TABLE:
            if begun:
                yield begun
                begun = []
            yield [node]
    if begun:
        yield begun


def inner_blocks(parent: Element) -> Iterator[list[Element]]:
    """Yield what stands in a cell or a text box; where it lies deep in others, nothing but its paragraphs, out of tables too.

    A paragraph is never entered: whoever reads it finds the text boxes that hang on it, and would read them twice.
    """
    around = parent.iterancestors(TABLE, TEXT_BOX)
    if next(islice(around, _DEEPEST, None), None) is None:
        return blocks(parent)
    return ([node] for node in _walked(parent, lambda tag: tag != PARAGRAPH) if node.tag == PARAGRAPH)


def rows(table: Element) -> Iterator[Element]:
    """Yield the rows of a table."""
    return (node for node in _walked(table, _AROUND.__contains__) if node.tag == qn("w:tr") and not _has(node, "w:trPr", _GONE_ROW))


def cells(row: Element) -> Iterator[Element]:
    """Yield the cells of a row."""
    gone = (qn("w:cellDel"),)
    return (node for node in _walked(row, _AROUND.__contains__) if node.tag == qn("w:tc") and not _has(node, "w:tcPr", gone))


def pieces(paragraph: Element, is_hidden: Callable[[Element], bool]) -> Iterator[Element]:
    """Yield all that stands in a paragraph and is not hidden, in order; a text box as a whole."""
    return _walked(paragraph, lambda tag: tag != TEXT_BOX, is_hidden)


def _walked(
    parent: Element, is_entered: Callable[[str], bool], is_hidden: Callable[[Element], bool] = lambda node: False
) -> Iterator[Element]:
    """Yield what stands below, without recursion: files that mean harm nest thousands deep."""
    waiting = list(reversed(parent))
    while waiting:
        node = waiting.pop()
        if node.tag in _LEFT_OUT or is_hidden(node):
            continue
        yield node
        if is_entered(node.tag):
            waiting.extend(reversed(node))


def _has(node: Element, path: str, tags: tuple[str, ...]) -> bool:
    """Whether one of the marks stands among the properties at ``path``."""
    kept = node.find("/".join(map(qn, path.split("/"))))
    return kept is not None and any(is_on(kept.find(tag)) for tag in tags)


def is_on(mark: Element | None) -> bool:
    """Whether a mark of Word is there and does not say itself that it is not meant."""
    return mark is not None and mark.get(qn("w:val"), "1") not in ("0", "false", "off")
