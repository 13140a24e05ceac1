"""What a document says of itself: number, kind, issuer, date, title, effective date; each from the front matter or text."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from pathlib import Path

from ingest.naming import issuer_name, title_name
from ingest.readers.contract import Reading
from ingest.references import issuer_of, kind_of
from rag.documents import Document
from rag.language.numbers import DATE, DOCUMENT_NUMBER, clean_number, iso_date
from rag.language.text import normalise, squeeze

_KINDS = (
    "BỘ LUẬT", "LUẬT", "PHÁP LỆNH", "NGHỊ QUYẾT", "NGHỊ ĐỊNH", "QUYẾT ĐỊNH", "THÔNG TƯ LIÊN TỊCH", "THÔNG TƯ", "CHỈ THỊ", "KẾ HOẠCH",
    "HƯỚNG DẪN", "THÔNG BÁO", "CÔNG ĐIỆN", "BÁO CÁO", "TỜ TRÌNH", "QUY CHẾ", "QUY ĐỊNH", "ĐỀ ÁN", "CHƯƠNG TRÌNH", "VĂN BẢN HỢP NHẤT",
)  # fmt: skip
_ISSUED_ACTS = ("QUY CHẾ", "QUY ĐỊNH")
"""Kinds of acts that another document issues: that one's kind counts."""
_WRITTEN = r"ngày\s*\d{1,2}\s*tháng\s*\d{1,2}\s*năm\s*\d{4}|ngày\s*\d{1,2}/\d{1,2}/\d{4}"
_NAME = re.compile(r"(\d{1,5})-(?:((?:19|20)\d\d)-)?([A-ZĐ]{2,6}(?:-[A-ZĐ]{2,6})+)")
_MISREAD = re.compile(r"\d*[A-Z]")
_NUMBER = re.compile(rf"(?:[Ss][ốỐ]\s*:|^(?:Luật )?[Ss]ố)\s*({DOCUMENT_NUMBER.pattern})")
_PLACE_DATE = re.compile(rf"(?:^|\s)[^\d\n(]{{2,40}},\s*({_WRITTEN})", re.IGNORECASE)
_PASSED = re.compile(rf"này (?:đã )?được [^\n]{{5,120}}? thông qua ({_WRITTEN})", re.IGNORECASE)
_SUBJECT = re.compile(r"^(?:V/v|Về việc)\s*:?\s*(.+)$", re.IGNORECASE)
_ATTACHED = re.compile(
    rf"^\(?(?:Ban hành )?kèm theo (Quyết định|Thông tư|Nghị định|Nghị quyết|Công văn|Kế hoạch)(?: số\s*:?\s*({DOCUMENT_NUMBER.pattern})?)?"
    rf"[^()\n]*?(?:({_WRITTEN}))?(?: của ([^()\n]+?))?\s*\)?$",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"\(Điều \d+\w? (Bộ luật|Luật|Nghị định|Thông tư liên tịch|Thông tư|Quyết định|Nghị quyết|Pháp lệnh)(?: số)? ([^\s,()]+)\s*(.*?)"
    r"(?: ngày (\d{1,2}/\d{1,2}/\d{4}))?(?: của ([^,]+?))?,? có hiệu lực thi hành kể từ ngày (\d{1,2}/\d{1,2}/\d{4})\s*\)"
)
_SITE_LINE = re.compile(r"#*\s*(?:Danh sách điều khoản|\d{16,})")
_IN_FORCE = (
    r"\b(?:Luật|Pháp lệnh|Nghị quyết|Nghị định|Quyết định|Thông tư(?: liên tịch)?|Chỉ thị|Kế hoạch|Hướng dẫn|Quy chế|Quy định|Điều lệ"
    r"|Văn bản|Thông báo|Công văn)\s+này\s+(?:bắt đầu\s+)?có hiệu lực(?: thi hành)?"
)
_EFFECTIVE = re.compile(rf"{_IN_FORCE}(?: kể)? từ ({_WRITTEN})", re.IGNORECASE)
_FROM_SIGNING = re.compile(rf"{_IN_FORCE}(?: kể)? từ ngày (?:ký|thông qua|ban hành)", re.IGNORECASE)
_AFTER_DAYS = re.compile(rf"{_IN_FORCE} sau (\d{{1,3}}) ngày,? kể từ ngày ký", re.IGNORECASE)
_TITLE_LINE = re.compile(r"^(Bộ luật|Luật|Nghị định|Thông tư|Quyết định)\s+(?!này)(.{3,150}?)\s+số\s+(\S+)$")
_TITLE_ENDS = re.compile(
    r"(?:Căn cứ|Kính gửi|Điều|Chương|I\.|1\.|Thực hiện|-{3}|_{3}|BỘ TRƯỞNG|THỦ TƯỚNG|CHỦ TỊCH|GIÁM ĐỐC|HIỆU TRƯỞNG|TRƯỞNG|UBND|ỦY BAN|Theo"
    r"|\(|Số|CỘNG H|QUỐC HỘI|CHÍNH PHỦ)"
)
_ANNEX_TITLE = re.compile(r"^(?i:phụ lục)\s*\w*\s*[.:–-]\s*(\S.+)$")
_NOT_OWN = ("Căn cứ", "Theo", "Thực hiện", "(", "Xét", ">")
_HEAD_LINES = 40
_FIRST_LINES = 5
_TITLE_LINES = 5


