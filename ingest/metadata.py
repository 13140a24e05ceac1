"""What a document says of itself: number, kind, issuer, date, title, effective date; each from the front matter or text."""

from __future__ import annotations

import re
from datetime import date, datetime

from ingest.readers.contract import Reading
from ingest.references import issuer_of, kind_of
from rag.documents import Document
from rag.numbers import DATE, DOCUMENT_NUMBER, clean_number, iso_date
from rag.text import normalise, squeeze

_KINDS = (
    "BỘ LUẬT", "LUẬT", "PHÁP LỆNH", "NGHỊ QUYẾT", "NGHỊ ĐỊNH", "QUYẾT ĐỊNH", "THÔNG TƯ LIÊN TỊCH", "THÔNG TƯ", "CHỈ THỊ", "KẾ HOẠCH",
    "HƯỚNG DẪN", "THÔNG BÁO", "CÔNG ĐIỆN", "BÁO CÁO", "TỜ TRÌNH", "QUY CHẾ", "ĐỀ ÁN", "CHƯƠNG TRÌNH",
)  # fmt: skip
_NUMBER = re.compile(r"(?:^|\s|[a-zA-Zđ])(?:Luật\s+)?[Ss]ố\s*:?\s*(" + DOCUMENT_NUMBER.pattern + ")")
_PLACE_DATE = re.compile(r"[^\d\n]{2,40},\s*(ngày\s*\d{1,2}\s*tháng\s*\d{1,2}\s*năm\s*\d{4})", re.IGNORECASE)
_SUBJECT = re.compile(r"^\s*(?:V/v|Về việc)\s*:?\s*(.+)$", re.IGNORECASE | re.MULTILINE)
_NOTE = re.compile(
    r"\(Điều \d+\w? (Bộ luật|Luật|Nghị định|Thông tư liên tịch|Thông tư|Quyết định|Nghị quyết|Pháp lệnh)(?: số)? ([^\s,()]+)\s*(.*?)"
    r"(?: ngày (\d{1,2}/\d{1,2}/\d{4}))?(?: của ([^,]+?))?,? có hiệu lực thi hành kể từ ngày (\d{1,2}/\d{1,2}/\d{4})\s*\)"
)
_EFFECTIVE = re.compile(
    r"(?:có hiệu lực(?: thi hành)?(?: kể)? từ) (ngày\s*\d{1,2}\s*tháng\s*\d{1,2}\s*năm\s*\d{4}|ngày\s*\d{1,2}/\d{1,2}/\d{4})", re.IGNORECASE
)
_FROM_SIGNING = re.compile(r"(?:này|Luật|định)\s+có hiệu lực(?: thi hành)?(?: kể)? từ ngày ký", re.IGNORECASE)
_TITLE_LINE = re.compile(r"^(Bộ luật|Luật|Nghị định|Thông tư|Quyết định)\s+(.{3,150}?)\s+số\s+(\S+)$")
_HEAD_LINES = 40


def editorial_note(line: str) -> bool:
    """Say whether a line is a legal site's own note under an article, not text of the act."""
    return bool(_NOTE.fullmatch(line.strip()))


def read_metadata(reading: Reading, source: str, checksum: str, given: dict[str, str]) -> Document:
    """Return the document that ``reading`` holds. ``given`` (the catalog's entry) wins over the front matter and text."""
    text = normalise("\n".join(page.text for page in reading.pages))
    head = "\n".join([line for line in text.splitlines() if line.strip()][:_HEAD_LINES])
    found = _from_text(head, text)
    told = {key: _plain(value) for key, value in {**reading.meta, **given}.items() if value not in (None, "")}
    meta = {**found, **told}
    number = meta.get("number", "")
    issued = meta.get("issued", "")
    return Document(
        number=number,
        kind=meta.get("kind", "") or kind_of(number),
        issuer=meta.get("issuer", "") or issuer_of(number),
        title=meta.get("title", "") or meta.get("subject", ""),
        issued=issued,
        effective=meta.get("effective", "") or _effective(text, issued),
        source=source,
        checksum=checksum,
        read_as=reading.pages[0].read_as if reading.pages else "text",
        confidence=min((page.confidence for page in reading.pages), default=0.0),
        pages=int(str(reading.meta.get("pages", 0)) or 0) or max((page.number for page in reading.pages), default=0),
    )


