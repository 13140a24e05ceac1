"""A line of a document's head, cut into what stands in its columns; and the marks by which head and text are known."""

from __future__ import annotations

import re
from datetime import date

from ingest.capitals import is_loose
from ingest.vocabulary import kinds, opener_of, openings, phrases, signers
from rag.language.days import IN_FIGURES
from rag.language.kinds import OF_SYMBOL
from rag.language.numbers import DOCUMENT_NUMBER
from rag.language.text import fold, squeeze

LONG = 250
_JOINS = ("VÀ", "CỦA", "PHÒNG", "HỘI", "ĐOÀN", "-")
COLUMNS = 5
"""So many bars and more make a line a row of a table of the text; a letterhead has two columns."""
_GAP = re.compile(r"\s*\|\s*|\t+| {3,}|<br\s*/?>", re.IGNORECASE)
MOTTO = re.compile(
    r"\W*(?:cong hoa xa hoi chu nghia viet nam|doc lap\W{0,5}tu do\W{0,5}hanh phuc|dang cong san viet nam)\W*"
    r"|^[\W_]*(?:-{3,}|_{3,}|\*{3,}|o0o)[\W_]*$"
)
_BLANKS = r"[\s.…_:]*"
_NGAY, _THANG, _NAM = "ng[àa]y", "th[áa]ng", "n[ăa]m"
_DAY = rf"{_NGAY}\s*\d{{1,2}}\s*{_THANG}\s*\d{{1,2}}\s*{_NAM}\s*\d{{4}}|(?:{_NGAY}\s*)?{IN_FIGURES}"
DATED = re.compile(rf"(?:^(?={_NGAY})|,)\s*({_DAY})\W*$", re.IGNORECASE)
UNDATED = re.compile(
    rf"(?:^|,|\s)\s*\W?{_NGAY}.{{0,12}}?{_THANG}\b.{{0,12}}?\b{_NAM}\b.{{0,12}}$"
    rf"|(?:^|,)\s*{_THANG}\b.{{0,12}}?\b{_NAM}\b.{{0,6}}$",
    re.IGNORECASE,
)
_PLACE_AND_DAY = re.compile(rf"^(\D{{2,40}}?)\s+({_NGAY}\s*\d{{1,2}}\s*{_THANG}\s*\d{{1,2}}\s*{_NAM}\s*\d{{4}}\W*)$", re.IGNORECASE)
_OPEN_DAY = re.compile(rf"\bngày{_BLANKS}tháng{_BLANKS}năm\b", re.IGNORECASE)
_SO = r"S[ốôồổỗốóòọoỐÔỒỔỖÓÒO]"
NUMBER = re.compile(rf"(?:(?:Luật|Pháp lệnh) [Ss]ố|(?<![^\W\d_]){_SO})\s*[:;.]?\s*({DOCUMENT_NUMBER.pattern})")
_SYMBOL = r"[/-]\s*(?:\d{4}\s*/\s*)?[A-ZĐ][\w&Đđ]*(?:\s?[-/]\s?[A-ZĐ][\w&Đđ]*)*"
NO_NUMBER = re.compile(rf"(?<![^\W\d_]){_SO}\s*[:;.]?[\s.…_]*({_SYMBOL}|[:;][\s.…_]*$)")
ABOUT = r"V\s?/\s?v|Về việc"
"""Before what a letter is about, the inside of a group of a pattern."""
SUBJECT = re.compile(rf"(?:^|\s)({ABOUT})\b\s*[:.]?\s*", re.IGNORECASE)
_TEXT = re.compile(
    r"^(?:(?:[IVXLC]+|\d{1,2}(?:\.\d+)*|[A-ZĐa-zđ])\s*[.)/]/?\s|(?i:điều|chương|phần|mục) (?:thứ |[IVXLC\d]+\b)|[-+•*]\s|[-+•](?=\w))"
)


def begins_text(text: str) -> bool:
    """Say whether a line begins the text of a document: an opening, an article, a numbered item, who signs."""
    plain = fold(text)
    always, sentences = openings()
    if any(re.match(rf"{re.escape(opening)}(?!\w)", plain) for opening in always) or _TEXT.match(text):
        return True
    if text.isupper():
        return any(re.match(rf"{signer}(?!\w)", plain) for signer in signers())
    return len(text) > LONG or (is_sentence(text) and any(re.match(rf"{opening}(?!\w)", plain) for opening in sentences))


def is_sentence(text: str) -> bool:
    """Say whether a line ends as a sentence of the text does."""
    return text.rstrip('”"’) ').endswith((".", ":", ";", ",", "?", "!")) or "/." in text[-4:]


def day_of(text: str) -> str:
    day, month, year = map(int, re.findall(r"\d+", text))
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


