"""A picture of a page -> words with places, by tesseract with the Vietnamese model, one process a page."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import re
import shutil
import subprocess
from dataclasses import replace
from functools import cache
from pathlib import Path
from statistics import median

import numpy as np
from PIL import Image, ImageFilter

from ingest.readers.clean import clean_line
from ingest.readers.lines import Word
from ingest.readers.ocr_words import mend
from ingest.readers.picture_clean import dark_share, ruled_lines, straighten, whiten, without_stamps
from ingest.readers.scanned import SURE_CELL, Scanned, certainty, keep, kept_form, load, stands_in
from ingest.readers.tables import Box
from rag.errors import ReadError

RECIPE = "8"
"""Part of the name under which pages are cached: another recipe reads them anew."""
DPI = 200
"""Resolution at which pages are read. Measured on two real scans, word error at 140/180/200/240/300 dpi: 1.5/1.9/2.4/
4.3/4.6 % and 4.3/4.8/5.8/5.2/5.1 %; on one with small print in tables 9.4/8.4/7.1/7.3/9.3 %."""
CLEAN = 0.92
"""Mean confidence below which a page is read once more with its background whitened (measured: 96 clean, 88 bad)."""
_NOISE = re.compile(r"^[|¦¬\[\]{}~_—]+|[|¦¬\[\]{}~—]+$")
_FIGURES = re.compile(r"\d{2}|\d[/.,]\d")
_TURNED = 0.75
_LEAST_CONFIDENCE = 0.30
_SECONDS = 90
_MOST_CELLS = 30  # that are read once more
_CELL_EDGE = 5  # pixels inside the rules
_CELL_INK = 0.004
_LEAST_CELL = 0.6
_FRAME = 12
_ENGINE = ("--oem", "1", "-l", "vie", "--dpi", str(DPI), "-c", "tessedit_create_tsv=1")
MISSING = (
    "chưa có tesseract với tiếng Việt để nhận dạng chữ; hãy cài gói tesseract-ocr và tesseract-ocr-vie "
    "(Windows, macOS: cài Tesseract và tệp vie.traineddata)"
)


@cache
def available() -> bool:
    """Whether tesseract and its Vietnamese model are installed."""
    program = shutil.which("tesseract")
    if not program:
        return False
    listed = subprocess.run([program, "--list-langs"], capture_output=True, text=True, check=False)
    return "vie" in listed.stdout.split()


def scan(image: Image.Image, folder: Path | None) -> Scanned:
    """Read a picture of a page; ``folder`` keeps what was read under the picture's checksum.

    Raises ReadError when the page is not cached and tesseract is absent or fails.
    """
    file = folder / f"{checksum(image)}.json" if folder else None
    if file and (kept := load(file)):
        return kept
    if not available():
        raise ReadError(MISSING)
    scanned = recognise(image)
    if file:
        keep(file, kept_form(scanned))
    return scanned


def recognise(image: Image.Image) -> Scanned:
    """Read a picture of a page by the measured recipe; a page on its side or upside down is turned first."""
    grey = without_stamps(image)
    upright = straighten(grey)
    best = _attempt(upright), upright
    if best[0].confidence < _TURNED and (turn := _turn(grey)):
        upright = straighten(grey.rotate(-turn, expand=True, fillcolor=255))
        best = max(best, (_attempt(upright), upright), key=_merit)
    if best[0].words and best[0].confidence < CLEAN:
        white = whiten(upright)
        best = max(best, (_attempt(white), white), key=_merit)
    return _with_cells(_with_figures(*best), best[1])


def checksum(image: Image.Image) -> str:
    """Return the name of a picture: a digest of what it looks like at a third of its size, and of the recipe."""
    small = image.convert("L").reduce(3)
    return hashlib.sha256(small.tobytes() + f"{image.size}{RECIPE}".encode()).hexdigest()


def _merit(attempt: tuple[Scanned, Image.Image]) -> float:
    """Sure letters count: a turn or a filter that loses half of the words is no gain."""
    scanned = attempt[0]
    return float(scanned.confidence * sum(len(w.text) for w in scanned.words) ** 0.25)


def _attempt(image: Image.Image) -> Scanned:
    horizontal, vertical = ruled_lines(image)
    words, confidence = _words(_tesseract(image, *_ENGINE), with_unsure_figures=True)
    return Scanned(tuple(words), tuple(horizontal), tuple(vertical), *image.size, confidence)


def _with_figures(scanned: Scanned, image: Image.Image) -> Scanned:
    """Read dates and numbers of which nothing sure was seen once more on a whitened page; what stays unsure is left out."""
    unsure = [word for word in scanned.words if word.confidence < _LEAST_CONFIDENCE]
    if not unsure:
        return scanned
    words = [word for word in scanned.words if word.confidence >= _LEAST_CONFIDENCE]
    sure = [word for word in _attempt(whiten(image)).words if word.confidence >= SURE_CELL]
    for lost in unsure:
        box = Box(*map(round, (lost.x0, lost.top, lost.x1, lost.bottom)))
        seen = [word for word in sure if stands_in(word, box)]
        words += [replace(word, top=lost.top, bottom=lost.bottom, size=lost.size, line=lost.line) for word in seen]
    return replace(scanned, words=tuple(words))


def _with_cells(scanned: Scanned, image: Image.Image) -> Scanned:
    """Read by themselves the cells that were overlooked or are unsure: figures between rules, words on a shaded ground."""
    words = list(scanned.words)
    for cell in scanned.unsure_cells()[:_MOST_CELLS]:
        known = [word for word in words if stands_in(word, cell)]
        found = _cell_words(image, cell)
        if certainty(found) > max(certainty(known), _LEAST_CELL):
            words = [word for word in words if word not in known] + found
    return replace(scanned, words=tuple(words))


def _cell_words(image: Image.Image, cell: Box) -> list[Word]:
    """Return the words of one cell; of a grainy one, as they are without the grain."""
    left, top, right, bottom = cell.left + _CELL_EDGE, cell.top + _CELL_EDGE, cell.right - _CELL_EDGE, cell.bottom - _CELL_EDGE
    if right - left < _CELL_EDGE or bottom - top < _CELL_EDGE:
        return []
    piece = image.crop((left, top, right, bottom))
    if dark_share(piece) < _CELL_INK:
        return []
    words, _ = _words(_tesseract(_framed(piece), "--psm", "6", *_ENGINE))
    if certainty(words) < SURE_CELL:
        without_grain, _ = _words(_tesseract(_framed(piece.filter(ImageFilter.MedianFilter(5))), "--psm", "6", *_ENGINE))
        words = max(words, without_grain, key=certainty)
    x, y = left - _FRAME, top - _FRAME
    return [replace(w, x0=w.x0 + x, x1=w.x1 + x, top=w.top + y, bottom=w.bottom + y) for w in words]


def _framed(cell: Image.Image) -> Image.Image:
    """Put paper around a cell, without which tesseract does not see words that touch the edge."""
    framed = Image.new("L", (cell.width + 2 * _FRAME, cell.height + 2 * _FRAME), 255)
    framed.paste(cell, (_FRAME, _FRAME))
    return framed


def _turn(image: Image.Image) -> int:
    """Return how many degrees clockwise the page must be turned to stand upright (0 when tesseract cannot tell)."""
    try:
        said = _tesseract(image, "--psm", "0", "-l", "osd", "--dpi", str(DPI))
    except ReadError:  # too little text, or no model of scripts
        return 0
    found = re.search(r"Rotate: (\d+)", said)
    return int(found.group(1)) if found else 0


def _tesseract(image: Image.Image, *options: str) -> str:
    data = io.BytesIO()
    image.save(data, "PPM")
    try:
        done = subprocess.run(
            ["tesseract", "stdin", "stdout", *options],
            input=data.getvalue(),
            capture_output=True,
            timeout=_SECONDS,
            env=os.environ | {"OMP_THREAD_LIMIT": "1"},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ReadError(f"nhận dạng chữ quá {_SECONDS} giây") from error
    if done.returncode:
        raise ReadError("tesseract báo lỗi: " + done.stderr.decode(errors="replace").strip()[-200:])
    return done.stdout.decode("utf-8", errors="replace")


def _words(tsv: str, *, with_unsure_figures: bool = False) -> tuple[list[Word], float]:
    """Return the words of tesseract's table and their mean confidence, weighted by length.

    Unsure words are left out, where asked for not those with figures.

    A word stands where its line stands, so that ``quy`` and ``Độ`` are level; but lines that tesseract ran together
    (rows of a table) are too tall to say where.
    """
    table = list(csv.DictReader(io.StringIO(tsv), delimiter="\t", quoting=csv.QUOTE_NONE))
    heights = [int(row["height"]) for row in table if row["level"] == "4"]
    usual = median(heights) if heights else 0.0
    words: list[Word] = []
    weights: list[tuple[float, int]] = []
    line = (0.0, 0.0)
    number = 0
    for row in table:
        top, height, left, wide = (int(row[name]) for name in ("top", "height", "left", "width"))
        if row["level"] == "4":
            line = (top, height)
            number += 1
        text = mend(clean_line(_NOISE.sub("", row["text"] or "")))
        confidence = float(row["conf"]) / 100
        if row["level"] != "5" or not text or height > 3 * usual:
            continue
        if confidence < _LEAST_CONFIDENCE and not (with_unsure_figures and _FIGURES.search(text)):
            continue
        if line[1] <= 1.9 * usual:
            at, tall = line
            words.append(Word(text, left, at, left + wide, at + tall, tall, False, confidence, number))
        else:
            at = top + (height - usual) / 2
            words.append(Word(text, left, at, left + wide, at + usual, usual, False, confidence))
        weights.append((confidence, len(text)))
    if not weights:
        return words, 0.0
    return words, float(np.average([c for c, _ in weights], weights=[n for _, n in weights]))
