"""What a text names that must not be taken for another of its kind: a level of school, a term, an office, a class."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from rag.language.text import canonical, data_lines, data_phrases
from rag.slots.facts import Fact
from rag.slots.parties import VERBS, recipients
from rag.slots.tokens import MARKS, Row, Token, exact, places

_LEVEL_OF_CLASS = {range(1, 6): "tiểu học", range(6, 10): "trung học cơ sở", range(10, 13): "trung học phổ thông"}
_LEVEL_OF_STAGE = {"1": "tiểu học", "2": "trung học cơ sở", "3": "trung học phổ thông"}
_LABELS = ("lop", "khoi", "ki", "dot")
_OFFICES = ("phòng", "cục", "trung tâm", "học viện")
_NO_OFFICES = (
    "phòng chống", "phòng ngừa", "phòng học", "phòng máy", "phòng thi", "phòng thí nghiệm", "phòng tin", "dự phòng", "văn phòng",
    "trung tâm học liệu", "khắc phục", "trung tâm giáo dục thường xuyên", "trung tâm giáo dục nghề nghiệp",
)  # fmt: skip
_SHORT = 2  # words behind the head: fewer may be anything
_NAME = 6  # words behind the head of an office's name
_ENDS = "thuộc phụ trách chủ quản liên hệ gặp hỏi đúng xã phường huyện tỉnh đặc cấp bảo"  # what no name goes on with
_GENERIC = frozenset(exact("giáo dục và đào tạo chuyên môn liên quan chức năng ban ngành"))


@dataclass(frozen=True, slots=True)
class Named:
    """A value of a slot, as it is called."""

    slot: str
    value: str
    called: str


def named(row: Row) -> list[Named]:
    """Return what a row names, each value once; ``lớp 7`` names its level of school too."""
    taken = {at for start, end in _offices(row) for at in range(start, end)}  # "phòng giáo dục phổ thông" is no school
    spans = [(start, end) for start, end in places(row, phrases()) if start not in taken]
    found = [_values()[tuple(map(str, row[start:end]))] for start, end in spans]
    for token in row:
        if isinstance(token, Fact) and token.kind == "label":
            found += _of_label(token)
    return list(dict.fromkeys(found))


def _of_label(label: Fact) -> Iterator[Named]:
    word, number = label.key
    if word == "cap" and number in _LEVEL_OF_STAGE:
        yield Named("level", _LEVEL_OF_STAGE[number], label.text)
    if word in _LABELS:
        yield Named(word, number, label.text)
    if word in ("lop", "khoi") and number.isdecimal() and len(number) <= 2:
        yield from (Named("level", level, label.text) for classes, level in _LEVEL_OF_CLASS.items() if int(number) in classes)


def touches(one: Named, other: Named) -> bool:
    """Say whether one of two values is or takes in the other (``phổ thông`` takes in ``tiểu học``)."""
    same = one.value == other.value or one.value in _within().get(other.value, ()) or other.value in _within().get(one.value, ())
    return one.slot == other.slot and same


def unnamed(asked: Row, stated: Iterable[Row]) -> list[Named]:
    """Return what ``asked`` names where the text names others of that kind alone.

    ``stated`` is what the text says, the nearest first: what names any of a kind decides for that kind. Where one value that
    is asked for agrees, the others of its kind are what is told of it (``cần bằng đại học`` of a teacher in ``tiểu học``).
    """
    layers = [named(row) for row in stated]
    missing: list[Named] = []
    own = named(asked)
    for slot in dict.fromkeys(one.slot for one in own):
        values = [one for one in own if one.slot == slot]
        near = next((found for layer in layers if (found := [one for one in layer if one.slot == slot])), [])
        if near and not any(touches(value, other) for value in values for other in near):
            missing += values
    return missing


def sides(row: Row) -> list[Named]:
    """Return the values of one kind that a row sets side by side (``THCS với THPT khác gì nhau``), none where there is only one.

    Offices and whom something is handed to count as kinds of their own.
    """
    found = named(row)
    slots = dict.fromkeys(one.slot for one in found)
    several = [[one for one in found if one.slot == slot and not _of_another(one, found)] for slot in slots]
    several.append([Named("office", " ".join(name), " ".join(name)) for name in dict.fromkeys(offices(row))])
    several.append([Named("recipient", name, name) for name in sorted(recipients(row))])
    return next((values for values in several if len({one.value for one in values}) > 1), [])


def tells_of(side: Named, row: Row) -> bool:
    """Say whether a row tells of a side."""
    if side.slot == "office":
        return _has_office(side.value.split(), _joined(row))
    if side.slot == "recipient":
        return side.value in recipients(row)
    return any(touches(side, one) for one in named(row))


def _of_another(one: Named, found: Sequence[Named]) -> bool:
    """``lớp 7`` names its level, which is no second side."""
    alone = not any(other.slot == one.slot and not any(char.isdigit() for char in other.called) for other in found)
    return alone and any(one.slot != other.slot and one.called == other.called and other.slot in ("lop", "khoi") for other in found)


def unnamed_offices(asked: Row, stated: Row) -> list[tuple[str, ...]]:
    """Return the offices in ``asked``, as exact words, that the text does not have."""
    joined = _joined(stated)
    return [name for name in offices(asked) if not _has_office(name, joined)]


def _joined(row: Row) -> list[Token]:
    """``Kế hoạch - Tài chính`` is one name."""
    return [token for token in row if token not in ("-", "–")]


def _has_office(name: Sequence[str], stated: Row) -> bool:
    """Whether a name stands in a text: all of it, or all that the text's own name has (``trung tâm … chúng em`` asks too much)."""
    for at, token in enumerate(stated):
        if token != name[0]:
            continue
        same = next((length for length in range(len(name), 0, -1) if list(stated[at : at + length]) == list(name[:length])), 0)
        ended = at + same >= len(stated) or not _goes_on(stated[at + same])
        if same == len(name) or (same > _SHORT and ended):
            return True
    return False


