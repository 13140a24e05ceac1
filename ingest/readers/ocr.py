"""A picture of a page -> words with places, by tesseract with the Vietnamese model, one process a page."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
from dataclasses import astuple, dataclass
from functools import cache
from pathlib import Path
from statistics import median

import numpy as np
from PIL import Image

from ingest.readers.clean import clean_line
from ingest.readers.lines import PageWords, Word, inside
from ingest.readers.picture_clean import ruled_lines, straighten, whiten, without_stamps
from ingest.readers.tables import Rule, find_grids
from rag.errors import ReadError

RECIPE = "6"
"""Part of the name under which pages are cached: another recipe reads them anew."""
DPI = 200
"""Resolution at which pages are read. Measured on two real scans, word error at 140/180/200/240/300 dpi: 1.5/1.9/2.4/
4.3/4.6 % and 4.3/4.8/5.8/5.2/5.1 %; on one with small print in tables 9.4/8.4/7.1/7.3/9.3 %."""
CLEAN = 0.92
"""Mean confidence below which a page is read once more with its background whitened (measured: 96 clean, 88 bad)."""
_NOISE = re.compile(r"^[|¦¬\[\]{}~_—]+|[|¦¬\[\]{}~—]+$")
_NO_WORD = re.compile(r"\b[đĐ]ữ\b")
_TURNED = 0.75
_LEAST_CONFIDENCE = 0.30
_SECONDS = 90
_RULE_TOLERANCE = 4.0
_STAMP_WIDTH = 0.25  # of the page: no table is that narrow
MISSING = (
    "chưa có tesseract với tiếng Việt để nhận dạng chữ; hãy cài gói tesseract-ocr và tesseract-ocr-vie "
    "(Windows, macOS: cài Tesseract và tệp vie.traineddata)"
)


@dataclass(frozen=True, slots=True)
class Scanned:
    """What OCR made of a page: words, ruled lines (pixels of the straightened picture), mean confidence 0-1."""

    words: tuple[Word, ...]
    horizontal: tuple[Rule, ...]
    vertical: tuple[Rule, ...]
    width: int
    height: int
    confidence: float

    def page(self) -> PageWords:
        """Return the words and tables for the layout, without the stamps that an office puts on incoming mail."""
        grids = find_grids(self.horizontal, self.vertical, _RULE_TOLERANCE)
        stamps = [grid for grid in grids if grid.xs[-1] - grid.xs[0] < _STAMP_WIDTH * self.width]
        words = [word for word in self.words if not any(inside(word, stamp) for stamp in stamps)]
        return PageWords(words, [grid for grid in grids if grid not in stamps], self.width, self.height)


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
    if file and file.exists():
        return _load(file)
    if not available():
        raise ReadError(MISSING)
    scanned = recognise(image)
    if file:
        _save(file, scanned)
    return scanned


def recognise(image: Image.Image) -> Scanned:
    """Read a picture of a page by the measured recipe; a page on its side or upside down is turned first."""
    grey = without_stamps(image)
    best = _attempt(straighten(grey))
    if best.confidence < _TURNED and (turn := _turn(grey)):
        grey = grey.rotate(-turn, expand=True, fillcolor=255)
        best = max(best, _attempt(straighten(grey)), key=_merit)
    if best.words and best.confidence < CLEAN:
        best = max(best, _attempt(whiten(straighten(grey))), key=_merit)
    return best


def checksum(image: Image.Image) -> str:
    """Return the name of a picture: a digest of what it looks like at a third of its size, and of the recipe."""
    small = image.convert("L").reduce(3)
    return hashlib.sha256(small.tobytes() + f"{image.size}{RECIPE}".encode()).hexdigest()


def _merit(scanned: Scanned) -> float:
    """Sure letters count: a turn or a filter that loses half of the words is no gain."""
    return float(scanned.confidence * sum(len(w.text) for w in scanned.words) ** 0.25)


def _attempt(image: Image.Image) -> Scanned:
    horizontal, vertical = ruled_lines(image)
    words, confidence = _words(_tesseract(image, "--oem", "1", "-l", "vie", "--dpi", str(DPI), "-c", "tessedit_create_tsv=1"))
    return Scanned(tuple(words), tuple(horizontal), tuple(vertical), *image.size, confidence)


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


def _words(tsv: str) -> tuple[list[Word], float]:
    """Return the words of tesseract's table and their mean confidence, weighted by length.

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
        if row["level"] != "5" or not text or confidence < _LEAST_CONFIDENCE or height > 3 * usual:
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


def mend(text: str) -> str:
    """Put right what the engine reads as no word of Vietnamese: ``đữ`` is always ``dữ``."""
    return _NO_WORD.sub(lambda found: "dữ" if found.group()[0] == "đ" else "Dữ", text)


def _save(file: Path, scanned: Scanned) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(f".{os.getpid()}.tmp")
    draft.write_text(json.dumps(astuple(scanned), ensure_ascii=False), encoding="utf-8")
    draft.replace(file)


def _load(file: Path) -> Scanned:
    words, horizontal, vertical, width, height, confidence = json.loads(file.read_text(encoding="utf-8"))
    return Scanned(
        tuple(Word(*w) for w in words),
        tuple(Rule(*r) for r in horizontal),
        tuple(Rule(*r) for r in vertical),
        width,
        height,
        confidence,
    )
