"""The automatic numbers of Word (``1.``, ``a)``, ``Điều 5.``, ``-``): they are not in the text, they are counted."""

from __future__ import annotations

import re

from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement as Element

from rag.language.series import to_roman

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_PLACE = re.compile(r"%(\d)")


class Numbering:
    """Counts through a document, paragraph by paragraph, in order."""

    def __init__(self, word: WordDocument) -> None:
        self._styles = {style.get(qn("w:styleId")): style for style in word.styles.element.iter(qn("w:style"))}
        self._levels: dict[str, dict[int, Element]] = {}
        self._starts: dict[tuple[str, int], int] = {}
        self._abstract_of: dict[str, str] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._seen: set[tuple[str, int]] = set()
        try:
            tree = word.part.numbering_part.element
        except (KeyError, NotImplementedError):  # python-docx: a file without lists has no such part
            return
        for abstract in tree.iter(qn("w:abstractNum")):
            levels = {int(level.get(qn("w:ilvl"))): level for level in abstract.iter(qn("w:lvl"))}
            self._levels[abstract.get(qn("w:abstractNumId"))] = levels
        for number in tree.iter(qn("w:num")):
            name = number.get(qn("w:numId"))
            self._abstract_of[name] = _value(number, "w:abstractNumId")
            for override in number.iter(qn("w:lvlOverride")):
                if start := _value(override, "w:startOverride"):
                    self._starts[(name, int(override.get(qn("w:ilvl"))))] = int(start)

    def style_name(self, paragraph: Element) -> str:
        """Return the name of the paragraph's style (``heading 1``)."""
        style = self._styles.get(_value(paragraph, "w:pPr/w:pStyle"))
        return _value(style, "w:name") if style is not None else ""

    def label(self, paragraph: Element) -> str:
        """Return the number that Word shows before the paragraph, with a blank after it, or ``""``; counts it."""
        number, depth = self._numbered(paragraph)
        abstract = self._abstract_of.get(number, "")
        level = self._levels.get(abstract, {}).get(depth)
        if level is None:
            return ""
        counts = self._counts.setdefault(abstract, {})
        restart = self._starts.get((number, depth))
        if restart is not None and (number, depth) not in self._seen:
            counts.pop(depth, None)
        self._seen.add((number, depth))
        first = restart if restart is not None else int(_value(level, "w:start") or 1)
        counts[depth] = counts[depth] + 1 if depth in counts else first
        for deeper in [d for d in counts if d > depth]:
            del counts[deeper]
        return self._shown(abstract, level, counts)

    def _shown(self, abstract: str, level: Element, counts: dict[int, int]) -> str:
        form, text = _value(level, "w:numFmt"), _value(level, "w:lvlText")
        if form == "bullet":
            return "- "
        if form == "none" and not text:
            return ""

        def number(found: re.Match[str]) -> str:
            depth = int(found.group(1)) - 1
            other = self._levels[abstract].get(depth)
            return "" if other is None else _written(counts.get(depth, 1), _value(other, "w:numFmt"))

        shown = _PLACE.sub(number, text).strip()
        return shown + " " if shown else ""

    def _numbered(self, paragraph: Element) -> tuple[str, int]:
        """Return (list, depth), set at the paragraph or in its style."""
        number, depth = _value(paragraph, "w:pPr/w:numPr/w:numId"), _value(paragraph, "w:pPr/w:numPr/w:ilvl")
        style = self._styles.get(_value(paragraph, "w:pPr/w:pStyle"))
        for _ in range(10):  # styles are based on one another; ten deep is a loop
            if number or style is None:
                break
            number = _value(style, "w:pPr/w:numPr/w:numId")
            depth = depth or _value(style, "w:pPr/w:numPr/w:ilvl")
            style = self._styles.get(_value(style, "w:basedOn"))
        return number, int(depth or 0)


def _value(element: Element | None, path: str) -> str:
    found = element.find("/".join(qn(step) for step in path.split("/"))) if element is not None else None
    return str(found.get(qn("w:val")) or "") if found is not None else ""


def _written(count: int, form: str) -> str:
    if form in ("lowerLetter", "upperLetter"):
        letter = _LETTERS[(count - 1) % 26] * ((count - 1) // 26 + 1)
        return letter.upper() if form == "upperLetter" else letter
    if form in ("lowerRoman", "upperRoman"):
        roman = to_roman(count)
        return roman.lower() if form == "lowerRoman" else roman
    return f"{count:02}" if form == "decimalZero" else str(count)
