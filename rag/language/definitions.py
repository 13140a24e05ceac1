"""Short forms that a document defines for itself (``học sinh khuyết tật (HSKT)``, ``… (sau đây gọi tắt là Quỹ)``).

What is searched of a document has the long form beside every short one and the other way round, so that a question may use either.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rag.language.text import fold, sentences

DEFINITIONS = "definitions"
"""Where a snapshot keeps them: JSON, by number of document a list of pairs."""
_ANNOUNCED = re.compile(
    r"(?:[(,]\s*|(?<=\s)(?=\S))(?:(?:sau|dưới) đây )?(?:được )?(?:gọi|viết)(?: tắt| chung)?(?: là)?:?\s+[“\"]?"
    r"(?P<short>[A-ZĐ][^\s(),.;“”\"]*(?:\s[^\s(),.;“”\"]+){0,4}?)[”\"]?\s*[),.;]"
)
_BRACKETED = re.compile(r"\(\s*(?P<short>[A-ZĐ][A-ZĐ&-]{1,11})\s*\)")
_WORD = re.compile(r"[^\W\d_]+")
_JOINERS = frozenset(("va", "cua", "cho", "ve", "cac"))
_LEAST = 2  # letters of initials
_LONGEST = 12  # words of a long form
_BEFORE = 160  # characters that are looked at


@dataclass(frozen=True, slots=True)
class Definition:
    """A short form and what it stands for, as the document writes both."""

    short: str
    long: str


def definitions_in(texts: Iterable[str]) -> list[Definition]:
    """Return what the texts of one document define, each short form once."""
    found: dict[str, Definition] = {}
    for text in texts:
        for pattern in (_ANNOUNCED, _BRACKETED):
            for match in pattern.finditer(text):
                short, before = match.group("short"), text[max(0, match.start() - _BEFORE) : match.start()].rstrip(" ,")
                if long := _spelt_by(short, before) or (_named_last(before) if pattern is _ANNOUNCED else ""):
                    found.setdefault(short, Definition(short, long))
    return list(found.values())


def written_both_ways(text: str, definitions: Iterable[Definition]) -> str:
    """Return ``text`` with the other form behind each form of what is defined."""
    others = {form: other for one in definitions for form, other in ((one.short, one.long), (one.long.lower(), one.short))}
    if not others:
        return text
    forms = "|".join(re.escape(form) for form in sorted(others, key=len, reverse=True))
    return re.sub(rf"\b(?:{forms})\b", lambda found: _with_other(found.group(), others), text, flags=re.IGNORECASE)


def _with_other(form: str, others: dict[str, str]) -> str:
    other = others.get(form) or others.get(form.lower())
    return f"{form} {other}" if other else form


def _spelt_by(short: str, before: str) -> str:
    """The words right before a definition whose initials the short form is made of (``và`` may be left out)."""
    letters = fold(short)
    if len(short) < _LEAST or not short.isupper():
        return ""
    words = list(_WORD.finditer(before))[-_LONGEST:]
    for start in range(len(words) - 1, -1, -1):
        initials = [fold(word.group())[0] for word in words[start:]]
        bare = [fold(word.group())[0] for word in words[start:] if fold(word.group()) not in _JOINERS]
        if letters in ("".join(initials), "".join(bare)):
            return before[words[start].start() :]
    return ""


def _named_last(before: str) -> str:
    """The name right before a definition that says that it is one: from the last capital that follows a small word."""
    spans = sentences(before)
    clause = before[slice(*spans[-1])] if spans else ""
    words = list(_WORD.finditer(clause.split(",")[-1]))[-_LONGEST:]
    own = clause.split(",")[-1]
    start = next(
        (word.start() for at, word in enumerate(words) if word.group()[0].isupper() and (not at or not words[at - 1].group()[0].isupper())),
        -1,
    )
    return own[start:] if start >= 0 and len(own[start:].split()) > 1 else ""
