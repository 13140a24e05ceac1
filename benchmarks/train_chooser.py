"""Learn to choose: ``make train-chooser``.

From three kinds of questions whose provisions are known: the bank of ``corpus/questions`` on the documents of ``corpus``; the
same with the documents that the directive lists and the laws beside them (``../shared``), where each question has more
to be mistaken for; and citizens' questions on collections (``../shared/bench``), which have no bank. What is learnt is
written to ``rag/data/chooser.json`` with its figures by writers held out.

``--unasked`` learns the other one, ``rag/data/chooser_unasked.json``, for documents on which there are no questions: from small
shelves cut out of the same documents, and the invented ones of ``benchmarks/office``.
"""

from __future__ import annotations

import argparse
import pickle
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import yaml

from benchmarks.search.corruption import VARIANTS, corrupt
from benchmarks.search.data import BENCH, SETS, Benchmark, article_id, load
from benchmarks.search.measure import REPO, Indexes
from benchmarks.search.ours import section_article
from benchmarks.small_shelves import office_examples, small_examples
from ingest.bank_files import question_files, read_questions
from ingest.build import Build
from ingest.catalog import Catalog
from ingest.options import Options
from ingest.pipeline import files_of, ingest
from rag.choosing.chooser import UNASKED
from rag.finding.encoder import open_encoder
from rag.finding.search import Searcher
from rag.index.bank import CHOOSER, BankEntry
from rag.index.bank_publishing import BankReader
from rag.index.snapshot import SnapshotReader
from rag.question.understanding import understand
from rag.training.chooser import write
from rag.training.chooser_examples import WITHOUT_BANK, Example, bank_examples

_CACHE = REPO / "build" / "bench"
_SHARED = REPO.parent / "shared"
WITHOUT_VECTORS = "without vectors"
_FAR = frozenset(("w03", "w05", "w10", "w11", "w12", "w13", "w14", "w15", "w16"))
_LEVELS = {"answer": 0.52, "offer": 0.15, "answer_without_bank": 0.64}
_SMALL_SHELVES, _OFFICE_ROUNDS = 40, 24
_PARTS = {  # files that tell no number of their own
    "09-2021-TT-BGDDT.part.md": "09/2021/TT-BGDĐT",
    "42-2021-TT-BGDDT.part.md": "42/2021/TT-BGDĐT",
    "25-2024-TT-BGDDT.part.md": "25/2024/TT-BGDĐT",
    "15-2025-TT-BGDDT.part-PhongVHXH.md": "15/2025/TT-BGDĐT",
}
_BESIDE = (
    *(
        f"texts/{name}"
        for name in ("91-2025-QH15.md", "13-2023-ND-CP.txt", "43-2019-QH14.txt", "15-2018-TT-BGDDT.txt", "19-2023-TT-BGDDT.txt")
    ),
    *(
        f"listed/{name}"
        for name in ("02-2025-TT-BGDDT.txt", "06-QD-TTg.txt", "131-QD-TTg.txt", "57-NQ-TW.txt", "71-NQ-TW.txt", "3456-BGDDT-GDPT.md")
    ),
    *(f"listed/{name}" for name in _PARTS),
)


def main() -> None:
    """Learn from all that is there; ``--from`` takes examples kept by an earlier ``--keep``."""
    parser = argparse.ArgumentParser(prog="benchmarks.train_chooser", description=__doc__.splitlines()[0])
    parser.add_argument("--kinds", type=lambda text: text.split(","), default=["shelf", "beside", *SETS], help="shelf,beside,zalo,alqac")
    parser.add_argument("--keep", type=Path, help="a folder to keep the examples in; those that are there are taken")
    parser.add_argument("--to", type=Path, default=CHOOSER, help="default: the file that ships")
    parser.add_argument("--unasked", action="store_true", help="the chooser for documents without questions")
    chosen = parser.parse_args()
    if chosen.unasked:
        chosen.kinds, chosen.to = ["small", "office"], UNASKED
    found = [example for kind in chosen.kinds for example in _kept(kind, chosen.keep) if not _is_far(example)]
    encoder = open_encoder(None)
    assert encoder is not None
    for group, figures in write(chosen.to, found, _LEVELS, {"encoder": encoder.name}, few=chosen.unasked).items():
        for variant, values in figures.items():
            print(f"{group:10} {variant:30} {values}", flush=True)


def _is_far(example: Example) -> bool:
    """Paraphrases that share no word with the document, and English, are beyond anybody who has no bank of such questions."""
    return example.variant.endswith(WITHOUT_BANK) and example.writer in _FAR


