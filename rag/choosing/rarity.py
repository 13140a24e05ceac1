"""How rare a word is in the questions that people ask."""

from __future__ import annotations

import json
import math
from functools import lru_cache

from rag.language.text import data_text


@lru_cache(maxsize=1)
def _questions_with() -> tuple[int, dict[str, int]]:
    content = json.loads(data_text("question_words.json"))
    return content["questions"], content["words"]


@lru_cache(maxsize=20_000)
def question_rarity(word: str) -> float:
    """Return how rare a folded word is in questions: small for ``em``, ``là``, large for what tells a question apart."""
    size, counts = _questions_with()
    return math.log((size + 1) / (counts.get(word, 0) + 0.5))
