"""Deadlines and contacts as constraints: who owes what to whom by a date, and whose a phone is, a claim may not tell otherwise.

A date goes with who acts before it and who receives beside it; a phone with its own person and field.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from rag.documents import Contact, Deadline
from rag.language.text import normalise
from rag.slots.facts import Fact
from rag.slots.parties import parties
from rag.slots.source import Source
from rag.slots.tokens import Row, Token, exact, facts_of, parts, says, tokens, words_of

_SPLIT = frozenset((",", ":", *exact("còn")))
_VAGUE = frozenset(exact("lĩnh vực phụ trách về công tác và của các chuyên viên phòng tổ trưởng nhân cán bộ"))
_TOLD = 2


def fault_of_records(row: Row, sources: Sequence[Source]) -> str:
    """Return what a claim says of a date or phone that its record does not (Vietnamese), empty when all fit."""
    records = [record for source in sources for record in source.records]
    deadlines = [record for record in records if isinstance(record, Deadline)]
    contacts = [record for record in records if isinstance(record, Contact)]
    return next((fault for piece in _pieces(row, "date") if (fault := _fault_of_deadline(piece, deadlines))), "") or next(
        (fault for piece in _pieces(row, "phone") if (fault := _fault_of_contact(piece, contacts))), ""
    )


def _pieces(row: Row, kind: str) -> Iterator[Row]:
    """Cut a claim between its facts of a kind, at the first mark behind each."""
    for clause in parts(row, ";."):
        at = [place for place, token in enumerate(clause) if isinstance(token, Fact) and token.kind == kind]
        start = 0
        for one, two in pairwise(at):
            cut = next((place for place in range(one + 1, two) if clause[place] in _SPLIT), None)
            if cut is not None:
                yield clause[start:cut]
                start = cut
        if at:
            yield clause[start:]


def _fault_of_deadline(piece: Row, deadlines: Sequence[Deadline]) -> str:
    dates = [fact for fact in facts_of(piece) if fact.kind == "date"]
    due = [record for record in deadlines if any(date.is_in(known) for date in dates for known in _dates(record))]
    named = parties(piece)
    for role, owed in (("actor", [record.who for record in due]), ("recipient", [record.to for record in due])):
        if not due or not all(owed):
            continue
        known = {name for part in owed for name in _names(part)}
        if "phòng" in known and not any("sở" in _names(record.to) for record in due):
            known.add("sở")  # whose it is
        told = [party for party in named if party.role == role]
        if role == "actor":
            told = [party for party in told if party.start < _first(piece, dates)][:1]
        for party in told:
            if known and party.name not in known:
                return f"“{dates[0].text}” trong nguồn là của {'; '.join(dict.fromkeys(owed))}"
    return ""


def _first(piece: Row, dates: Sequence[Fact]) -> int:
    return next(place for place, token in enumerate(piece) if token is dates[0])


@lru_cache(maxsize=512)
def _dates(record: Deadline) -> tuple[Fact, ...]:
    return tuple(fact for fact in facts_of(tokens(normalise(record.when))) if fact.kind == "date")


@lru_cache(maxsize=512)
def _names(part: str) -> frozenset[str]:
    return frozenset(party.name for party in parties(tokens(normalise(part))))


def _fault_of_contact(piece: Row, contacts: Sequence[Contact]) -> str:
    """Whether the piece with one phone says what only others are there for, or names another person."""
    phones = [fact for fact in facts_of(piece) if fact.kind == "phone"]
    own = [one for one in contacts if any(phone.is_in(known) for phone in phones for known in _phones(one))]
    if not own:
        return ""
    said = set(pairwise(words_of(piece)))
    mine = {pair for one in own for pair in _field(one)}
    for other in contacts:
        if other not in own and other.name and not {one.name for one in own} & {other.name}:
            if _calls(piece, other.name):
                return f"số “{phones[0].text}” trong nguồn không phải của {other.name}"
            only = _field(other) - mine
            if only and len(said & only) >= min(_TOLD, len(only)):
                return f"trong nguồn, {own[0].name} không phụ trách {other.role}"
    return ""


def _calls(piece: Row, name: str) -> bool:
    written = tuple(exact(name))
    return says(piece, (name,)) or any(fact.kind == "person" and fact.key[: len(written)] == written for fact in facts_of(piece))


@lru_cache(maxsize=512)
def _phones(contact: Contact) -> tuple[Fact, ...]:
    return tuple(fact for fact in facts_of(tokens(normalise(contact.phone))) if fact.kind == "phone")


@lru_cache(maxsize=512)
def _field(contact: Contact) -> frozenset[tuple[Token, Token]]:
    row = words_of(tokens(normalise(contact.role)))
    return frozenset(pair for pair in pairwise(row) if not set(pair) <= _VAGUE)
