"""Questions whose provisions are known → what the chooser would see of each, the writer's own questions unheard.

Every question is asked as typed or with its marks taken away, and some of them once more without any bank, as documents
are asked about that have none.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.choosing.features import FEATURES, Before
from rag.documents import Provision
from rag.finding.choice import Considered
from rag.finding.search import Searcher
from rag.index.arrays import Floats
from rag.index.bank import ELSEWHERE, BankEntry, BankIndex
from rag.index.question_bank import QuestionBank
from rag.index.snapshot import Snapshot
from rag.index.vectors import Encoder
from rag.language.numbers import number_key
from rag.language.text import strip_marks
from rag.question.conversation import Conversation
from rag.question.followup import merge
from rag.question.understanding import bank_words, understand

_HARD, _EASY = 30, 8  # wrong candidates kept of a question: those that look best, and some others
_STRIPPED = 0.3
WITHOUT_BANK = "without bank"
_LOOKS = [FEATURES.index(name) for name in ("asked_best_ratio", "lexical_ratio", "cosine_ratio", "folded_ratio", "context_sum_ratio")]


@dataclass(frozen=True, slots=True)
class Example:
    """A question as typed in one way: the features of its candidates, their documents, and which of them are right.

    ``question`` tells the ways of typing one question apart from other questions, ``writer`` who wrote it; ``answerable``
    is whether it has an answer at all, ``missed`` how many right ones were no candidates.
    """

    question: str
    variant: str
    rows: Floats
    right: NDArray[np.bool_]
    missed: int
    writer: str = ""
    documents: tuple[str, ...] = ()
    answerable: bool = True


def bank_examples(
    snapshot: Snapshot,
    encoder: Encoder | None,
    parts: Sequence[BankIndex],
    variant: str,
    *,
    share: float = 1.0,
    without_bank: float = 0.3,
    seed: int = 0,
) -> Iterator[Example]:
    """Yield what would be seen of ``share`` of the bank's questions on what ``snapshot`` holds."""
    chance = random.Random(seed)
    entries = [entry for part in parts for entry in part.entries]
    asked = {(entry.writer, entry.question): entry for entry in entries}
    for writer in sorted({entry.writer for entry in entries}):
        searcher = Searcher(snapshot, encoder, parts, without=frozenset({writer}))
        own = {number_key(document.number) for document in searcher.documents.values() if document.present}
        for entry in (entry for entry in entries if entry.writer == writer and number_key(entry.document) in own):
            if chance.random() >= share:
                continue
            bank = None if chance.random() < without_bank else searcher.bank
            yield example_of(searcher, entry, bank, asked, variant if bank else f"{variant}, {WITHOUT_BANK}", chance)


def example_of(
    searcher: Searcher,
    entry: BankEntry,
    bank: QuestionBank | None,
    asked: Mapping[tuple[str, str], BankEntry],
    variant: str,
    chance: random.Random,
    answering: frozenset[int] | None = None,
) -> Example:
    """Return what would be seen of an entry, its question as typed or without its marks; ``asked`` has what it may go on with.

    ``answering``: the provisions that answer, where they are known better than by their sections.
    """
    text = strip_marks(entry.question) if chance.random() < _STRIPPED else entry.question
    before, own = None, understand(text, searcher.diacritics)
    question = own
    if entry.after:
        earlier = asked.get((entry.writer, entry.after[-1]))
        before = context(searcher, list(entry.after), text, _cited(searcher, earlier) if earlier else [], bank)
        topic = understand(entry.after[-1], searcher.diacritics)
        question = merge(own, Conversation(topic=topic.topic, kind=topic.kind), searcher.diacritics, searcher.fields) or own
    considered = searcher.considered(question, before, searcher.pool, bank, own)
    if answering is None:
        right = right_ones(searcher, considered, addresses(entry))
    else:
        right = np.array([id_ in answering for id_ in considered.ids], dtype=bool)
    keep = _kept(considered.rows, right, chance)
    return Example(
        f"{entry.writer} {entry.question} {entry.after}",
        variant,
        considered.rows[keep],
        right[keep],
        int(bool(entry.sections) and not right.any()),
        entry.writer,
        tuple(considered.documents[at] for at in keep),
        bool(entry.sections),
    )


def context(searcher: Searcher, earlier: list[str], text: str, cited: Iterable[int], bank: QuestionBank | None) -> Before:
    """Return what a conversation adds to its next question."""
    said = [*earlier[-2:], text]
    words = [word for one in said for word in bank_words(understand(one, searcher.diacritics))]
    return searcher.before(words, cited, bank)


def addresses(entry: BankEntry) -> list[tuple[str, str]]:
    """Return the (number key, section) of each place that answers an entry."""
    places = [address.rpartition(ELSEWHERE) for address in entry.sections]
    return [(number_key(number or entry.document), section) for number, _, section in places]


def _cited(searcher: Searcher, entry: BankEntry) -> list[int]:
    numbers = {number_key(number): number for number in searcher.documents}
    found = [searcher.store.section(numbers[key], section) for key, section in addresses(entry) if key in numbers]
    return [provision.id for provision in found if provision]


def right_ones(searcher: Searcher, considered: Considered, wanted: Sequence[tuple[str, str]]) -> NDArray[np.bool_]:
    """Say of each candidate whether it is, or stands in, one of the provisions wanted; an inline item stands for its own."""
    provisions = searcher.store.provisions(considered.ids)
    numbers = {number_key(number): number for number in searcher.documents}
    meant = [searcher.store.section(numbers[key], section) if key in numbers else None for key, section in wanted]
    inside = [provision.parent for provision in meant if provision and provision.inline]
    alone = {provision.id: provision for provision in meant if provision and provision.kind == "closing"}
    deep = [place for place, provision in zip(wanted, meant, strict=True) if not (provision and provision.id in alone)]

    def is_right(provision: Provision) -> bool:
        if provision.id in alone or provision.id in inside:
            return True
        return any(number_key(provision.document) == key and within(provision.section, section) for key, section in deep)

    return np.array([is_right(provision) for provision in provisions.values()], dtype=bool)


def within(section: str, expected: str) -> bool:
    """Say whether ``section`` is ``expected`` or deeper (``IV.2-1`` is within ``IV.2``, ``IV.21`` is not)."""
    return section == expected or section.startswith(tuple(expected + mark for mark in ".-("))


def _kept(rows: Floats, right: NDArray[np.bool_], chance: random.Random) -> list[int]:
    hard = hardest(rows, right, _HARD)
    easy = sorted(set(range(len(rows))) - set(hard))
    return sorted([*hard, *chance.sample(easy, min(_EASY, len(easy)))])


def hardest(rows: Floats, right: NDArray[np.bool_], most: int) -> list[int]:
    """Return the right candidates and the ``most`` wrong ones that look best."""
    looks = np.where(right, np.inf, rows[:, _LOOKS].sum(axis=1))
    return sorted(np.argsort(-looks, kind="stable")[: int(right.sum()) + most].tolist())
