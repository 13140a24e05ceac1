"""Whether a claim says at least, at most, before, after and how often as its source does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rag.wording.verification.facts import Fact
from rag.wording.verification.reading import AND, ENDS, Row, Source, Token, exact, facts_of, parts, places, says

_BOUNDS: dict[str, tuple[str, ...]] = {
    "min": ("tối thiểu", "ít nhất", "không dưới", "không ít hơn", "không thấp hơn"),
    "max": ("tối đa", "nhiều nhất", "không quá", "không vượt quá", "không nhiều hơn"),
    "over": ("trên", "hơn", "quá", "vượt quá"),
    "under": ("dưới", "chưa đến", "chưa tới", "thấp hơn"),
}
_LIKE = {"min": ("trên", "trở lên", "từ", "không"), "max": ("dưới", "trở xuống", "đến", "không", "trong", "quá")}
_ORDERS = {
    "before": ("trước",),
    "through": ("hết", "đến hết", "hết ngày"),
    "by": ("chậm nhất", "muộn nhất", "hạn", "đến", "tới", "không muộn hơn", "hạn chót"),
    "after": ("sau", "kể từ", "từ", "bắt đầu"),
}
_ORDER_CLASHES = ({"before", "after"}, {"through", "after"}, {"by", "after"}, {"before", "through"})
_NEAR = 5
_EACH = ("hằng", "hàng", "mỗi", "từng", "một", "trong", "/", "theo", "cuối")
_SAYS_EACH = ("hằng", "hàng", "mỗi")
_ONCE = tuple(f"{unit} một lần" for unit in ("ngày", "tuần", "tháng", "quý", "năm"))
_UNITS = ("ngày", "tuần", "tháng", "quý", "năm", "học kì", "kì")


def fault_of_bounds(row: Row, sources: Sequence[Source]) -> str:
    """Return a bound on a number, or an order in time, that no source has (Vietnamese), empty when all fit."""
    rows = [other for source in sources for other in source.all_rows]
    for name in ("min", "max"):
        if says(row, _BOUNDS[name]) and not any(says(other, _BOUNDS[name] + _LIKE[name]) for other in rows):
            return "nguồn không giới hạn như vậy (tối thiểu, tối đa, không quá …)"
    for at, fact in enumerate(row):
        if not isinstance(fact, Fact) or fact.kind not in ("number", "date", "years"):
            continue
        known = [
            (other, place, token) for other in rows for place, token in enumerate(other) if isinstance(token, Fact) and fact.is_in(token)
        ]
        known = [found for found in known if found[2].key == fact.key] or known
        if fact.kind == "number":
            theirs = [bounds for other, place, _ in known for bounds in _inherited(other, place)]
            mine = _bounds_at(row, at)
            if (
                theirs
                and mine not in theirs
                and not (mine in ("min", "max") and _says_of(mine, fact, rows))
                and (mine or "%" in fact.key[1] or all(theirs))
            ):
                return f"nguồn giới hạn “{fact.text}” khác (tối thiểu, tối đa, không quá …)"
        else:
            mine = _order_at(row, at)
            orders = {_order_at(other, place) for other, place, _ in known}
            if mine and orders and all({mine, order} in _ORDER_CLASHES for order in orders):
                return f"nguồn không nói “{fact.text}” là thời điểm bắt đầu hay kết thúc như vậy (trước, hết, sau, từ …)"
    return ""


def _says_of(name: str, fact: Fact, rows: Sequence[Row]) -> bool:
    """``Mức phạt tiền tối đa … là 5% doanh thu``: the bound and its number in one clause, with no other number and no other bound."""
    clauses = (clause for row in rows for clause in parts(row) if any(fact.is_in(known) for known in facts_of(clause)))
    opposite = _BOUNDS["max" if name == "min" else "min"]
    return any(says(clause, _BOUNDS[name]) and len(facts_of(clause)) == 1 and not says(clause, opposite) for clause in clauses)


def _bounds_at(row: Row, at: int) -> str:
    """``tối thiểu 30%`` is ``min``; empty without a bound."""
    window = _window(row, at)
    ahead = list(row[at + 1 : at + 3])
    if ahead == exact("trở lên"):
        return "min"
    if ahead == exact("trở xuống"):
        return "max"
    found = [(end, name) for name, phrases in _BOUNDS.items() for _, end in places(window, phrases)]
    near = [name for end, name in sorted(found, reverse=True) if name in ("min", "max") or end == len(window)]
    # "không quá" ends where "quá" does
    return next((name for name in ("max", "min", "over", "under") if name in near), "")


def _window(row: Row, at: int) -> list[Token]:
    window: list[Token] = []
    for token in reversed(row[max(0, at - _NEAR) : at]):
        if isinstance(token, Fact) or token in (",", *ENDS, "("):
            break
        window.insert(0, token)
    return window


def _inherited(row: Row, at: int) -> list[str]:
    """The bound of a source's number, and the one it may share with a number before it (``tối thiểu 150 … và 80``)."""
    own = _bounds_at(row, at)
    fact = row[at]
    assert isinstance(fact, Fact)
    before = [place for place in range(at) if isinstance(row[place], Fact) and row[place].series == fact.series]  # type: ignore[union-attr]
    return [own, *(_bounds_at(row, before[-1]) for _ in before[-1:] if not own)]


def _order_at(row: Row, at: int) -> str:
    window = _window(row, at)
    ends = {name: max((end for _, end in places(window, phrases)), default=0) for name, phrases in _ORDERS.items()}
    return max(ends, key=lambda name: ends[name]) if any(ends.values()) else ""


def fault_of_recurrence(row: Row, sources: Sequence[Source]) -> str:
    """Return how often something is done where no source says so (Vietnamese), empty when all fit."""
    known = {unit for source in sources for other in source.all_rows for unit in _recurring(other, _EACH)}
    for unit in _recurring(row, _SAYS_EACH):
        if unit not in known:
            return f"nguồn không nói “hằng {unit}”"
    for _, end in places(row, _ONCE):
        span = row[max(0, end - 4) : end]
        every = " ".join(token.text if isinstance(token, Fact) else token for token in span)
        said = span[0] in exact("mỗi hằng hàng") or facts_of(span)
        if not said and not any(f" {every} " in source.sequence for source in sources):
            return f"nguồn không nói “{every}”"
    return ""


def _recurring(row: Row, marks: Sequence[str]) -> Iterator[str]:
    """``hằng tháng, quý, học kỳ`` → each of the units."""
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
