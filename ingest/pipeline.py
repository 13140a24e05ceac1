"""The whole way in: files → pages → provisions → records → one published snapshot."""

from __future__ import annotations

import hashlib
import json
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from ingest.catalog import CATALOG, Catalog, given_metadata, named_documents, with_doubts, with_validity
from ingest.collection import read_collection
from ingest.contacts import find_contacts, find_systems
from ingest.deadlines import find_deadlines
from ingest.metadata import read_metadata
from ingest.readers import SUFFIXES, read_file
from ingest.references import find_references
from ingest.structure import build_provisions
from rag.diacritics import Diacritics
from rag.documents import Contact, Deadline, Document, Provision, Record, Reference, System
from rag.errors import ReadError
from rag.index.lexical import Entry
from rag.index.snapshot import Contents, publish
from rag.text import fold_tokens, syllables

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Report:
    """What an ingest did: counts, and the files that were skipped with the reason."""

    documents: int
    provisions: int
    deadlines: int
    contacts: int
    systems: int
    references: int
    skipped: list[tuple[str, str]] = field(default_factory=list)
    seconds: float = 0.0


@dataclass(slots=True)
class _Gathered:
    documents: list[Document] = field(default_factory=list)
    provisions: list[Provision] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)


def ingest(
    corpus: Path,
    data: Path,
    *,
    encoder: str | None = None,
    progress: Progress = lambda line: None,
    extra: Iterable[Path] = (),
) -> Report:
    """Index every document of ``corpus`` (and ``extra`` files) and publish the snapshot under ``data``.

    A file that cannot be read is skipped and reported; nothing is published when none can be.
    Raises ``ReadError`` (no documents, bad catalog), ``IndexBusy``, ``SettingError``.
    """
    started = time.perf_counter()
    catalog = Catalog.load(corpus)
    gathered = _Gathered()
    for path in [*_files(corpus), *extra]:
        progress(f"Đọc {path.name}")
        try:
            _gather(gathered, path, corpus, catalog, data)
        except ReadError as error:
            gathered.skipped.append((path.name, str(error)))
    if not gathered.documents:
        reasons = "; ".join(f"{name}: {reason}" for name, reason in gathered.skipped)
        raise ReadError(f"Không có văn bản nào để lập chỉ mục trong {corpus}. {reasons}".strip())
    contents = _contents(gathered, catalog)
    progress("Lập chỉ mục")
    publish(data, contents, _encoder(encoder), progress)
    return _report(gathered, contents, time.perf_counter() - started)


def _files(corpus: Path) -> list[Path]:
    names = (path for path in sorted(corpus.rglob("*")) if path.is_file() and not path.name.startswith("."))
    return [path for path in names if path.suffix.lower() in {*SUFFIXES, ".jsonl"} and path.name != CATALOG]


def _gather(gathered: _Gathered, path: Path, corpus: Path, catalog: Catalog, data: Path) -> None:
    if path.suffix.lower() == ".jsonl":
        documents, provisions = read_collection(path)
        _add(gathered, documents, provisions)
        return
    document, provisions = read_document(path, catalog, data / "cache")
    if any(known.number == document.number for known in gathered.documents):
        raise ReadError(f"văn bản {document.number} đã có từ tệp khác")
    _add(gathered, [document], provisions)


def read_document(path: Path, catalog: Catalog, cache: Path) -> tuple[Document, list[Provision]]:
    """Read one file into its document and provisions (ids from 0). Raises ``ReadError``."""
    reading = read_file(path, cache=cache)
    checksum = hashlib.sha256(path.read_bytes()).hexdigest()
    by_file = catalog.entry_of_file(path.name)
    document = read_metadata(reading, path.name, checksum, given_metadata(by_file))
    if not document.number:
        document = replace(document, number=path.stem)
    entry = by_file or catalog.entry(document.number)
    document = with_validity(replace(document, **given_metadata(entry)), entry)
    provisions = with_doubts(build_provisions(document.number, reading), entry)
    if not provisions:
        raise ReadError("không tìm thấy nội dung văn bản")
    return document, provisions


def _add(gathered: _Gathered, documents: list[Document], provisions: list[Provision]) -> None:
    base = len(gathered.provisions)
    gathered.documents += documents
    for provision in provisions:
        parent = provision.parent + base if provision.parent is not None else None
        moved = replace(provision, id=provision.id + base, parent=parent)
        gathered.provisions.append(moved)
        if not moved.inline:
            gathered.records += records_of(moved)


def records_of(provision: Provision) -> list[Record]:
    """Return every record that a provision holds."""
    return [*find_deadlines(provision), *find_contacts(provision), *find_systems(provision), *find_references(provision)]


def _contents(gathered: _Gathered, catalog: Catalog) -> Contents:
    references = [record for record in gathered.records if isinstance(record, Reference)]
    loaded = [document.number for document in gathered.documents]
    documents = [*gathered.documents, *named_documents(references, loaded, catalog)]
    titles = {document.number: document.title for document in documents}
    entries = [
        Entry(
            provision.id, searched_text(provision), " ".join((*provision.headings, provision.heading)), titles.get(provision.document, "")
        )
        for provision in gathered.provisions
        if not provision.inline and (provision.text or provision.heading)
    ]
    diacritics = Diacritics.learn([*titles.values(), *(f"{entry.headings}\n{entry.text}" for entry in entries)])
    models = {"diacritics": diacritics.dump(), "frequencies": _frequencies(entries)}
    return Contents(documents, gathered.provisions, gathered.records, entries, models)


def searched_text(provision: Provision) -> str:
    """Return what is searched for a provision: its own heading and text with its footnotes."""
    return "\n".join([provision.heading, provision.text, *(note.text for note in provision.footnotes)])


def _frequencies(entries: list[Entry]) -> bytes:
    """In how many provisions each folded syllable stands: the weight of a word when evidence is judged."""
    counts: Counter[str] = Counter()
    for entry in entries:
        counts.update(set(fold_tokens(syllables(entry.text))))
    return json.dumps({"size": len(entries), "counts": counts}).encode()


def _encoder(name: str | None):  # type: ignore[no-untyped-def]  # the encoder's module is slow to import
    if not name:
        return None
    from rag.encoder import load_encoder

    return load_encoder(name)


def _report(gathered: _Gathered, contents: Contents, seconds: float) -> Report:
    kinds = Counter(type(record) for record in contents.records)
    return Report(
        documents=len(gathered.documents),
        provisions=len(gathered.provisions),
        deadlines=kinds[Deadline],
        contacts=kinds[Contact],
        systems=kinds[System],
        references=kinds[Reference],
        skipped=gathered.skipped,
        seconds=seconds,
    )
