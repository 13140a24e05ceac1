"""Finds deadlines in provisions: who owes what to whom, by when, once or again and again."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.documents import Deadline, Provision
from rag.language.numbers import DATE, DOCUMENT_NUMBER, iso_date
from rag.language.text import sentences, squeeze

_DATE = DATE.pattern.removeprefix("(?<![\\d/.-])").removesuffix("(?![\\d/])")
_HOUR = r"(?:\d{1,2}\s?(?:h|giờ|:)\s?\d{0,2}(?:\s?phút)?\s*)"
_CUE = r"(?:chậm nhất(?: là)?|muộn nhất(?: là)?|không muộn hơn|trước|đến hết|hết|hạn cuối(?: là)?|từ|đến|vào|xong|thời hạn)"
_WHEN = re.compile(
    rf"(?:{_CUE}:?\s+)?(?:{_HOUR},?\s*)?(?:{_DATE})(?:\s+(?:đến|-|–)\s*(?:hết\s+)?(?:{_DATE}))?(?:\s+(?:hằng|hàng) năm)?",
    re.IGNORECASE,
)
_RECURRING = re.compile(
    r"(?:(?:chậm nhất|muộn nhất|trước|vào)(?: là)?\s+)?ngày\s+(?:mùng\s+)?\d{1,2}\s+(?:(?:hằng|hàng|mỗi)\s+tháng|của tháng[\w\s]{0,20})"
    r"|định kỳ\s+(?:(?:hằng|hàng)\s+)?(?:ngày|tuần|tháng|quý|học k[ìỳ]|năm học|năm)(?:,\s*(?:quý|tháng|học k[ìỳ]|năm học|năm))*"
    r"|(?:hằng|hàng|mỗi)\s+(?:ngày|tuần|tháng|quý|học k[ìỳ]|năm học|năm)(?:,\s*trước ngày\s+\d{1,2}[\w\s]{0,22})?",
    re.IGNORECASE,
)
_TERM = re.compile(
    r"(?:trong(?: thời hạn| vòng| thời gian)?(?: không quá)?|chậm nhất(?: là)?|không quá|ít nhất|tối đa)\s+\d{1,3}\s*(?:\([^)]*\)\s*)?"
    r"(?:giờ|ngày làm việc|ngày|tuần|tháng|năm)\b(?:(?: làm việc)?,?\s+(?:kể )?(?:từ|trước|sau)\s+[^,.;:()]+)?",
    re.IGNORECASE,
)
_ISSUED = re.compile(r"(?:" + DOCUMENT_NUMBER.pattern + r")\s*,?\s*$")
_BOUNDARY = re.compile(r"[;:.](?=\s)|\n|,\s+(?=(?:Báo cáo|[A-ZĐ]))|\(\d+\)\s")
_RECIPIENT = re.compile(
    r"(?i:báo cáo|gửi|nộp|trình)(?:\s+(?:về|cho|tới|đến|kết quả về))?\s+((?:Bộ|Sở|UBND|Ủy ban nhân dân|Phòng|phòng|Cục|Văn phòng|Tổ)"
    r"[^,.;:()\d]{0,60}?)(?=\s+(?:về|kết quả|việc|trước|chậm|theo|để|qua|bằng|và|trong)\b|\s*[,.;:()]|$)"
)
_WHO = re.compile(r"^(?:Đối với\s+)?([^:.;\n]{3,150}):\s")
_SUBJECT = re.compile(
    r"^((?:Các |Mỗi |Toàn bộ |Những )?(?:đơn vị|trường|nhà trường|cơ sở giáo dục|UBND|Ủy ban nhân dân|Phòng|Sở|Bộ|trung tâm|giáo viên"
    r"|hiệu trưởng|thủ trưởng|người đứng đầu|Bên|Cơ quan|Tổ chức|Văn phòng)\b[^.;:]{0,140}?)\s+(?:có trách nhiệm|phải|báo cáo|căn cứ"
    r"|tổ chức|hoàn thành|gửi|thực hiện|chịu|cần|được|lập|nộp|ký|phát hành|rà soát|tham mưu|kiểm tra|thông báo)\b",
    re.IGNORECASE,
)
_ACTOR = re.compile(
    r"^(?!tổ chức thực hiện)(?:(?:Các|Mỗi|Toàn bộ|Những|Tất cả)\s+)?(?:đơn vị|trường|nhà trường|cơ sở(?! vật chất| dữ liệu| hạ tầng)|UBND"
    r"|Ủy ban|phòng|sở|bộ|trung tâm|giáo viên|hiệu trưởng|học sinh|thủ trưởng|người|bên|cơ quan|tổ chức|văn phòng|cá nhân|tổ|cán bộ"
    r"|viên chức|chủ thể|cục|vụ|ban|chính phủ)\b",
    re.IGNORECASE,
)
_VERB = re.compile(r"\s(?:báo cáo|gửi|nộp|tham mưu|chủ trì|trả lời|công bố)\s")
_LEGAL_BASIS = re.compile(r"(?:^|\s)(?:số|của|khóa|kỳ họp|thông qua)\s*$", re.IGNORECASE)


def find_deadlines(provision: Provision) -> list[Deadline]:
    """Return the deadlines that ``provision``'s own text states."""
    if provision.kind in ("signature", "head"):
        return []
    found = [*_rows(provision), *_dated(provision), *_recurring(provision)]
    return list(dict.fromkeys(found))


