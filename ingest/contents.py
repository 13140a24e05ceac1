"""Parsed files and the catalog -> the contents of one snapshot."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from ingest.catalog import Catalog, described, named_documents, with_doubts
from ingest.families import families_of
from ingest.offices import with_office
from ingest.parsed import Parsed
from ingest.sources import is_collection
from ingest.validity import Judgement, Relation, judgements
from rag.documents import Document, Provision, Record, Reference
from rag.index.lexical import Entry
from rag.index.publishing import Contents
from rag.language.definitions import DEFINITIONS, Definition, definitions_in, written_both_ways
from rag.language.diacritics import Diacritics
from rag.language.numbers import number_key
from rag.language.text import abbreviations, fold_tokens, syllables


@dataclass(slots=True)
class _Gathered:
    documents: list[Document] = field(default_factory=list)
    provisions: list[Provision] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)


def build_contents(parsed: Iterable[Parsed], catalog: Catalog, meta: dict[str, str]) -> Contents:
    """Return the contents of a snapshot: the documents of ``parsed``, those they name, and the models.

    Where there are collections beside other files, those others once more make the shelf, which is asked first. The
    first of several documents of one number counts. Raises ``ReadError`` for a catalog entry that cannot be used.
    """
    files = list(parsed)
    whole = _gather(files, catalog)
    entries = {document.number: catalog.standing(document) for document in whole.documents}
    judged = judgements(whole.documents, whole.relations, entries)
    own = [file for file in files if not is_collection(Path(file.name))]
    shelf = _contents(_gather(own, catalog), judged, meta) if 0 < len(own) < len(files) else None
    return replace(_contents(whole, judged, meta), shelf=shelf)


def _gather(files: Iterable[Parsed], catalog: Catalog) -> _Gathered:
    """Put the files together, with the documents that they only name."""
    gathered = _Gathered()
    seen: set[str] = set()
    for file in files:
        _add(gathered, file, catalog, seen)
    references = [record for record in gathered.records if isinstance(record, Reference)]
    gathered.documents += named_documents(references, [document.number for document in gathered.documents], catalog)
    return gathered


def _contents(gathered: _Gathered, judged: Mapping[str, Judgement], meta: dict[str, str]) -> Contents:
    documents = [
        replace(d, validity=found.validity, validity_by=found.by, validity_source=found.source) if (found := judged.get(d.number)) else d
        for d in _with_offices(gathered)
    ]
    expires = {number: judgement.expires for number, judgement in judged.items() if judgement.expires}
    defined = _definitions(gathered.provisions)
    searched = _entries(gathered.provisions, {document.number: document.title for document in documents}, defined)
    titles = [document.title for document in documents]
    diacritics = Diacritics.learn([*titles, *(f"{entry.headings}\n{entry.text}" for entry in searched)])
    models = {"diacritics": diacritics.dump(), "frequencies": frequencies(searched)}
    short_forms = {number: [[one.short, one.long] for one in found] for number, found in defined.items()}
    kept = {
        **meta,
        "expires": json.dumps(expires, ensure_ascii=False),
        DEFINITIONS: json.dumps(short_forms, ensure_ascii=False),
        "families": families_of(documents, gathered.provisions),
    }
    return Contents(documents, gathered.provisions, gathered.records, searched, models, kept)


def _with_offices(gathered: _Gathered) -> list[Document]:
    heads = {provision.document: provision.text for provision in reversed(gathered.provisions)}  # the first of each
    return [with_office(document, heads.get(document.number, "")) if document.present else document for document in gathered.documents]


def own_documents(file: Parsed, catalog: Catalog) -> list[tuple[Document, Document]]:
    """Return the documents of a file, each as read and as the catalog describes it; not those that were removed."""
    told = [(document, described(document, catalog.entry_of(file.name, document.number))) for document in file.documents]
    return [pair for pair in told if not catalog.is_removed(file.name, pair[1].number)]


def _add(gathered: _Gathered, file: Parsed, catalog: Catalog, seen: set[str]) -> None:
    numbers: dict[str, str] = {}  # as read -> as the catalog writes it, for the documents taken
    doubted: list[Document] = []
    for document, told in own_documents(file, catalog):
        if (key := number_key(told.number)) in seen:
            continue
        seen.add(key)
        numbers[document.number] = told.number
        gathered.documents.append(told)
        if catalog.entry_of(file.name, document.number).get("doubts"):
            doubted.append(document)
    ids: dict[int, int] = {}
    provisions = [provision for provision in file.provisions() if provision.document in numbers]
    for document in doubted:
        marked = {
            p.id: p
            for p in with_doubts((p for p in provisions if p.document == document.number), catalog.entry_of(file.name, document.number))
        }
        provisions = [marked.get(provision.id, provision) for provision in provisions]
    for provision in provisions:
        ids[provision.id] = len(gathered.provisions)
        parent = ids[provision.parent] if provision.parent is not None else None
        moved = replace(provision, id=ids[provision.id], parent=parent, document=numbers[provision.document])
        gathered.provisions.append(moved)
    gathered.records += [replace(record, provision=ids[record.provision]) for record in file.records() if record.provision in ids]
    gathered.relations += [replace(relation, by=numbers[relation.by]) for relation in file.relations if relation.by in numbers]


def _definitions(provisions: Iterable[Provision]) -> dict[str, list[Definition]]:
    """The short forms that each document defines, besides those that everybody knows."""
    texts: dict[str, list[str]] = {}
    for provision in provisions:
        texts.setdefault(provision.document, []).append(provision.whole_text)
    known = abbreviations()
    found = {number: [one for one in definitions_in(of) if one.short.lower() not in known] for number, of in texts.items()}
    return {number: of for number, of in found.items() if of}


def _entries(provisions: Iterable[Provision], titles: dict[str, str], defined: Mapping[str, list[Definition]]) -> list[Entry]:
    return [
        Entry(
            p.id,
            written_both_ways(p.whole_text, defined.get(p.document, ())),
            written_both_ways(" ".join((*p.headings, p.heading)), defined.get(p.document, ())),
            titles.get(p.document, ""),
        )
        for p in provisions
        if not p.inline and (p.text or p.heading)
    ]


def frequencies(entries: list[Entry]) -> bytes:
    """In how many provisions each folded syllable stands: the weight of a word when evidence is judged."""
    counts: Counter[str] = Counter()
    for entry in entries:
        counts.update(set(fold_tokens(syllables(entry.text))))
    return json.dumps({"size": len(entries), "counts": counts}).encode()
