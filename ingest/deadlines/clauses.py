"""Cuts a provision's text into pieces: every time that it names with the clause it stands in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from ingest.deadlines.parties import is_actor, subject
from rag.language.text import sentences
from rag.slots.duties import Clause
from rag.slots.moments import Moment, moments_in

BREAK = re.compile(r"[:.](?=\s)|(?<![\w)])\(\d+\)\s|(?<!\S)(?:[a-zđ]|\d{1,2})\)\s")
ONLY = 3
"""Words of a clause that say too little alone (``hoàn thành``)."""
CLOCK = re.compile(r"\d\s?(?:giờ|h|:)")
YEAR_ALONE = re.compile(r"^(?:(?!tháng|quý|ngày|/).)*năm\s+\d{4}$", re.IGNORECASE)
"""A time that is no more than a year."""
MAIN_VERBS = "thì|được|phải|có|không|vẫn|tiếp tục|đã|là|chưa|sẽ|mà|còn"
"""What goes on behind a time that belongs to the subject of a sentence, the inside of a group of a pattern."""
DUE = frozenset({"before", "by", "through", "within", "ahead"})
_PURPOSE = re.compile(r"[\s.;,]*(?:(?:để|nhằm|phục vụ)(?!\w)[^,;]*|\((?!.*(?:ngày|nếu|trừ|hoặc)).*\)[\s.;,]*)?$", re.DOTALL)
_LIST = re.compile(r":\s*(?:\n|\(1\)|a\)|\+|-\s)")
_AND = re.compile(r"\s*,\s*|\s+(?:và|đồng thời)\s+")
_LEAD = 4000  # characters: nothing longer announces a list
_SENTENCE = 20_000  # characters: no bracket holds longer ones together
_NAME = 100  # characters of a list of names that show what it is


@dataclass(frozen=True, slots=True)
class Piece:
    """A time with its clause: ``start``-``end`` of the sentence; ``lead``: what stands before the colon above it."""

    sentence: str
    start: int
    end: int
    moment: Moment
    lead: str
    alone: bool

    @property
    def before(self) -> str:
        return self.sentence[self.start : self.moment.start]

    @property
    def after(self) -> str:
        after = self.sentence[self.moment.end : self.end]
        return "" if _PURPOSE.match(after) else after

    @property
    def when(self) -> str:
        return self.sentence[self.moment.start : self.moment.end]

    @property
    def whole(self) -> str:
        return self.sentence[self.start : self.end]

    @property
    def around(self) -> str:
        """The clause whose bracket the time stands in."""
        opening = self.sentence.rfind("(", 0, self.moment.start)
        breaks = _breaks_of(self.sentence)
        closing = self.sentence.find(")", self.moment.end) + 1
        return self.sentence[breaks.start_of(opening) : breaks.end_of(closing) if closing else self.end]

    @property
    def is_bare(self) -> bool:
        """``Thời gian``, ``b)``, nothing before the time: it is what stands around that says what is due."""
        return len(self.before.split()) < 2 and not Clause(self.before).has("hand")

    @property
    def is_bracketed(self) -> bool:
        """The time stands in brackets."""
        head = self.sentence[: self.moment.start]
        return head.count("(") > head.count(")")

    @property
    def is_quoted(self) -> bool:
        """The time stands in what is quoted, as in the title of a document."""
        head = self.sentence[: self.moment.start]
        return head.count("“") > head.count("”") and not head.startswith("“")


def whole_sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the sentences stand, of which a semicolon inside brackets makes no two."""
    begin = -1
    for start, end in sentences(text):
        begin = start if begin < 0 else begin
        if end - begin < _SENTENCE and end < len(text) and "\n" not in text[begin : end + 1] and _is_open(text[begin:end]):
            continue
        yield begin, end
        begin = -1
    if begin >= 0:
        yield begin, len(text.rstrip())


def _is_open(piece: str) -> bool:
    return piece.count("(") > piece.count(")") or _names_on(piece)


def _names_on(piece: str) -> bool:
    """``Trước ngày 15 tháng 12 hằng năm, Ủy ban nhân dân tỉnh;``: whoever has to do it is still being named."""
    opening = next(iter(moments_in(piece)), None)
    if not piece.endswith(";") or opening is None or piece[: opening.start].strip():
        return False
    names = piece[opening.end :].strip(" ,;")
    return is_actor(names[:_NAME]) and not subject(names)


def list_leads(text: str) -> Iterator[tuple[int, str]]:
    """Yield what announces each list of a text (``Các trường nộp:``), and where its colon stands."""
    for found in _LIST.finditer(text):
        at = found.start()
        first = max(0, at - _LEAD)
        begin = max(first, *(text.rfind(mark, first, at) + 1 for mark in (". ", "; ", "\n")))
        yield at, text[begin:at].strip()


def pieces_of(sentence: str, lead: str) -> Iterator[Piece]:
    """Yield every time of a sentence with the clause it stands in: from the last break, or from the time before it."""
    found, breaks = moments_in(sentence), _breaks_of(sentence)
    for moment in found:
        start = opening = breaks.start_of(moment.start)
        until = breaks.end_of(start)
        here = [other for other in found if other is not moment and start <= other.start < until]
        opens = not sentence[start : moment.start].strip()
        if opens and moment.direction == "every" and any(not other.day and other.direction in DUE for other in here):
            continue  # "Hằng năm, …, trước ngày 30 tháng 5 …" is one time
        due = (other for other in reversed(here) if other.direction in DUE and other.end <= moment.start)
        start = next((at for other in due if (at := _parted(sentence, other.end, moment.start))), start)
        goes_on = any(_parted(sentence, moment.end, other.start) for other in here if other.start >= moment.end)
        parting = _AND.search(sentence, moment.end) if goes_on else None
        end = parting.start() if parting else breaks.end_of(moment.end)
        above = sentence[:opening].rstrip(" :") if ":" in sentence[:opening] else ""
        alone = not [other for other in here if start <= other.start < end]
        yield Piece(sentence, start, end, moment, ": ".join(part for part in (lead, above) if part), alone)


def _parted(sentence: str, end: int, start: int) -> int:
    """Where, between two times, the clause of the second begins: ``, Báo cáo tổng kết năm học``, ``và hoàn thành``; 0 for nowhere."""
    mark = _AND.match(sentence, end, start)
    rest = sentence[mark.end() : start] if mark else ""
    if not mark or len(rest.split(maxsplit=2)) < 2 - ("," in mark.group()):
        return 0
    joined = "," not in mark.group()
    clause = Clause(rest)
    return 0 if joined and not (clause.opens_with("hand") or clause.opens_with("do")) else mark.end()


class _Breaks:
    """Where the clauses of a sentence begin and end; what a bracket behind a place holds ends none that goes on from there."""

    def __init__(self, sentence: str) -> None:
        self._length = len(sentence)
        self._spans = [mark.span() for mark in BREAK.finditer(sentence)]
        self._depths = [0, *accumulate((char == "(") - (char == ")") for char in sentence)]

    def start_of(self, at: int) -> int:
        """Return where the clause begins that stands at a place."""
        return next((end for _, end in reversed(self._spans) if end <= at), 0)

    def end_of(self, at: int) -> int:
        """Return where the clause ends that goes on from a place."""
        stops = (start for start, _ in self._spans if start >= at)
        return next((stop for stop in stops if self._depths[stop] <= self._depths[at]), self._length)


@lru_cache(maxsize=4)
def _breaks_of(sentence: str) -> _Breaks:
    return _Breaks(sentence)