def _dated(provision: Provision) -> Iterator[Deadline]:
    text = provision.text
    for start, end in sentences(text):
        if text[start] == "|":
            continue
        sentence, at = text[start:end], 0
        for when in _WHEN.finditer(sentence):
            if _ISSUED.search(sentence[: when.start()]) or not _is_due(sentence, when):
                continue
            yield _deadline(provision, sentence, at, when, text[:start])
            at = when.end()


def _is_due(sentence: str, when: re.Match[str]) -> bool:
    """A date is a deadline where a cue leads it; a bare date may be the date of a document or an event."""
    phrase = when.group().lower()
    cued = re.match(_CUE, phrase) or "hằng năm" in phrase or "hàng năm" in phrase or re.match(_HOUR, phrase)
    return bool(cued) and not _LEGAL_BASIS.search(sentence[: when.start()])


def _recurring(provision: Provision) -> Iterator[Deadline]:
    text = provision.text
    for start, end in sentences(text):
        if text[start] == "|":
            continue
        sentence = text[start:end]
        if not (repeated := [*_RECURRING.finditer(sentence), *_TERM.finditer(sentence)]):
            continue
        dated = [found.span() for found in _WHEN.finditer(sentence)]
        for when in repeated:
            if any(begin < when.end() and when.start() < stop for begin, stop in dated):
                continue
            yield _deadline(provision, sentence, 0, when, text[:start])


def _deadline(provision: Provision, sentence: str, at: int, when: re.Match[str], before: str) -> Deadline:
    day, recurrence = _day_or_recurrence(when.group())
    lead = sentence[at : when.start()]
    breaks = list(_BOUNDARY.finditer(lead))
    starts = [0, *(mark.end() for mark in breaks)]
    # "hồ sơ học sinh: hoàn thành chậm nhất …": a lone verb says nothing, so take the clause before it along
    what = next((lead[start:] for start in reversed(starts) if len(lead[start:].split()) > 2), lead)
    if not what.strip(" ,:"):
        what = sentence[when.end() :]
    to = _RECIPIENT.search(sentence) or _RECIPIENT.search(before + sentence)
    return Deadline(
        what=squeeze(what).strip(" ,;:+-"),
        who=_who(provision, sentence),
        to=squeeze(to.group(1)) if to else "",
        when=squeeze(when.group()),
        date=day,
        recurrence=squeeze(recurrence),
        provision=provision.id,
        quote=sentence,
    )


def _day_or_recurrence(when: str) -> tuple[str, str]:
    """The last day that the phrase names (ISO), or else the phrase itself: it comes again and again."""
    days = [day for found in DATE.finditer(when) if (day := iso_date(found))]
    return (days[-1], "") if days else ("", when)


def _who(provision: Provision, sentence: str) -> str:
    """The one who owes it: the actor that opens the sentence or the provision, else a heading that names actors."""
    clauses = (re.sub(r"^(?:\(\d+\)|[+a-zđ]\)?)\s+", "", sentence), provision.text)
    found = [match for text in clauses for match in (_WHO.match(text), _SUBJECT.match(text)) if match]
    names = [*(_VERB.split(squeeze(match.group(1)))[0] for match in found), *reversed(provision.headings)]
    return next((name for name in names if _ACTOR.match(name) and len(name) < 150), "")


def _rows(provision: Provision) -> Iterator[Deadline]:
    """A row of a table ``việc | đơn vị | thời hạn | …`` is a deadline."""
    header: list[str] = []
    for line in provision.text.splitlines():
        if not line.startswith("|"):
            header = []
            continue
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if all(set(cell) <= set("-: ") for cell in cells):
            continue
        if not header:
            header = [cell.lower() for cell in cells]
            continue
        when = _cell(header, cells, ("thời hạn", "thời gian", "hạn", "ngày", "mốc"))
        if when and (DATE.search(when) or _RECURRING.search(when) or _TERM.search(when)):
            day, recurrence = _day_or_recurrence(when)
            yield Deadline(
                what=_cell(header, cells, ("việc", "nội dung", "nhiệm vụ", "công việc", "báo cáo", "tên")),
                who=_cell(header, cells, ("đơn vị", "ai", "người", "chủ trì", "thực hiện", "cơ quan")),
                to=_cell(header, cells, ("nơi nhận", "gửi", "nơi nộp")),
                when=when,
                date=day,
                recurrence=recurrence,
                provision=provision.id,
                quote=line,
            )


def _cell(header: list[str], cells: list[str], names: tuple[str, ...]) -> str:
    for name in names:
        for title, cell in zip(header, cells, strict=False):
            if name in title:
                return cell
    return ""
