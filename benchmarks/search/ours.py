"""Tra Cứu itself: ingested by the ``tracuu`` command, searched by ``rag.finding.search.Searcher``, a stage at a time."""

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
from rag.finding.encoder import open_encoder
from rag.finding.search import Searcher
from rag.index.snapshot import SnapshotReader
from rag.question.understanding import Question, understand

TRACUU = [sys.executable, "-c", "from bot.cli import main; main()"]

Stage = Callable[[Searcher, Question], list[int]]
"""A question → the ids of provisions, the best first."""


def lexical(searcher: Searcher, question: Question) -> list[int]:
    """Only the words."""
    return list(searcher.views.by_words(question, DEPTH))


def vectors(searcher: Searcher, question: Question) -> list[int]:
    """Only the vectors."""
    return list(searcher.views.by_vectors(question, DEPTH))


def hybrid(searcher: Searcher, question: Question) -> list[int]:
    """Words and vectors: the sum of both scores, each as a share of the best one's."""
    words, near = searcher.views.by_words(question, DEPTH), searcher.views.by_vectors(question, DEPTH)
    most, nearest = max(words.values(), default=1.0), max(near.values(), default=1.0)
    scores = {id_: words.get(id_, 0.0) / most + near.get(id_, 0.0) / nearest for id_ in words | near}
    return sorted(scores, key=lambda id_: (-scores[id_], id_))[:DEPTH]


def ranked(searcher: Searcher, question: Question) -> list[int]:
    """What a question to the product brings."""
    return [id_ for id_, _ in searcher.ranked(question)[:DEPTH]]


def section_article(section: str) -> str:
    """Return the article's name in a collection, from the section that ingestion made of it."""
    return section.removeprefix("Điều ")


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


def _open(stage: Stage) -> Callable[[Path], Rank]:
    def open_(folder: Path) -> Rank:
        searcher = Searcher(SnapshotReader(folder).get(), open_encoder(None))

        def rank(question: str) -> list[str]:
            ids = stage(searcher, understand(question, searcher.diacritics))
            found = searcher.store.provisions(ids).values()
            return [article_id(provision.document, section_article(provision.section)) for provision in found]

        return rank

    return open_


def _system(name: str, stage: Stage) -> System:
    return System(f"**Tra Cứu**, {name}", "tracuu", _build, _open(stage), cached=False)


OURS = {
    "lexical": _system("lexical", lexical),
    "vectors": _system("vectors", vectors),
    "hybrid": _system("hybrid", hybrid),
    "ranked": _system("re-ranked", ranked),
}