def editorial_note(line: str) -> bool:
    """Say whether a line is a legal site's own note, not text of the act."""
    return bool(_NOTE.fullmatch(line.strip()) or _SITE_LINE.fullmatch(line.strip()))


def read_metadata(reading: Reading, source: str, checksum: str, given: dict[str, str]) -> Document:
    """Return the document that ``reading`` holds.

    ``given`` (the catalog's entry) wins over front matter with a document number, that over the text, and the text
    over what a program wrote into the file's properties. Dates are ISO; what is not found is empty.
    """
    text = normalise("\n".join(page.text for page in reading.pages))
    found = _from_text(text)
    if reading.pages and reading.pages[0].read_as == "ocr" and _MISREAD.match(found.get("number", "")):
        found["number"] = ""  # a number written by hand: better asked for than guessed
    own = {key: _plain(value) for key, value in reading.meta.items() if value not in (None, "")}
    own["title"] = own.get("title", "") or own.get("subject", "")
    ranked = (found, own) if not own.get("number") else (own, found)
    meta = {key: value for part in (*reversed(ranked), given) for key, value in part.items() if value}
    number = meta.get("number", "") or _number_in_name(source)
    issued = meta.get("issued", "")
    return Document(
        number=number,
        kind=meta.get("kind", "") or kind_of(number),
        issuer=meta.get("issuer", "") or issuer_of(number),
        title=meta.get("title", ""),
        issued=issued,
        effective=meta.get("effective", "") or _effective(text, issued),
        source=source,
        checksum=checksum,
        read_as=reading.pages[0].read_as if reading.pages else "text",
        confidence=min((page.confidence for page in reading.pages), default=0.0),
        pages=int(str(reading.meta.get("pages", 0)) or 0) or max((page.number for page in reading.pages), default=0),
    )


def _number_in_name(source: str) -> str:
    """The number that a file is called by (``17-2021-TT-BGDDT.pdf``), empty where it has none; file names have no ``Đ``."""
    found = _NAME.fullmatch(Path(source).stem.upper())
    if not found:
        return ""
    serial, year, symbol = found.groups()
    for plain, written in (("GDDT", "GDĐT"), ("HDND", "HĐND"), ("QD", "QĐ"), ("ND-", "NĐ-")):
        symbol = symbol.replace(plain, written)
    return "/".join(part for part in (serial, year, symbol) if part)


def _plain(value: object) -> str:
    return value.isoformat()[:10] if isinstance(value, date | datetime) else str(value).strip()


