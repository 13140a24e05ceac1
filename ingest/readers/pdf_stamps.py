"""Stamps of a PDF: number, date and names that signing programs put over a page as annotations and form fields.

They are drawn into the page, as it is shown to people. What readers noted on it (comments, highlights) is no part of the
document, nor is a block that says who signed and when; of such a block only the document's number stays.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from ingest.readers.clean import clean_line
from ingest.readers.lines import PageWords, Word
from ingest.readers.pdf_page import read_page
from rag.language.numbers import find_numbers

_SHOWN = (raw.FPDF_ANNOT_FREETEXT, raw.FPDF_ANNOT_STAMP, raw.FPDF_ANNOT_WIDGET)
_FIELDS_OF_TEXT = ("Tx", "Ch", "Btn")
_DEEPEST = 8  # forms in forms
_SIGNING = re.compile(r"\d:\d\d|\S@\S|^[^\d:]{2,40}:\D*$")
"""A line that only signing programs write: a time of day, an address, ``Ký bởi: …``."""
_FIGURES = re.compile(r"[^\d:]*:?\s*\d{1,5}\s*")

Item = Any
"""A page object, a page's words or an annotation of PDFium."""


class _Written(NamedTuple):
    """A text in a form: the form right around it, the text, what it says."""

    form: Item
    item: Item
    text: str


@dataclass(frozen=True, slots=True)
class StampedPage:
    """A page with its stamps drawn into it, as the objects of ``stamps`` (a form of PDFium; none: ``None``)."""

    page: pdfium.PdfPage
    stamps: Item = None

    @property
    def has_words(self) -> bool:
        """Whether a stamp has words, not only a picture."""
        return any(text for _, _, text in self._written())

    def take_off_words(self) -> None:
        """Take the stamps that have words off the page again; pictures stay."""
        for written in list(self._written()):
            _take_off(written.form, written.item)

    def _written(self) -> Iterator[_Written]:
        if self.stamps is not None:
            words = self.page.get_textpage()
            yield from _texts(self.stamps, words.raw)
            words.close()


def open_page(document: pdfium.PdfDocument, index: int) -> StampedPage:
    """Open a page, at most once for an open document. Raises ``PdfiumError`` for a damaged one."""
    page = document[index]
    signing = _drop_notes(page)
    if not signing:
        return StampedPage(page)
    before = raw.FPDFPage_CountObjects(page.raw)
    raw.FPDFPage_Flatten(page.raw, raw.FLAT_NORMALDISPLAY)
    page.close()
    page = document[index]
    if raw.FPDFPage_CountObjects(page.raw) != before + 1:
        return StampedPage(page)
    stamps = raw.FPDFPage_GetObject(page.raw, before)
    words = page.get_textpage()
    drawn = list(_children(stamps))
    for position, stamp in enumerate(drawn):
        if len(drawn) != len(signing) or signing[position]:
            _strip_signing_block(stamps, stamp, words.raw)
    words.close()
    return StampedPage(page, stamps)


def stamp_words(opened: StampedPage, words: list[Word]) -> list[Word]:
    """Return those of the page's words that stand in stamps, and take these off the page."""
    if not opened.has_words:
        return []
    opened.take_off_words()
    others = {(word.text, word.x0, word.top) for word in read_page(opened.page).words}
    return [word for word in words if (word.text, word.x0, word.top) not in others]


def placed(stamps: list[Word], page: PageWords, picture: PageWords) -> list[Word]:
    """Return the stamps of a page where they stand on its picture; none where the picture was turned."""
    across, down = picture.width / max(page.width, 1.0), picture.height / max(page.height, 1.0)
    if not 0.97 < across / max(down, 0.001) < 1.03:
        return []
    return [
        replace(w, x0=w.x0 * across, x1=w.x1 * across, top=w.top * down, bottom=w.bottom * down, size=w.size * down, glued=False)
        for w in stamps
    ]


def _drop_notes(page: pdfium.PdfPage) -> list[bool]:
    """Remove what readers noted on the page; say of each annotation left, whether a signing program may have put it there."""
    left = []
    for index in reversed(range(raw.FPDFPage_GetAnnotCount(page.raw))):
        annotation = raw.FPDFPage_GetAnnot(page.raw, index)
        kind = raw.FPDFAnnot_GetSubtype(annotation)
        drawn = bool(raw.FPDFAnnot_HasKey(annotation, b"AP")) and not raw.FPDFAnnot_GetFlags(annotation) & raw.FPDF_ANNOT_FLAG_HIDDEN
        field = _string(raw.FPDFAnnot_GetStringValue, annotation, b"FT")
        raw.FPDFPage_CloseAnnot(annotation)
        if kind not in _SHOWN:
            raw.FPDFPage_RemoveAnnot(page.raw, index)
        elif drawn:
            left.append(kind != raw.FPDF_ANNOT_FREETEXT and field not in _FIELDS_OF_TEXT)
    return left[::-1]


def _strip_signing_block(parent: Item, stamp: Item, words: Item) -> None:
    """Take a block that says who signed and when off the page, but for a line with the document's number."""
    lines: dict[int, list[_Written]] = {}
    for written in _texts(stamp, words):
        lines.setdefault(_level(written.item), []).append(written)
    said = {level: clean_line(" ".join(piece.text for piece in pieces)) for level, pieces in lines.items()}
    kept = {level for level, line in said.items() if _says_number(line)}
    if not any(_SIGNING.search(line) for level, line in said.items() if level not in kept):
        return
    if not kept:
        _take_off(parent, stamp)
        return
    for level, pieces in lines.items():
        if level not in kept:
            for piece in pieces:
                _take_off(piece.form, piece.item)


def _says_number(line: str) -> bool:
    return bool(_FIGURES.fullmatch(line)) or ("@" not in line and bool(find_numbers(line)))


def _texts(item: Item, words: Item, depth: int = 0) -> Iterator[_Written]:
    """Yield the texts in a form."""
    for child in list(_children(item)):
        kind = raw.FPDFPageObj_GetType(child)
        if kind == raw.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
            yield from _texts(child, words, depth + 1)
        elif kind == raw.FPDF_PAGEOBJ_TEXT and (text := _string(raw.FPDFTextObj_GetText, child, words).strip()):
            yield _Written(item, child, text)


def _children(form: Item) -> Iterator[Item]:
    for index in range(raw.FPDFFormObj_CountObjects(form)):
        yield raw.FPDFFormObj_GetObject(form, index)


def _take_off(form: Item, item: Item) -> None:
    if raw.FPDFFormObj_RemoveObject(form, item):
        raw.FPDFPageObj_Destroy(item)


def _level(item: Item) -> int:
    """The height at which a text stands in its form."""
    matrix = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(item, ctypes.byref(matrix))
    return round(float(matrix.f))


def _string(getter: Callable[..., int], item: Item, key: Item | bytes) -> str:
    """Return what PDFium writes as UTF-16 into a buffer whose length it tells first."""
    length = getter(item, key, None, 0)
    buffer = ctypes.create_string_buffer(length + 2)
    getter(item, key, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), length)
    return buffer.raw.decode("utf-16-le", errors="replace").partition("\0")[0]
