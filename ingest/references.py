"""Finds the documents that a provision names: number, kind, issuer, date, title."""

from __future__ import annotations

import re

from ingest.capitals import without_signer
from ingest.vocabulary import issuers
from rag.documents import Provision, Reference
from rag.language.kinds import NUMBERED, any_of
from rag.language.numbers import DATE, clean_number, find_numbers, iso_date, parse_number
from rag.language.text import squeeze

_KIND = re.compile(
    rf"\b({any_of(*NUMBERED, 'Tờ trình', 'Công điện', 'Báo cáo', 'Văn bản hợp nhất')})"
    r"(?=(?:\s+[^\W\d]+){0,12}\s*(?:số\s*:?)?\s*$)",
    re.IGNORECASE,
)
_ABOUT = "về|ban hành|quy định|phê duyệt|hướng dẫn|sửa đổi|thành lập|phát động|hưởng ứng|thực hiện|bổ sung|triển khai"
_ISSUER = re.compile(
    r"^\s*,?\s*của\s+((?:Bộ trưởng\s+)?(?:Bộ|Sở|UBND|Ủy ban|Chính phủ|Thủ tướng|Quốc hội|Hội đồng|Ban|Chủ tịch|Cục|Tỉnh ủy|Ngân hàng"
    r"|Giám đốc|Công an|Tổng cục|Đại học|Viện|Văn phòng)"
    rf"[^,;.:()“\d]*?)(?=\s+(?i:{_ABOUT}|đột phá)\b|\s+và\s+(?=Kế hoạch|Nghị|Thông|Quyết|Luật)|\s*[,;.:()]|$)"
)
_OFFICE = re.compile(r"[A-ZĐ]{2}")
"""A symbol names an office or a kind by two letters at least; ``10/A2`` is a class."""
_ABBREVIATION = re.compile(r"^\s*\((?:(?:sau đây|gọi tắt|viết tắt)[^()]*|[A-ZĐ][A-Za-zĐđ&]{1,12})\)")
_TITLE = re.compile(rf"^\s*,?\s*((?:về việc|{_ABOUT})\s.*)", re.DOTALL | re.IGNORECASE)
_TITLE_END = re.compile(r"[;\n]|\.(?=\s|$)|\s\(\d+\)\s|,\s(?=(?:Sở|UBND|các|trong đó|đề nghị|gồm|theo|từ)\b)|\s\((?=Kế hoạch số|Điều)")


def find_references(provision: Provision) -> list[Reference]:
    """Return the documents named in ``provision``'s heading, text and footnotes, each once."""
    texts = [provision.heading, provision.text, *(note.text for note in provision.footnotes)]
    found: dict[str, Reference] = {}
    for text in texts:
        for number in find_numbers(text):
            if not _OFFICE.search(number.group(3)):
                continue
            reference = _reference(provision, text, number)
            known = found.get(reference.number)
            if known is None or len(reference.title) > len(known.title):
                found[reference.number] = reference
    return list(found.values())


def _reference(provision: Provision, text: str, number: re.Match[str]) -> Reference:
    clean = clean_number(number.group())
    kinds = list(_KIND.finditer(text[max(0, number.start() - 90) : number.start()]))
    rest = text[number.end() :]
    issued = ""
    day = re.match(r"\s*,?\s*(?=ngày)", rest)
    if day and (date := DATE.match(rest, day.end())):
        issued = iso_date(date)
        rest = rest[date.end() :]
    issuer = _ISSUER.match(rest)
    if issuer:
        rest = _ABBREVIATION.sub("", rest[issuer.end() :])
    title = _TITLE.match(rest)
    named = _TITLE_END.split(title.group(1))[0] if title else ""
    start = number.start() - 90 + kinds[-1].start() if kinds and number.start() > 90 else (kinds[-1].start() if kinds else number.start())
    end = len(text) - len(rest) + (title.start(1) + len(named) if title else 0)
    return Reference(
        number=clean,
        kind=squeeze(kinds[-1].group(1)).capitalize() if kinds else kind_of(clean),
        issuer=squeeze(issuer.group(1)) if issuer else issuer_of(clean),
        issued=issued,
        title=squeeze(named).strip(" ,"),
        provision=provision.id,
        quote=text[start:end].strip(" ,"),
    )


def described_at(text: str, number: re.Match[str]) -> dict[str, str]:
    """Return issuer, date and title that stand behind a number in a sentence."""
    found = _reference(Provision(0, "", "", "head", "", "", text, 0), text, number)
    issuer = without_signer(found.issuer) if found.issuer != issuer_of(found.number) else ""
    named = {"issued": found.issued, "title": found.title[:1].upper() + found.title[1:], "issuer": issuer}
    return {key: value for key, value in named.items() if value}


def kind_of(number: str) -> str:
    """The kind that a number's symbol says (``Quyết định`` for ``131/QĐ-TTg``)."""
    parsed = parse_number(number)
    return parsed.kind if parsed else ""


def issuer_of(number: str) -> str:
    """The issuer that a number's symbol says (``Chính phủ`` for ``71/NQ-CP``), empty where it says none."""
    parsed = parse_number(number)
    if not parsed:
        return ""
    if any(part.startswith("qh") for part in parsed.symbol):
        return "Quốc hội"
    return next((name for part in parsed.symbol if (name := issuers().get(part))), "")
