"""Lines of a page -> paragraphs and rows of tables, in reading order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from ingest.readers.lines import Line, PageWords, Word, group_lines
from ingest.readers.tables import Grid, as_lines
from rag.language.text import fold

_MARKER = re.compile(
    r"(?:chương|phần|mục|điều|phụ lục|mẫu số|bước|tiêu chuẩn|tiêu chí)\s+"
    r"(?:thứ\s+\w+|[IVXLC]+|\d+[a-zđ]?|[A-Z])\b\s*(?:[.:]|$)"
    r"|(?:[IVX]+|\d{1,2}(?:\.\d{1,2}){0,3}|[A-HĐ])\s?[.)](?:\s|$|(?=[^\W\d]))|\d{1,2}(?:\.\d{1,2}){1,3}\s+[^\W\da-zà-ỹ]"
    r"|[a-zđ]{1,2}\s?\)\s|\(\d{1,2}\)\s|[-–—+•*▪]\s?(?=\S)"
    r"|căn cứ\s|nơi nhận\s*:|kính gửi\s*:|\[\^\d+\]:",
    re.I,
)
_SENTENCE_END = re.compile(r"[.;:?!…/]['\"”)]*$")
_HEAD_LINE = re.compile(r"cong h\w{1,2} xa h\w{1,2} ch\w ngh")  # these are searched in folded text: OCR slips on marks
_FOOT_LINE = re.compile(r".?noi nhan")
_DATE_LINE = re.compile(r"\bngay\b.*\bthang\b")
_DECORATION = re.compile(r"[-–—_=*.…~\s]{3,}")
_GLUED_END = re.compile(r"[^\s\W][-/]$|\u00ad$")


@dataclass(frozen=True, slots=True)
class Laid:
    """A page laid out: its paragraphs, and what is needed to say whether the next page goes on with the last one."""

    paragraphs: tuple[str, ...] = ()
    first_may_continue: bool = False
    last_is_open: bool = False


def lay_out(page: PageWords, lines: list[Line]) -> Laid:
    """Join the lines and tables of a page into paragraphs, in reading order."""
    lines = [line for line in _split_columns(lines) if not _DECORATION.fullmatch(line.text)]
    blocks: list[list[str]] = []
    frame = _Frame.of(lines)
    run: list[Line] = []
    tables = sorted(page.grids, key=lambda grid: grid.ys[0])
    for line in lines:
        while tables and tables[0].ys[0] < line.top:
            blocks += [frame.paragraphs(run), _table_lines(tables.pop(0), page.words)]
            run = []
        run.append(line)
    blocks.append(frame.paragraphs(run))
    blocks.extend(_table_lines(grid, page.words) for grid in tables)
    paragraphs = tuple(p for block in blocks for p in block if p)
    first, last = (lines[0], lines[-1]) if lines else (None, None)
    return Laid(
        paragraphs,
        bool(first and paragraphs and not paragraphs[0].startswith("|") and frame.may_continue(first)),
        bool(last and paragraphs and not paragraphs[-1].startswith("|") and frame.is_open(last)),
    )


def _table_lines(grid: Grid, words: Iterable[Word]) -> list[str]:
    cells: dict[tuple[int, int], list[Word]] = {}
    for word in words:
        if place := grid.place((word.x0 + word.x1) / 2, word.middle):
            cells.setdefault(place, []).append(word)
    texts = {place: " ".join(line.text for line in group_lines(inside)) for place, inside in cells.items()}
    return as_lines(grid.rows(texts))


def _split_columns(lines: list[Line]) -> list[Line]:
    """Cut the two-column head and the block ``Nơi nhận`` | signature into left lines, then right lines."""
    result: list[Line] = []
    index = 0
    while index < len(lines):
        cut = _cut_of(lines, index)
        left: list[Line] = []
        right: list[Line] = []
        dated = False
        while cut and index < len(lines) and _stays_beside(lines[index], cut, dated):
            words = lines[index].words
            if on_left := [w for w in words if w.x1 <= cut]:
                left.append(Line(on_left, column=1))
            if on_right := [w for w in words if w.x1 > cut]:
                right.append(Line(on_right, column=2))
            dated = dated or bool(_DATE_LINE.search(fold(lines[index].text)))
            index += 1
        if not left and not right:
            result.append(lines[index])
            index += 1
        result += left + right
    return result


def _cut_of(lines: list[Line], index: int) -> float | None:
    """The x of the white gutter when a two-column block starts at this line."""
    line = lines[index]
    at = 0
    if _HEAD_LINE.search(fold(line.text)):
        at = next((i for i, w in enumerate(line.words) if fold(w.text) == "cong"), 0)
    elif any(_FOOT_LINE.match(fold(near.text)) for near in lines[index : index + 3]):
        gaps = [b.x0 - a.x1 for a, b in pairwise(line.words)]
        if gaps and max(gaps) > 2 * line.size:
            at = gaps.index(max(gaps)) + 1
    return (line.words[at - 1].x1 + line.words[at].x0) / 2 if at else None


def _stays_beside(line: Line, cut: float, dated: bool) -> bool:
    """Whether a line belongs to a two-column block; after its date only the left column goes on (``V/v …``)."""
    left, right = [w for w in line.words if w.x1 <= cut], [w for w in line.words if w.x0 >= cut]
    if len(left) + len(right) < len(line.words) or (dated and right):
        return False
    if left and right:
        return right[0].x0 - left[-1].x1 > 0.6 * line.size
    return not dated or (line.x0 + line.x1) / 2 < 0.7 * cut


@dataclass(slots=True)
class _Frame:
    """The text area of a page, learnt from its lines."""

    left: float
    right: float
    step: float
    em: float

    @classmethod
    def of(cls, lines: Sequence[Line]) -> _Frame:
        body = [line for line in lines if line.column == 0] or list(lines)
        if not body:
            return cls(0, 0, 0, 1)
        em = median(line.size for line in body)
        left = _edge(sorted(line.x0 for line in body), em)
        right = -_edge(sorted(-line.x1 for line in body), em)
        steps = sorted(b.top - a.top for a, b in pairwise(body) if 0 < b.top - a.top < 3 * em)
        step = steps[len(steps) // 3] if steps else 1.5 * em
        return cls(left, right, step, em)

    def paragraphs(self, lines: Sequence[Line]) -> list[str]:
        """Join lines into paragraphs."""
        result: list[list[Line]] = []
        for line in lines:
            if result and not self._starts_new(result[-1], line):
                result[-1].append(line)
            else:
                result.append([line])
        return [join_lines([line.text for line in group]) for group in result]

    def _starts_new(self, group: list[Line], line: Line) -> bool:
        above = group[-1]
        gap = line.top - above.top
        if line.column != above.column or gap > 2.2 * max(self.step, line.size):
            return True
        marked = bool(_MARKER.match(line.text))
        if line.text[:1].islower() and not marked:
            return False
        if line.column:
            return not (line.text.isupper() and above.text.isupper() and " " not in line.text)
        if gap > 1.45 * self.step and gap > 1.5 * line.size:
            return True
        if self._centred(line) or self._centred(above):
            title_goes_on = self._centred(line) and (self._centred(above) or not self._has_room(above, line))
            return marked or line.text.startswith("(") or not (title_goes_on and _same_case(above, line))
        if self._has_room(above, line):
            return True
        hanging = len(group) >= 1 and abs(line.x0 - _text_start(group[0])) < 0.6 * self.em
        indented = line.x0 > self.left + 0.8 * self.em and not hanging
        if indented and (len(group) == 1 or line.x0 > above.x0 + 0.8 * self.em):
            return True
        if marked:
            return bool(_SENTENCE_END.search(above.text)) or gap > 1.15 * self.step or _is_article(line.text)
        return False

    def _has_room(self, above: Line, line: Line) -> bool:
        """Whether the first word of ``line`` would have stood on the line above: then that line ends a paragraph."""
        return self.right - above.x1 > (line.words[0].x1 - line.words[0].x0) + 1.0 * self.em

    def _centred(self, line: Line) -> bool:
        off = (line.x0 + line.x1) / 2 - (self.left + self.right) / 2
        return abs(off) < 1.2 * self.em and line.x0 > self.left + 1.5 * self.em and line.x1 < self.right - 1.2 * self.em

    def may_continue(self, line: Line) -> bool:
        """Whether the first line of a page can go on with a paragraph of the page before."""
        if _MARKER.match(line.text) or line.column or line.text.isupper():
            return False
        if line.text[:1].islower():
            return True
        return not self._centred(line) and line.x0 < self.left + 0.8 * self.em

    def is_open(self, line: Line) -> bool:
        """Whether the last line of a page leaves its paragraph unfinished."""
        if line.column or _SENTENCE_END.search(line.text):
            return False
        return self.right - line.x1 < 5 * self.em


def is_marker(text: str) -> bool:
    """Whether ``text`` begins as a new paragraph does: ``Điều 5.``, ``1.``, ``a)``, ``-`` …"""
    return bool(_MARKER.match(text.lstrip()))


def _edge(sorted_places: Sequence[float], em: float) -> float:
    """The outermost place where at least two lines (or an eighth of them) begin."""
    needed = max(2, len(sorted_places) // 8)
    for place in sorted_places:
        if sum(place <= other <= place + 0.6 * em for other in sorted_places) >= needed:
            return place
    return sorted_places[0]


def _text_start(line: Line) -> float:
    """Where the words after a marker begin (hanging indent)."""
    return line.words[1].x0 if len(line.words) > 1 and _MARKER.match(line.text) else line.x0


def _same_case(a: Line, b: Line) -> bool:
    return a.text.isupper() == b.text.isupper() and not _MARKER.match(a.text) and abs(a.size - b.size) < 0.15 * a.size


def _is_article(text: str) -> bool:
    return bool(re.match(r"(?:Điều|Chương|CHƯƠNG|ĐIỀU)\s", text))


def join_lines(lines: Sequence[str]) -> str:
    """Join wrapped lines: a number or address broken after ``-`` or ``/`` is put together again."""
    text = ""
    for line in lines:
        glue = "" if not text or _GLUED_END.search(text) else " "
        text = text.removesuffix("\u00ad") + glue + line
    return text