def _from_text(text: str) -> dict[str, str]:
    if note := _NOTE.search(text):
        kind, number, title, issued, issuer, effective = (part or "" for part in note.groups())
        return {
            "kind": kind, "number": number, "title": title_name(title.strip(), text), "issuer": issuer,
            "issued": _iso(issued), "effective": _iso(effective),
        }  # fmt: skip
    lines = [squeeze(line.strip().lstrip("#* ").rstrip("* ")) for line in text.splitlines() if line.strip()][:_HEAD_LINES]
    found: dict[str, str] = {}
    if line := next((m for m in map(_TITLE_LINE.match, lines[:_FIRST_LINES]) if m), None):
        found = {"kind": line.group(1), "title": f"{line.group(1)} {line.group(2)}", "number": line.group(3)}
    found |= {**_attached(lines), **_title(lines, text)}
    own = [line for line in lines if not line.startswith(_NOT_OWN)]
    if number := next((m for m in map(_NUMBER.search, own) if m), None):
        found["number"] = clean_number(number.group(1))
    if day := next((m for m in map(_PLACE_DATE.search, own) if m), None) or _PASSED.search(text):
        found["issued"] = _iso(day.group(1))
    if issuer := issuer_name(lines, text, _KINDS):
        found["issuer"] = issuer
    return found


def _attached(lines: list[str]) -> dict[str, str]:
    """What ``(Ban hành kèm theo Quyết định số … ngày … của …)`` says, for a text that begins with what was issued."""
    position = next((at for at, line in enumerate(lines) if _ATTACHED.match(line)), None)
    if position is None or any(re.match(r"(?:Điều|Căn cứ)\s", line) for line in lines[:position]):
        return {}
    match = _ATTACHED.match(lines[position])
    if match is None:
        return {}
    number, day = match.group(2), match.group(6)
    found = {"kind": match.group(1).capitalize(), "number": clean_number(number or ""), "issued": _iso(day or "")}
    return {key: value for key, value in found.items() if value}


def _title(lines: list[str], text: str) -> dict[str, str]:
    """``V/v …`` of a letter, or the line(s) under ``THÔNG TƯ``; a law's name stands on the kind's own line."""
    for position, line in enumerate(lines):
        kind = next((kind for kind in _KINDS if line == kind or (line.startswith(f"{kind} ") and line.isupper())), "")
        if kind:
            title = _title_from(lines, position, kind)
            return {**({} if kind in _ISSUED_ACTS else {"kind": kind.capitalize()}), "title": title_name(title, text)}
    if subject := next((m for m in map(_SUBJECT.match, lines) if m), None):
        return {"title": title_name(subject.group(1), text)}
    if lines and (annex := _ANNEX_TITLE.match(lines[0])):
        return {"title": title_name(annex.group(1), text)}
    return {}


def _title_from(lines: list[str], position: int, kind: str) -> str:
    """The title that begins on the kind's own line (goes on in capitals, a repetition left out) or under it."""
    named = lines[position] != kind
    title = [lines[position]] if named else []
    for line in lines[position + 1 : position + 1 + _TITLE_LINES]:
        if _TITLE_ENDS.match(line) or (named and not line.isupper()):
            break
        if line not in "".join(title):
            title.append(line)
    joined = squeeze(" ".join(title))
    if kind in _ISSUED_ACTS and not named:
        return f"{kind.capitalize()} {joined[:1].lower()}{joined[1:]}"
    subject = _SUBJECT.match(joined)
    return subject.group(1) if subject else joined


def _effective(text: str, issued: str) -> str:
    plain = squeeze(text)
    if found := _EFFECTIVE.search(plain):
        return _iso(found.group(1))
    if issued and (found := _AFTER_DAYS.search(plain)):
        return (date.fromisoformat(issued) + timedelta(days=int(found.group(1)))).isoformat()
    return issued if _FROM_SIGNING.search(plain) else ""


def _iso(text: str) -> str:
    found = DATE.search(text)
    return iso_date(found) if found else ""
