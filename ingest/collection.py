"""Reads a collection of articles, one JSON object a line: ``{"id", "document", "article", "title", "text"}``."""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from ingest.number_in_name import as_written
from ingest.references import issuer_of, kind_of
from rag.documents import Document, Provision
from rag.errors import ReadError
from rag.language.text import normalise

_LONGEST = 4_000_000  # characters of a line
_LEAST, _MOST, _MEAN = 500, 2000, 750  # lines of a chunk: after the least ends, as the lines say, one in so many
_FULL = 16_000_000  # characters of a chunk
_PART = re.compile(r"[^-/]+")  # of a number


Chunk = list[tuple[int, str]]
"""Some lines of a collection, one after another, each with its number in the file."""


def read_collection(path: Path) -> tuple[list[Document], list[Provision]]:
    """Return the documents of the collection and one provision an article (``Điều <article>``), ids from 0.

    Raises ``ReadError`` that names the line.
    """
    return read_articles(path.name, _lines(path))


def read_articles(name: str, lines: Iterable[tuple[int, str]]) -> tuple[list[Document], list[Provision]]:
    """Return what ``read_collection`` does, of some lines with their numbers in the file called ``name``."""
    documents: dict[str, Document] = {}
    provisions: list[Provision] = []
    for row, line in lines:
        article = _article(line, f"{name}, dòng {row}")
        number = _number(str(article["document"]))
        documents.setdefault(number, Document(number=number, kind=kind_of(number), issuer=issuer_of(number), source=name))
        called = str(article["article"])
        heading = normalise(str(article.get("title", ""))).removeprefix(f"Điều {called}.").strip()
        section = f"Điều {called}"
        text = normalise(str(article["text"]))
        provisions.append(Provision(len(provisions), number, section, "article", section, heading, text, page=0))
    return list(documents.values()), provisions


def chunks_of(path: Path) -> Iterator[Chunk]:
    """Cut a collection into chunks. Where one ends is said by its last line, so that a new line moves no other chunk.

    Raises ``ReadError`` that names the line.
    """
    chunk, size = Chunk(), 0
    for row, line in _lines(path):
        chunk.append((row, line))
        size += len(line)
        ends = len(chunk) >= _LEAST and zlib.crc32(line.encode()) % _MEAN == 0
        if ends or len(chunk) >= _MOST or size >= _FULL:
            yield chunk
            chunk, size = Chunk(), 0
    if chunk:
        yield chunk


def _number(given: str) -> str:
    """Return a number as the collection writes it; where it has made all letters small, as no office does, with their capitals."""
    return _PART.sub(_in_capitals, given) if "/" in given and given == given.lower() else given


def _in_capitals(found: re.Match[str]) -> str:
    part, written = found.group(), as_written(found.group())
    return written if written.lower() == part else part.upper()  # nothing but the capitals is guessed


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield every line that is not empty, with its number."""
    opener = gzip.open if path.suffix == ".gz" else open
    row = 0
    try:
        with opener(path, "rt", encoding="utf-8-sig") as lines:
            # What unpacks without end, or has no ends of lines, would fill the memory.
            for row, line in enumerate(iter(lambda: lines.readline(_LONGEST), ""), 1):
                if len(line) == _LONGEST:
                    raise ReadError(f"{path.name}, dòng {row}: dài quá {_LONGEST // 1_000_000} triệu chữ")
                if line.strip():
                    yield row, line
    except UnicodeDecodeError as error:
        raise ReadError(f"{path.name}, sau dòng {row}: không phải chữ UTF-8") from error
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise ReadError(f"{path.name}, sau dòng {row}: tệp nén hỏng hoặc thiếu phần cuối") from error


def _article(line: str, where: str) -> dict[str, Any]:
    try:
        article = json.loads(line)
        if not isinstance(article, dict) or not {"document", "article", "text"} <= article.keys():
            raise ValueError("thiếu document, article hoặc text")
    except (ValueError, RecursionError) as error:
        raise ReadError(f"{where}: {error}") from error
    return article
