"""Whether a claim says at least, at most, before, after and how often as its source does."""

from __future__ import annotations

from collections.abc import Sequence

from rag.slots.bounds import ALL, BOUNDS, NO_LATER, SOME, bounds_at, directed, order_at, recurring, span_at
from rag.slots.facts import Fact
from rag.slots.source import Source
from rag.slots.tokens import Row, Token, exact, facts_of, parts, places, says, words_of
from rag.verification.alignment import GLUE

_LIKE = {"min": ("trên", "trở lên", "từ", "không"), "max": ("dưới", "trở xuống", "đến", "không", "trong", "quá")}
_SPAN_CLASHES = ({"within", "beyond"}, {"within", "ahead"}, {"ahead", "beyond"}, {"until", "since"})
_ORDER_CLASHES = (
    *({"on", order} for order in (*NO_LATER, "after")),
    {"before", "after"},
    {"through", "after"},
    {"by", "after"},
    {"before", "through"},
    {"before", "by"},
)
_HEAD = 4  # tokens between a quantity and what there is so much of
_WIDE = 8
_COUNTING = frozenset(exact("số các những"))
_EACH = ("hằng", "hàng", "mỗi", "từng", "một", "trong", "/", "theo", "cuối")
_SAYS_EACH = ("hằng", "hàng", "mỗi")
_ONCE = tuple(f"{unit} một lần" for unit in ("ngày", "tuần", "tháng", "quý", "năm"))


def fault_of_bounds(row: Row, sources: Sequence[Source]) -> str:
    """Return a bound on a number, or an order in time, that no source has (Vietnamese), empty when all fit."""
    rows = [other for source in sources for other in source.all_rows]
    for name in ("min", "max"):
        if says(row, BOUNDS[name]) and not any(says(other, BOUNDS[name] + _LIKE[name]) for other in rows):
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
            mine = bounds_at(row, at)
            if theirs and mine not in theirs and not (mine in ("min", "max") and _says_of(mine, fact, rows)):
                return f"nguồn giới hạn “{fact.text}” khác (tối thiểu, tối đa, không quá …)"
        else:
            mine = order_at(row, at)
            orders = {order_at(other, place) for other, place, _ in known}
            bare = not mine and bool(fact.key[2:] and fact.key[2]) and orders == {"before"}  # "hạn là 10/01" of "trước ngày 10/01"
            if bare or (mine and orders and all({mine, order} in _ORDER_CLASHES for order in orders)):
                return f"nguồn không nói “{fact.text}” là thời điểm bắt đầu hay kết thúc như vậy (trước, hết, sau, từ …)"
    return ""


def fault_of_spans(row: Row, sources: Sequence[Source]) -> str:
    """Return a stretch of time that bounds otherwise than in the sources (``sau 72 giờ`` for ``trong 72 giờ``), empty when all fit."""
    rows = [other for source in sources for other in source.all_rows]
    for at, fact in enumerate(row):
        mine = span_at(row, at)
        if not mine or not isinstance(fact, Fact):
            continue
        theirs = [span_at(other, place) for other in rows for place, token in enumerate(other) if token == fact or _is(fact, token)]
        if theirs and all(_clash(mine, span) for span in theirs):
            return f"nguồn không nói “{fact.text}” là trong, sau hay trước như vậy"
    for token, direction in directed(row):
        if not any(_runs(token, direction, other) for other in rows):
            return "nguồn không nói “trở lên” hay “trở xuống” như vậy"
    return ""


