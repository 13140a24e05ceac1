"""Whether a follow-up that a language model wrote out still asks what was asked: all of it, and nothing else."""

from __future__ import annotations

from functools import lru_cache

from rag.language.text import data_phrases, fold, has_marks, names, syllables
from rag.question.core import core_of
from rag.slots.facts import facts_in, missing
from rag.slots.tokens import places
from rag.wording.masking import HIDDEN

LONGEST = 300
"""Characters of a question that is written out."""
_KNOWN_WORDS = 0.7


def keeps_to(written: str, question: str, topic: str) -> bool:
    """Say whether ``written`` has every fact and word of content of ``question``, and no fact and hardly a word of its own."""
    said = f"{question} {topic}"
    if not written or len(written) > LONGEST or missing(facts_in(written), facts_in(said)):
        return False
    if any(fact.kind not in HIDDEN for fact in missing(facts_in(question), facts_in(written))):
        return False
    words, known = syllables(written), set(syllables(said))
    return sum(word in known for word in words) >= _KNOWN_WORDS * len(words) and _has_all(written, " ".join(core_of(question).questions))


def _has_all(written: str, question: str) -> bool:
    """Whether the words of content stand there, as they are written where the question has marks, and names as a whole."""
    marked = has_marks(question)
    there = syllables(written) if marked else [*map(fold, syllables(written))]
    if any(word not in there for word in _content(syllables(question), marked)):
        return False
    run = f" {' '.join(there)} "
    return all(f" {' '.join(syllables(name) if marked else map(fold, syllables(name)))} " in run for name in names(question))


def _content(words: list[str], marked: bool) -> list[str]:
    left = [*words]
    for start, end in places(words, _function_words() if marked else tuple(map(fold, _function_words()))):
        left[start:end] = [""] * (end - start)
    return [word for word in left if word]


@lru_cache(maxsize=1)
def _function_words() -> tuple[str, ...]:
    return tuple(data_phrases("function_words.txt"))
