"""Whether what is told one after the other comes in the order of its source."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from rag.slots.source import Source
from rag.slots.tokens import Row, places, unmarked
from rag.verification.alignment import Way, field_of

_THEN = ("sau đó", "rồi mới", "rồi", "tiếp đó", "tiếp theo", "xong mới")
_AFTER = (*_THEN, "sau khi", "trước khi")
_SHORT_ITEM = 2  # words
_NEAR = 6


def fault_of_order(row: Row, sources: Sequence[Source]) -> str:
    """Return whether a claim says ``A, sau đó B`` where its source has B first (Vietnamese), empty when it does not."""
    claim = unmarked(row)
    field = field_of(tuple(sources))
    for start, end in places(claim, _THEN):
        found = Way(field, claim).places
        first, then = (
            [place for place in part if place is not None] for part in (found[max(0, start - _NEAR) : start], found[end : end + _NEAR])
        )
        if min(len(first), len(then)) <= _SHORT_ITEM or abs(field.rows[int(median(first))] - field.rows[int(median(then))]) > 1:
            continue
        left, right = int(median(then)), int(median(first))
        if left < right and any(True for _ in places(field.tokens[left:right], _AFTER)):
            return "nguồn nói thứ tự ngược lại"
    return ""
