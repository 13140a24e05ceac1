"""How well files are read: word error rates, pages a second. Run ``python -m benchmarks.readers [--all]``.

Reads ``../shared/pdf``. Words are compared in lower case, without punctuation and table rows; ``hoà`` equals ``hòa``.
A *word error rate* is insertions + deletions + substitutions over the words of the truth, in order. The layer of a
text PDF is its own truth: there the *bag* error counts, page by page, words of PDFium's plain extraction that are lost
(running heads and page numbers aside), and words of the prose that are invented.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pypdfium2 as pdfium
from rapidfuzz.distance import Levenshtein
from rich.console import Console
from rich.table import Table

from ingest.readers import Page, Reading, read_file
from ingest.readers.clean import clean
from rag.language.text import canonical, words

SHARED = Path(__file__).resolve().parents[2] / "shared" / "pdf"
SCANS = {"17-2021-TT-BGDDT": "md", "24-2023-ND-CP": "md", "911-TB-DHVN": "md"}
TRAP = "4998-QD-BGDDT"
TRAP_PAGES = (3, 4)
"""Pages of the 174 that hold the prose of the docx; the rest are tables."""
ENGLISH_PAGES = (2, 3, 20)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", action="store_true", help="read every page of the 174-page scan")
    whole = parser.parse_args().all
    if not SHARED.is_dir():
        sys.exit(f"Không có {SHARED}: không đo được.")
    table = Table("file", "pages", "word error", "bar", "s/page", "read by")
    with tempfile.TemporaryDirectory() as folder:
        for row in [*text_rows(), *scan_rows(Path(folder)), *trap_rows(Path(folder), whole)]:
            table.add_row(*row)
    Console(width=120).print(table)


def text_rows() -> list[list[str]]:
    """Text PDFs: bag error against PDFium's plain text, and speed."""
    rows = []
    for path in sorted((SHARED / "text").glob("*.pdf")):
        began = time.perf_counter()
        reading = read_file(path)
        seconds = (time.perf_counter() - began) / len(reading.pages)
        plain = plain_text(path)
        pages = [page for page in reading.pages if page.read_as == "text"]
        error = bag_error([plain[page.number - 1] for page in pages], [page.text for page in pages])
        rows.append(_row(f"text/{path.name}", reading, error, "1 %", seconds))
    return rows


def scan_rows(cache: Path) -> list[list[str]]:
    """Scans: word error rate against transcriptions, and against the text twin of 39-2020."""
    rows = []
    errors = []
    for name, suffix in SCANS.items():
        reading, seconds = _read(SHARED / "scan" / f"{name}.pdf", cache)
        error = word_error(transcription(SHARED / "truth" / f"{name}.{suffix}"), _prose(reading.pages))
        errors.append(error)
        rows.append(_row(f"scan/{name}", reading, error, "", seconds))
    rows.append(["scan/ mean", "", f"{sum(errors) / len(errors):.1%}", "5 %", "", ""])
    reading, seconds = _read(SHARED / "scan" / "39-2020-TT-BGDDT.pdf", cache)
    twin = _prose(read_file(SHARED / "text" / "39-2020-TT-BGDDT.pdf").pages)
    rows.append(_row("scan/39-2020 against its twin", reading, word_error(twin, _prose(reading.pages)), "3 %", seconds))
    return rows


def trap_rows(cache: Path, whole: bool) -> list[list[str]]:
    """Text layers that must not be trusted."""
    source = SHARED / "trap" / f"{TRAP}-english-ocr-layer.pdf"
    path = source if whole else _sample(source, TRAP_PAGES, cache)
    reading, seconds = _read(path, cache)
    truth = _prose(read_file(SHARED / "truth" / f"{TRAP}.docx").pages)
    prose = _prose([page for page in reading.pages if not whole or page.number in TRAP_PAGES])
    error = word_error(truth[: len(prose)], prose)  # the docx goes on with the headings of the tables
    rows = [_row(f"trap/{TRAP}", reading, error, "8 %", seconds)]
    source = SHARED / "trap" / "1132-QD-DHVN-broken-font-map.pdf"
    reading, seconds = _read(_sample(source, ENGLISH_PAGES, cache), cache)
    plain = plain_text(source)
    layer = [plain[number - 1] for number in ENGLISH_PAGES]
    error = bag_error(layer, [page.text for page in reading.pages])
    rows.append(_row("trap/1132 (its layer is clean English)", reading, error, "", seconds))
    return rows


def word_error(truth: Sequence[str], read: Sequence[str]) -> float:
    """Return the word error rate."""
    return Levenshtein.distance(truth, read) / max(len(truth), 1)


def bag_error(truth: Sequence[str], read: Sequence[str]) -> float:
    """Return the share of words lost, or invented in prose, page by page, whatever their order."""
    wrong = total = 0
    for a, b in zip(truth, read, strict=True):
        left, right, prose = Counter(_words(a)), Counter(_words(b)), Counter(_words(_without_tables(b)))
        wrong += max((left - right).total(), (prose - left).total())
        total += left.total()
    return wrong / max(total, 1)


def plain_text(path: Path) -> list[str]:
    """Return what PDFium says of each page, without page numbers and lines that most pages share."""
    with pdfium.PdfDocument(path) as document:
        pages = [clean(page.get_textpage().get_text_range()).split("\n") for page in document]
    keys = Counter(key for lines in pages for key in {re.sub(r"\d+", "", line).strip() for line in lines})
    shared = {key for key, count in keys.items() if count >= max(3, 0.3 * len(pages))} | {""}
    return ["\n".join(line for line in lines if re.sub(r"\d+", "", line).strip() not in shared) for lines in pages]


def transcription(path: Path) -> list[str]:
    """Return the words of a transcription without what its makers added (disclaimers, notes on the source)."""
    text = "\n".join(page.text for page in read_file(path).pages)
    lines = [line for line in text.split("\n") if not line.startswith((">", "|"))]
    return _words(re.sub(r"Tệp này được tạo dựa.*?ngôn ngữ khác\.", "", "\n".join(lines), flags=re.S))


def _prose(pages: Sequence[Page]) -> list[str]:
    return _words("\n".join(_without_tables(page.text) for page in pages))


def _without_tables(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if not line.startswith("|"))


def _words(text: str) -> list[str]:
    return [canonical(word) for word in words(text)]


def _read(path: Path, cache: Path) -> tuple[Reading, float]:
    began = time.perf_counter()
    reading = read_file(path, cache=cache / "ocr")
    return reading, (time.perf_counter() - began) / len(reading.pages)


def _sample(path: Path, numbers: Sequence[int], folder: Path) -> Path:
    """Write some pages of a PDF to a file of their own."""
    target = folder / path.name
    with pdfium.PdfDocument(path) as source, pdfium.PdfDocument.new() as chosen:
        chosen.import_pages(source, [number - 1 for number in numbers])
        chosen.save(target)
    return target


def _row(name: str, reading: Reading, error: float, bar: str, seconds: float) -> list[str]:
    ways = Counter(page.read_as for page in reading.pages)
    told = ", ".join(f"{way} {count}" for way, count in ways.items())
    return [name, str(len(reading.pages)), f"{error:.2%}", bar, f"{seconds:.3f}", told]


if __name__ == "__main__":
    main()
