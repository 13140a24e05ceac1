"""Which questions of a language model are fit for the bank: those that find their provision back, and add no fact to it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Literal

from rag.documents import Provision
from rag.finding.in_force import asked_day
from rag.finding.search import Searcher
from rag.language.text import fold, words
from rag.question.understanding import understand
from rag.slots.facts import facts_in, missing
from rag.slots.numerals import spelled_out

Fault = Literal["shape", "repeated", "facts", "lost"]
_LENGTHS = range(10, 201)  # characters
_WORDS = range(3, 41)
_FIRST = 3  # provisions: whoever asks sees as many
_NO_WORDS = re.compile(r"[<>{}\[\]|\\`]")


class Sieve:
    """Tells what is wrong with questions one after the other; remembers those that were fit.

    ``searcher`` must not know the questions of the model that is judged; ``known`` are all questions that are there.
    """

    def __init__(self, searcher: Searcher, known: Iterable[str], today: date) -> None:
        self._searcher = searcher
        self._known = set(map(_alike, known))
        self._today = today

    def fault(self, question: str, provision: Provision) -> Fault | None:
        """Return what is wrong with a question of a provision; ``None`` where nothing is, and from then on it is known."""
        if not _is_shaped(question):
            return "shape"
        if _alike(question) in self._known:
            return "repeated"
        if _adds_facts(question, self._said(provision)):
            return "facts"
        if not self._finds(question, provision):
            return "lost"
        self._known.add(_alike(question))
        return None

    def _said(self, provision: Provision) -> str:
        document = self._searcher.documents[provision.document]
        return "\n".join([document.number, document.title, *provision.headings, provision.whole_text])

    def _finds(self, question: str, provision: Provision) -> bool:
        asked = understand(question, self._searcher.diacritics)
        asked = replace(asked, day=asked_day(asked, self._today))
        return provision.id in [id_ for id_, _ in self._searcher.ranked(asked)[:_FIRST]]


def _alike(question: str) -> str:
    """What questions have in common that differ in marks, capitals and punctuation alone."""
    return " ".join(words(fold(question)))


def _is_shaped(question: str) -> bool:
    if len(question) not in _LENGTHS or not question.isprintable() or _NO_WORDS.search(question):
        return False
    found = words(question)
    return len(found) in _WORDS and sum(map(str.isalpha, found)) > len(found) / 2


def _adds_facts(question: str, said: str) -> bool:
    """Whether a question has a date, number, phone, link or document that is not said, or a digit at all that is not."""
    return bool(missing(facts_in(question), facts_in(said))) or not _figures(question) <= _figures(said)


def _figures(text: str) -> set[str]:
    return {figure.lstrip("0") for figure in re.findall(r"\d+", spelled_out(text))}
