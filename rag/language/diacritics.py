"""Puts the diacritics back into a question, and mends its typing errors, by what the corpus says.

A syllable bigram model with Viterbi decoding. It is learnt from the corpus when the index is built, together with the
everyday phrases of questions (``rag/data/phrases.txt``) that no official text holds. What was typed with marks stays.
"""

from __future__ import annotations

import json
import math
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

from rapidfuzz.distance import OSA

from rag.language.lexicon import function_words
from rag.language.telex import is_folded_syllable, is_syllable
from rag.language.text import data_lines, fold, has_marks, sentences, words

_START = "<s>"
_PHRASE_WEIGHT = 3
_MIN_TYPO_LENGTH = 3
_MUCH_MORE = 2
_COUNTED, _KEPT = 3_000_000, 500_000  # pairs; of a library without end those that come once, then the rarest are forgotten


@lru_cache(maxsize=1)
def phrases() -> tuple[str, ...]:
    """Return everyday phrases of questions, each with its marks."""
    return tuple(data_lines("phrases.txt"))


class Diacritics:
    """Counts of syllables and syllable pairs; read-only once made."""

    def __init__(self, unigrams: dict[str, int], bigrams: dict[str, int]) -> None:
        self.unigrams = unigrams
        self.bigrams = bigrams
        self.total = sum(unigrams.values()) or 1
        self.forms: dict[str, list[str]] = defaultdict(list)
        for syllable in unigrams:
            self.forms[fold(syllable)].append(syllable)
        self.folded_bigrams: Counter[str] = Counter()
        for pair, count in bigrams.items():
            self.folded_bigrams[fold(pair)] += count
        # what the corpus itself joins, without the everyday phrases
        self.joined = self.folded_bigrams - _phrase_bigrams()
        self.by_length: dict[int, list[str]] = defaultdict(list)
        for folded in self.forms:
            self.by_length[len(folded)].append(folded)

    @classmethod
    def learn(cls, texts: Iterable[str]) -> Diacritics:
        """Count the syllables of ``texts`` (one provision each) and of the everyday phrases."""
        unigrams: Counter[str] = Counter()
        bigrams: Counter[str] = Counter()
        for text in texts:
            for start, end in sentences(text):
                _count(text[start:end], 1, unigrams, bigrams)
            if len(bigrams) > _COUNTED:
                bigrams = _at_least(2, bigrams)
        rare = 1 if len(unigrams) < 5000 else 2
        while len(bigrams := _at_least(rare, bigrams)) > _KEPT:
            rare += 1
        for phrase in phrases():
            _count(phrase, _PHRASE_WEIGHT, unigrams, bigrams)
        return cls(dict(unigrams), dict(bigrams))

    def dump(self) -> bytes:
        """Return the model as bytes for a snapshot."""
        return zlib.compress(json.dumps([self.unigrams, self.bigrams], ensure_ascii=False).encode())

    @classmethod
    def load(cls, data: bytes) -> Diacritics:
        """Read what ``dump`` wrote."""
        unigrams, bigrams = json.loads(zlib.decompress(data))
        return cls(unigrams, bigrams)

    def knows(self, folded: str) -> bool:
        """Say whether a syllable stands in the corpus or the phrases, whatever its marks."""
        return folded in self.forms

    def joins(self, first: str, second: str) -> bool:
        """Say whether the corpus joins two folded syllables more often than chance would (pointwise mutual information)."""
        together = self.joined[f"{first} {second}"]
        return together * self.total >= _MUCH_MORE * self._count_of(first) * self._count_of(second) > 0

    def _count_of(self, folded: str) -> int:
        return sum(self.unigrams[form] for form in self.forms.get(folded, ()))

    def restore(self, tokens: Sequence[str], mostly_marked: bool = False) -> list[str]:
        """Return lower-case ``tokens`` with marks put back where none were typed (Viterbi over syllable bigrams).

        Who types marks also means the words that have none: ``mostly_marked`` keeps ``qua`` from becoming ``quả``.
        """
        best: dict[str, tuple[float, list[str]]] = {_START: (0.0, [])}
        for token in tokens:
            following: dict[str, tuple[float, list[str]]] = {}
            meant_plain = mostly_marked and token in self.unigrams
            for form in [token] if meant_plain else self._candidates(token):
                score, path = max(
                    ((total + self._log_probability(previous, form), path) for previous, (total, path) in best.items()),
                    key=lambda pair: pair[0],
                )
                following[form] = (score, [*path, form])
            best = following
        return max(best.values(), key=lambda pair: pair[0])[1]

    def _candidates(self, token: str) -> list[str]:
        if has_marks(token) or not token.isalpha():
            return [token]
        return self.forms.get(token) or [token]

    def _log_probability(self, previous: str, form: str) -> float:
        alone = (self.unigrams.get(form, 0) + 0.1) / self.total
        before = self.unigrams.get(previous, 0) if previous != _START else self.total / 20
        together = self.bigrams.get(f"{previous} {form}", 0)
        return math.log(0.8 * together / before + 0.2 * alone if before else 0.2 * alone)

    def mend(self, tokens: Sequence[str]) -> list[str]:
        """Return ``tokens`` with typing errors mended.

        A token is replaced by a syllable of the corpus one edit away (Damerau) when it is no Vietnamese syllable, or
        when it is unknown and the corpus knows the pair that the mended syllable makes with its neighbour.
        """
        mended = list(tokens)
        for position, token in enumerate(tokens):
            folded = fold(token)
            meant = has_marks(token) and is_syllable(token)
            if len(folded) < _MIN_TYPO_LENGTH or not folded.isalpha() or meant or self.knows(folded) or folded in function_words():
                continue
            choice = self._nearest(folded, position, mended)
            if choice:
                mended[position] = choice
        return mended

    def _nearest(self, folded: str, position: int, tokens: Sequence[str]) -> str | None:
        left = fold(tokens[position - 1]) if position else _START
        right = fold(tokens[position + 1]) if position + 1 < len(tokens) else ""
        is_legal = is_folded_syllable(folded)
        best: tuple[float, str] | None = None
        for length in (len(folded) - 1, len(folded), len(folded) + 1):
            for form in self.by_length.get(length, ()):
                if OSA.distance(folded, form, score_cutoff=1) != 1:
                    continue
                pairs = self.folded_bigrams[f"{left} {form}"] + self.folded_bigrams[f"{form} {right}"]
                if is_legal and not pairs:
                    continue
                swapped = sorted(folded) == sorted(form)
                score = 10 * min(pairs, 20) + 5 * swapped + math.log1p(sum(self.unigrams[f] for f in self.forms[form]))
                if best is None or score > best[0]:
                    best = (score, form)
        return best[1] if best else None


@lru_cache(maxsize=1)
def _phrase_bigrams() -> Counter[str]:
    counted: Counter[str] = Counter()
    for phrase in phrases():
        _count(phrase, _PHRASE_WEIGHT, Counter(), counted)
    folded: Counter[str] = Counter()
    for pair, count in counted.items():
        folded[fold(pair)] += count
    return folded


def _at_least(least: int, counts: Counter[str]) -> Counter[str]:
    return Counter({pair: count for pair, count in counts.items() if count >= least})


def _count(text: str, weight: int, unigrams: Counter[str], bigrams: Counter[str]) -> None:
    tokens = [word.lower() for word in words(text) if not any(c.isdigit() for c in word)]
    for token in tokens:
        unigrams[token] += weight
    for first, second in pairwise([_START, *tokens]):
        bigrams[f"{first} {second}"] += weight
