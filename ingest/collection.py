"""Reads a collection of articles, one JSON object a line: ``{"id", "document", "article", "title", "text"}``."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

from ingest.references import issuer_of, kind_of
from rag.documents import Document, Provision
from rag.errors import ReadError
from rag.text import normalise


def read_collection(path: Path) -> tuple[list[Document], list[Provision]]:
    """Return the documents of the collection and one provision an article (``Điều <article>``), ids from 0.

    Raises ``ReadError`` that names the line.
    """
    documents: dict[str, Document] = {}
    provisions: list[Provision] = []
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for row, line in enumerate(lines, 1):
            if not line.strip():
                continue
            article = _article(line, f"{path.name}, dòng {row}")
            number = str(article["document"]).upper() if "/" in str(article["document"]) else str(article["document"])
            documents.setdefault(number, Document(number=number, kind=kind_of(number), issuer=issuer_of(number), source=path.name))
            name = str(article["article"])
            heading = normalise(str(article.get("title", ""))).removeprefix(f"Điều {name}.").strip()
            provisions.append(
                Provision(
                    id=len(provisions),
                    document=number,
                    section=f"Điều {name}",
                    kind="article",
                    label=f"Điều {name}",
                    heading=heading,
                    text=normalise(str(article["text"])),
                    page=0,
                )  # fmt: skip
            )
    return list(documents.values()), provisions


def _article(line: str, where: str) -> dict[str, Any]:
    try:
        article = json.loads(line)
        if not isinstance(article, dict) or not {"document", "article", "text"} <= article.keys():
            raise ValueError("thiếu document, article hoặc text")
    except (json.JSONDecodeError, ValueError) as error:
        raise ReadError(f"{where}: {error}") from error
    return article
