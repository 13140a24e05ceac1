"""Whose documents they are: the province or city of the office that issued each, and whose rules a question asks for."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rag.documents import Document
from rag.language.text import fold_tokens, syllables
from rag.question.understanding import Question

_PLACE = re.compile(r"\b(?:tinh|thanh pho) ((?:\w+ ?){1,4})$")


class Offices:
    """The places of the loaded documents; ``own`` is the place of whoever asks, empty where that is not known."""

    def __init__(self, documents: Iterable[Document], own: str = "") -> None:
        found = {document.number: _place_of(document.issuer) for document in documents if document.present}
        self._of = {number: place for number, place in found.items() if place}
        own_words = " ".join(fold_tokens(syllables(own)))
        self._own = next((place for place in self.places if f" {place} " in f" {own_words} "), "")

    @property
    def places(self) -> list[str]:
        """The places, folded, each once."""
        return list(dict.fromkeys(self._of.values()))

    @property
    def several(self) -> bool:
        """Whether one place may be taken for another."""
        return len(self.places) > 1

    def meant(self, question: Question) -> list[str]:
        """Return the places whose rules a question asks for: those it names, else the asker's own; none where that is not known."""
        if not self.several:
            return []
        return self.named_in(question) or [place for place in [self._own] if place]

    def named_in(self, question: Question) -> list[str]:
        """Return the places that a question names."""
        asked = f" {question.folded} "
        named = {" ".join(name) for name in question.mentions.names}
        return [place for place in self.places if f" {place} " in asked or place in named]

    def elsewhere(self, question: Question) -> frozenset[str]:
        """Return the documents of other places than those that are meant; none where any may be."""
        meant = self.meant(question)
        return frozenset(number for number, place in self._of.items() if meant and place not in meant)

    def theirs(self, question: Question) -> list[str]:
        """Return the documents of the places that are meant; none where any may be."""
        meant = self.meant(question)
        return [number for number, place in self._of.items() if place in meant]

    def unsaid(self, question: Question, numbers: Iterable[str]) -> list[str]:
        """Return the documents among ``numbers`` of which has to be said whose they are: the question named no place."""
        return [] if not self.several or self.meant(question) else [number for number in numbers if number in self._of]


def _place_of(issuer: str) -> str:
    """``Sở Giáo dục và Đào tạo tỉnh Quảng Ninh`` → ``quang ninh``."""
    found = _PLACE.search(" ".join(fold_tokens(syllables(issuer))))
    return found.group(1).strip() if found else ""
