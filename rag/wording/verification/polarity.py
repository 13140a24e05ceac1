"""Whether a claim says yes, no, must and may as its source does."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from rag.wording.verification.reading import ENDS, MARKS, Row, Source, exact, facts_of, parts, places, says, words_of

_FORBIDS = ("nghiêm cấm", "cấm")
_NEGATIONS = ("không", "chưa", "chẳng", *_FORBIDS)
_NOT_NEGATIONS = (  # where the syllable says something else, or a bound that is read as one
    "không gian", "không dây", "không khí", "không những", "không chỉ", "không dùng tiền mặt", "không tự chủ", "không quá", "không dưới",
    "không vượt quá", "không ít hơn", "không thấp hơn", "không muộn hơn", "không chậm hơn", "không nhiều hơn", "hàng không",
    "chẳng hạn",
)  # fmt: skip
_NEGATIONS_AFTER_ALL = ("không chỉ định", "không chỉ đạo", "không chỉ rõ", "không chỉ ra")
_MODALS = frozenset(exact("được phải có bị cho phép cần nên thể việc các những mọi một thêm vào trên tại ở và hoặc của hay"))
_SCOPE = 6
_PREDICATE = 5
_SHARED = 2
_TOLD = 0.6
_ALLOWS = ("được", "được phép", "có thể", "cho phép")
_EXCEPTIONS = ("trừ trường hợp", "trừ khi", "ngoại trừ", "trừ")
_SAYS_EXCEPTION = ("trừ", "ngoại lệ", "riêng", "chỉ khi")
_FREE = ("khuyến khích", "tự nguyện", "không bắt buộc", "có thể")
_SAYS_FREE = ("khuyến khích", "tự nguyện", "không bắt buộc", "không cần phải", "tùy chọn", "tùy ý")
_DUTY = ("bắt buộc", "phải", "buộc", "nhất thiết", "nghiêm cấm", "không được")
_SAYS_DUTY = ("bắt buộc", "phải", "buộc", "nhất thiết")


def _negations(row: Row) -> list[tuple[int, int, bool]]:
    """Where something is negated: start, end, and whether it is forbidden."""
    masked = [False] * len(row)
    for start, end in places(row, _NOT_NEGATIONS):
        masked[start:end] = [True] * (end - start)
    for start, _ in places(row, _NEGATIONS_AFTER_ALL):
        masked[start] = False
    forbidden = [exact(phrase) for phrase in _FORBIDS]
    return [(start, end, list(row[start:end]) in forbidden) for start, end in places(row, _NEGATIONS) if not masked[start]]


def _scopes(row: Row) -> list[list[str]]:
    """The words that each negation denies; what is forbidden in a list is several scopes."""
    found: list[list[str]] = []
    negations = _negations(row)
    inner = {start for start, _, _ in negations}
    for _, end, forbids in negations:
        scope: list[str] = []
        over_or = forbids or list(row[end : end + 1]) == exact("được")
        for at, token in enumerate(row[end:], end):
            if not over_or and token in exact("hay hoặc"):
                break
            if (
                token in ENDS
                or at in inner
                or (token == "," and not forbids and len(scope) > 1)
                or len(scope) >= _SCOPE * (1 + 5 * forbids)
            ):
                break
            if forbids and token in (",", *exact("hoặc")):
                found.append(scope)
                scope = []
            elif isinstance(token, str) and token not in MARKS and token not in _MODALS:
                scope.append(token)
        found.append(scope)
    return [scope[:_SCOPE] for scope in found if scope]


def fault_of_negation(row: Row, sources: Sequence[Source]) -> str:
    """Return a negation that the claim adds or loses (Vietnamese), empty when there is none."""
    others = [other for source in sources for other in source.all_rows]
    return next((fault for clause in parts(row, ";") if (fault := _fault_of_clause(clause, others))), "")


def _fault_of_clause(row: Row, others: Sequence[Row]) -> str:
    said = [(scope, other) for other in others for scope in _scopes(other)]
    own = _scopes(row)
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
    forbids = any(forbids for _, _, forbids in _negations(row)) or says(row, ("không được",))
    return forbids and any(says(other, ("bị nghiêm cấm", "bị cấm")) or list(other[-2:]) == exact("nghiêm cấm") for other in others)


def _from_elsewhere(row: Row, denying: Row, told: set[str], others: Sequence[Row]) -> bool:
    """Whether the claim rather repeats another sentence, which says the same words without denying them."""
    own = set(words_of(row)) - _MODALS
    near = len(own & set(words_of(denying)))
    return any(
        len(own & set(words_of(other))) > near and told <= set(words_of(other)) and not any(told & set(scope) for scope in _scopes(other))
        for other in others
    )


def _permits(row: Row, scope: Sequence[str]) -> bool:
    """Whether the claim allows (``được``, ``có thể``) something with the words of what the source denies."""
    return any(len(set(scope) & set(words_of(row[end : end + _SCOPE]))) >= _SHARED for _, end in places(row, _ALLOWS))


def _lets_free(row: Row, others: Sequence[Row]) -> bool:
    """``không bắt buộc`` may be said of what is encouraged, and of nothing that is a duty."""
    if not says(row, ("không bắt buộc", "không phải bắt buộc")):
        return False
    own = set(words_of(row)) - _MODALS
    free = max((len(own & set(words_of(other))) for other in others if says(other, _FREE)), default=0)
    return free > max((len(own & set(words_of(other))) for other in others if says(other, _DUTY) and not says(other, _FREE)), default=0)


def _tells(row: Row, predicate: Sequence[str]) -> bool:
    """Whether the claim says the predicate: most of its words, two of them in a row."""
    if len(predicate) < _SHARED or len(set(predicate) & set(words_of(row))) < _TOLD * len(set(predicate)):
        return False
    return any(row[at] == one and two in row[at + 1 : at + 3] for one, two in pairwise(predicate) for at in range(len(row)))


def fault_of_exception(row: Row, sources: Sequence[Source]) -> str:
    """Return an exception of the source that the claim turns into the rule (Vietnamese), empty when there is none."""
    for source in sources:
        for other in source.rows:
            for start, end in places(other, _EXCEPTIONS):
                scope = [word for word in words_of(other[end:]) if word not in _MODALS][:_SCOPE]
                told = set(scope) & set(words_of(row)) - set(words_of(other[:start]))
                plain = len(scope) > 2 and len(told) >= _TOLD * len(set(scope)) and not says(row, _SAYS_EXCEPTION)
                if plain and not _told_elsewhere(row, other, source):
                    return f"nguồn coi “{' '.join(scope)}” là ngoại lệ"
    return ""


def _told_elsewhere(row: Row, excepting: Row, source: Source) -> bool:
    own = set(words_of(row)) - _MODALS
    near = len(own & set(words_of(excepting)))
    return any(len(own & set(words_of(other))) > near and not says(other, _EXCEPTIONS) for other in source.all_rows)


def fault_of_duty(row: Row, sources: Sequence[Source]) -> str:
    """Return a duty made of a recommendation or the reverse (Vietnamese), empty when there is none."""
    nearest = nearest_row(row, sources)
    if nearest is None:
        return ""
    if says(row, _SAYS_FREE) and not any(says(other, _FREE) for source in sources for other in source.all_rows):
        return "nguồn không nói việc này là khuyến khích hay tự nguyện"
    if says(row, ("có thể",)) and not says(row, _DUTY) and not says(nearest, _FREE) and says(nearest, _DUTY):
        return "nguồn nói việc này là bắt buộc"
    if says(row, _FREE):
        return ""
    if says(row, _SAYS_DUTY) and not says(row, ("không bắt buộc", "không phải")) and says(nearest, _FREE) and not says(nearest, _DUTY):
        return "nguồn chỉ khuyến khích hoặc cho phép"
    return ""


def nearest_row(row: Row, sources: Sequence[Source]) -> Row | None:
    """Return the sentence of the sources that shares most words and facts with the claim."""
    own = set(words_of(row)) - _MODALS
    keys = {fact.key for fact in facts_of(row)}

    def shared(other: Row) -> int:
        return len(own & set(words_of(other))) + 2 * len(keys & {fact.key for fact in facts_of(other)})

    return max((other for source in sources for other in source.rows), key=shared, default=None)
