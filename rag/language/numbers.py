"""Document numbers, dates, phones, links: finding them in text, comparing them however they are written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rag.language.days import IN_FIGURES, IN_WORDS, WITH_SHORT_YEAR, read_day
from rag.language.kinds import OF_SYMBOL
from rag.language.text import fold, strip_marks

# 2607/SGDĐT-GDPT · 131/QĐ-TTg · 57-NQ/TW · 09/2021/TT-BGDĐT · 91/2025/QH15 · 34/2021/NQ-HĐND
DOCUMENT_NUMBER = re.compile(
    r"(?<![\w/.-])(\d{1,5}[a-zA-Z]?)\s?(?:/\s?((?:19|20)\d{2})\s?)?[/-]\s?"
    r"([A-ZĐ][A-Za-zĐđƯưÔô0-9&]*(?:\s?[-/]\s?[A-ZĐ][A-Za-zĐđƯưÔô0-9&]*)*)(?![\w/])"
)
DATE = re.compile(
    rf"(?<![\d/.-])(?:(?:ngày\s+)?(?:{IN_FIGURES}|{WITH_SHORT_YEAR})|ngày\s*{IN_WORDS})(?![\d/])",
    re.IGNORECASE,
)
PHONE = re.compile(
    r"(?<![\d./-])1[89]00[\s.-]?\d{2}[\s.-]?\d{2,4}(?![\d/])|"
    r"(?<![\d./-])(?:\(?\+84\)?[\s.-]?|\(?0)\d{2,4}\)?(?:[\s.-]\d{1,2}(?=[\s.-]\d{3}[\s.-]\d{3}(?!\d)))?"
    r"(?:[\s.-]?\d{3,4}){1,2}"
    r"(?:(?!\s0[235789]\d{1,3}[\s.-]?\d{3})[\s.-]?\d{1,4})?(?![\d/])"  # not what the next number begins with
)
DIALLED = range(10, 12)
"""How many digits a number has that is surely a phone's; shorter ones may be anything."""
EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+")  # begun at the head of a word alone: else quadratic
LINK = re.compile(
    r"(?:https?://|www\.)[^\s<>()\"“”]+[^\s<>()\"“”.,;:!?]|(?<![\w@.-])(?:[a-z0-9-]+\.)+(?:edu|gov|com|org|"
    r"net)\.vn\b(?:/[^\s<>()\"“”,;]*[^\s<>()\"“”.,;:!?])?",
    re.IGNORECASE,
)
PERCENT = re.compile(r"(?<!\d)\d+(?:[.,]\d+)?\s?%")
WRITTEN_DAY = r"ngày\s*\d{1,2}\s*tháng\s*\d{1,2}\s*năm\s*\d{4}|ngày\s*\d{1,2}/\d{1,2}/\d{4}"
"""A day as documents write it out, the inside of a group of a pattern."""
HOST = r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,6}"
"""The name of a server, in a pattern without regard to case."""


@dataclass(frozen=True, slots=True)
class DocumentNumber:
    """A document number (số hiệu) in parts, all folded: ``71-NQ/TW`` is ("71", "", ("nq", "tw"))."""

    serial: str
    year: str
    symbol: tuple[str, ...]

    @property
    def kind(self) -> str:
        """The Vietnamese kind that the symbol says, ``Công văn`` where it says none."""
        for part in self.symbol:
            if part in OF_SYMBOL:
                return OF_SYMBOL[part]
            if re.fullmatch(r"qh\d+", part):
                return "Luật"
        return "Công văn"


@lru_cache(maxsize=16384)  # a library has thousands of documents, each looked at for every number in a question
def parse_number(text: str) -> DocumentNumber | None:
    """Read a whole document number such as ``09/2021/TT-BGDĐT``, typed in any case, with or without diacritics."""
    found = re.fullmatch(
        r"\s*(\d{1,5}[a-z]?)\s*(?:/\s*((?:19|20)\d{2})\s*)?[/-]\s*([a-z][a-z0-9&]*(?:\s*[-/]\s*[a-z][a-z0-9&]*)*)\s*",
        fold(text),
    )
    if not found:
        return None
    serial, year, symbol = found.groups()
    return DocumentNumber(serial.lstrip("0") or "0", year or "", tuple(re.split(r"\s*[-/]\s*", symbol)))


def number_key(text: str) -> str:
    """Return one spelling for all spellings of a document number (``9/2021/tt-bgddt`` → ``9/2021/tt/bgddt``)."""
    parsed = parse_number(text)
    return "/".join([parsed.serial, parsed.year, *parsed.symbol]) if parsed else fold(text).strip()


def document_slug(number: str) -> str:
    """Return a document number as a piece of an address or a file name: ASCII letters, digits, dots and dashes."""
    return re.sub(r"[^0-9A-Za-z.]+", "-", strip_marks(number)).strip("-") or "van-ban"


def same_number(a: str, b: str) -> bool:
    """Say whether two spellings are the same document number (``9/2021/tt-bgddt`` = ``09/2021/TT-BGDĐT``)."""
    return number_key(a) == number_key(b)


def find_numbers(text: str) -> list[re.Match[str]]:
    """Return the document numbers written in a document's text, in order (not dates, not ``km/h``)."""
    return [found for found in DOCUMENT_NUMBER.finditer(text) if _looks_like_symbol(found.group(3))]


def _looks_like_symbol(symbol: str) -> bool:
    return any(len(part) > 1 and (part.isupper() or part.rstrip("0123456789").isupper()) for part in re.split(r"[-/]", symbol))


def clean_number(text: str) -> str:
    """Return a number without the blanks that line breaks leave (``57- NQ/TW`` → ``57-NQ/TW``)."""
    return re.sub(r"\s+", "", text)


def iso_date(found: re.Match[str]) -> str:
    """Return a match of ``DATE`` as ISO (``2026-01-10``); empty where it has no year or is no real day."""
    return read_day(found.group()).iso


def digits(text: str) -> str:
    """Return the digits of a phone number, ``+84`` written as ``0``."""
    only = re.sub(r"\D", "", text)
    return "0" + only[2:] if only.startswith("84") and len(only) > 9 else only
