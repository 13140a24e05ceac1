"""The word lists that understanding a question needs, read from ``rag/data`` once."""

from __future__ import annotations

from functools import lru_cache

from rag.language.text import canonical, data_lines, data_phrases, fold_tokens, folded, read_table, words


@lru_cache(maxsize=1)
def chat_abbreviations() -> dict[str, list[str]]:
    """Return what people type short in a chat, lower case → words."""
    return {short: long.split() for short, long in read_table("chat.tsv").items()}


@lru_cache(maxsize=1)
def english() -> dict[str, str]:
    """Return the English words of this field → Vietnamese, empty for words that carry no topic."""
    return read_table("english.tsv")


@lru_cache(maxsize=1)
def family_names() -> frozenset[str]:
    """Return what families are called, folded (``họ``)."""
    return frozenset(map(folded, data_phrases("family_names.txt")))


@lru_cache(maxsize=1)
def stop_phrases() -> frozenset[tuple[str, ...]]:
    """Return the words and phrases that carry no topic, as tuples of exact (canonical) tokens."""
    return frozenset(tuple(canonical(word) for word in words(phrase)) for phrase in data_phrases("stopwords.txt"))


@lru_cache(maxsize=1)
def _light_phrases() -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(canonical(word) for word in words(phrase)) for phrase in data_phrases("lightwords.txt"))


@lru_cache(maxsize=1)
def _folded_light_words() -> frozenset[str]:
    return frozenset(folded(phrase[0]) for phrase in _light_phrases() if len(phrase) == 1)


def light_mask(tokens: list[str], typed: list[bool], joined: list[bool]) -> list[bool]:
    """Say for every exact token whether it stands in an everyday word or phrase that seldom carries a topic.

    A word typed without marks is compared without marks, in case they were restored wrongly. A lone word that the corpus
    joins to its neighbour (``năm học``, ``cán bộ``) is half of a topic word.
    """
    light = _light_phrases()
    mask = [
        not marked and not half and folded(token) in _folded_light_words()
        for token, marked, half in zip(tokens, typed, joined, strict=True)
    ]
    for size in (3, 2, 1):
        for start in range(len(tokens) - size + 1):
            if tuple(tokens[start : start + size]) in light and not (size == 1 and joined[start]):
                mask[start : start + size] = [True] * size
    return mask


@lru_cache(maxsize=1)
def _folded_stop_phrases() -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(map(folded, phrase)) for phrase in stop_phrases() if len(phrase) > 1)


@lru_cache(maxsize=1)
def function_words() -> frozenset[str]:
    """Return the folded syllables of all stop phrases and everyday words: none of them is a typing error."""
    return frozenset(folded(token) for phrase in (*stop_phrases(), *_light_phrases()) for token in phrase)


@lru_cache(maxsize=1)
def _folded_stop_words() -> frozenset[str]:
    return frozenset(folded(phrase[0]) for phrase in stop_phrases() if len(phrase) == 1)


def topic_mask(tokens: list[str], typed: list[bool], joined: list[bool]) -> list[bool]:
    """Say for every exact token whether it carries topic: it stands in no stop phrase (the longest match first).

    Words that were typed without marks are compared without marks, in case they were restored wrongly; a lone one only
    where the corpus does not join it to its neighbour (``joined``): ``thi tốt nghiệp`` is not ``thì``.
    """
    stops, loose, mask = stop_phrases(), _folded_stop_phrases(), [True] * len(tokens)
    for size in range(5, 0, -1):
        for start in range(len(tokens) - size + 1):
            span = slice(start, start + size)
            phrase = tuple(tokens[span])
            unmarked = not any(typed[span]) and tuple(map(folded, phrase)) in loose
            if all(mask[span]) and (phrase in stops or unmarked):
                mask[span] = [False] * size
    for position, token in enumerate(tokens):
        if mask[position] and not typed[position] and not joined[position] and folded(token) in _folded_stop_words():
            mask[position] = False
    return mask


@lru_cache(maxsize=1)
def synonyms() -> dict[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Return what people say → what documents say, as tuples of folded tokens.

    A single syllable is kept in its exact form: without marks, ``sở`` and ``số`` would be one word.
    """
    table: dict[tuple[str, ...], tuple[tuple[str, ...], ...]] = {}
    for line in data_lines("synonyms.tsv"):
        cells = [words(cell) for cell in line.split("\t")]
        said = (canonical(cells[0][0]),) if len(cells[0]) == 1 else tuple(fold_tokens(cells[0]))
        meant = tuple(tuple(fold_tokens(cell)) for cell in cells[1:])
        table[said] = (*table.get(said, ()), *meant)
    return table


@lru_cache(maxsize=1)
def longest_synonym() -> int:
    """Return the number of tokens of the longest phrase that has synonyms."""
    return max(len(phrase) for phrase in synonyms())
