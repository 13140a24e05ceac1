"""Whose a document is: the place or school whose name its issuer bears, and the places that this one is in."""

from __future__ import annotations

import re
from dataclasses import replace

from rag.documents import Document
from rag.language.office_names import SCHOOLS, NamedOffice, named_in
from rag.language.text import fold, squeeze

_HEAD_LINES = 12
_ENDS = re.compile(r"^(?:Kính gửi|V/v|Căn cứ|Về việc)|^(?:THÔNG BÁO|QUYẾT ĐỊNH|KẾ HOẠCH|HƯỚNG DẪN|TỜ TRÌNH|BÁO CÁO|CÔNG VĂN)\b")
_MOTTO = re.compile(r"\s*\b(?:CỘNG H[OÒ]|Độc lập|Số\s*:).*$", re.IGNORECASE)
_PLACE_LINE = re.compile(r"^([^\d\n,:(]{2,30}),\s*ngày\b", re.IGNORECASE)
_PLACES = ("province", "district", "commune")
_LOCAL = re.compile(r"^(?:so|phong|uy ban nhan dan|ubnd|hoi dong nhan dan|hdnd|truong|dai hoc|hoc vien|trung tam)\b")


def with_office(document: Document, head: str) -> Document:
    """Return a document with its ``office`` and the places ``within`` which that is; ``head`` is how its text begins.

    What issues for the whole country bears no name of a place and gets none.
    """
    lines = _letterhead(head)
    named = [one for one in named_in(document.issuer, whole=True) if one.name]
    local = _is_local(document, lines)
    capitals = [one for line in lines if local and line.isupper() for one in named_in(line, whole=True) if one.name]
    sentence = [] if document.issuer or capitals else [one for line in lines[:1] for one in named_in(line, whole=False)[:1] if one.name]
    own = _own(named) or _own(capitals[::-1]) or _own(sentence)
    dated = next((found.group(1) for line in lines if (found := _PLACE_LINE.match(line))), "")
    place = squeeze(dated) if dated and (own or local) else ""
    if own is None and place:
        own, place = NamedOffice("province", "", tuple(_without_kind(place))), ""
    if own is None:
        return document
    within = [one.name for one in (*named, *capitals) if one.tier in _PLACES and one.name != own.name]
    within += [tuple(_without_kind(place))] if place else []
    others = dict.fromkeys(" ".join(name) for name in within if name and name != own.name)
    return replace(document, office=f"{own.head} {' '.join(own.name)}".strip(), within="; ".join(others))


def _letterhead(head: str) -> list[str]:
    lines = [squeeze(line.strip(" |#*_")) for line in head.splitlines() if line.strip(" |#*_")][:_HEAD_LINES]
    end = next((at for at, line in enumerate(lines) if at and _ENDS.match(line)), len(lines))
    return [kept for line in lines[: end + 3] if (kept := _MOTTO.sub("", line).strip())]


def _own(named: list[NamedOffice]) -> NamedOffice | None:
    """The school where one is named, else the place."""
    named = [one for one in named if one.name]
    school = next((one for one in named if one.tier in SCHOOLS), None)
    return school or next((one for one in reversed(named) if one.tier in _PLACES), None)


def _is_local(document: Document, lines: list[str]) -> bool:
    """Whether a place or school issues it, rather than a ministry."""
    issuers = [document.issuer] if document.issuer else [line for line in lines if line.isupper()]
    return any(_LOCAL.match(fold(line)) for line in issuers)


def _without_kind(place: str) -> list[str]:
    named = named_in(place, whole=True)
    return list(named[-1].name) if named and named[-1].name else [word for word in place.split() if word[:1].isalpha()]
