"""Tra Cứu for LangChain: its search as a retriever, its encoder as embeddings. docs/developers/langchain.md has a chain.

Nothing else imports this module: LangChain takes a second or two to load.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.retrievers import BaseRetriever
from pydantic import Field, PrivateAttr

from rag.documents import Provision
from rag.errors import SettingError
from rag.finding.encoder import open_encoder
from rag.finding.in_force import asked_day
from rag.finding.search import Searcher
from rag.finding.shelves import Shelves
from rag.index.vectors import Encoder
from rag.question.understanding import understand


class TraCuuRetriever(BaseRetriever):
    """The ``k`` best provisions for a question, from whichever index is in use at the time.

    A document's ``page_content`` is the text of the provision, its ``metadata`` has document, section, page (0: the
    source has no pages), label, score (higher is better, comparable within one question) and validity on the day that
    the question asks about. Made by ``from_data``. Raises ``IndexMissing``, ``IndexDamaged`` or ``SettingError``.
    """

    k: int = Field(default=5, ge=1)
    today: date | None = None
    _shelves: Shelves = PrivateAttr()

    @classmethod
    def from_data(cls, data: Path, k: int = 5, *, encoder: str | None = None, today: date | None = None) -> TraCuuRetriever:
        """Search the index in the folder ``data``; ``encoder`` is the one it was ingested with (``TRACUU_ENCODER``).

        Raises ``IndexMissing`` or ``IndexDamaged``.
        """
        shelves = Shelves(data, encoder)
        _ = shelves.snapshot
        retriever = cls(k=k, today=today)
        retriever._shelves = shelves
        return retriever

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        searcher = self._shelves.searcher()
        question = understand(query, searcher.diacritics)
        day = asked_day(question, self.today or date.today())
        found = searcher.best(replace(question, day=day), self.k)
        return [_document(searcher, provision, score, day) for provision, score in found]


class TraCuuEmbeddings(Embeddings):
    """An encoder as LangChain's embeddings: vectors of length one (or zero, for a text without a known word)."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    @classmethod
    def load(cls, name: str = "") -> TraCuuEmbeddings:
        """Load the encoder ``name``, as ``TRACUU_ENCODER`` would have it; the one that ships where none is named.

        Raises ``SettingError``.
        """
        encoder = open_encoder(name)
        if encoder is None:
            raise SettingError(f"TRACUU_ENCODER={name} nghĩa là không dùng bộ mã hóa, nên không có vector nào để trả về.")
        return cls(encoder)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return the vectors of passages, one a text."""
        vectors: list[list[float]] = self._encoder.encode_passages(texts).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """Return the vector of a question."""
        vector: list[float] = self._encoder.encode_queries([text])[0].tolist()
        return vector


def as_context(documents: Iterable[Document]) -> str:
    """Return provisions as a prompt can hold them: each below the label by which it is cited."""
    return "\n\n".join(f"[{document.metadata['label']}]\n{document.page_content}" for document in documents)


def _document(searcher: Searcher, provision: Provision, score: float, day: date) -> Document:
    return Document(
        page_content=provision.text or provision.heading,
        metadata={
            "document": provision.document,
            "section": provision.section,
            "page": provision.page,
            "label": searcher.label(provision),
            "score": round(score, 4),
            "validity": searcher.validity(provision.document, day),
        },
    )
