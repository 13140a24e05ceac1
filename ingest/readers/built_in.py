"""The readers of our own, as an entry point names them; what a format needs is imported where a file of it is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ingest.readers.contract import Context, Reading


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """A ``Reader``."""

    label: str
    suffixes: tuple[str, ...]
    read: Callable[[Path, Context], Reading]
    media_types: Mapping[str, str] = field(default_factory=dict)


def _pdf(path: Path, context: Context) -> Reading:
    from ingest.readers.pdf import read_pdf

    return read_pdf(path, context.cache, context.progress, elsewhere=context.elsewhere)


def _picture(path: Path, context: Context) -> Reading:
    from ingest.readers.pictures import read_picture

    return read_picture(path, context.cache, context.progress, elsewhere=context.elsewhere)


def _word(path: Path, _: Context) -> Reading:
    from ingest.readers.docx import read_docx

    return read_docx(path)


def _old_word(path: Path, _: Context) -> Reading:
    from ingest.readers.docx import read_doc

    return read_doc(path)


def _html(path: Path, _: Context) -> Reading:
    from ingest.readers.html import read_html

    return read_html(path)


def _markdown(path: Path, _: Context) -> Reading:
    from ingest.readers.plain import read_markdown

    return read_markdown(path)


def _text(path: Path, _: Context) -> Reading:
    from ingest.readers.plain import read_text

    return read_text(path)


pdf = BuiltIn("PDF", (".pdf",), _pdf, {"application/pdf": ".pdf"})
pictures = BuiltIn(
    "ảnh quét",
    (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp"),
    _picture,
    {"image/png": ".png", "image/jpeg": ".jpg", "image/tiff": ".tif"},
)
word = BuiltIn("Word", (".docx",), _word, {"application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx"})
old_word = BuiltIn("Word", (".doc",), _old_word, {"application/msword": ".doc"})
html = BuiltIn("HTML", (".html", ".htm"), _html, {"text/html": ".html", "application/xhtml+xml": ".html"})
markdown = BuiltIn("Markdown", (".md", ".markdown"), _markdown, {"text/markdown": ".md"})
text = BuiltIn("văn bản thuần", (".txt",), _text, {"text/plain": ".txt"})
