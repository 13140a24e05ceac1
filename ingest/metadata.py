"""What a document says of itself: number, kind, issuer, date, title, effective date; each from the front matter or text."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Literal

from ingest.capitals import title_name, with_issuer, without_signer, written
from ingest.facts_table import below_facts, facts_of_front_matter, facts_of_table
from ingest.letterhead import Head, issuer_of_head, read_head, signed_day
from ingest.number_in_name import number_in_name
from ingest.readers.contract import Reading
from ingest.references import issuer_of, kind_of
from ingest.self_citation import attached, cited_in_text, kind_of_itself, named_in_heading, number_of_annexes
from ingest.subject import title_of
from ingest.vocabulary import SELF_NAMED
from rag.documents import Document, Doubt
from rag.language.kinds import LAWS, any_of
from rag.language.numbers import DATE, WRITTEN_DAY, iso_date, same_number
from rag.language.text import normalise, squeeze

_MISREAD = re.compile(r"\d*[A-Z]")
_PASSED = re.compile(rf"này (?:đã )?được [^\n]{{5,120}}? thông qua ({WRITTEN_DAY})", re.IGNORECASE)
_LEGAL = any_of(*LAWS, "Nghị định", "Thông tư liên tịch", "Thông tư", "Quyết định", "Nghị quyết")
_NOTE = re.compile(
    rf"\(Điều \d+\w? ({_LEGAL})(?: số)? ([^\s,()]+)\s*(.*?)"
    r"(?: ngày (\d{1,2}/\d{1,2}/\d{4}))?(?: của ([^,]+?))?,? có hiệu lực thi hành kể từ ngày (\d{1,2}/\d{1,2}/\d{4})\s*\)"
)
_SITE_LINE = re.compile(r"#*\s*(?:Danh sách điều khoản|\d{16,})")
_IN_FORCE = rf"\b(?:{any_of(*SELF_NAMED, 'Điều lệ')})\s+này\s+(?:bắt đầu\s+)?có hiệu lực(?: thi hành)?"
_EFFECTIVE = re.compile(rf"{_IN_FORCE}(?: kể)? từ ({WRITTEN_DAY})", re.IGNORECASE)
_FROM_SIGNING = re.compile(rf"{_IN_FORCE}(?: kể)? từ ngày (?:ký|thông qua|ban hành)", re.IGNORECASE)
_AFTER_DAYS = re.compile(rf"{_IN_FORCE} sau (\d{{1,3}}) ngày,? kể từ ngày ký", re.IGNORECASE)

Facts = dict[str, str]


def editorial_note(line: str) -> bool:
    """Say whether a line is a legal site's own note, not text of the act."""
    return bool(_NOTE.fullmatch(line.strip()) or _SITE_LINE.fullmatch(line.strip()))


def read_metadata(reading: Reading, source: str, checksum: str, given: Facts) -> Document:
    """Return the document that ``reading`` holds.

    ``given`` (the catalog's entry) wins over facts in front matter or a table with a document number, those over the
    text, and the text over front matter without one. Dates are ISO; what is not found is empty.
    """
    pages = [normalise(page.text) for page in reading.pages]
    text = "\n".join(pages)
    ocr = bool(reading.pages) and reading.pages[0].read_as == "ocr"
    head = read_head(below_facts(text), ocr=ocr)
    found = _of_site(text) or _of_text(head, text)
    own = facts_of_table(text) | facts_of_front_matter(reading.meta)
    ranked = (found, own) if not own.get("number") else (own, found)
    meta = {key: value for part in reversed(ranked) for key, value in part.items() if value}
    meta["number"], doubts = _number(meta.get("number", ""), number_in_name(source), head, "\n".join(pages[1:]), ocr=ocr)
    if ocr and meta.get("issued") and meta["issued"] == head.issued and meta["issued"] not in _days("\n".join(pages[1:])):
        doubts += (Doubt(meta["issued"], "medium", "ngày đọc từ bản quét, có thể do viết tay hoặc đóng dấu"),)
    meta = {**_by_number(meta["number"], head), **{key: value for key, value in meta.items() if value}, **given}
    issued = meta.get("issued", "")
    if "kind" not in given and not meta.get("kind"):
        meta["kind"] = kind_of_itself(text)
    return Document(
        number=meta.get("number", ""),
        kind=meta.get("kind", ""),
        issuer=meta.get("issuer", ""),
        title=meta.get("title", ""),
        issued=issued,
        effective=given["effective"] if "effective" in given else meta.get("effective", "") or _effective(text, issued),
        source=source,
        checksum=checksum,
        read_as=reading.pages[0].read_as if reading.pages else "text",
        confidence=min((page.confidence for page in reading.pages), default=0.0),
        pages=_declared_pages(reading) or max((page.number for page in reading.pages), default=0),
        doubts=tuple(doubt for doubt in doubts if doubt.reading in (meta.get("number"), issued) and doubt.reading not in given.values()),
    )