def fault_of_share(row: Row, sources: Sequence[Source]) -> str:
    """Return ``toàn bộ …`` of what the sources say of a part, or the reverse (Vietnamese), empty when all fit."""
    rows = [other for source in sources for other in source.all_rows]
    for start, end in places(row, ALL):
        head = _head(row, end)
        there = [(other, at) for other in rows for at, _ in places(other, (" ".join(head),))] if len(head) > 1 else []
        if there and all(_is_part(other[max(0, at - _HEAD) : at]) for other, at in there):
            return f"nguồn không nói “{' '.join(map(str, row[start:end]))} {' '.join(head)}”"
    for start, end in places(row, SOME):
        of = set() if row[end : end + 1] == exact("của") or says(row[end:], ("như",)) else {*_head(row, end)} - GLUE  # "một số … như A, B"
        if of and not any(of & set(words_of(other[stop : stop + _WIDE])) for other in rows for _, stop in places(other, SOME)):
            return f"nguồn không nói “{' '.join(map(str, row[start : end + 1]))}”"
    return ""


def _head(row: Row, end: int) -> list[str]:
    return [word for word in words_of(row[end : end + _HEAD]) if word not in _COUNTING][:2]


def _is_part(before: Row) -> bool:
    return says(before, (*SOME, *BOUNDS["min"])) or any(
        fact.key[1] == "%" and fact.key[0] != "100" for fact in facts_of(before) if fact.kind == "number"
    )


def _is(fact: Fact, token: Token) -> bool:
    return isinstance(token, Fact) and fact.is_in(token)


def _clash(mine: frozenset[str], theirs: frozenset[str]) -> bool:
    """Whether the two exclude each other, or one lets something begin only after a time that the other does not bound at all."""
    return any({one, two} in _SPAN_CLASHES for one in mine for two in theirs if one != two and not {one, two} <= mine & theirs) or (
        "beyond" in mine - theirs
    )


def _runs(token: Token, direction: str, row: Row) -> bool:
    """Whether a row counts from the same in the same direction, or bounds it so with other words."""
    if (token, direction) in directed(row):
        return True
    like = ("min", "over") if direction == "up" else ("max", "under")
    after = ("after",) if direction == "up" else NO_LATER
    return isinstance(token, Fact) and any(
        _is(token, other) and (bounds_at(row, at) in like or order_at(row, at) in after or (direction, other) in _turned(row))
        for at, other in enumerate(row)
    )


def _turned(row: Row) -> list[tuple[str, Token]]:
    return [(direction, token) for token, direction in directed(row)]


def _says_of(name: str, fact: Fact, rows: Sequence[Row]) -> bool:
    """``Mức phạt tiền tối đa … là 5% doanh thu``: the bound and its number in one clause, with no other number and no other bound."""
    clauses = (clause for row in rows for clause in parts(row) if any(fact.is_in(known) for known in facts_of(clause)))
    opposite = BOUNDS["max" if name == "min" else "min"]
    return any(says(clause, BOUNDS[name]) and len(facts_of(clause)) == 1 and not says(clause, opposite) for clause in clauses)


def _inherited(row: Row, at: int) -> list[str]:
    """The bound of a source's number, and the one it may share with a number before it (``tối thiểu 150 … và 80``)."""
    own = bounds_at(row, at)
    fact = row[at]
    assert isinstance(fact, Fact)
    before = [place for place in range(at) if isinstance(row[place], Fact) and row[place].series == fact.series]  # type: ignore[union-attr]
    return [own, *(bounds_at(row, before[-1]) for _ in before[-1:] if not own)]


def fault_of_recurrence(row: Row, sources: Sequence[Source]) -> str:
    """Return how often something is done where no source says so (Vietnamese), empty when all fit."""
    known = {unit for source in sources for other in source.all_rows for unit in recurring(other, _EACH)}
    for unit in recurring(row, _SAYS_EACH):
        if unit not in known:
            return f"nguồn không nói “hằng {unit}”"
    for _, end in places(row, _ONCE):
        span = row[max(0, end - 4) : end]
        every = " ".join(token.text if isinstance(token, Fact) else token for token in span)
        said = span[0] in exact("mỗi hằng hàng") or facts_of(span)
        if not said and not any(f" {every} " in source.sequence for source in sources):
            return f"nguồn không nói “{every}”"
    return ""
