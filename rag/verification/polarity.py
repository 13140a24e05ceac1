"""Whether a claim says yes, no, must and may as its source does."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from rag.slots.polarity import (
    ALLOWS,
    DUTY,
    EXCEPTIONS,
    FREE,
    MAY,
    MODALS,
    OF_READERS,
    PERMITS,
    SAYS_DUTY,
    SAYS_EXCEPTION,
    SAYS_FREE,
    SCOPE,
    negations,
    scopes,
)
from rag.slots.source import Source
from rag.slots.tokens import Row, exact, facts_of, parts, places, says, words_of

_PREDICATE = 5
_SHARED = 2
_TOLD = 0.6


def fault_of_negation(row: Row, sources: Sequence[Source]) -> str:
    """Return a negation that the claim adds or loses (Vietnamese), empty when there is none."""
    others = [other for source in sources for other in source.all_rows]
    return next((fault for clause in parts(row, ";") if (fault := _fault_of_clause(clause, others))), "")


def _fault_of_clause(row: Row, others: Sequence[Row]) -> str:
    said = [(scope, other) for other in others for scope in scopes(other)]
    own = scopes(row)
    for scope in own:
        told = any(len(set(scope) & set(theirs)) >= min(_SHARED, len(scope)) for theirs, _ in said)
        if not told and not _lets_free(row, others) and not _forbidden_above(row, others):
            return "nguồn không phủ định điều này"
    denied = {word for scope in own for word in scope}
    for scope, other in said:
        predicate = scope[:_PREDICATE]
        told = denied.isdisjoint(predicate) and (_tells(row, predicate) or _permits(row, scope))
        if told and not _from_elsewhere(row, other, set(predicate) & set(words_of(row)), others):
            return "nguồn phủ định hoặc cấm điều này, câu lại khẳng định"
    return ""


def _forbidden_above(row: Row, others: Sequence[Row]) -> bool:
    """Whether the claim forbids what stands below a heading like ``Các hành vi bị nghiêm cấm``."""
    forbids = any(one.forbids for one in negations(row)) or says(row, ("không được",))
    return forbids and any(says(other, ("bị nghiêm cấm", "bị cấm")) or list(other[-2:]) == exact("nghiêm cấm") for other in others)


def _from_elsewhere(row: Row, denying: Row, told: set[str], others: Sequence[Row]) -> bool:
    """Whether the claim rather repeats another sentence, which says the same words without denying them."""
    own = set(words_of(row)) - MODALS
    near = len(own & set(words_of(denying)))
    return any(
        len(own & set(words_of(other))) > near and told <= set(words_of(other)) and not any(told & set(scope) for scope in scopes(other))
        for other in others
    )


def _permits(row: Row, scope: Sequence[str]) -> bool:
    """Whether the claim allows (``được``, ``có thể``) something with the words of what the source denies."""
    return any(len(set(scope) & set(words_of(row[end : end + SCOPE]))) >= _SHARED for _, end in places(row, PERMITS))


def _lets_free(row: Row, others: Sequence[Row]) -> bool:
    """``không bắt buộc`` may be said of what is encouraged, and of nothing that is a duty."""
    if not says(row, ("không bắt buộc", "không phải bắt buộc")):
        return False
    own = set(words_of(row)) - MODALS
    free = max((len(own & set(words_of(other))) for other in others if says(other, FREE)), default=0)
    return free > max((len(own & set(words_of(other))) for other in others if says(other, DUTY) and not says(other, FREE)), default=0)


def _tells(row: Row, predicate: Sequence[str]) -> bool:
    """Whether the claim says the predicate: most of its words, two of them in a row."""
    if len(predicate) < _SHARED or len(set(predicate) & set(words_of(row))) < _TOLD * len(set(predicate)):
        return False
    return any(row[at] == one and two in row[at + 1 : at + 3] for one, two in pairwise(predicate) for at in range(len(row)))


def fault_of_exception(row: Row, sources: Sequence[Source]) -> str:
    """Return an exception of the source that the claim turns into the rule (Vietnamese), empty when there is none."""
    for source in sources:
        for other in source.rows:
            for start, end in places(other, EXCEPTIONS):
                scope = [word for word in words_of(other[end:]) if word not in MODALS][:SCOPE]
                told = set(scope) & set(words_of(row)) - set(words_of(other[:start]))
                plain = len(scope) > 2 and len(told) >= _TOLD * len(set(scope)) and not says(row, SAYS_EXCEPTION)
                if plain and not _told_elsewhere(row, other, source):
                    return f"nguồn coi “{' '.join(scope)}” là ngoại lệ"
    return ""


def _told_elsewhere(row: Row, excepting: Row, source: Source) -> bool:
    own = set(words_of(row)) - MODALS
    near = len(own & set(words_of(excepting)))
    return any(len(own & set(words_of(other))) > near and not says(other, EXCEPTIONS) for other in source.all_rows)


def fault_of_duty(row: Row, sources: Sequence[Source]) -> str:
    """Return a duty made of a recommendation or the reverse (Vietnamese), empty when there is none."""
    nearest = nearest_row(row, sources)
    if nearest is None:
        return ""
    if says(row, SAYS_FREE) and not any(says(other, FREE) for source in sources for other in source.all_rows):
        return "nguồn không nói việc này là khuyến khích hay tự nguyện"
    demanded = says(row, MAY) and not says(row, DUTY) and not says(nearest, FREE) and says(nearest, DUTY)
    if demanded or not all(_is_allowed(row, end, sources) for _, end in places(row, MAY)):
        return "nguồn không nói việc này là tùy ý hay được phép"
    if any(_is_demanded(row, end, sources) for _, end in places(row, ("nên",))):
        return "nguồn nói việc này là bắt buộc"
    if says(row, FREE):
        return ""
    if says(row, SAYS_DUTY) and not says(row, ("không bắt buộc", "không phải")) and says(nearest, FREE) and not says(nearest, DUTY):
        return "nguồn chỉ khuyến khích hoặc cho phép"
    return ""


def _is_allowed(row: Row, end: int, sources: Sequence[Source]) -> bool:
    """Whether a source allows or recommends what the claim says that one may do, or it is something that any reader may."""
    own = _predicate(row, end)
    if not own or any(start == 0 for start, _ in places(row[end:], OF_READERS)):
        return True
    rows = [other for source in sources for other in source.all_rows]
    allowed = any(set(own) & set(_predicate(other, stop, SCOPE)) for other in rows for _, stop in places(other, ALLOWS))
    return allowed or any(
        own[:1] == _predicate(other, stop)[:1] and not says(other[max(0, start - _SHARED) : start], DUTY)
        for other in rows
        for start, stop in places(other, ("được",))
    )


def _is_demanded(row: Row, end: int, sources: Sequence[Source]) -> bool:
    own = _predicate(row, end)[:_SHARED]
    return len(own) == _SHARED and any(
        own == _predicate(other, stop)[:_SHARED] for source in sources for other in source.rows for _, stop in places(other, DUTY)
    )


def _predicate(row: Row, end: int, length: int = _PREDICATE) -> list[str]:
    return [word for word in words_of(row[end : end + 2 * length]) if word not in MODALS][:length]


def nearest_row(row: Row, sources: Sequence[Source]) -> Row | None:
    """Return the sentence of the sources that shares most words and facts with the claim."""
    own = set(words_of(row)) - MODALS
    keys = {fact.key for fact in facts_of(row)}

    def shared(other: Row) -> int:
        return len(own & set(words_of(other))) + 2 * len(keys & {fact.key for fact in facts_of(other)})

    return max((other for source in sources for other in source.rows), key=shared, default=None)
