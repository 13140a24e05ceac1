"""Patterns of words as a question has them: with their marks where its writer types marks, else without."""

from __future__ import annotations

import re

from rag.language.text import fold
from rag.question.understanding import Question

_DEGREE = re.compile(r"\b(?:muc|tien|trinh|toc|che|cuong|(?<!van )ban) do\b")  # độ, đồ: never đó


class Exact:
    """A pattern of exact words; where no marks are typed, of the same words without them."""

    def __init__(self, pattern: str) -> None:
        self._exact = re.compile(pattern)
        self._folded = re.compile(fold(pattern))

    def search(self, question: Question) -> re.Match[str] | None:
        """Return where the pattern stands in ``question.typed``."""
        if question.marked:
            return self._exact.search(question.typed)
        return self._folded.search(_DEGREE.sub(" ", question.typed))
