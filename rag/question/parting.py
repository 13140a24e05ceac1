"""A question without the words that say which document is meant: the rest is what is asked of it."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from itertools import pairwise

from rag.language.text import canonical, folded
from rag.question.understanding import Question


def without(question: Question, dropped: Collection[int], *, year: bool = False, names: Collection[tuple[str, ...]] = ()) -> Question:
    """Return a question without its words at ``dropped``, its proper ``names`` and, with ``year``, its years."""
    if not dropped and not year and not names:
        return question
    whole = question.whole.split()
    kept = [at for at in range(len(whole)) if at not in dropped]
    moved = {at: place for place, at in enumerate(kept)}
    terms = tuple(
        replace(
            term,
            position=moved[term.position],
            left=term.left if term.position - 1 in moved else "",
            right=term.right if term.position + 1 in moved else "",
        )
        for term in question.terms
        if term.position in moved
    )
    mentions = replace(question.mentions, names=tuple(name for name in question.mentions.names if name not in names))
    if year:
        periods = tuple(period for period in mentions.periods if period.unit != "year")
        mentions = replace(mentions, school_year=None, periods=periods)
    phrases = _runs(whole, sorted(dropped))
    return replace(
        question,
        whole=" ".join(whole[at] for at in kept),
        terms=terms,
        mentions=mentions,
        topic=" ".join(whole[term.position] for term in question.terms if term.position in moved),
        folded=_without_phrases(question.folded, phrases),
        said=_without_phrases(question.said, phrases),
        must=tuple(term for term in question.must if any(other.exact == term.exact for other in terms)),
    )


def _runs(whole: list[str], dropped: list[int]) -> list[str]:
    """The dropped words as phrases, folded."""
    runs = [[at] for at in dropped[:1]]
    for before, at in pairwise(dropped):
        if at == before + 1:
            runs[-1].append(at)
        else:
            runs.append([at])
    return [" ".join(folded(canonical(whole[at])) for at in run if at < len(whole)) for run in runs]


def _without_phrases(text: str, phrases: list[str]) -> str:
    for phrase in phrases:
        text = re.sub(rf"(?<!\w){re.escape(phrase)}(?!\w)", " ", text, count=1)
    return " ".join(text.split())
