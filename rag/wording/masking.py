"""Phone numbers, e-mail addresses and long numbers in what people wrote, also spaced, spelt out or disguised: these are masked."""

from __future__ import annotations

import re

from rag.language.text import fold, squeeze
from rag.slots.facts import FactKind, facts_in
from rag.slots.numerals import DIGITS, spelled_out

HIDDEN = ("phone", "email")
"""Facts that never reach a model."""
_MASK = "(đã ẩn)"
_PUBLIC: tuple[FactKind, ...] = ("date", "years", "document", "link")
_SHORTEST_PHONE = 8
_SHORTEST_NUMBER = 9
_WORD = "|".join(sorted({form for word in (*DIGITS, "mười", "mươi", "trăm") for form in (word, fold(word))}, key=len, reverse=True))
_DIGIT = rf"(?:\+?\d+|[oO](?=[\s.\d])|(?<!\w)(?:{_WORD})(?!\w))"
_RUN = re.compile(rf"(?<![\w/])\(?{_DIGIT}(?:[\s.,\-_–/()*]{{0,3}}{_DIGIT}){{3,}}(?![\w/])", re.IGNORECASE)
_ONE_DIGIT = re.compile(rf"\d|(?<!\w)(?:{_WORD}|o)(?!\w)|[oO]", re.IGNORECASE)
_PHONE_BEGINS = re.compile(r"\(?(?:\+|84|0|o|không|khong)", re.IGNORECASE)
_AT = (
    r"(?:\s*[@＠]\s*|\s*[(\[{<]\s*(?:@|＠|a|at|a\s*còng|a\s*cong|a\s*móc)\s*[)\]}>]\s*"
    r"|\s+(?:at|a\s*còng|a\s*cong|acong|a\s*móc|a\s*moc)\s+)"
)
_DOT = r"(?:\s*\.\s*|\s*[(\[{<]\s*(?:\.|dot|chấm|cham)\s*[)\]}>]\s*|\s+(?:dot|chấm|cham)\s+)"
_PART = r"(?<![\w+-])[\w+-]{1,64}"  # begun at the head of a word alone: else quadratic
_MAIL = re.compile(rf"{_PART}(?:{_DOT}{_PART}){{0,4}}?{_AT}{_PART}(?:{_DOT}{_PART})+", re.IGNORECASE)
_MAIL_SERVICE = re.compile(rf"{_PART}(?:{_DOT}{_PART}){{0,4}}?{_AT}(?:gmail|yahoo|hotmail|outlook|icloud)(?!\w)", re.IGNORECASE)


def masked(text: str) -> str:
    """Return ``text`` on one line with its numbers in digits, and without what may be somebody's."""
    text = squeeze(text)
    text = _MAIL_SERVICE.sub(_MASK, _MAIL.sub(_MASK, text))
    text = spelled_out(_RUN.sub(lambda found: _MASK if _is_somebodys(found.group()) else found.group(), text))
    for fact in reversed(facts_in(text)):
        if fact.kind in HIDDEN or (fact.kind == "number" and len(fact.key[0]) >= _SHORTEST_NUMBER):
            text = f"{text[: fact.start]}{_MASK}{text[fact.end :]}"
    return text


def _is_somebodys(run: str) -> bool:
    """Whether a run of digits, as figures or words, is as long as a number that somebody has, and nothing that documents have."""
    if any(fact.kind in _PUBLIC for fact in facts_in(run)):
        return False
    length = len(_ONE_DIGIT.findall(run))
    return length >= (_SHORTEST_PHONE if _PHONE_BEGINS.match(run) else _SHORTEST_NUMBER)
