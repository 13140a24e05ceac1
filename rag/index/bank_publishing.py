"""The published bank of questions: built beside the one in use, and put in its place at once, apart from the snapshots.

::

    data/bank/current           names of the parts in use
    data/bank/<part>/           one ``BankIndex`` and its manifest; the large part, and what was taught since
    data/bank/readings.json     what was read in the questions of the large part (``rag.index.bank_readings``)

A part is named by what it was made from, is never changed, and goes when no longer named.
"""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from rag.disk import beside
from rag.errors import IndexDamaged
from rag.index.bank import BankEntry, BankIndex
from rag.index.bank_readings import Readings
from rag.index.lock import pointing
from rag.index.manifest import MANIFEST, damages, problems, read_manifest, write_manifest
from rag.language.diacritics import Diacritics
from rag.question.understanding import Reading

if TYPE_CHECKING:
    from rag.index.vectors import Encoder

_LOG = logging.getLogger(__name__)
_FORMAT = 3  # raise it when what is made of a question changes
_BEFORE = 2  # questions that a follow-up is read with
BANK = "bank"
"""The folder of the bank in the data folder."""


@dataclass(frozen=True, slots=True)
class BankPart:
    """Entries that are kept together, under the ``key`` of what they follow from; ``read`` returns them.

    ``code`` says what reads their questions: another one may read them differently.
    """

    key: str
    read: Callable[[], Sequence[BankEntry]]
    code: str = ""


def build_bank(
    data: Path,
    parts: Sequence[BankPart],
    diacritics: Diacritics,
    encoder: Encoder | None,
    say: Callable[[str], None] = lambda line: None,
    finish: Callable[[Path, Sequence[BankIndex]], None] = lambda folder, parts: None,
) -> list[str]:
    """Build ``parts`` beside the bank in use, and return their names for ``use_bank``.

    A part that is there already is kept as it is, and not read. ``finish`` is called with the folder of the first part. The
    words of later parts weigh as the first one's do. For the holder of the builder's lock. Raises ``OSError``, and
    whatever ``read`` raises.
    """
    folder = data / BANK
    folder.mkdir(parents=True, exist_ok=True)
    names: list[str] = []
    for part in parts:
        names.append(_built(folder, part, diacritics, encoder, names[:1], say))
    if names != bank_in_use(data):
        finish(folder / names[0], [BankIndex.open(folder / name) for name in names])
    return names


def build_later_part(data: Path, entries: Sequence[BankEntry], diacritics: Diacritics, encoder: Encoder | None) -> list[str]:
    """Build ``entries`` as the second part of a bank of which the first part stays; see ``build_bank``. Raises ``OSError``."""
    first = bank_in_use(data)[:1]
    key = json.dumps([[asdict(entry), words_of(entry, diacritics)] for entry in entries], ensure_ascii=False)
    part = BankPart(f"later {key}", lambda: entries)
    if not first:
        return build_bank(data, [BankPart("empty", lambda: ()), part], diacritics, encoder)
    return [*first, _built(data / BANK, part, diacritics, encoder, first, lambda line: None)]


def _built(
    folder: Path, part: BankPart, diacritics: Diacritics, encoder: Encoder | None, first: list[str], say: Callable[[str], None]
) -> str:
    """Return the name of a part, built where it is not there yet; ``first`` names the part whose words weigh, if there is one."""
    content = [_FORMAT, part.code, part.key, encoder.name if encoder else "", first]
    name = hashlib.sha256(json.dumps(content).encode()).hexdigest()[:20]
    if damage_to(folder / name):
        say(f"Lập ngân hàng câu hỏi: {len(entries := part.read())} câu")
        words = [words_of(entry, diacritics) for entry in entries] if first else _words_of_all(folder, part.code, entries, diacritics)
        _build(folder / name, entries, words, encoder, folder / first[0] if first else None)
    return name


def _build(
    path: Path,
    entries: Sequence[BankEntry],
    words: list[list[str]],
    encoder: Encoder | None,
    first: Path | None,
) -> None:
    shutil.rmtree(path, ignore_errors=True)
    vectors = encoder.encode_queries([" ".join(text) for text in words]) if encoder and words else None
    rarity = np.load(first / "rarity.npy") if first else None
    BankIndex.build(path, entries, words, vectors, rarity if rarity is not None and rarity.any() else None)  # none in an empty one
    write_manifest(path, encoder.name if encoder else "", {"entries": len(entries)})


def words_of(entry: BankEntry, diacritics: Diacritics, read: Callable[[str], Reading] = Reading.of) -> list[str]:
    """Return the folded words of an entry's question, after those of the questions it goes on with."""
    return [word for text in (*entry.after[-_BEFORE:], entry.question) for word in read(text).bank_words(diacritics)]


