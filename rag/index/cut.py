"""A library that was cut: what lies where, and what is known of the whole without asking anybody.

::

    head.json           how many entries there are, how long they are on average
    frequencies.sqlite  how many entries hold each term, by field
    shards.npy          uint8: the shard of each provision by its id
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from threading import Lock

import numpy as np

from rag.index.arrays import mapped
from rag.index.lexical import BOOSTS, FORMS, LexicalIndex, field_of
from rag.index.token_index import TokenNumbers

MOST = 64
"""Shards of a library."""
_SCHEMA = "CREATE TABLE frequencies (field TEXT, term TEXT, entries INTEGER, PRIMARY KEY (field, term)) WITHOUT ROWID"


def shard_of(number: str, shards: int) -> int:
    """Return the shard of all of a document: it depends on its number alone."""
    return int.from_bytes(blake2b(number.encode(), digest_size=8).digest()) % shards


def cut_name(snapshot: str, shards: int) -> str:
    """Return the id that all pieces of a snapshot have."""
    return f"{snapshot}-{shards}"


def is_cut_of(name: str, snapshot: str) -> bool:
    """Say whether pieces of this id are of a snapshot."""
    return name.rpartition("-")[0] == snapshot


class Where:
    """Which of ``number`` shards has what."""

    def __init__(self, path: Path, number: int) -> None:
        """Open the file of the head in the folder ``path``. Raises ``OSError`` or ``ValueError``."""
        self.number = number
        self._shards = mapped(path / "shards.npy")

    def shard_of(self, document: str) -> int:
        """Return the shard of a document."""
        return shard_of(document, self.number)

    def parted(self, ids: Iterable[int]) -> dict[int, list[int]]:
        """Return the provisions of each shard; those that there are not are left out."""
        parted: dict[int, list[int]] = {}
        for id_ in ids:
            if 0 <= id_ < len(self._shards):
                parted.setdefault(int(self._shards[id_]), []).append(id_)
        return parted


class KeptFrequencies:
    """How often terms stand in the entries of a library that lies elsewhere."""

    def __init__(self, path: Path) -> None:
        """Open the folder ``path``. Raises ``OSError``, ``ValueError`` or ``sqlite3.Error``."""
        known = json.loads((path / "head.json").read_text(encoding="utf-8"))
        self.size: int = known["size"]
        self.means: Mapping[str, float] = known["means"]
        uri = (path / "frequencies.sqlite").resolve().as_uri() + "?mode=ro&immutable=1"
        self._connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
        self._lock = Lock()
        self.frequency = lru_cache(maxsize=100_000)(self._frequency)

    def _frequency(self, field: str, term: str) -> int:
        with self._lock:
            row = self._connection.execute("SELECT entries FROM frequencies WHERE field = ? AND term = ?", (field, term)).fetchone()
        return row[0] if row else 0


def vocabulary(path: Path) -> TokenNumbers:
    """Open the words of a head in the folder ``path``. Raises ``OSError`` or ``ValueError``."""
    known = json.loads((path / "head.json").read_text(encoding="utf-8"))
    return TokenNumbers(path / "tokens", known["size"], known["mean_length"], known["mean_heading"])


def write_knowledge(path: Path, lexical: LexicalIndex, tokens: TokenNumbers) -> None:
    """Write what a head knows of the whole into the folder ``path``. Raises ``OSError`` or ``sqlite3.Error``."""
    known = {"size": tokens.size, "mean_length": tokens.mean_length, "mean_heading": tokens.mean_heading, "means": lexical.means}
    (path / "head.json").write_text(json.dumps(known), encoding="utf-8")
    (path / "tokens").mkdir()
    tokens.write_words(path / "tokens")
    with closing(sqlite3.connect(path / "frequencies.sqlite")) as connection, connection:
        connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _SCHEMA)
        connection.executemany("INSERT INTO frequencies VALUES (?, ?, ?)", _frequencies(lexical, tokens))


def _frequencies(lexical: LexicalIndex, tokens: TokenNumbers) -> Iterator[tuple[str, str, int]]:
    """All terms, a first letter at a time: all of them at once fill the memory."""
    for form, words in zip(FORMS, (tokens.exact, tokens.folded), strict=True):
        for letter in sorted({word[0] for word in words}):
            for field in (field_of(part, form) for part in BOOSTS):
                yield from ((field, term, entries) for term, entries in sorted(lexical.dictionary(field, letter)))


def write_shards(path: Path, numbers: Iterable[tuple[int, str]], size: int, shards: int) -> None:
    """Write the shard of each of ``size`` provisions, given with its document. Raises ``OSError``."""
    of = np.zeros(size, dtype=np.uint8)
    for id_, number in numbers:
        of[id_] = shard_of(number, shards)
    np.save(path / "shards.npy", of)
