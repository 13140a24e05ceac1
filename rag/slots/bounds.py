"""Bounds, orders in time and recurrences as a text states them: at least, before, until, every."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rag.slots.facts import Fact
from rag.slots.tokens import AND, ENDS, Row, Token, exact, places

BOUNDS: dict[str, tuple[str, ...]] = {
    "min": ("tối thiểu", "ít nhất", "thấp nhất", "không dưới", "không ít hơn", "không thấp hơn"),
    "max": ("tối đa", "nhiều nhất", "cao nhất", "không quá", "không vượt quá", "không nhiều hơn"),
    "over": ("trên", "hơn", "quá", "vượt quá"),
    "under": ("dưới", "chưa đến", "chưa tới", "thấp hơn"),
}
NO_LATER = ("before", "through", "by")
"""Orders in time of what is over when its date is."""
_ORDERS = {
    "on": ("vào", "vào ngày", "đúng", "đúng ngày"),
    "before": ("trước",),
    "through": ("hết", "đến hết", "hết ngày"),
    "by": ("chậm nhất", "muộn nhất", "hạn", "đến", "tới", "không muộn hơn", "hạn chót"),
    "after": ("sau", "kể từ", "từ", "bắt đầu", "sớm nhất", "không sớm hơn"),
}
_SPANS = {
    "within": (
        "trong", "trong vòng", "trong thời hạn", "trong thời gian", "nội trong", "thời hạn", "chậm nhất", "muộn nhất",
        "không muộn hơn", *BOUNDS["max"],
    ),
    "beyond": (
        "sau", "quá", "hơn", "kể từ", "từ", "sớm nhất", "không sớm hơn", *BOUNDS["min"],
        *(f"{mark} {span}" for mark in ("sau", "quá", "hết", "ngoài") for span in ("thời hạn", "thời gian")),
    ),
    "ahead": ("trước",),
}  # fmt: skip
_EVENTS = {"until": ("trước", "trước khi", "trước ngày"), "since": ("sau", "sau khi", "kể từ", "tính từ", "từ khi", "từ ngày")}
DIRECTIONS = {
    "up": ("trở lên", "đổ lên", "trở đi", "hoặc hơn", "hoặc cao hơn", "về sau"),
    "down": ("trở xuống", "đổ xuống", "trở lại", "trở về trước", "hoặc thấp hơn"),
}
_TIMES = ("giờ", "phút", "giây", "ngày", "ngày làm việc", "tuần", "tháng", "quý", "năm")
ALL = ("toàn bộ", "tất cả", "toàn thể", "mọi", "hết thảy")
SOME = ("một số", "một phần", "một nửa", "nửa", "phần lớn", "đa số", "hầu hết", "vài", "một vài", "số ít", "thiểu số")
_NEAR = 5
_UNITS = ("ngày", "tuần", "tháng", "quý", "năm", "học kì", "kì")


def bounds_at(row: Row, at: int) -> str:
    """Return the bound of the number at ``at``: ``min``, ``max``, ``over`` or ``under``, empty without one (``tối thiểu 30%``)."""
    window = _window_before(row, at)
    ahead = list(row[at + 1 : at + 3])
    if ahead == exact("trở lên"):
        return "min"
    if ahead == exact("trở xuống"):
        return "max"
    found = [(end, name) for name, phrases in BOUNDS.items() for _, end in places(window, phrases)]
    near = [name for end, name in found if name in ("min", "max") or end == len(window)]
    # "không quá" ends where "quá" does, "thấp hơn" where "hơn" does
    return next((name for name in ("max", "min", "under", "over") if name in near), "")


def _window_before(row: Row, at: int) -> list[Token]:
    window: list[Token] = []
    for token in reversed(row[max(0, at - _NEAR) : at]):
        if isinstance(token, Fact) or token in (",", *ENDS, "("):
            break
        window.insert(0, token)
    return window


def order_at(row: Row, at: int) -> str:
    """Return the order in time of the date at ``at``: ``before``, ``through``, ``by`` or ``after``, empty without one."""
    window = _window_before(row, at)
    ends = {name: max((end for _, end in places(window, phrases)), default=0) for name, phrases in _ORDERS.items()}
    if ends["on"] < len(window):
        ends["on"] = 0  # "nhập vào hệ thống"
    return max(ends, key=lambda name: ends[name]) if any(ends.values()) else ""


def span_at(row: Row, at: int) -> frozenset[str]:
    """Return how the stretch of time at ``at`` bounds something: within, beyond or ahead of it, until or since an event."""
    fact = row[at]
    if not isinstance(fact, Fact) or fact.kind != "number" or fact.key[1] not in _TIMES:
        return frozenset()
    window = _window_before(row, at)
    found = [(end, start, name) for name, phrases in _SPANS.items() for start, end in places(window, phrases)]
    nearest = [name for _, _, name in sorted(found, key=lambda one: (one[0], one[0] - one[1]))][-1:]
    behind = [name for name, phrases in _EVENTS.items() for start, _ in places(row[at + 1 : at + 4], phrases) if start == 0]
    return frozenset([*nearest, *behind])


def directed(row: Row) -> list[tuple[Token, str]]:
    """Return what a row counts up or down from (``mức 3 trở xuống``), with the direction."""
    return [(row[start - 1], name) for name, phrases in DIRECTIONS.items() for start, _ in places(row, phrases) if start]


def recurring(row: Row, marks: Sequence[str]) -> Iterator[str]:
    """Yield each unit that comes again and again (``hằng tháng, quý, học kỳ``); ``marks`` are the words that say so."""
    for at, token in enumerate(row):
        if token not in [word for mark in marks for word in (exact(mark) or [mark])]:
            continue
        place = at + 1
        while unit := _unit_at(row, place):
            yield unit
            place += len(unit.split())
            if place < len(row) and row[place] in (",", "/", AND):
                place += 1
            else:
                break


def _unit_at(row: Row, at: int) -> str:
    for unit in _UNITS:
        form = exact(unit)
        if list(row[at : at + len(form)]) == form:
            return unit
    return ""
