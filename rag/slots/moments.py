"""When: the days, spans and returns that a text names, each with its direction (before, by, from, within, every …)."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from rag.language.days import IN_FIGURES, IN_WORDS, WITH_SHORT_YEAR, Day, days_in
from rag.language.series import of_roman
from rag.slots.clocks import CLOCK

Direction = Literal["on", "before", "by", "through", "after", "from", "within", "ahead", "every"]


@dataclass(frozen=True, slots=True)
class Moment:
    """A time at ``start``-``end`` of a text. ``day``: the last day it names (ISO), empty where it has no year.

    ``every``: it comes again and again; ``firm``: it says of itself that it is the last day (``chậm nhất``, ``hạn``);
    ``tailed``: a span that says from when it runs (``05 ngày kể từ ngày nhận đủ hồ sơ``); ``unreal``: its last day is not in
    the calendar (``30/02``).
    """

    start: int
    end: int
    direction: Direction
    day: str = ""
    every: bool = False
    firm: bool = False
    tailed: bool = False
    unreal: bool = False


_CUES: dict[str, Direction] = {
    "chậm nhất": "by", "muộn nhất": "by", "không muộn hơn": "by", "không chậm hơn": "by", "hạn cuối": "by", "hạn chót": "by",
    "hạn nộp": "by", "thời hạn": "by", "hạn": "by", "trước": "before", "đến hết": "through", "hết": "through", "cho đến": "by",
    "tính đến": "from", "tính tới": "from", "tính đến hết": "from",
    "đến": "by", "tới": "by", "sau": "after", "bắt đầu từ": "from", "kể từ": "from", "tính từ": "from", "từ": "from", "vào": "on",
    "trong": "through", "cuối": "through", "xong": "by",
}  # fmt: skip
_FIRM = ("chậm nhất", "muộn nhất", "không muộn hơn", "không chậm hơn", "hạn cuối", "hạn chót", "hạn nộp", "thời hạn", "hạn")
_CUE = (
    r"(?<!\w)(?!(?<=gia )hạn)(?:" + "|".join(sorted(map(re.escape, _CUES), key=len, reverse=True)) + r")(?!\w)(?: là(?= ))?(?: vào(?= ))?:?"
)
_PART = r"(?:(?:thứ\s+\w+|chủ nhật|sáng|trưa|chiều|tối|đêm)(?!\w))"
_TIMES = rf"(?:(?:{CLOCK}|{_PART}),?\s*){{0,3}}"
_DAY = (
    rf"(?:ngày\s+)?(?:mùng\s+)?(?:{IN_FIGURES}|{WITH_SHORT_YEAR}|{IN_WORDS}|\d{{1,2}}\s?/\s?\d{{1,2}})"
    r"(?![\d/.]\d|\d|/|\s?%)"
)
_NUMBER = r"(?:\d{1,2}|một|hai|ba|bốn|năm)"
_LISTED = (  # ``ngày 24 và`` 25/6, ``12 –`` 13/4, ``ngày 12 đến hết`` ngày 14/5
    rf"(?:(?:{_NUMBER}\s+ngày,?\s+(?:là\s+)?|(?:các\s+)?ngày\s+|(?<=[:(]\s)|(?<=từ\s)|^)(?:các\s+)?(?:\d{{1,2}}\s*(?:,|và|-|–)\s*)+(?=\d)"
    r"|(?<=từ\s)(?:ngày\s+)?\d{1,2}\s+(?:đến|tới)\s+(?:hết\s+)?)"
)
_YEAR = r"(?:19|20)\d{2}"  # a misread one (``năm 0205``) names no time
_MONTH = rf"(?:năm\s+{_YEAR}|tháng\s+\d{{1,2}}\s*(?:/|-|\s+năm)\s*{_YEAR}|quý\s+(?:IV|I{{1,3}}|[1-4])\s*(?:/|-|\s+năm)\s*{_YEAR})(?!\d)"
_YEARLY = r"(?:\s+(?:hằng|hàng|mỗi)\s+năm(?!\w))"
_DATED = re.compile(
    rf"(?P<cue>(?:{_CUE}\s+){{0,3}})(?P<listed>{_LISTED}?)(?:các\s+(?=ngày\s))?(?P<first>{_TIMES}{_DAY})(?P<second>(?:,?\s*(?:đến|tới|-|–)\s*(?:hết\s+)?{_TIMES}{_DAY})?)"
    rf"(?P<also>(?:\s*(?:,|và)\s+{_DAY})*){_YEARLY}?|(?:(?P<cue2>(?:{_CUE}\s+){{1,3}})|(?<=:\s))(?P<month>{_MONTH})",
    re.IGNORECASE,
)
_NAMES_DAY = re.compile(r"\d\s?[/.-]\s?\d|\d\s+tháng|(?:năm|tháng|quý)\s+[\div]", re.IGNORECASE)  # without one there is no date
_RANGE = re.compile(r"[-–]|đến|tới", re.IGNORECASE)
_UNIT = r"(?:ngày|tuần|tháng|quý|học k[ìỳ]|năm học|năm|k[ìỳ])(?!\w)"
_COUNT = r"(?:\d{1,3}(?:\s*\([^()]{1,14}\))?|một|hai|ba|bốn|năm|sáu|bảy|mười)"
_RETURN = re.compile(
    r"(?:(?:(?:chậm nhất|muộn nhất|trước|vào)(?: là)?\s+)?ngày\s+(?:(?:mùng\s+)?\d{1,2}|cuối cùng)\s+"
    r"(?:(?:hằng|hàng|mỗi)\s+tháng|của (?:mỗi |hằng |hàng )?tháng[\w\s]{0,20})"
    rf"|(?:(?<!\w)định k[ìỳ]\s+)?(?<!\w)(?:hằng|hàng)\s+{_UNIT}(?:(?:,|\s+và|\s*/)\s*(?:(?:hằng|hàng)\s+)?{_UNIT})*"
    rf"|(?<!\w)định k[ìỳ]\s+(?:{_COUNT}\s+)?{_UNIT}(?:,\s*{_UNIT})*(?:\s+(?:một|1|01)\s+lần)?"
    rf"|(?:(?<!\w)định k[ìỳ]\s+)?(?<!\w)(?:mỗi|một)\s+{_UNIT}\s+(?:ít nhất\s+)?{_COUNT}\s+lần"
    rf"|(?:(?:ít nhất|tối thiểu)\s+)?{_COUNT}\s+{_UNIT}\s+(?:một|1|01)\s+lần"
    rf"|(?:(?:ít nhất|tối thiểu)\s+)?{_COUNT}\s+lần\s*(?:/|mỗi\s)\s*{_UNIT}"
    rf"|^(?:mỗi|từng)\s+{_UNIT}(?=,))(?:,\s*(?:trước|vào|chậm nhất) ngày\s+\d{{1,2}}(?!\d|\s?[/.]|\s+tháng \d)[\w\s]{{0,22}})?",
    re.IGNORECASE,
)
_NAMES_RETURN = re.compile(r"hằng|hàng|định k|lần|mỗi|từng|tháng", re.IGNORECASE)  # without one nothing returns
_PLAIN = rf"{_COUNT}\s*(?:phút|giờ|ngày làm việc|ngày|tuần|tháng|năm)(?!\w)(?:\s+làm việc)?+(?:\s+tiếp theo)?+"
_AMOUNT = rf"{_PLAIN}(?:\s*\([^()]{{1,40}}\)(?=\s+(?:kể|tính|từ|sau|trước)))?"
_TAIL = r"(?P<tail>,?\s+(?:kể\s+|tính\s+)?(?:từ|sau|trước)(?:\s+(?=\w)|(?=\s*$))[^;:()\n]*)"
_ANCHORED = re.compile(
    r"(?<!\w)(?P<side>trước|sau)\s+(?:khi|ngày|kỳ|giờ|lúc|thời điểm|thời gian)\s+(?!ít nhất|tối thiểu|chậm nhất|không quá)"
    r"(?:(?!\s(?:và|được|phải)\s)[^,;:()\d]){2,60}?\s+"
    rf"(?:(?P<firm>chậm nhất|muộn nhất)(?: là)?\s+|(?P<least>ít nhất|tối thiểu)(?: là)?\s+|không quá(?: là)?\s+)?"
    rf"{_PLAIN}(?!\s+(?:kể|sau|trước))",
    re.IGNORECASE,
)
_SPAN = re.compile(
    r"(?P<lead>(?<!\w)(?:(?:(?:chậm nhất|muộn nhất)(?: là)?\s+)?trong(?: thời hạn| vòng| thời gian| khoảng)?"
    r"(?: tối đa| không quá| chậm nhất| là)?|(?:chậm nhất|muộn nhất)(?: là)?(?: không quá| sau)?"
    rf"|trước ít nhất|ít nhất|tối thiểu|không quá|tối đa|thời hạn(?: là)?)\s+)?{_AMOUNT}(?:{_TAIL})?",
    re.IGNORECASE,
)
_NEXT = re.compile(r",\s|\.\s|\.$|\s+(?:thì|để|phải|theo|cho|và (?=được|phải))(?!\w)|\s+(?:đến|tới|về)\s+(?=[A-ZĐ])|\s*$")
_SPENT = re.compile(r"\s+(?:trở lại|gần|qua|đầu|cuối|liên|liền|học|tín|tuổi|công tác|làm việc theo|trực tiếp|kinh|giảng)", re.IGNORECASE)


def moments_in(text: str) -> list[Moment]:
    """Return the times that a clause names, in order; none of them overlaps another."""
    found: list[Moment] = []
    for moment in (*_dated(text), *_returns(text), *_anchored(text), *_spans(text)):
        if not any(other.start < moment.end and moment.start < other.end for other in found):
            found.append(moment)
    return _joined(text, sorted(found, key=lambda moment: moment.start))


def _joined(text: str, found: list[Moment]) -> list[Moment]:
    """``hằng năm, trước ngày 15 tháng 12`` is one time."""
    joined: list[Moment] = []
    for moment in found:
        last = joined[-1] if joined else None
        if last and last.every and not moment.day and text[last.end : moment.start].strip() in ("", ","):
            joined[-1] = replace(moment, start=last.start, every=True)
        else:
            joined.append(moment)
    return joined


def _dated(text: str) -> Iterator[Moment]:
    for match in _DATED.finditer(text) if _NAMES_DAY.search(text) else ():
        cue = (match["cue"] or match["cue2"] or "").lower().strip()
        listed = match["listed"] or ""
        direction: Direction = "within" if match["second"] or _RANGE.search(listed) else _direction(cue)
        if not match["month"] and not match["second"] and not cue and not listed and _is_score(match["first"]):
            continue
        firm = any(re.search(rf"(?<!\w){word}(?!\w)", cue) for word in _FIRM)
        last = _last_day(match)
        day = _end_of(match["month"], direction) if match["month"] else last.iso if last else ""
        every = bool(re.search(_YEARLY + "$", match.group(), re.I))
        unreal = last is not None and not last.is_real
        yield Moment(match.start(), match.end(), direction, "" if every else day, every=every, firm=firm, unreal=unreal)


def _direction(cue: str) -> Direction:
    """What the first cue says; behind ``từ`` the one that follows (``từ nay đến``)."""
    first: Direction = next((way for word, way in _by_length() if re.match(rf"{word}(?!\w)", cue)), "on")
    last: Direction = next((way for word, way in _by_length() if re.search(rf"(?<!\w){word}(?: là)?(?: vào)?:?$", cue)), first)
    return last if first == "from" and not cue.startswith("tính") else first


def _is_score(text: str) -> bool:
    """``7/10`` without a word of a day."""
    return "/" in text and "ngày" not in text.lower() and not re.search(r"\d{4}", text)


def _by_length() -> list[tuple[str, Direction]]:
    return sorted(_CUES.items(), key=lambda item: -len(item[0]))


def _last_day(match: re.Match[str]) -> Day | None:
    found = days_in(match["also"] or match["second"] or match["first"] or "")
    return found[-1].day if found else None


def _end_of(month: str, direction: Direction) -> str:
    """The last day of a month or quarter; of ``trước tháng 12`` the first, before which it is due."""
    numbers = re.findall(r"\d+", month)
    year = int(numbers[-1])
    if month.lower().startswith("năm"):
        return f"{year}-01-01" if direction == "before" else f"{year}-12-31"
    if month.lower().startswith("quý"):
        name = re.split("[/-]", month.split()[1])[0]
        quarter = int(name) if name.isdigit() else of_roman(name.upper())
        first, last = quarter * 3 - 2, quarter * 3
    else:
        first = last = int(numbers[0])
    if not 1 <= last <= 12:
        return ""
    return date(year, first, 1).isoformat() if direction == "before" else date(year, last, calendar.monthrange(year, last)[1]).isoformat()


def _returns(text: str) -> Iterator[Moment]:
    for match in _RETURN.finditer(text) if _NAMES_RETURN.search(text) else ():
        dated = re.search(r"ngày\s+(?:mùng\s+)?\d", match.group(), re.I)
        end = match.start() + len(match.group().rstrip())
        yield Moment(match.start(), end, "before" if dated else "every", every=True, firm=bool(dated))


def _spans(text: str) -> Iterator[Moment]:
    at = 0
    while match := _SPAN.search(text, at):
        lead, tail = (match["lead"] or "").lower().strip(), match["tail"] or ""
        at = end = match.end() - len(tail) + len(_until_next_clause(tail))
        if _SPENT.match(text, match.end() - len(tail)) and not tail:
            continue
        ahead = "trước" in tail.lower()[:9] or lead.startswith("trước")
        counted = lead.startswith(("ít nhất", "tối thiểu"))
        if (not lead and not tail) or (counted and not ahead):
            continue
        if lead.startswith(("không quá", "tối đa")) and not tail:
            continue
        if not lead and tail and not re.match(r",?\s+(?:kể|tính)?\s*(?:từ|sau|trước)\s+(?:khi|ngày|lúc|thời điểm)", tail, re.I):
            continue
        firm = lead.startswith(("chậm nhất", "muộn nhất"))
        yield Moment(match.start(), end, "ahead" if ahead else "within", firm=firm, tailed=bool(tail))


def _anchored(text: str) -> Iterator[Moment]:
    """``trước ngày thi 3 ngày làm việc``, ``sau khi kết thúc chấm thi chậm nhất là 03 ngày``."""
    for match in _ANCHORED.finditer(text):
        late: Direction = "after" if match["least"] else "within"
        yield Moment(
            match.start(), match.end(), "ahead" if match["side"].lower() == "trước" else late, firm=bool(match["firm"]), tailed=True
        )


def _until_next_clause(tail: str) -> str:
    """``kể từ ngày nhận đủ hồ sơ, cơ quan …``: from when it runs, to the comma."""
    opening = len(tail) - len(tail.lstrip(", "))
    return tail[: opening + len(_NEXT.split(tail[opening:], maxsplit=1)[0])]
