"""How well the words of candidates fit what is sought: tantivy's BM25, reckoned once more over all candidates together.

Tantivy rounds, and adds up in an order of its own: the same words in two indexes get scores that differ in the last digits.
What is reckoned here depends on nothing but the entry and what is sought, wherever the entry lies.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.choosing.text_features import Texts, View
from rag.index.arrays import Floats
from rag.index.bm25 import K1, B, kept_lengths
from rag.index.entries import Entries, Sought
from rag.index.lexical import BOOSTS, FORMS, REPEATS, field_of
from rag.index.token_index import TokenNumbers

Scores = NDArray[np.float64]
Titles = Callable[[str], Mapping[str, Sequence[str]]]
"""The number of a document → the terms of its title, in each form."""


def word_scores(sought: Sought, entries: Entries, texts: Texts, index: TokenNumbers, means: Mapping[str, float], titles: Titles) -> Scores:
    """Return the weighted sum of the BM25 of all terms for each of ``entries``, whose tokens are ``texts``.

    ``means`` are the mean lengths of the parts of an entry, in terms.
    """
    places: dict[str, int] = {}
    of = np.array([places.setdefault(number, len(places)) for number in entries.documents], dtype=np.int64)
    known = [titles(number) for number in places]
    sizes = np.array([len(title[FORMS[0]]) for title in known], dtype=np.int64)[of]
    text, headings = (np.maximum(2 * lengths - 1, 0) for lengths in (texts.text_lengths, texts.heading_lengths))
    whole = REPEATS["text"] * text + REPEATS["headings"] * headings + REPEATS["title"] * sizes
    lengths = {"whole": whole, "headings": headings, "title": sizes}
    norms = {part: K1 * (1 - B + B * kept_lengths(lengths[part]) / means[part]) for part in BOOSTS}
    scores = np.zeros(len(entries.ids))
    for form, weights in (("folded", sought.folded), ("exact", sought.exact)):
        terms = list(weights)
        tables = _counts(terms, form, texts, index)
        titled = np.array([[title[form].count(term) for term in terms] for title in known], dtype=float).reshape(len(known), len(terms))[of]
        tables = {"whole": tables["whole"] + REPEATS["title"] * titled, "headings": tables["headings"], "title": titled}
        for part, table in tables.items():
            rarity = sought.rarity[field_of(part, form)]
            worth = np.array([BOOSTS[part] * weights[term] * rarity.get(term, 0.0) for term in terms])
            # Not a product of matrices: that would add up in another order for another number of entries.
            scores += (table * (K1 + 1) / (table + norms[part][:, None]) * worth).sum(axis=1)
    return scores


def _counts(terms: Sequence[str], form: str, texts: Texts, index: TokenNumbers) -> dict[str, NDArray[np.floating[Any]]]:
    """How often each term, a token or two (``a_b``), stands in the whole of each candidate and in its headings."""
    numbers = index.folded if form == "folded" else index.exact
    split = [tuple(term.split("_")) for term in terms]
    tokens = [token for token in dict.fromkeys(token for parts in split for token in parts) if token in numbers]
    pairs = [(parts[0], parts[1]) for parts in split if len(parts) == 2 and parts[0] in numbers and parts[1] in numbers]
    view = View.of_terms(tokens, pairs, numbers, (np.zeros(len(tokens), dtype=np.float32), np.zeros(len(pairs), dtype=np.float32)))
    found = view.find(texts.folded if form == "folded" else texts.tokens, texts.place)
    at: dict[tuple[str, ...], int] = {(token,): place for place, token in enumerate(tokens)}
    at |= {pair: len(tokens) + place for place, pair in enumerate(pairs)}
    columns = [at.get(parts, -1) for parts in split]
    return {part: _columns(np.hstack(texts.counts(found, view, part)), columns) for part in ("whole", "headings")}


def _columns(table: Floats, columns: Sequence[int]) -> NDArray[np.float64]:
    """The named columns of a table, zeros for -1."""
    return np.hstack([table, np.zeros((len(table), 1), dtype=table.dtype)]).astype(np.float64)[:, columns]
