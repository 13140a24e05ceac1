"""Parsed files and the catalog -> the contents of one snapshot.

The documents are put together in memory; their provisions and records are read from the parsed files whenever something
is made of them, one after another, so that a library of any size can be built.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ingest.catalog import Catalog, described, named_documents, with_doubts
from ingest.document_office import with_office
from ingest.families import families_of
from ingest.parsed import Parsed
from ingest.source_files import is_collection
from ingest.validity import Judgement, Relation, judgements
from rag.documents import Document, Provision, Record, Reference
from rag.index.lexical import Entry
from rag.index.making import Contents
from rag.language.definitions import DEFINITIONS, Definition, definitions_in, written_both_ways
from rag.language.diacritics import Diacritics
from rag.language.numbers import number_key
from rag.language.text import abbreviations, fold_tokens, syllables


@dataclass(frozen=True, slots=True)
class _Taken:
    """What is taken of a file: its documents by their number as read, the new id of each provision (-1: none)."""

    file: Parsed
    documents: Mapping[str, Document]
    ids: NDArray[np.int32]
    marked: Mapping[int, Provision]

    def provisions(self) -> Iterator[Provision]:
        for found in self.file.provisions():
            if (id_ := int(self.ids[found.id])) >= 0:
                parent = int(self.ids[found.parent]) if found.parent is not None else None
                number = self.documents[found.document].number
                yield replace(self.marked.get(found.id, found), id=id_, parent=parent, document=number)

    def records(self) -> Iterator[Record]:
        for found in self.file.records():
            if (id_ := int(self.ids[found.provision])) >= 0:
                yield replace(found, provision=id_)

    def relations(self) -> list[Relation]:
        return [
            replace(relation, by=self.documents[relation.by].number) for relation in self.file.relations if relation.by in self.documents
        ]


@dataclass(frozen=True, slots=True)
class _Provisions:
    files: tuple[_Taken, ...]

    def __len__(self) -> int:
        return sum(int((file.ids >= 0).sum()) for file in self.files)

    def __iter__(self) -> Iterator[Provision]:
        return (provision for file in self.files for provision in file.provisions())


@dataclass(frozen=True, slots=True)
class _Records:
    files: tuple[_Taken, ...]

    def __iter__(self) -> Iterator[Record]:
        return (record for file in self.files for record in file.records())


@dataclass(frozen=True, slots=True)
class _Entries:
    """What is searched: every provision that has words of its own and is no item inside another."""

    provisions: Iterable[Provision]
    titles: Mapping[str, str]
    defined: Mapping[str, list[Definition]]

    def __iter__(self) -> Iterator[Entry]:
        for provision in self.provisions:
            if not provision.inline and (provision.text or provision.heading):
                defined = self.defined.get(provision.document, ())
                text = written_both_ways(provision.whole_text, defined)
                headings = written_both_ways(" ".join((*provision.headings, provision.heading)), defined)
                yield Entry(provision.id, text, headings, self.titles.get(provision.document, ""))


def build_contents(parsed: Iterable[Parsed], catalog: Catalog, meta: dict[str, str]) -> Contents:
    """Return the contents of a snapshot: the documents of ``parsed``, those they name, and the models.

    Where there are collections beside other files, those others once more make the shelf, which is asked first. The
    first of several documents of one number counts. Raises ``ReadError`` for a catalog entry that cannot be used.
    """
    files = list(parsed)
    taken = _take(files, catalog)
    documents = _documents(taken, catalog)
    relations = [relation for file in taken for relation in file.relations()]
    judged = judgements(documents, relations, {document.number: catalog.standing(document) for document in documents})
    whole = _contents(taken, documents, judged, meta)
    own = [file for file in files if not is_collection(Path(file.name))]
    if not 0 < len(own) < len(files):
        return whole
    taken = _take(own, catalog)
    return replace(whole, shelf=_contents(taken, _documents(taken, catalog), judged, meta))


def _take(files: Iterable[Parsed], catalog: Catalog) -> tuple[_Taken, ...]:
    """Say which documents count, and number the provisions of all files together."""
    seen: set[str] = set()
    taken: list[_Taken] = []
    start = 0
    for file in files:
        documents: dict[str, Document] = {}
        own: dict[str, Document] = {}
        for read, told in own_documents(file, catalog):
            if (key := number_key(told.number)) not in seen:
                documents[read.number] = own.setdefault(key, told)  # a collection may spell a number in several ways
        seen |= own.keys()
        ids = _numbered(file, documents, start)
        start += int((ids >= 0).sum())
        taken.append(_Taken(file, documents, ids, _marked(file, documents, catalog)))
    return tuple(taken)


def _numbered(file: Parsed, documents: Mapping[str, Document], start: int) -> NDArray[np.int32]:
    if len(documents) == len(file.documents):
        return np.arange(start, start + file.size, dtype=np.int32)
    kept = np.fromiter((provision.document in documents for provision in file.provisions()), dtype=bool, count=file.size)
    return np.where(kept, start + np.cumsum(kept) - 1, -1).astype(np.int32)


def _marked(file: Parsed, documents: Mapping[str, Document], catalog: Catalog) -> dict[int, Provision]:
    """The provisions of which the catalog doubts something."""
    found: dict[int, Provision] = {}
    for number in documents:
        entry = catalog.entry_of(file.name, number)
        if entry.get("doubts"):
            own = (provision for provision in file.provisions() if provision.document == number)
            found |= {provision.id: provision for provision in with_doubts(own, entry)}
    return found


def _documents(taken: Iterable[_Taken], catalog: Catalog) -> list[Document]:
    """The documents of the files, and those that they only name."""
    files = tuple(taken)
    loaded = list({document.number: document for file in files for document in file.documents.values()}.values())
    references = (record for record in _Records(files) if isinstance(record, Reference))
    return loaded + named_documents(references, [document.number for document in loaded], catalog)


def _contents(files: tuple[_Taken, ...], documents: list[Document], judged: Mapping[str, Judgement], meta: dict[str, str]) -> Contents:
    provisions = _Provisions(files)
    offices, defined = _told(provisions, {document.number: document for document in documents})
    documents = [
        replace(d, validity=found.validity, validity_by=found.by, validity_source=found.source) if (found := judged.get(d.number)) else d
        for d in (offices.get(document.number, document) for document in documents)
    ]
    expires = {number: judgement.expires for number, judgement in judged.items() if judgement.expires}
    searched = _Entries(provisions, {document.number: document.title for document in documents if document.title}, defined)
    short_forms = {number: [[one.short, one.long] for one in found] for number, found in defined.items()}
    kept = {
        **meta,
        "expires": json.dumps(expires, ensure_ascii=False),
        DEFINITIONS: json.dumps(short_forms, ensure_ascii=False),
        "families": families_of(documents, provisions),
    }
    return Contents(
        documents, provisions, _Records(files), searched, WordModels(tuple(document.title for document in documents), searched), kept
    )


def own_documents(file: Parsed, catalog: Catalog) -> list[tuple[Document, Document]]:
    """Return the documents of a file, each as read and as the catalog describes it; not those that were removed."""
    told = [(document, described(document, catalog.entry_of(file.name, document.number))) for document in file.documents]
    return [pair for pair in told if not catalog.is_removed(file.name, pair[1].number)]


def _told(provisions: Iterable[Provision], documents: Mapping[str, Document]) -> tuple[dict[str, Document], dict[str, list[Definition]]]:
    """Return the documents with the offices that their heads name, and the short forms that each defines beside those all know."""
    offices: dict[str, Document] = {}
    defined: dict[str, dict[str, Definition]] = {}
    known = abbreviations()
    for provision in provisions:
        number = provision.document
        if number not in offices:
            offices[number] = with_office(documents[number], provision.text)
        for one in definitions_in([provision.whole_text]):
            if one.short.lower() not in known:
                defined.setdefault(number, {}).setdefault(one.short, one)
    return offices, {number: list(of.values()) for number, of in defined.items()}


@dataclass(frozen=True, slots=True)
class WordModels:
    """What is learnt of the words when it is asked for: which comes after which, and in how many provisions each stands."""

    titles: tuple[str, ...]
    entries: Iterable[Entry]

    def items(self) -> list[tuple[str, bytes]]:
        """Return the files of both, each with its name."""
        counts: Counter[str] = Counter()
        sizes = Counter[str]()

        def texts() -> Iterator[str]:
            yield from self.titles
            for entry in self.entries:
                sizes["entries"] += 1
                counts.update(set(fold_tokens(syllables(entry.text))))
                yield f"{entry.headings}\n{entry.text}"

        diacritics = Diacritics.learn(texts()).dump()
        return [
            ("diacritics", diacritics),
            ("frequencies", json.dumps({"size": sizes["entries"], "counts": dict(sorted(counts.items()))}).encode()),
        ]
