"""What a text refers to, as links: web addresses, mail addresses, phones, and documents by their numbers."""

from __future__ import annotations

import re
from typing import NamedTuple

from markupsafe import Markup, escape

from bot.web.addresses import addresses
from rag.finding.search import Searcher
from rag.language.numbers import DIALLED, EMAIL, LINK, PHONE, clean_number, digits, find_numbers

_SCHEME = re.compile(r"https?://", re.IGNORECASE)
_MAY_BE_SITE = re.compile(r"https?://|www\.|\.vn\b", re.IGNORECASE)
_MAY_BE_PHONE = re.compile(r"[01]\d\d|84")


class _Place(NamedTuple):
    """Where a piece of a text begins and ends, and where it leads."""

    start: int
    end: int
    leads: str


def referred(text: str, searcher: Searcher, own: str = "") -> Markup:
    """Return text with its addresses, phones and the numbers of documents that the index knows as links; all of it escaped.

    ``own`` is the number of the document that says it: a link from it to itself leads nowhere.
    """
    known = addresses(searcher)
    named = [(found, known.number(clean_number(found.group()))) for found in find_numbers(text)]
    numbers = [_Place(found.start(), found.end(), known.of(number)) for found, number in named if number and number != own]
    return _written(text, _sites(text) + numbers + _reaches(text))


def linked(text: str) -> Markup:
    """Return text with its web addresses as links; everything in it is escaped."""
    return _written(text, _sites(text))


def opened(address: str) -> str:
    """Return where an address that a text names leads; empty where it is none of the web."""
    found = LINK.fullmatch(address.strip())
    return _whole(found.group()) if found else ""


def _sites(text: str) -> list[_Place]:
    if not _MAY_BE_SITE.search(text):  # a document has thousands of paragraphs and cells, of which a few have any
        return []
    return [_Place(found.start(), found.end(), _whole(found.group())) for found in LINK.finditer(text)]


def _reaches(text: str) -> list[_Place]:
    written = PHONE.finditer(text) if _MAY_BE_PHONE.search(text) else ()
    phones = [_Place(found.start(), found.end(), f"tel:{number}") for found in written if len(number := digits(found.group())) in DIALLED]
    mails = [_Place(found.start(), found.end(), f"mailto:{found.group()}") for found in (EMAIL.finditer(text) if "@" in text else ())]
    return mails + phones


def _whole(site: str) -> str:
    return site if _SCHEME.match(site) else f"https://{site}"


def _written(text: str, places: list[_Place]) -> Markup:
    """Of places that overlap the first one counts."""
    made, at = Markup(""), 0
    for place in sorted(places):
        if place.start < at:
            continue
        rel = Markup(' rel="noopener noreferrer"') if _SCHEME.match(place.leads) else ""
        made += escape(text[at : place.start]) + Markup('<a href="{}"{}>{}</a>').format(place.leads, rel, text[place.start : place.end])
        at = place.end
    return made + escape(text[at:])
