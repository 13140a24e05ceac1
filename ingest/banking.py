"""From the files of the bank of questions to the bank in use: those on what is loaded; the others sleep."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from ingest.bank_files import KEPT, TAUGHT, Unreadable, question_files, read_all
from ingest.code_version import code_version
from ingest.shared_corpus import Sharing
from rag.choosing.chooser import shipped_chooser
from rag.choosing.fit import write_fit
from rag.disk import checksum
from rag.index.bank import BankEntry, BankIndex
from rag.index.bank_publishing import BANK, BankPart, build_bank, use_bank
from rag.index.snapshot import Snapshot
from rag.index.vectors import Encoder
from rag.language.diacritics import Diacritics
from rag.language.numbers import number_key
from rag.training.fitting import fit_encoder

_READING = ("rag.index.bank_publishing",)
"""Where a question becomes what is kept of it."""


def publish_questions(
    corpus: Path, data: Path, snapshot: Snapshot, encoder: Encoder | None, say: Callable[[str], None], sharing: Sharing | None
) -> list[Unreadable]:
    """Make the questions of ``corpus`` on the shelf of ``snapshot``, which is in use, the bank in use, where they are not yet.

    ``sharing``: where other machines are to have it first. Returns the files that cannot be read, with the reason; their
    questions are left out. For the holder of the builder's lock. Raises ``OSError``, and what ``Sharing.publish`` does.
    """
    names, skipped = build_questions(corpus, data, snapshot, encoder, say)
    if sharing:
        sharing.publish(snapshot.info, names, rebuilt=False)
    use_bank(data, names)
    return skipped


def build_questions(
    corpus: Path, data: Path, snapshot: Snapshot, encoder: Encoder | None, say: Callable[[str], None]
) -> tuple[list[str], list[Unreadable]]:
    """Build the bank of the questions of ``corpus`` on the shelf of ``snapshot``; return its parts for ``use_bank``.

    What was taught may be of any document. The files that cannot be read are returned too, with the reason; their questions
    are left out. For the holder of the builder's lock. Raises ``OSError``.
    """
    skipped: list[Unreadable] = []
    files = question_files(corpus)
    language = snapshot.shelf.model("diacritics")
    written, taught = ([path for path in files if (path.name == TAUGHT) is is_taught] for is_taught in (False, True))
    parts = [
        _part(written, loaded_keys(snapshot.shelf), language, lambda: read_all(written, data / BANK / KEPT, keep=True), skipped),
        _part(taught, loaded_keys(snapshot), language, lambda: read_all(taught), skipped),
    ]

    def finish(folder: Path, found: Sequence[BankIndex]) -> None:
        known = shipped_chooser()
        if encoder and encoder.name != known.encoder and (fit := fit_encoder(snapshot.shelf, encoder, found, known, say)):
            write_fit(folder, fit)

    return build_bank(data, parts, diacritics_of(snapshot), encoder, say, finish), skipped


def loaded_keys(snapshot: Snapshot) -> set[str]:
    """Return the documents that are loaded in full, each by its ``number_key``."""
    return {number_key(document.number) for document in snapshot.store.documents() if document.present}


def diacritics_of(snapshot: Snapshot) -> Diacritics:
    """Return what the questions of the bank are read with."""
    return Diacritics.load(snapshot.shelf.model("diacritics"))


def _part(
    files: Iterable[Path],
    loaded: set[str],
    language: bytes,
    read: Callable[[], tuple[list[BankEntry], list[Unreadable]]],
    skipped: list[Unreadable],
) -> BankPart:
    """The part of some files, which follows from these, from which documents are loaded, and from the words that they know."""

    def awake() -> list[BankEntry]:
        found, unreadable = read()
        skipped.extend(unreadable)
        return [entry for entry in found if number_key(entry.document) in loaded]

    content = [[path.name, checksum(path)] for path in files], sorted(loaded), hashlib.sha256(language).hexdigest()
    return BankPart(hashlib.sha256(json.dumps(content).encode()).hexdigest(), awake, code_version(_READING))
