"""A made-up collection for the index tests, and a builder of it to run, kill and starve as a process of its own.

``python index_builder.py DATA MARK SIZE [--vectors] [--largest-file BYTES]`` prints a line for every step of the build.
"""

from __future__ import annotations

import argparse
import resource
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from rag.documents import Deadline, Document, Provision
from rag.errors import TracuuError
from rag.index.lexical import Entry
from rag.index.making import Contents
from rag.index.publishing import publish
from rag.index.snapshot import Snapshot

NUMBER = "1/SGDĐT-GDPT"


class SyllableEncoder:
    """A real, if simple, encoder: every syllable has a random direction of its own, a text is their sum."""

    name = "syllables"
    dimensions = 64

    def encode_queries(self, texts: Sequence[str]) -> np.ndarray:
        rows = [sum((self._direction(word) for word in text.lower().split()), np.zeros(64)) for text in texts]
        vectors = np.asarray(rows, dtype=np.float32).reshape(len(texts), self.dimensions)
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)

    encode_passages = encode_queries

    def _direction(self, word: str) -> np.ndarray:
        return np.random.default_rng(list(word.encode())).normal(size=64)


def contents(mark: str, size: int = 3) -> Contents:
    """A document of ``size`` provisions; ``mark`` stands in its title and in the text of each."""
    provisions = [
        Provision(n, NUMBER, f"I.{n}", "section", f"{n}", f"Việc thứ {n}", f"Hạn nộp báo cáo {mark} đợt {n}", 1) for n in range(1, size + 1)
    ]
    return Contents(
        documents=[Document(NUMBER, title=f"Công văn {mark}")],
        provisions=provisions,
        records=[Deadline("báo cáo", "trường", "Sở", "10/01", "2027-01-10", "", 1, "Hạn nộp báo cáo")],
        entries=[Entry(p.id, p.text, p.heading, f"Công văn {mark}") for p in provisions],
        models={"diacritics.bin": mark.encode()},
        meta={"mark": mark},
    )


def mark_of(snapshot: Snapshot) -> str:
    """The mark that all parts of a snapshot agree on."""
    mark = snapshot.store.meta("mark")
    found = snapshot.lexical.search({"han_nop": 1.0}, {}, 1)
    assert mark is not None
    assert mark in snapshot.store.provision(found[0][0]).text
    assert snapshot.model("diacritics.bin") == mark.encode()
    if snapshot.near:
        assert snapshot.near.search(SyllableEncoder().encode_queries([f"báo cáo {mark}"])[0], 1)
    return mark


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("mark")
    parser.add_argument("size", type=int)
    parser.add_argument("--vectors", action="store_true")
    parser.add_argument("--largest-file", type=int, default=resource.RLIM_INFINITY)
    options = parser.parse_args()
    # A write beyond the limit fails just as on a full disk.
    resource.setrlimit(resource.RLIMIT_FSIZE, (options.largest_file, options.largest_file))
    encoder = SyllableEncoder() if options.vectors else None
    try:
        publish(options.data, contents(options.mark, options.size), encoder, lambda line: print(line, flush=True))
    except TracuuError as error:
        print(type(error).__name__, error, flush=True)
        raise SystemExit(2) from error


if __name__ == "__main__":
    main()
