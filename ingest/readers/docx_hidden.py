"""Runs of Word whose letters are hidden, by themselves or by their style."""

from __future__ import annotations

from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement as Element

from ingest.readers.docx_shown import PARAGRAPH, is_on

_RUN, _VANISH = qn("w:r"), f"{qn('w:rPr')}/{qn('w:vanish')}"
_LONGEST = 10  # styles based on one another; more is a loop


class Hidden:
    """Knows what the styles of a file hide."""

    def __init__(self, word: WordDocument) -> None:
        self._styles = {style.get(qn("w:styleId")): style for style in word.styles.element.iter(qn("w:style"))}

    def hides(self, node: Element) -> bool:
        """Whether a node is a run that is not shown: its own mark goes before styles, and of two styles each undoes the other's."""
        if node.tag != _RUN:
            return False
        if (own := _said(node)) is not None:
            return own
        paragraph = next(node.iterancestors(PARAGRAPH), None)
        of_paragraph = paragraph is not None and self._style_hides(paragraph, "w:pPr", "w:pStyle")
        return of_paragraph != self._style_hides(node, "w:rPr", "w:rStyle")

    def _style_hides(self, node: Element, properties: str, name: str) -> bool:
        style = self._styles.get(_named(node, f"{qn(properties)}/{qn(name)}"))
        for _ in range(_LONGEST):
            if style is None:
                break
            if (said := _said(style)) is not None:
                return said
            style = self._styles.get(_named(style, qn("w:basedOn")))
        return False


def _said(node: Element) -> bool | None:
    """Return what a run or a style itself says of its letters: hidden or not, or nothing."""
    mark = node.find(_VANISH)
    return None if mark is None else is_on(mark)


def _named(node: Element, path: str) -> str | None:
    found = node.find(path)
    return None if found is None else found.get(qn("w:val"))
