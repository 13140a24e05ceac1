"""Tra Cứu itself: ingested by the ``tracuu`` command, searched by ``rag.search.Searcher``, a stage at a time."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.search.data import article_id
from benchmarks.search.metrics import DEPTH
from benchmarks.search.system import Rank, System, Unavailable
from rag.index.snapshot import SnapshotReader
from rag.question import understand
from rag.search import Searcher

TRACUU = [sys.executable, "-c", "from bot.cli import main; main()"]
_SECTION = "Điều "

Stage = Callable[[Searcher, str], list[int]]
"""A question → the ids of provisions, the best first."""


def lexical(searcher: Searcher, text: str) -> list[int]:
    """Only the words."""
    return list(searcher._lexical(understand(text, searcher.diacritics), DEPTH, ""))


def vectors(searcher: Searcher, text: str) -> list[int]:
    """Only the vectors."""
    return list(searcher._semantic(understand(text, searcher.diacritics), DEPTH))


def ranked(searcher: Searcher, text: str) -> list[int]:
    """What a question to the product brings."""
    found = searcher.candidates(understand(text, searcher.diacritics), DEPTH)
    return [candidate.provision.id for candidate in found]


@contextmanager
def ingesting(collection: Path, data: Path, stderr: int = subprocess.PIPE) -> Iterator[subprocess.Popen[str]]:
    """Run ``tracuu ingest COLLECTION`` into a data folder, without any other document; it is stopped in the end."""
    with tempfile.TemporaryDirectory() as corpus:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("TRACUU_")}
        environment |= {"TRACUU_DATA": str(data), "TRACUU_CORPUS": corpus}
        command = [*TRACUU, "ingest", str(collection)]
        with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=stderr, text=True) as process:
            try:
                yield process
            finally:
                process.kill()


def _build(collection: Path, folder: Path) -> float:
    shutil.rmtree(folder, ignore_errors=True)
    with ingesting(collection, folder) as process:
        _, said = process.communicate()
    if process.returncode:
        raise Unavailable(f"tracuu ingest: {' '.join(said.split())}")
    return 0.0


def _open(stage: Stage, needs_vectors: bool = False) -> Callable[[Path], Rank]:
    def open_(folder: Path) -> Rank:
        snapshot = SnapshotReader(folder).get()
        if needs_vectors and not snapshot.info.encoder:
            raise Unavailable("the index holds no vectors")
        searcher = Searcher(snapshot)

        def rank(question: str) -> list[str]:
            found = searcher.store.provisions(stage(searcher, question)).values()
            return [article_id(provision.document, provision.section.removeprefix(_SECTION)) for provision in found]

        return rank

    return open_


def _system(name: str, stage: Stage, *, needs_vectors: bool = False) -> System:
    return System(f"**Tra Cứu**, {name}", "tracuu", _build, _open(stage, needs_vectors), cached=False)


OURS = {
    "lexical": _system("lexical", lexical),
    "vectors": _system("vectors", vectors, needs_vectors=True),
    "ranked": _system("re-ranked", ranked),
}