def _plain(value: object) -> str:
    return value.isoformat()[:10] if isinstance(value, date | datetime) else str(value).strip()


def _from_text(head: str, text: str) -> dict[str, str]:
    if note := _NOTE.search(text):
        kind, number, title, issued, issuer, effective = (part or "" for part in note.groups())
        return {
            "kind": kind, "number": number, "title": title.strip(), "issuer": issuer,
            "issued": _iso(issued), "effective": _iso(effective),
        }  # fmt: skip
    found: dict[str, str] = {}
    lines = [squeeze(line.lstrip("#* ").rstrip("* ")) for line in head.splitlines()]
    if line := next((m for m in map(_TITLE_LINE.match, lines) if m), None):
        found |= {"kind": line.group(1), "title": f"{line.group(1)} {line.group(2)}", "number": line.group(3)}
    if number := _NUMBER.search(head):
        found["number"] = clean_number(number.group(1))
    if day := _PLACE_DATE.search(head):
        found["issued"] = _iso(day.group(1))
    found |= _title(lines, head)
    if issuer := _issuer(lines):
        found["issuer"] = issuer
    return found


def _title(lines: list[str], head: str) -> dict[str, str]:
    """``V/v …`` of a letter, or the line(s) under ``THÔNG TƯ``; a law's name stands on the kind's own line."""
    for position, line in enumerate(lines):
        kind = next((kind for kind in _KINDS if line == kind or (line.startswith(f"{kind} ") and line.isupper())), "")
        if not kind:
            continue
        own = line.removeprefix(kind).strip()
        if own:
            return {"kind": kind.capitalize(), "title": line.capitalize()}
        title: list[str] = []
        for following in lines[position + 1 : position + 6]:
            if re.match(
                r"(?:Căn cứ|Kính gửi|Điều|Chương|I\.|Thực hiện|-{3}|_{3}|BỘ TRƯỞNG|THỦ TƯỚNG|CHỦ TỊCH|GIÁM ĐỐC|HIỆU TRƯỞNG|Theo)", following
            ):
                break
            title.append(following)
        return {"kind": kind.capitalize(), "title": squeeze(" ".join(title))}
    if subject := _SUBJECT.search(head):
        return {"title": squeeze(subject.group(1))}
    return {}


def _issuer(lines: list[str]) -> str:
    """The name above the number: ``UBND TỈNH …`` / ``SỞ GIÁO DỤC VÀ ĐÀO TẠO``."""
    upper = [line for line in lines[:8] if line.isupper() and not re.search(r"CỘNG HÒA|CỘNG HOÀ|ĐỘC LẬP", line)]
    names = [
        line
        for line in upper
        if re.match(r"(?:BỘ|SỞ|UBND|ỦY BAN|UỶ BAN|CHÍNH PHỦ|QUỐC HỘI|THỦ TƯỚNG|HỘI ĐỒNG|TỔNG CỤC|CỤC|ĐẠI HỌC|TRƯỜNG|PHÒNG)", line)
    ]
    if not names:
        return ""
    province = next((re.search(r"TỈNH .+|THÀNH PHỐ .+", line) for line in names if "UBND" in line or "ỦY BAN" in line), None)
    last = names[-1].split("  ")[0]
    name = _sentence_case(last)
    return f"{name} {_sentence_case(province.group())}" if province and not last.startswith(("UBND", "ỦY BAN")) else name


def _sentence_case(name: str) -> str:
    words = name.lower().split()
    after_place = False
    result = []
    for position, word in enumerate(words):
        result.append(word.capitalize() if position == 0 or after_place else word)
        if word in ("tỉnh", "phố"):
            after_place = True
    return " ".join(result).replace("Ubnd", "UBND").replace("giáo dục và đào tạo", "Giáo dục và Đào tạo")


def _effective(text: str, issued: str) -> str:
    if _FROM_SIGNING.search(text):
        return issued
    found = _EFFECTIVE.search(text)
    return _iso(found.group(1)) if found else ""


def _iso(text: str) -> str:
    found = DATE.search(text)
    return iso_date(found) if found else ""
