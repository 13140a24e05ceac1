"""Who asks and who owes: schools, communes, the department, the ministry."""

from __future__ import annotations

import re
from typing import Literal, get_args

from rag.language.text import normalise
from rag.slots.named import Named, named, touches
from rag.slots.tokens import tokens

Level = Literal["mầm non", "tiểu học", "trung học cơ sở", "trung học phổ thông", "giáo dục thường xuyên"]
Audience = Literal["school", "commune", "department", "ministry"] | Level
"""Whom a question or a record is about; with ``school``, the levels that the school is of, where they are known."""

_IN_QUESTION: tuple[tuple[Audience, re.Pattern[str]], ...] = (
    ("department", re.compile(
        r"(?<!co )\bso (?:giao duc (?:va dao tao )?)?(?:phai |can |se )?(?:bao cao|nop|gui|trinh)\b|\bbao cao (?:len |"
        r"cho |voi |gui )?bo\b(?! (?:phan|mon|chi|may))|"
    
                              r"\b(?:nop|gui|trinh) (?:len |cho |ve )?bo\b(?! (?:phan|mon|chi|may))|\bcap so\b|\bphong giao duc pho "
                              r"thong\b(?!.*\bqua\b).{0,30}\b(?:nop|bao cao|gui)\b|"
                              r"(?<!co )(?<!len )(?<!cho )(?<!ve )\bso thi\b(?! nghiem)|\bcon so\b(?! lieu)")),
    ("commune", re.compile(r"\b(?:xa|phuong|dac khu|cap xa|uy ban nhan dan xa|phong van hoa)\b")),
    ("school", re.compile(
        r"\b(?:truong (?:em|minh|toi|chung|hoc|thi|ben|pho thong|mam non|tieu hoc|trung hoc|co cap|minh|nop|phai|can)|"
        r"nha truong|cac truong|"
    
                          r"co so giao duc|trung tam(?: giao duc)?|ben em|don vi (?:em|minh|toi)|truong)\b")),
)  # fmt: skip

_IN_RECORD: tuple[tuple[Audience, re.Pattern[str]], ...] = (
    ("ministry", re.compile(r"^(?:bộ|cục|vụ)\b", re.I)),
    ("department", re.compile(r"^(?:sở|phòng (?!văn hóa)|văn phòng sở|các đơn vị thuộc sở|các phòng)", re.I)),
    ("commune", re.compile(r"\b(?:UBND|ủy ban nhân dân)\b.*\b(?:xã|phường|đặc khu)|phòng văn hóa", re.I)),
    ("school", re.compile(r"\b(?:trường|trung tâm|cơ sở giáo dục|giáo viên|hiệu trưởng|học sinh|nhà trường|đơn vị)\b", re.I)),
)


_OTHERS_HAND_OVER = re.compile(
    r"\b(?:xa|phuong|dac khu|truong|trung tam)\b(?! phong)(?:(?!\bso\b).){0,40}\b(?:gui|nop|bao cao|trinh)\b(?:(?!\bso\b).){0,110}\bbo\b"
)


def find_audience(folded: str) -> frozenset[Audience]:
    """Return the audiences that a folded question names; the department only where it is the one who owes."""
    found = {audience for audience, cue in _IN_QUESTION if cue.search(folded)}
    if _OTHERS_HAND_OVER.search(folded):  # "xã gửi thẳng lên Bộ": whoever it should be
        found.discard("department")
    if {"department", "school"} <= found and re.search(r"\btruong\b.{0,15}\b(?:nop|gui|bao cao)\b", folded):
        return frozenset({"department", "school"})
    if "department" in found and not re.search(r"\btruong (?:em|minh|toi)\b|\bnha truong\b|\bcac truong\b", folded):
        return frozenset({"department"})
    return frozenset(found - {"department"})


def audience_of(who: str, to: str = "") -> frozenset[Audience]:
    """Return whom a record's ``who`` means; who reports to the ministry is the department."""
    found = {audience for audience, cue in _IN_RECORD if cue.search(who)}
    if re.match(r"bộ\b", to, re.I) or "department" in found:
        return frozenset({"department"})
    return frozenset(found)


def levels_in(audience: frozenset[Audience]) -> list[Named]:
    """Return the levels of school in an audience."""
    return [Named("level", level, level) for level in get_args(Level) if level in audience]


def with_levels(named_by: frozenset[Audience], text: str, asker: frozenset[Audience]) -> frozenset[Audience]:
    """Return the audience of a question: whom it names, else who asks; ``trường em`` is a school of the asker's level."""
    if not named_by:
        return asker
    own = "school" in named_by & asker and not _levels(text)
    return named_by | {level for level in get_args(Level) if level in asker} if own else named_by


def concerns(who: str, to: str, asked: frozenset[Audience]) -> bool:
    """Say whether a record of who owes what to whom is for an audience; one that names nobody is for all, and so is an empty audience."""
    owes = audience_of(who, to)
    return not asked or not owes or (bool(owes & asked) and not other_levels(who, asked))


def other_levels(who: str, asked: frozenset[Audience]) -> list[str]:
    """Return the levels of an audience where ``who`` names other levels alone (``trường có cấp THPT``, of ``tiểu học``)."""
    own, stated = levels_in(asked), _levels(who)
    apart = bool(stated) and not any(touches(one, other) for one in own for other in stated)
    return [level.called for level in own] if apart else []


def _levels(text: str) -> list[Named]:
    return [found for found in named(tokens(normalise(text))) if found.slot == "level"]
