"""How much of what is asked beyond a document's title and letterhead a provision tells.

``Trường Chu Mạnh Trừng tuyển bao nhiêu em lớp 6`` on that school's own notice of who may enter lớp 6 asks ``bao nhiêu em``: the rest
stands in the title and says which document is meant. Words weigh by their rarity in questions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag.choosing.evidence import Passage, Sentence, Words
from rag.choosing.rarity import question_rarity

_NO_WORDS: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Told:
    """Shares (0-1) of what is asked: ``told`` by the best sentence and the headings above it, ``around`` it, as ``pairs`` of words.

    ``untold`` is the weight of what stands nowhere around, ``untold_most`` the rarest word of it, ``unknown_most`` the rarest that the
    whole document lacks; ``beyond`` is the share of the question that stands not in its title.
    """

    told: float
    around: float
    pairs: float
    untold: float
    untold_most: float
    unknown_most: float
    beyond: float


def told_of(
    words: Sequence[str], passage: Passage, sentence: Sentence | None, titled: frozenset[str] = _NO_WORDS, known: frozenset[str] = _NO_WORDS
) -> Told:
    """Return how much of the folded ``words`` of a question a provision tells.

    ``titled`` are the words of its document's title and letterhead, ``known`` all words of the document.
    """
    weights = {word: question_rarity(word) for word in words}
    total = sum(weights.values()) or 1.0
    asked = {word: weight for word, weight in weights.items() if word not in titled}
    beyond = sum(asked.values())
    asked = asked or weights
    whole = sum(asked.values()) or 1.0
    headings = Words("\n".join([passage.provision.heading, *passage.provision.headings]))
    own = (sentence.words.folded if sentence is not None else _NO_WORDS) | headings.folded
    untold = [weight for word, weight in asked.items() if word not in passage.folded]
    pairs = [pair for pair in pairwise(words) if pair[0] in asked or pair[1] in asked]
    joined = (sentence.words.pairs if sentence is not None else frozenset[tuple[str, str]]()) | headings.pairs
    return Told(
        told=sum(weight for word, weight in asked.items() if word in own) / whole,
        around=sum(weight for word, weight in asked.items() if word in passage.folded) / whole,
        pairs=sum(pair in joined for pair in pairs) / max(1, len(pairs)),
        untold=sum(untold),
        untold_most=max(untold, default=0.0),
        unknown_most=max((weight for word, weight in asked.items() if word not in known | passage.folded), default=0.0),
        beyond=beyond / total,
    )