def _kept(kind: str, folder: Path | None) -> list[Example]:
    file = folder / f"{kind}.pickle" if folder else None
    if file and file.is_file():
        known: list[Example] = pickle.loads(file.read_bytes())
        return known
    examples = list(_examples(kind))
    print(f"{kind}: {len(examples)} examples", flush=True)
    if file:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(pickle.dumps(examples))
    return examples


def _examples(kind: str) -> Iterator[Example]:
    if kind in SETS:
        return _of_benchmark(kind)
    if kind == "small":
        return _of_small_shelves()
    if kind == "office":
        return office_examples(REPO / "benchmarks" / "office", open_encoder(None), REPO / "build" / "chooser" / "office", _OFFICE_ROUNDS)
    return _of_bank(REPO / "corpus", "shelf", 1.0) if kind == "shelf" else _of_bank(_corpus_beside(), "beside", 0.6)


def _of_bank(corpus: Path, name: str, share: float) -> Iterator[Example]:
    data = REPO / "build" / "chooser" / name
    ingest(corpus, data, Options())
    yield from bank_examples(SnapshotReader(data).get().shelf, open_encoder(None), BankReader(data).get(), name, share=share)


def _of_small_shelves() -> Iterator[Example]:
    corpus, data = _corpus_beside(), REPO / "build" / "chooser" / "beside"
    contents = Build.prepare(corpus, data, files_of(corpus, data), Catalog.load(corpus), print).contents()
    entries = [entry for file in question_files(corpus) for entry in read_questions(file) if entry.writer not in _FAR]
    return small_examples(contents, entries, open_encoder(None), REPO / "build" / "chooser" / "small", _SMALL_SHELVES)


def _corpus_beside() -> Path:
    """The corpus with the texts beside it; parts of documents are told their numbers by a catalog."""
    corpus = REPO / "build" / "chooser" / "corpus"
    shutil.rmtree(corpus, ignore_errors=True)
    shutil.copytree(REPO / "corpus", corpus)
    for name in _BESIDE:
        if not (_SHARED / name).is_file():
            sys.exit(f"Không có {_SHARED / name}: không học được.")
        shutil.copy(_SHARED / name, corpus)
    catalog = yaml.safe_load((corpus / "catalog.yaml").read_text(encoding="utf-8"))
    numbers = {number: file for file, number in _PARTS.items()}
    for entry in catalog["documents"]:
        if entry["number"] in numbers:
            entry["file"] = numbers[entry["number"]]
    (corpus / "catalog.yaml").write_text(yaml.safe_dump(catalog, allow_unicode=True), encoding="utf-8")
    return corpus


def _of_benchmark(name: str) -> Iterator[Example]:
    benchmark = load(name)
    if benchmark is None:
        sys.exit(f"Không có {BENCH / name}: không học được.")
    folder, _ = Indexes(benchmark, _CACHE).folder("ranked")
    return _asked(benchmark, folder)


def _asked(benchmark: Benchmark, folder: Path) -> Iterator[Example]:
    """Yield what the chooser would see of every question in every way of typing, and once without vectors."""
    snapshot = SnapshotReader(folder).get()
    searcher, blind = Searcher(snapshot, open_encoder(None)), Searcher(snapshot)
    for at, question in enumerate(benchmark.questions):
        for variant in (*VARIANTS, WITHOUT_VECTORS):
            asking = blind if variant == WITHOUT_VECTORS else searcher
            text = question.text if asking is blind else corrupt(question.text, variant)
            considered = asking.considered(understand(text, searcher.diacritics))
            provisions = searcher.store.provisions(considered.ids).values()
            names = [article_id(provision.document, section_article(provision.section)) for provision in provisions]
            right = np.array([name in question.relevant for name in names], dtype=bool)
            missed = len(question.relevant - set(names))
            name = f"{benchmark.name} {at}"
            yield Example(name, f"{benchmark.name}, {variant}", considered.rows, right, missed, "", tuple(considered.documents))
    for at, entry in enumerate(_unanswerable()):
        considered = searcher.considered(understand(entry.question, searcher.diacritics))
        none = np.zeros(len(considered.ids), dtype=bool)
        variant = f"{benchmark.name}, unanswerable"
        yield Example(f"{variant} {at}", variant, considered.rows, none, 0, "", tuple(considered.documents), answerable=False)


def _unanswerable() -> list[BankEntry]:
    """Questions that the directive leaves open: most laws do, too."""
    entries = [entry for file in question_files(REPO / "corpus") for entry in read_questions(file) if entry.document.startswith("2607")]
    return [entry for entry in entries if not entry.sections and not entry.after][::4]


if __name__ == "__main__":
    main()
