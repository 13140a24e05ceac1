"""What a question is about beside words of a closed class that a kind of answer knows (``rag/data/*_words.txt``)."""

from __future__ import annotations

from functools import lru_cache

from rag.language.text import canonical, data_phrases, fold_tokens, folded, syllables
from rag.question.understanding import Question, Term


def topic_beside(question: Question, name: str, known: frozenset[str] = frozenset()) -> tuple[Term, ...]:
    """Return the topic words of the question that stand in no phrase of the file ``name`` and are none of ``known`` (folded)."""
    words = [folded(canonical(word)) for word in question.whole.split()]
    covered: set[int] = set()
    for phrase in _phrases(name):
        for start in range(len(words) - len(phrase) + 1):
            if tuple(words[start : start + len(phrase)]) == phrase:
                covered.update(range(start, start + len(phrase)))
    return tuple(
        term
        for term in question.terms
        if term.position not in covered and term.folded not in known and not term.light and not term.folded.isdigit()
    )


@lru_cache(maxsize=8)
def _phrases(name: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(fold_tokens(syllables(phrase))) for phrase in data_phrases(name))
