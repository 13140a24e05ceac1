"""Small shelves without a bank, cut out of documents that have one: what an office that adds a letter today asks its letter.

Every shelf holds a stretch of one document, or of a few. Questions on what was cut away, and on other documents, are near misses
that nothing there answers.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import yaml

from ingest.contents import WordModels
from ingest.pipeline import ingest
from rag.documents import Provision
from rag.finding.search import Searcher
from rag.index.bank import BankEntry
from rag.index.making import Contents
from rag.index.publishing import publish
from rag.index.snapshot import SnapshotReader
from rag.index.vectors import Encoder
from rag.language.numbers import number_key
from rag.language.text import squeeze
from rag.training.chooser_examples import Example, addresses, example_of

_SIZES = (3, 5, 8, 12, 20, 35)  # provisions of a stretch
_DOCUMENTS = (1, 1, 1, 2, 4)
_ASKED, _MISSES, _STRANGE = 40, 16, 3  # questions of a shelf: answered by it, cut away, on something else
_NAME = "small"
_TOGETHER = (3, 6, 12)  # documents of an office's shelf
_ALONE = 2  # times that each question is asked with its document alone, with marks and without


def small_examples(
    contents: Contents, entries: Sequence[BankEntry], encoder: Encoder | None, folder: Path, count: int
) -> Iterator[Example]:
    """Yield what the chooser would see of questions on ``count`` small shelves, built one after another in ``folder``."""
    chance = random.Random(0)
    asked: dict[str, list[BankEntry]] = {}
    for entry in entries:
        if not entry.after:
            asked.setdefault(number_key(entry.document), []).append(entry)
    known = [document.number for document in contents.documents if document.present and number_key(document.number) in asked]
    for _ in range(count):
        numbers = chance.sample(known, min(len(known), chance.choice(_DOCUMENTS)))
        kept = [provision for number in numbers for provision in _stretch(contents.provisions, number, chance)]
        shutil.rmtree(folder, ignore_errors=True)
        publish(folder, _of(contents, kept), encoder)
        searcher = Searcher(SnapshotReader(folder).get(), encoder)
        yield from _asked(searcher, kept, numbers, asked, chance)


def _stretch(provisions: Sequence[Provision], number: str, chance: random.Random) -> list[Provision]:
    """Some provisions in a row, with all that they stand in and the head of their document."""
    own = [provision for provision in provisions if provision.document == number]
    size = chance.choice(_SIZES)
    start = chance.randrange(max(1, len(own) - size))
    by_id = {provision.id: provision for provision in own}
    wanted = {own[0].id} if chance.random() < 0.7 else set()
    for provision in own[start : start + size]:
        above: Provision | None = provision
        while above is not None and above.id not in wanted:
            wanted.add(above.id)
            above = by_id.get(above.parent) if above.parent is not None else None
    return [provision for provision in own if provision.id in wanted or (provision.inline and provision.parent in wanted)]


def _of(contents: Contents, kept: Sequence[Provision]) -> Contents:
    ids = {provision.id for provision in kept}
    numbers = {provision.document for provision in kept}
    entries = [entry for entry in contents.entries if entry.id in ids]
    models = WordModels(tuple(entry.title for entry in entries), entries)
    documents = [document for document in contents.documents if document.number in numbers]
    records = [record for record in contents.records if record.provision in ids]
    return replace(
        contents, documents=documents, provisions=kept, records=records, entries=entries, models=models, meta={"expires": "{}"}, shelf=None
    )


def _asked(
    searcher: Searcher, kept: Sequence[Provision], numbers: Sequence[str], asked: dict[str, list[BankEntry]], chance: random.Random
) -> Iterator[Example]:
    there = {(number_key(provision.document), provision.section) for provision in kept}
    own = {number_key(number) for number in numbers}
    mine = [entry for number in numbers for entry in asked[number_key(number)]]
    answered = [entry for entry in mine if there.intersection(addresses(entry))]
    misses = [entry for entry in mine if not there.intersection(addresses(entry))]
    strange = [entry for key, of in asked.items() if key not in own for entry in of]
    chosen = [
        *chance.sample(answered, min(_ASKED, len(answered))),
        *[replace(entry, sections=()) for entry in chance.sample(misses, min(_MISSES, len(misses), len(answered) + 2))],
        *[replace(entry, sections=()) for entry in chance.sample(strange, min(_STRANGE, len(strange)))],
    ]
    for entry in chosen:
        yield example_of(searcher, entry, None, {}, _NAME, chance)


def office_examples(folder: Path, encoder: Encoder | None, work: Path, rounds: int) -> Iterator[Example]:
    """Yield what would be seen of the questions on the invented documents of ``folder``, each alone and, in ``rounds``, with others."""
    chance = random.Random(0)
    asked = yaml.safe_load((folder / "questions.yaml").read_text(encoding="utf-8"))
    groups = [[name] for name in asked] + [chance.sample(list(asked), chance.choice(_TOGETHER)) for _ in range(rounds)]
    for names in groups:
        shutil.rmtree(work, ignore_errors=True)
        (work / "corpus").mkdir(parents=True)
        for name in names:
            shutil.copy(folder / name, work / "corpus")
        ingest(work / "corpus", work / "data")
        searcher = Searcher(SnapshotReader(work / "data").get(), encoder)
        numbers = {document.source: document.number for document in searcher.documents.values()}
        for name in names:
            own = searcher.store.of_document(numbers[name])
            for one in asked[name] * (_ALONE if len(names) == 1 else 1):
                holders = [provision for provision in own if one["facts"] and _holds(provision, one["facts"])]
                entry = BankEntry(one["question"], numbers[name], tuple(provision.section for provision in holders), writer=name)
                yield example_of(searcher, entry, None, {}, "office", chance, frozenset(provision.outer for provision in holders))


def _holds(provision: Provision, facts: Sequence[str]) -> bool:
    """Whether every one of ``facts`` stands there, or one of those that it parts by bars."""
    text = squeeze(provision.whole_text).casefold()
    return all(any(piece.casefold() in text for piece in fact.split(" | ")) for fact in facts)