def pieces(line: str, ocr: bool) -> list[str]:
    """Cut a line into what stands in its columns, the motto left out."""
    line = _OPEN_DAY.sub("ngày tháng năm", line)
    line = re.sub(rf"({_SO}\s*[:;.][^|/]{{0,8}}?/?)[\s.…_]+(?=[/-])", r"\1 ", line)
    line = re.sub(rf"({_SO}\s*[:;.]?\s*\d+[a-zA-Z]?)\s+(?=/)", r"\1", line)
    found: list[str] = []
    for column in _GAP.split(line):
        for piece in _without_motto(squeeze(column)):
            found += _cut(piece, ocr)
    found = [_with_comma(piece.lstrip("`'´.,_ ")) for piece in found]
    return [piece.strip("()") if SUBJECT.match(piece.lstrip("(")) else piece for piece in found if re.search(r"\w", piece)]


def _with_comma(piece: str) -> str:
    """Put the comma between a place and a day that lost it: ``Hà Nội ngày 09 tháng 10 năm 2020``."""
    found = _PLACE_AND_DAY.match(piece)
    is_place = found and all(word[0].isupper() and not _is_of_office(word, "") for word in found.group(1).split())
    return f"{found.group(1)}, {found.group(2)}" if found and is_place else piece


def _without_motto(text: str) -> list[str]:
    plain = fold(text)
    if len(plain) != len(text):
        return [text]
    pieces, at = [], 0
    for motto in MOTTO.finditer(plain):
        pieces.append(text[at : motto.start()])
        at = motto.end()
    return [piece.strip() for piece in [*pieces, text[at:]] if piece.strip()]


def _cut(piece: str, ocr: bool) -> list[str]:
    """Cut a piece before and behind its number and before its place and day, and offices that run together."""
    if (begins_text(piece) and not piece.isupper()) or _is_named(piece):
        return [piece]
    if (day := DATED.search(piece) or UNDATED.search(piece)) and (at := place_at(piece, day.start())):
        return [*_cut(piece[:at].strip(), ocr), piece[at:]]
    if (number := NUMBER.search(piece) or NO_NUMBER.search(piece)) and not SUBJECT.match(piece):
        before, after = piece[: number.start()].strip(), piece[number.end() :].strip()
        if not before or before.isupper():
            return [*_offices(before, ocr), number.group().strip(), *([after] if after else [])]
    if (subject := SUBJECT.search(piece)) and subject.start() and piece[: subject.start()].isupper():
        return [*_offices(piece[: subject.start()], ocr), piece[subject.start() :].strip()]
    return _offices(piece, ocr)


def _is_named(piece: str) -> bool:
    """Whether a piece is a heading of kind and number, which says place and day in its own way."""
    number = DOCUMENT_NUMBER.search(piece)
    before = fold(piece[: number.start()]).removesuffix("so ").strip() if number else ""
    return before in kinds() or (before.isalpha() and before in OF_SYMBOL)


def place_at(piece: str, end: int) -> int:
    """Where the place before ``, ngày …`` begins: at the last run of words with a capital; 0 where it is the whole piece."""
    words = list(re.finditer(r"\S+", piece[:end]))
    at = end
    for word in reversed(words[-6:]):
        bare = word.group()
        if not (bare[0].isupper() or fold(bare) in ("tp.", "tinh", "xa", "phuong")) or _is_of_office(bare, words[-1].group()):
            break
        at = word.start()
    return at if at < end else 0


def _is_of_office(word: str, last: str) -> bool:
    """Say whether a word is the end of an office's name in capitals, before the place (``… LŨNG HOA Lũng Hoa``)."""
    if not word.isupper() or len(word) < 2:
        return False
    return len(word) > 3 or (not last.isupper() and fold(word) not in ("tp", "tp.", "tx."))


def _offices(piece: str, ocr: bool) -> list[str]:
    """Cut capitals in which one office follows on another (``UBND TỈNH X SỞ Y``)."""
    loose = is_loose(piece, ocr=ocr)
    if not piece.isupper() or opener_of(piece, loose=loose) is None:
        return [piece] if piece else []
    found: list[str] = []
    for given, known in phrases(piece, loose=loose):
        starts = known and opener_of(known, loose=False) is not None
        alone = found and (opener_of(found[-1], loose=loose) == "*" or len(found[-1].split()) == 1 or found[-1].split()[-1] in _JOINS)
        inner = known.startswith(("Sở", "Trường", "Phòng", "Học viện", "Trung tâm", "Công đoàn", "Ban "))
        if found and not (starts and inner and not alone):
            found[-1] += f" {given}"
        else:
            found.append(given)
    return found
