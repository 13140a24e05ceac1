"""Finds systems, sites and forms with their addresses in provisions and footnotes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.documents import Provision, System
from rag.language.numbers import HOST, LINK
from rag.language.text import sentences, squeeze

_SYSTEM = re.compile(
    r"((?:phần mềm|hệ thống|cơ sở dữ liệu|cổng|trang|kho|nền tảng|biểu mẫu|website|ứng dụng|mẫu|thư viện)\b[^,;:.()]*?)"
    r"\s*(?:(?:được\s+)?đặt\s+)?(?:tại|theo|qua|ở|trên)?\s*(?:địa chỉ|đường dẫn|liên kết|đường link|link)?\s*[:(]?\s*$",
    re.IGNORECASE,
)
_MAY_LINK = re.compile(r"https?:|www\.|\.vn", re.IGNORECASE)
_LEAD = re.compile(r"\s*\(?\s*(?:,?\s*(?:tại|theo|qua|ở|trên))?\s*(?:địa chỉ|đường dẫn|liên kết|đường link|link)?\s*[:(]?\s*$", re.I)
_CLAUSE = re.compile(r"[,;:.](?=\s)|\n|\(\d+\)\s")
_HOST = re.compile(rf"(?:https?://)?{HOST}(?::\d{{2,5}})?(?:[/?#].*)?", re.IGNORECASE)
_OPENS = re.compile(r"(?:^|[\s(\[{:;,“\"<|–-])$")


def find_systems(provision: Provision) -> list[System]:
    """Return the systems, sites and forms whose address stands in ``provision`` or its footnotes."""
    texts = [provision.heading, provision.text, *(note.text for note in provision.footnotes)]
    return list(dict.fromkeys(system for text in texts for system in _systems(provision, text)))


def _is_address(sentence: str, link: re.Match[str]) -> bool:
    """Not what is left of an address that was misread (``(2'ptit.edu.vn``, ``https:/ptit.edu.vn``)."""
    return bool(_OPENS.search(sentence[: link.start()]) and _HOST.fullmatch(link.group()))


def _systems(provision: Provision, text: str) -> Iterator[System]:
    if not _MAY_LINK.search(text):
        return
    for start, end in sentences(text):
        sentence = text[start:end]
        at = 0
        for link in LINK.finditer(sentence):
            if not _is_address(sentence, link):
                continue
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