def _words_of_all(folder: Path, code: str, entries: Sequence[BankEntry], diacritics: Diacritics) -> list[list[str]]:
    """The words of the entries of the large part, of which most were read before."""
    readings = Readings(folder / "readings.json", code)
    words = [words_of(entry, diacritics, readings.of) for entry in entries]
    readings.keep()
    return words


def use_bank(data: Path, names: list[str]) -> None:
    """Make these parts the bank in use, and delete those that are in no use; for the holder of the builder's lock."""
    with pointing(data):
        old = bank_in_use(data)
        point_to_bank(data, names)
        sweep_bank(data, [*names, *old])  # what was in use may still be being opened


def point_to_bank(data: Path, names: list[str], *, anew: bool = False) -> None:
    """Make these parts the bank in use; for the holder of ``pointing``. Raises ``OSError``.

    ``anew``: one of them has been put in the place of a damaged one of its name.
    """
    if anew or names != bank_in_use(data) or _made_anew(data, names):
        with beside(data / BANK / "current") as new:
            new.write_text("\n".join(names) + "\n", encoding="utf-8")


def _made_anew(data: Path, names: list[str]) -> bool:
    """Whether one of the parts in use was damaged and has been made again under its name, which readers see by the pointer alone."""
    made = (data / BANK / name / MANIFEST for name in names)
    return any(path.stat().st_mtime_ns > (data / BANK / "current").stat().st_mtime_ns for path in made if path.exists())


def sweep_bank(data: Path, names: list[str]) -> None:
    """Delete every part but these; for the holder of ``pointing`` and of the builder's lock."""
    for path in (data / BANK).glob("*"):
        if path.is_dir() and path.name not in names:
            shutil.rmtree(path, ignore_errors=True)


def bank_in_use(data: Path) -> list[str]:
    """Return the names of the parts in use."""
    return _named(data / BANK)


def _named(folder: Path) -> list[str]:
    try:
        return (folder / "current").read_text(encoding="utf-8").split()
    except (OSError, UnicodeDecodeError):
        return []


def damage_to(part: Path, *, checksums: bool = True) -> list[str]:
    """Return what is wrong with the files of a part, in Vietnamese; ``checksums`` as in ``problems``."""
    try:
        return [type(line)(f"ngân hàng câu hỏi, {line}") for line in problems(read_manifest(part), checksums=checksums)]
    except IndexDamaged as error:
        return [f"ngân hàng câu hỏi, {error}"]


def verify_bank(data: Path) -> list[str]:
    """Compare every file of the bank in use with its checksum; return what is wrong, in Vietnamese."""
    return [line for name in _named(data / BANK) for line in damage_to(data / BANK / name)]


class BankReader:
    """The published bank, whichever it is by now; empty where there is none or where it is damaged, which is logged."""

    def __init__(self, data: Path) -> None:
        self._folder = data / BANK
        self._seen: tuple[int, int] | None = None
        self._parts: tuple[BankIndex, ...] = ()
        self._damaged: set[str] = set()  # parts that were found so while in use
        self.warning = ""
        self._lock = Lock()

    def get(self) -> tuple[BankIndex, ...]:
        """Return the parts of the bank in use, the same objects until another is published; costs one ``stat``."""
        with self._lock:
            stamp = self._stamp()
            if stamp != self._seen:
                self._parts, self._seen = self._open(), stamp
            return self._parts

    def look_again(self) -> bool:
        """Read every file of the parts in use; say whether one is no longer used, because it is damaged."""
        found = {name for name in _named(self._folder) if damages(damage_to(self._folder / name))}
        with self._lock:
            if new := found - self._damaged:
                self._damaged, self._seen = found, None
            return bool(new)

    def _stamp(self) -> tuple[int, int] | None:
        try:
            status = (self._folder / "current").stat()
        except OSError:
            return None
        return status.st_ino, status.st_mtime_ns

    def _open(self) -> tuple[BankIndex, ...]:
        self.warning = ""
        parts = []
        for name in _named(self._folder):
            try:
                if found := damage_to(self._folder / name, checksums=name in self._damaged):
                    raise IndexDamaged(found[0])
                parts.append(BankIndex.open(self._folder / name))
                self._damaged.discard(name)
            except (IndexDamaged, OSError, ValueError, KeyError, TypeError, EOFError) as error:
                _LOG.warning("%s", error)
                self.warning = "Ngân hàng câu hỏi bị hỏng nên chưa dùng được hết. Hãy chạy: tracuu ingest"
        return tuple(parts)
