"""Words that make something else of a sentence (``chỉ``, ``đã``, ``mọi``, ``thay thế``, ``quyết định``): only where it has them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from rag.language.text import data_phrases
from rag.slots.facts import Fact
from rag.slots.source import Source
from rag.slots.tokens import Token, exact, places, says, unmarked
from rag.verification.alignment import field_of

_OTHERWISE = (  # where the syllables say something else
    "địa chỉ", "chỉ đạo", "chỉ định", "chỉ số", "chỉ tiêu", "chỉ thị", "chứng chỉ", "tín chỉ", "chỉ rõ", "chỉ dẫn", "chỉ huy", "chỉ ra",
    "đổi mới", "các cấp", "miễn phí", "miễn giảm", "miễn là", "gấp rút", "còn tùy", "là một phần của",
)  # fmt: skip
_NOUN_MARKS = frozenset(exact("các những theo là tại của này trên đó số hai ba bốn một"))
_WHEN = frozenset(exact("khi nếu sau coi xem"))
_CLAUSE = 12


@lru_cache(maxsize=1)
def _bound() -> dict[str, tuple[str, ...]]:
    """Each phrase with all that may stand for it in a source."""
    found: dict[str, tuple[str, ...]] = {}
    for group in data_phrases("wording_bound.txt"):
        same, *looser = (part.strip() for part in group.split(">"))
        phrases = [phrase.strip() for phrase in same.split("=")]
        found.update(dict.fromkeys(phrases, (*phrases, *looser)))
    return found


def fault_of_alterations(row: Sequence[Token], sources: Sequence[Source]) -> str:
    """Return the first such word that the sentences a claim repeats do not have (Vietnamese), empty when there is none."""
    claim = _plain(row)
    said = [phrase for phrase in _bound() if says(claim, (phrase,))]
    if not said:
        return ""
    repeated = [*field_of(tuple(sources)).repeated(unmarked(row)), *(source.lead for source in sources)]
    rows = [_plain(other) for other in repeated]
    for phrase in said:
        if not any(says(other, _bound()[phrase]) for other in rows):
            return f"chỗ ấy của nguồn không nói “{phrase}”"
    return ""


def _plain(row: Sequence[Token]) -> list[Token]:
    """The row without the words that only look like these: ``địa chỉ``, ``ba quyết định``, ``khi học sinh đã học hết``."""
    plain = list(row)
    for start, end in places(plain, _OTHERWISE):
        plain[start:end] = [""] * (end - start)
    for start, end in places(plain, ("quyết định",)):
        around = [*plain[max(0, start - 1) : start], *plain[end : end + 2]]
        if any(isinstance(token, Fact) for token in around) or set(map(str, around)) & _NOUN_MARKS:
            plain[start:end] = [""] * (end - start)
    for start, _ in places(plain, ("đã",)):
        if set(map(str, plain[max(0, start - _CLAUSE) : start])) & _WHEN:
            plain[start] = ""
    return plain
