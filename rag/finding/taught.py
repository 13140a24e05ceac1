"""What admins taught: the provisions that answer one very question, or that nothing answers it, whatever the chooser thinks.

A question is the taught one where it has the same words in the same order, as typed without marks or as understood. The
likeness of the bank would not do: words that no other question has weigh nothing there, and may be all that differs.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.documents import Provision
from rag.index.bank import ELSEWHERE, BankEntry, BankIndex
from rag.index.store import Store
from rag.language.numbers import same_number
from rag.language.text import fold, normalise, words
from rag.question.understanding import Question, bank_words

Words = tuple[str, ...]


class TaughtEntries:
    """The taught entries of a bank by their words; those of the writers ``without`` are left out."""

    def __init__(self, parts: Sequence[BankIndex], without: frozenset[str] = frozenset()) -> None:
        self._entries: list[BankEntry] = []
        self._by_words: dict[Words, list[int]] = {}
        for part in parts:
            for entry, tokens in zip(part.entries, part.tokens, strict=True):
                if entry.by == "taught" and not entry.after and entry.writer not in without:
                    for key in {tuple(tokens), as_typed(entry.question)}:
                        self._by_words.setdefault(key, []).append(len(self._entries))
                    self._entries.append(entry)

    def __len__(self) -> int:
        return len(self._entries)

    def about(self, question: Question) -> list[BankEntry]:
        """Return what was taught of a question, the newest first."""
        found = {at for key in (tuple(bank_words(question)), as_typed(question.text)) for at in self._by_words.get(key, ())}
        return [self._entries[at] for at in sorted(found, reverse=True)]


def provisions_taught(entries: Sequence[BankEntry], store: Store, numbers: Sequence[str]) -> list[Provision] | None:
    """Return the provisions of ``store`` that entries point at; none where they say that the question has no answer.

    ``None`` where none of them stands: its document is not among the loaded ``numbers``, or its section has gone. Of each
    document the first entry counts.
    """
    places: dict[str, list[Provision]] = {}
    for entry in entries:
        found = [_provision(store, numbers, entry.document, address) for address in entry.sections]
        number = _loaded(numbers, entry.document)
        if number and None not in found:
            places.setdefault(number, [provision for provision in found if provision])
    return [provision for found in places.values() for provision in found] if places else None


def as_typed(text: str) -> Words:
    """Return the words of a question without marks, with nothing mended and nothing written out."""
    return tuple(words(fold(normalise(text))))


def _loaded(numbers: Sequence[str], wanted: str) -> str:
    return next((number for number in numbers if same_number(number, wanted)), "")


def _provision(store: Store, numbers: Sequence[str], own: str, address: str) -> Provision | None:
    number, _, section = address.rpartition(ELSEWHERE)
    return store.section(_loaded(numbers, number or own), section)
