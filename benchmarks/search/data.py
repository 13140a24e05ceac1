"""The collections and questions of ``../shared/bench``, and how a collection is written for ``tracuu ingest``."""

from __future__ import annotations

import gzip
import json
import unicodedata
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

BENCH = Path(__file__).resolve().parents[3] / "shared" / "bench"


@dataclass(frozen=True, slots=True)
class Article:
    """One article of a law, in the format of a collection."""

    id: str
    document: str
    article: str
    title: str
    text: str

    @property
    def whole(self) -> str:
        """What the peers index."""
        return f"{self.title}\n{self.text}"


@dataclass(frozen=True, slots=True)
class Question:
    """A question and the ids of the articles that answer it, as ``article_id`` makes them."""

    text: str
    relevant: frozenset[str]


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A collection with its questions; ``missing`` counts questions without a relevant article in the collection."""

    name: str
    articles: list[Article]
    questions: list[Question]
    missing: int

    @property
    def bytes(self) -> int:
        """The size of the text, in UTF-8."""
        return sum(len(article.whole.encode()) for article in self.articles)


def article_id(document: str, article: str) -> str:
    """Return the id by which rankings are compared, however a system writes the document's number."""
    return unicodedata.normalize("NFC", f"{document}+{article}").lower()


def load(name: str) -> Benchmark | None:
    """Return the collection and questions called ``name``, or ``None`` when they are not there."""
    folder = BENCH / name
    if not folder.is_dir():
        return None
    articles, asked = _LOADERS[name](folder)
    known = {article_id(article.document, article.article) for article in articles}
    covered = [Question(text, kept) for text, relevant in asked if (kept := frozenset(relevant) & known)]
    return Benchmark(name, articles, covered, len(asked) - len(covered))


def write_collection(articles: Iterable[Article], path: Path) -> None:
    """Write articles as ``tracuu ingest`` reads them, one JSON object a line."""
    with path.open("w", encoding="utf-8") as file:
        for article in articles:
            file.write(json.dumps(asdict(article), ensure_ascii=False) + "\n")


def read_collection(path: Path) -> list[Article]:
    """Return what ``write_collection`` wrote."""
    with path.open(encoding="utf-8") as file:
        return [Article(**json.loads(line)) for line in file]


def _zalo(folder: Path) -> tuple[list[Article], list[tuple[str, list[str]]]]:
    with gzip.open(folder / "corpus.jsonl.gz", "rt", encoding="utf-8") as lines:
        articles = [_article(**json.loads(line)) for line in lines]
    with (folder / "questions.dev.jsonl").open(encoding="utf-8") as lines:
        asked = [json.loads(line) for line in lines]
    return articles, [(row["question"], [article_id(*place.rsplit("+", 1)) for place in row["relevant"]]) for row in asked]


def _alqac(folder: Path) -> tuple[list[Article], list[tuple[str, list[str]]]]:
    laws: list[dict[str, Any]] = json.loads((folder / "law.json").read_text(encoding="utf-8"))
    articles = []
    for law in laws:
        for article in law["articles"]:
            heading, _, text = article["text"].partition("\n")
            title = f"Điều {article['id']}. {heading.strip()}"
            articles.append(_article(f"{law['id']}+{article['id']}", law["id"], article["id"], title, text.strip() or heading))
    asked = json.loads((folder / "questions.dev.json").read_text(encoding="utf-8"))
    return articles, [(row["text"], [article_id(a["law_id"], a["article_id"]) for a in row["relevant_articles"]]) for row in asked]


def _article(id: str, document: str, article: str, title: str, text: str) -> Article:
    return Article(id, document, str(article), title, text)


_LOADERS = {"zalo": _zalo, "alqac": _alqac}
SETS = tuple(_LOADERS)
