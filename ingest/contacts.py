"""Finds people to call and systems with their addresses in provisions and footnotes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.documents import Contact, Provision, System
from rag.language.numbers import EMAIL, LINK, PHONE, digits
from rag.language.text import sentences, squeeze

_UPPER_WORD = r"[^\W\d_a-z][^\W\d_A-Z]*"
_TITLE = r"(?:[Đđ]ồng chí|[Đđ]/c|[Đđ]c|[ÔôÓ]ng|[Bb]à|[Tt]hầy|[Cc]ô|[Aa]nh|[Cc]hị)"
_NAME = re.compile(rf"{_TITLE}:?\s+({_UPPER_WORD}(?:\s+{_UPPER_WORD}){{1,5}})")
_BARE_NAME = re.compile(rf"(?:^|[,;:(–-]\s*)({_UPPER_WORD}(?:\s+{_UPPER_WORD}){{1,4}})\s*[,:(–-]")
_ROLE_AFTER = re.compile(r"^[\s,;:]*\(([^)]{3,120})\)")
_CHANNEL_AHEAD = re.compile(r"\b(?:email|e-mail|thư điện tử|hộp thư|zalo)\b", re.IGNORECASE)
_CHANNEL = re.compile(r"(zalo|hotline|tổng đài|điện thoại|đt|sđt|fax)\s*:?\s*$", re.IGNORECASE)
_DESK = re.compile(
    r"((?:tổng đài|đường dây nóng|hotline|tổ|phòng|bộ phận|văn phòng|trung tâm)\b[^,;:.()]{0,80}?)"
    r"\s*(?:qua số|theo số|số|điện thoại|:|,)?\s*$",
    re.I,
)
_SYSTEM = re.compile(
    r"((?:phần mềm|hệ thống|cơ sở dữ liệu|cổng|trang|kho|nền tảng|biểu mẫu|website|ứng dụng|mẫu|thư viện)\b[^,;:.()]*?)"
    r"\s*(?:(?:được\s+)?đặt\s+)?(?:tại|theo|qua|ở|trên)?\s*(?:địa chỉ|đường dẫn|liên kết|đường link|link)?\s*[:(]?\s*$",
    re.IGNORECASE,
)
_MAY_REACH = re.compile(r"@|\d{3}")
"""What every phone number or e-mail address has: most provisions have neither, and this is quick."""
_MAY_LINK = re.compile(r"https?:|www\.|\.vn", re.IGNORECASE)
_LEAD = re.compile(r"\s*\(?\s*(?:,?\s*(?:tại|theo|qua|ở|trên))?\s*(?:địa chỉ|đường dẫn|liên kết|đường link|link)?\s*[:(]?\s*$", re.I)
_CLAUSE = re.compile(r"[,;:.](?=\s)|\n|\(\d+\)\s")


def find_contacts(provision: Provision) -> list[Contact]:
    """Return the people and desks whose phone or e-mail address stands in ``provision`` or its footnotes."""
    found = [contact for text in _texts(provision) for contact in _contacts(provision, text)]
    return list(dict.fromkeys(found))


def find_systems(provision: Provision) -> list[System]:
    """Return the systems, sites and forms whose address stands in ``provision`` or its footnotes."""
    return list(dict.fromkeys(system for text in _texts(provision) for system in _systems(provision, text)))


def _texts(provision: Provision) -> list[str]:
    return [provision.text, *(note.text for note in provision.footnotes)]


def _contacts(provision: Provision, text: str) -> Iterator[Contact]:
    if not _MAY_REACH.search(text):
        return
    for start, end in sentences(text):
        sentence = text[start:end]
        taken: set[str] = set()
        at = 0
        for phone in PHONE.finditer(sentence):
            if len(digits(phone.group())) not in range(8, 12):
                continue
            rest = sentence[phone.end() :]
            mail = EMAIL.search(rest.split(";")[0])
            yield _contact(provision, sentence, at, phone, mail.group() if mail else "")
            taken.update([mail.group()] if mail else [])
            at = phone.end()
        for mail in EMAIL.finditer(sentence):
            if mail.group() not in taken and not PHONE.search(sentence):
                yield _contact(provision, sentence, 0, mail, mail.group())


def _contact(provision: Provision, sentence: str, at: int, found: re.Match[str], mail: str) -> Contact:
    before, after = sentence[at : found.start()], sentence[found.end() :]
    names = list(_NAME.finditer(before)) or list(_BARE_NAME.finditer(before))
    name = squeeze(names[-1].group(1)) if names else ""
    channel = _CHANNEL.search(before)
    role = _ROLE_AFTER.match(EMAIL.sub(" ", _CHANNEL_AHEAD.sub(" ", after)))
    told = squeeze(role.group(1)) if role else ""
    between = squeeze(re.sub(_CHANNEL, "", before[names[-1].end() :])).strip(" ,;:–-") if names else ""
    if not name:
        desk = _DESK.search(re.sub(_CHANNEL, "", before))
        name = squeeze(desk.group(1)) if desk else ""
    is_phone = not found.group().startswith(mail) if mail else True
    return Contact(
        name=name,
        role="; ".join(part for part in (between, told) if part and "điện thoại" not in part.lower()),
        phone=found.group() if is_phone else "",
        channel=channel.group(1) if channel else "",
        email=mail,
        provision=provision.id,
        quote=_own_part(sentence, found.start()),
    )


def _own_part(sentence: str, at: int) -> str:
    """From the list mark ``(1)`` before the phone on; the whole sentence where there is none."""
    marks = [mark.start() for mark in re.finditer(r"\(\d{1,2}\)\s", sentence[:at])]
    return sentence[marks[-1] :] if marks else sentence


def _systems(provision: Provision, text: str) -> Iterator[System]:
    if not _MAY_LINK.search(text):
        return
    for start, end in sentences(text):
        sentence = text[start:end]
        at = 0
        for link in LINK.finditer(sentence):
            before = sentence[at : link.start()]
            at = link.end()
            yield System(
                name=_system_name(before),
                address=link.group(),
                purpose=_purpose(before),
                provision=provision.id,
                quote=sentence,
            )


def _system_name(before: str) -> str:
    found = _SYSTEM.search(before)
    if not found:
        return ""
    name = found.group(1)
    inner = list(re.finditer(r"\b(?:phần mềm|hệ thống|cơ sở dữ liệu|cổng|trang|kho|nền tảng|biểu mẫu)\b", name, re.I))
    # "trên phần mềm A và phần mềm B" ends with the one that the address belongs to
    for mark in reversed(inner):
        if re.search(r"(?:và|với|sang|trên|vào)\s+$", name[: mark.start()]):
            return squeeze(name[mark.start() :])
    return squeeze(name)


def _purpose(before: str) -> str:
    clauses = [clause.strip(" ():") for clause in _CLAUSE.split(_LEAD.sub("", before)) if clause and clause.strip(" ():")]
    return squeeze(clauses[-1])[-160:] if clauses else ""
