"""Finds people and desks to call in provisions and footnotes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from rag.documents import Contact, Provision
from rag.language.honorifics import NAME_WORD, WRITTEN
from rag.language.numbers import EMAIL, HOST, PHONE, digits
from rag.language.text import fold, squeeze

_TITLE = rf"(?:{WRITTEN}|[Đđ]/c|[Đđ]c|Óng)"  # "Óng": OCR
_NAME = re.compile(rf"(?<!\w){_TITLE}(?: giáo)?:?\s+({NAME_WORD}(?:\s+{NAME_WORD}){{1,5}})")
_BARE_NAME = re.compile(rf"(?:^|[,;:(–+•-]|\d[.)])\s*({NAME_WORD}(?:\s+{NAME_WORD}){{2,4}})\s*[,;:.(–-]")
_CHANNELS = r"zalo|hotline|tổng đài|số điện thoại|điện thoại|số máy|đt|sđt|tel|fax|di động|đường dây nóng"
_CHANNEL = re.compile(rf"({_CHANNELS})\s*(?:số|:|\.)*\s*$", re.IGNORECASE)
_MAIL_AHEAD = re.compile(r"(?<!\w)(?:email|e-mail|mail|thư điện tử|hộp thư|địa chỉ thư)(?!\w)\s*:?", re.IGNORECASE)
_JOINS = re.compile(
    rf"(?:{_CHANNELS}|email|e-mail|mail|thư điện tử|hộp thư|và|hoặc|hay|số|qua|máy lẻ|nhánh|nội bộ|ext|[\W\d_])*", re.IGNORECASE
)
_BRANCH = re.compile(r"\s*[(,–-]?\s*((?:số )?(?:máy )?(?:lẻ|nhánh|nội bộ|ext)\.?:?\s*\d{1,5})", re.IGNORECASE)
_ROLE_AFTER = re.compile(r"^[\s,;:]*\(([^)]{3,120})\)")
_OFFICE = r"(?:tổng đài|đường dây nóng|hotline|tổ|phòng|bộ phận|văn phòng|trung tâm|ban|khoa|viện|cục|vụ|sở|trường|thanh tra)"
_DESK_AT_END = re.compile(rf"(?<!\w)({_OFFICE}\b[^,;:.()–]{{0,80}}?)[\s–-]*(?:qua số|theo số|số|:|,)?\s*$", re.IGNORECASE)
_DESK_AT_START = re.compile(rf"(?:^|[:;.(]\s|[-–+•]\s)\s*({_OFFICE}\s[^,;:.()–|]{{2,80}}?)\s*(?=[,;:.(–|\n]|\s-\s)", re.IGNORECASE)
_POSSIBLE = re.compile(r"0[35789]\d{8}|02\d{9}|1[89]00\d{4,6}")
_HOST = re.compile(HOST, re.IGNORECASE)
_MAY_REACH = re.compile(r"@|\d{3}")
"""What every phone number or e-mail address has: most provisions have neither, and this is quick."""
_NAME_TITLES = ("ho va ten", "ho ten", "ho, ten", "nguoi", "can bo", "dau moi", "ten")
_ROLE_TITLES = ("chuc vu", "chuc danh", "don vi", "bo phan", "phong", "phu trach", "linh vuc", "nhiem vu", "noi dung")


@dataclass(frozen=True, slots=True)
class _Owner:
    """Whose phone or address it is."""

    name: str
    role: str


def find_contacts(provision: Provision) -> list[Contact]:
    """Return the people and desks whose phone or e-mail address stands in ``provision`` or its footnotes."""
    texts = [provision.heading, provision.text, *(note.text for note in provision.footnotes)]
    return list(dict.fromkeys(contact for text in texts if _MAY_REACH.search(text) for contact in _contacts(provision, text)))


def is_phone(text: str) -> bool:
    """Say whether a phone number in Vietnam may have these digits."""
    return bool(_POSSIBLE.fullmatch(digits(text)))


def is_mail(text: str) -> bool:
    """Say whether an address has a host that there may be."""
    return bool(_HOST.fullmatch(text.partition("@")[2]))


def _contacts(provision: Provision, text: str) -> Iterator[Contact]:
    titles: tuple[str, ...] = ()
    above = ""
    for line in text.splitlines():
        if not line.startswith("|"):
            titles = ()
            yield from _in_line(provision, line, above)
            above = line
            continue
        cells = tuple(cell.strip() for cell in line.strip().strip("|").split("|"))
        if not titles:
            titles = tuple(map(fold, cells))
        else:
            yield from _in_row(provision, titles, cells, line)


def _in_row(provision: Provision, titles: tuple[str, ...], cells: tuple[str, ...], line: str) -> Iterator[Contact]:
    phones = [phone.group() for cell in cells for phone in PHONE.finditer(cell) if is_phone(phone.group())]
    mails = [mail.group() for cell in cells for mail in EMAIL.finditer(cell) if is_mail(mail.group())]
    named = next((at for wanted in _NAME_TITLES for at, title in enumerate(titles[: len(cells)]) if wanted in title), None)
    told = [at for at, title in enumerate(titles[: len(cells)]) if at != named and any(word in title for word in _ROLE_TITLES)]
    role = squeeze("; ".join(cells[at] for at in told if cells[at]))
    for at, phone in enumerate(phones or [""] * len(mails[:1])):
        yield Contact(
            name=squeeze(cells[named]) if named is not None else "",
            role=role,
            phone=phone,
            channel="",
            email=mails[0] if mails and at == 0 else "",
            provision=provision.id,
            quote=line,
        )


def _in_line(provision: Provision, line: str, above: str) -> Iterator[Contact]:
    phones = [found for found in PHONE.finditer(line) if is_phone(found.group())]
    mails = [found for found in EMAIL.finditer(line) if is_mail(found.group())]
    at = 0
    groups: list[tuple[_Owner, list[re.Match[str]]]] = []
    for found in sorted([*phones, *mails], key=lambda match: match.start()):
        owner = _owner(line[at : found.start()])
        only_joins = not owner.name and bool(_JOINS.fullmatch(line[at : found.start()]))
        if groups and only_joins:
            groups[-1][1].append(found)
        else:
            groups.append((_owner(f"{above}\n") if only_joins else owner, [found]))
        at = found.end()
    for owner, reaches in groups:
        yield from _of_owner(provision, line, owner, reaches)


def _of_owner(provision: Provision, line: str, owner: _Owner, reaches: list[re.Match[str]]) -> Iterator[Contact]:
    phones = [reach for reach in reaches if "@" not in reach.group()]
    mails = [reach.group() for reach in reaches if "@" in reach.group()]
    told = _ROLE_AFTER.match(line[reaches[-1].end() :])
    role = "" if not told or PHONE.search(told.group(1)) or _BRANCH.match(told.group(1)) else squeeze(told.group(1))
    for at, reach in enumerate(phones or reaches[:1]):
        branch = _BRANCH.match(line, reach.end())
        channel = _CHANNEL.search(line[: reach.start()])
        yield Contact(
            name=owner.name,
            role="; ".join(part for part in (owner.role, role, squeeze(branch.group(1)) if branch else "") if part),
            phone=_unbracketed(reach.group()) if phones else "",
            channel=channel.group(1) if channel and phones else "",
            email=mails[0] if mails and at == 0 else "",
            provision=provision.id,
            quote=_own_part(line, reach.start()),
        )


def _unbracketed(phone: str) -> str:
    """``(0912 000 111`` of a phone in brackets, but ``(0251).3868001``."""
    return phone if ")" in phone else phone.lstrip("(")


def _owner(before: str) -> _Owner:
    """Who is named between one phone or address and the next: a person, or else a desk."""
    found = list(_NAME.finditer(before)) or [name for name in _BARE_NAME.finditer(before) if _is_surname(name.group(1).split()[0])]
    if found:
        return _Owner(squeeze(found[-1].group(1)), _role(before[found[-1].end(1) :]))
    plain = _MAIL_AHEAD.sub("", _CHANNEL.sub("", before)).rstrip(" :,;(")
    desk = _DESK_AT_END.search(plain) or next(reversed(list(_DESK_AT_START.finditer(before))), None)
    return _Owner(squeeze(desk.group(1)).strip(" -–") if desk else "", "")


def _role(between: str) -> str:
    """What stands between a name and the phone: ``– Chuyên viên - Phòng Công tác sinh viên - SĐT:``."""
    plain = _MAIL_AHEAD.sub("", _CHANNEL.sub("", between))
    return re.sub(r",?\s+(?:số|qua số|theo số)$", "", squeeze(plain)).strip(" ,;:–-().")


@lru_cache(maxsize=1)
def _surnames() -> frozenset[str]:
    lines = files("ingest").joinpath("data", "surnames.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(name.strip().lower() for line in lines if not line.startswith("#") for name in line.split(","))


def _is_surname(word: str) -> bool:
    return word.lower() in _surnames()


def _own_part(line: str, at: int) -> str:
    """From the list mark ``(1)`` before the phone to the next; the whole sentence where there is none."""
    marks = [mark.start() for mark in re.finditer(r"\(\d{1,2}\)\s", line)]
    begin = max((mark for mark in marks if mark < at), default=None)
    if begin is None:
        return line.strip()
    return line[begin : min((mark for mark in marks if mark > at), default=len(line))].strip()
