"""What front matter, and the table or list of facts that legal sites put above a text, say of a document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from ingest.vocabulary import kinds, labels, opener_of
from rag.language.numbers import DATE, DOCUMENT_NUMBER, clean_number, iso_date
from rag.language.text import fold, has_marks, squeeze

_LINES = 40
_COLUMNS = re.compile(r"\s*\|\s*|\t+| {3,}")
_LABELLED = re.compile(r"^[-*•+\s]*([^:|]{2,40}?)\s*:\s*(.*)$")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_NUMBERED = re.compile(rf"^(?P<kind>.{{3,40}}?)\s+(?:số\s*:?\s*)?(?:{DOCUMENT_NUMBER.pattern})\s*[-–—:,]*\s*", re.IGNORECASE)
_ENOUGH = 2
"""So many facts make a table of them; one may be a sentence of the text."""


def facts_of_front_matter(meta: Mapping[str, object]) -> dict[str, str]:
    """Return the facts that front matter gives under any of their usual names."""
    pairs = ((re.sub(r"[_\-]+", " ", key), _plain(value)) for key, value in meta.items() if value not in (None, "") and not _nested(value))
    return _best(pairs)


def facts_of_table(text: str) -> dict[str, str]:
    """Return the facts of a table or list at the top of a text, nothing where it has no number and another fact."""
    found = _best(_pairs(text))
    return found if len(found) >= _ENOUGH and "number" in found else {}


def below_facts(text: str) -> str:
    """Return the text below the table or list of facts at its top; all of it where there is none."""
    if not facts_of_table(text):
        return text
    lines = text.split("\n")
    last = max(at for at, line in enumerate(lines[: 2 * _LINES]) if any(map(_is_label, re.split(r"[|\t:]+", line))))
    return "\n".join(lines[last + 1 :])


def _pairs(text: str) -> Iterable[tuple[str, str]]:
    waiting = ""
    for line in [line for line in text.splitlines() if line.strip()][:_LINES]:
        cells = [squeeze(cell.strip(" *#")) for cell in _COLUMNS.split(line.strip()) if cell.strip(" *#-:")]
        for cell in cells:
            labelled = _LABELLED.match(cell)
            if _is_label(cell):
                waiting = cell.rstrip(": ")
            elif waiting:
                yield waiting, cell
                waiting = ""
            elif labelled and _is_label(labelled.group(1)):
                yield labelled.group(1), labelled.group(2)
        if len(cells) > 1:
            waiting = ""


def _is_label(cell: str) -> bool:
    return fold(cell).strip(" :") in labels()


def _best(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The facts, of several labels for one the best; values that are none are left out."""
    found: dict[str, tuple[int, str]] = {}
    for label, given in pairs:
        fact, rank = labels().get(fold(label).strip(" :"), ("-", 0))
        value = _value(fact, squeeze(given))
        if value and (fact not in found or rank < found[fact][0]):
            found[fact] = rank, value
    return {fact: value for fact, (_, value) in found.items()}


def _value(fact: str, given: str) -> str:
    """A value in the form in which it is kept; empty where it cannot be one."""
    if fact in ("issued", "effective"):
        return _day(given)
    if fact == "number":
        found = DOCUMENT_NUMBER.fullmatch(given.removeprefix("Số").strip(" :.")) if given else None
        return clean_number(found.group()) if found else ""
    if fact == "kind":
        return kinds().get(fold(given), "")
    if fact == "title":
        return _title(given)
    return given if fact == "issuer" and (has_marks(given) or opener_of(given, loose=True) is not None) else ""


def _title(given: str) -> str:
    """A title without the kind and number that a site puts in front of it."""
    named = _NUMBERED.match(given)
    if named and fold(named.group("kind")) in kinds() and len(given) > named.end():
        given = given[named.end() :]
    given = re.sub(r"^(?:V/v|Về việc)\s*:?\s*", "", given.strip(), flags=re.IGNORECASE)
    return given[:1].upper() + given[1:]


def _day(given: str) -> str:
    if found := _ISO.match(given):
        try:
            return date.fromisoformat(found.group()).isoformat()
        except ValueError:
            return ""
    day = DATE.fullmatch(given.strip(" .")) or DATE.match(given)
    return iso_date(day) if day else ""


def _plain(value: object) -> str:
    return value.isoformat()[:10] if isinstance(value, date | datetime) else str(value).strip()


def _nested(value: object) -> bool:
    return isinstance(value, list | dict | tuple)
