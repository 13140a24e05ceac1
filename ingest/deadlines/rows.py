"""Deadlines in tables: a row ``việc | đơn vị | thời hạn | …`` is one of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.documents import Deadline, Provision
from rag.language.text import fold, squeeze
from rag.slots.duties import Clause
from rag.slots.moments import Moment, moments_in

_WHEN = ("thoi han", "han", "han nop", "thoi gian", "ngay", "moc", "thoi diem")
_WHAT = ("viec", "noi dung", "nhiem vu", "cong viec", "noi dung cong viec", "bao cao", "ten", "cong tac", "hoat dong", "hang muc")
_WHO = ("don vi", "ai", "nguoi", "chu tri", "thuc hien", "co quan", "bo phan", "trach nhiem")
_TO = ("noi nhan", "noi gui", "noi nop", "gui", "gui ve", "don vi nhan", "co quan nhan")
_NOT_WHO = ("phoi hop", "tham gia", "nhan", "giam sat")
_DUE = frozenset({"before", "by", "through", "within", "ahead"})


def find_rows(provision: Provision) -> Iterator[Deadline]:
    """Yield the deadlines in the tables of ``provision``."""
    header: list[str] = []
    for line in provision.text.splitlines():
        if not line.startswith("|"):
            header = []
            continue
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if all(set(cell) <= set("-: ") for cell in cells):
            continue
        if not header:
            header = [fold(cell) for cell in cells]
            continue
        yield from _row(provision, header, cells, line)


def _row(provision: Provision, header: list[str], cells: list[str], line: str) -> Iterator[Deadline]:
    column = _column(header, _WHEN)
    if column is None or column >= len(cells):
        return
    when, what = cells[column], _cell(header, cells, _WHAT, column)
    moment = _moment(when)
    if moment is None or not what or not _is_due(header[column], when, what, moment):
        return
    yield Deadline(
        what=squeeze(what),
        who=_cell(header, cells, _WHO, column, _NOT_WHO),
        to=_cell(header, cells, _TO, column),
        when=when,
        date=moment.day,
        recurrence="" if moment.day else when,
        provision=provision.id,
        quote=line,
    )


def _moment(when: str) -> Moment | None:
    """The last time in a cell; a month, quarter or year alone (``6/2025``) is one to its end."""
    readings = [when, f"trong {when}"]
    if re.fullmatch(r"(?:\d{1,2}/)?\d{4}", when):
        readings.append(f"trong {'tháng' if '/' in when else 'năm'} {when}")
    return next((found[-1] for reading in readings if (found := moments_in(reading))), None)


def _is_due(title: str, when: str, what: str, moment: Moment) -> bool:
    """A row is due where its column or its cell says so, or where what is to be done by then is a duty, not an event."""
    named = Clause(what)
    if moment.direction in ("from", "after"):
        return False
    if re.fullmatch(r"\d{4}", when) and not {"han", "hoan"} & set(title.split()):
        return False
    if moment.firm or {"han", "hoan"} & set(title.split()) or (moment.direction in _DUE and moment.direction != "within"):
        return True
    if Clause(when).has("hand"):  # "Hoàn thành từ … đến …"
        return True
    return not named.opens_with("event") and named.opens_with("hand", 5) | named.opens_with("do", 2)


def _column(header: Sequence[str], names: Sequence[str], but: int | None = None, never: Sequence[str] = ()) -> int | None:
    """The column whose title has one of the names, the first name first, as whole words."""
    for name in names:
        for place, title in enumerate(header):
            if place != but and f" {name} " in f" {title} " and not any(word in title for word in never):
                return place
    return None


def _cell(header: Sequence[str], cells: Sequence[str], names: Sequence[str], but: int, never: Sequence[str] = ()) -> str:
    place = _column(header, names, but, never)
    return cells[place] if place is not None and place < len(cells) else ""