def offices(row: Row) -> list[tuple[str, ...]]:
    """Return the offices that a row names by more than what they are (``phòng kế toán``, not ``phòng``), as exact words."""
    plain = _joined(row)
    return [tuple(map(str, plain[start:end])) for start, end in _offices(plain)]


def _offices(row: Row) -> Iterator[tuple[int, int]]:
    masked = {at for start, end in places(row, _NO_OFFICES) for at in range(start, end)}
    for start, head in places(row, _OFFICES):
        end = head
        while end < min(len(row), head + _NAME) and _goes_on(row[end]):
            end += 1
        if start not in masked and end - head >= _SHORT and not set(row[head:end]) <= _GENERIC:
            yield start, end


def _goes_on(token: Token) -> bool:
    return isinstance(token, str) and token not in MARKS and token not in _no_name()


@lru_cache(maxsize=1)
def _no_name() -> frozenset[str]:
    """Words that no name of an office goes on with."""
    alone = {canonical(phrase) for phrase in data_phrases("stopwords.txt") if " " not in phrase}
    return frozenset(alone | {exact(verb)[0] for verb in VERBS} | set(exact(_ENDS)))


@lru_cache(maxsize=1)
def _values() -> dict[tuple[str, ...], Named]:
    return {tuple(exact(phrase)): Named(line.slot, line.value, phrase) for line in _lines() for phrase in line.phrases}


@lru_cache(maxsize=1)
def phrases() -> tuple[str, ...]:
    """Return the phrases that name a value of a slot."""
    return tuple(phrase for line in _lines() for phrase in line.phrases)


@lru_cache(maxsize=1)
def _within() -> dict[str, tuple[str, ...]]:
    return {line.value: line.within for line in _lines() if line.within}


class _Line(NamedTuple):
    """A line of ``slots.tsv``: a value of a slot, what it is called by, and the values that take it in."""

    slot: str
    value: str
    phrases: tuple[str, ...]
    within: tuple[str, ...]


def _lines() -> Iterator[_Line]:
    for line in data_lines("slots.tsv"):
        slot, value, phrases, *within = line.split("\t")
        yield _Line(slot, value, _parted(phrases), _parted(within[0].removeprefix(">")) if within else ())


def _parted(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(","))