def _declared_pages(reading: Reading) -> int:
    """The number of pages that front matter tells; 0 where it tells none, or something that is no number."""
    told = str(reading.meta.get("pages", ""))
    return int(told) if re.fullmatch(r"\d{1,6}", told, re.ASCII) else 0


def _of_site(text: str) -> Facts:
    """What a legal site's note under an article says of the act."""
    note = _NOTE.search(text)
    if note is None:
        return {}
    kind, number, title, issued, issuer, effective = (part or "" for part in note.groups())
    return {
        "kind": kind, "number": number, "title": title_name(title.strip(), text), "issuer": issuer,
        "issued": _iso(issued), "effective": _iso(effective),
    }  # fmt: skip


def _of_text(head: Head, text: str) -> Facts:
    """What letterhead and title say; where there is none, what the text calls itself."""
    issuer = issuer_of_head(head, text)
    title, kind, by = title_of(head, issuer, text)
    issued_by = written(by, text, ocr=head.ocr) or issuer
    title = with_issuer(title, issued_by)
    found = {"title": title, "kind": kind, "issuer": issued_by, "number": head.number, "issued": head.issued}
    heading = {} if head.number or issuer else named_in_heading(head, text)
    issue = attached(head)
    signed = head.cells[-1].text if head.cells and head.cells[-1].text.isupper() else ""
    by = issue.pop("issuer", "") or written(without_signer(signed), text, ocr=head.ocr)
    found = {**{key: value for key, value in found.items() if value}, **heading, **({} if found["number"] else issue)}
    found.setdefault("issuer", by)
    if "issued" not in found and head.first("day") is None:
        passed = _PASSED.search(text)
        found["issued"] = _iso(passed.group(1)) if passed else signed_day(text)
    return found


def _number(read: str, named: str, head: Head, later: str, *, ocr: bool) -> tuple[str, tuple[Doubt, ...]]:
    """Choose among the number read, the one of the file's name and, on scans, that of the annexes; say what is doubtful."""
    if head.symbol and named and not same_number(f"1{head.symbol}", f"1/{named.split('/', 1)[-1]}"):
        named = ""
    if not ocr:
        return (read, ()) if read else (named, _doubt(named, "medium", "lấy từ tên tệp"))
    read = "" if _MISREAD.match(read) else read
    carried = number_of_annexes(later, read.split("/", 1)[-1])
    if read and any(same_number(read, other) for other in (named, carried) if other):
        return read, ()
    differs = f", còn đầu trang đọc ra {read}" if read else ""
    if named:
        return named, () if carried and same_number(named, carried) else _doubt(named, "medium", f"lấy từ tên tệp{differs}")
    if carried:
        return carried, _doubt(carried, "medium", f"lấy từ phụ lục kèm theo{differs}")
    return read, _doubt(read, "low", "số đọc từ bản quét, có thể do viết tay hoặc đóng dấu, không có gì xác nhận")


def _doubt(reading: str, certainty: Literal["low", "medium"], why: str) -> tuple[Doubt, ...]:
    return (Doubt(reading, certainty, why),) if reading else ()


def _by_number(number: str, head: Head) -> Facts:
    """What the number, or the symbol of one left blank, says, and what the first lines say of the document of this number."""
    symbol = number or (f"1{head.symbol}" if head.symbol else "")
    letter = "Công văn" if head.first("subject") and any("Kính gửi" in cell.text for cell in head.cells) else ""
    told = {"kind": kind_of(symbol) or letter, "issuer": issuer_of(symbol)}
    return told | (cited_in_text(number, head) if number else {})


def _effective(text: str, issued: str) -> str:
    plain = squeeze(text)
    if found := _EFFECTIVE.search(plain):
        return _iso(found.group(1))
    if issued and (found := _AFTER_DAYS.search(plain)):
        return (date.fromisoformat(issued) + timedelta(days=int(found.group(1)))).isoformat()
    return issued if _FROM_SIGNING.search(plain) else ""


def _days(text: str) -> set[str]:
    return {iso_date(found) for found in DATE.finditer(text)}


def _iso(text: str) -> str:
    found = DATE.search(text)
    return iso_date(found) if found else ""
