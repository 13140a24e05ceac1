"""What a text refers to, as links: web addresses, mail addresses, phones, and documents by their numbers."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

from bot.web.addresses import addresses
from rag.finding.search import Searcher
from rag.language.numbers import EMAIL, LINK, PHONE, clean_number, digits, find_numbers

_SCHEME = re.compile(r"https?://", re.IGNORECASE)
_MAY_BE_SITE = re.compile(r"https?://|www\.|\.vn\b", re.IGNORECASE)
_MAY_BE_PHONE = re.compile(r"[01]\d\d|84")
_DIALLED = range(10, 12)  # digits of a phone number; shorter ones may be anything
_Place = tuple[int, int, str]  # start and end in the text, and where it leads


def referred(text: str, searcher: Searcher, own: str = "") -> Markup:
    """Return text with its addresses, phones and the numbers of documents that the index knows as links; all of it escaped.

    ``own`` is the number of the document that says it: a link from it to itself leads nowhere.
    """
    known = addresses(searcher)
    numbers = [(found.start(), found.end(), known.number(clean_number(found.group()))) for found in find_numbers(text)]
    places = _sites(text) + [(start, end, known.of(number)) for start, end, number in numbers if number and number != own] + _reaches(text)
    return _written(text, places)


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
    return [(found.start(), found.end(), _whole(found.group())) for found in LINK.finditer(text)]


def _reaches(text: str) -> list[_Place]:
    written = PHONE.finditer(text) if _MAY_BE_PHONE.search(text) else ()
    phones = [(found.start(), found.end(), digits(found.group())) for found in written]
    mails = [(found.start(), found.end(), f"mailto:{found.group()}") for found in (EMAIL.finditer(text) if "@" in text else ())]
    return mails + [(start, end, f"tel:{number}") for start, end, number in phones if len(number) in _DIALLED]


def _whole(site: str) -> str:
    return site if _SCHEME.match(site) else f"https://{site}"


def _written(text: str, places: list[_Place]) -> Markup:
    """Of places that overlap the first one counts."""
    made, at = Markup(""), 0
    for start, end, leads in sorted(places):
        if start < at:
            continue
        rel = Markup(' rel="noopener noreferrer"') if _SCHEME.match(leads) else ""
        made += escape(text[at:start]) + Markup('<a href="{}"{}>{}</a>').format(leads, rel, text[start:end])
        at = end
    return made + escape(text[at:])
