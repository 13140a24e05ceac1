"""Pages of text → paragraphs with their page, and the footnotes defined between them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ingest.metadata import editorial_note
from ingest.readers.contract import Reading
from rag.documents import Footnote
from rag.language.series import LETTERS
from rag.language.text import normalise

FOOTNOTE_MARK = re.compile(r"\s?\[\^([\w*]+)\]")
_DEFINITION = re.compile(r"^\[\^([\w*]+)\]:\s*(.*)$")
_TOLD_PAGE = re.compile(r"^\(trang (\d+)\)\s*")
_ANNEX_LINE = re.compile(r"^\W*(?:phụ lục|mẫu số|biểu mẫu)\b.{0,250}$", re.IGNORECASE)
_ORNAMENTED = re.compile(r"^[^\w|(\[“\"]+(?=(?i:phụ lục|mẫu số|biểu mẫu)\b)|(?<=[\w.)])\s*[^\w\s!-/:-~“”‘’…–—°²³]+$")
"""Ornaments and bullets before ``PHỤ LỤC``, and ornaments behind a line."""
_MARKUP = re.compile(r"^#+\s*|\*\*|(?<!\w)__(?=\w)|(?<=\w)__(?!\w)")
_LINK = re.compile(r"\[([^\]\[]+)\]\((https?://[^)\s\[]+)\)")
_ARTICLE_AND_CLAUSE = re.compile(r"Điều \d+[a-zđ]?\. [^.;]{5,200}? (?=1\. [^\W\d_])")
_ARTICLE_OR_CLAUSE = re.compile(r"(?:(\d+)\.|Điều \d+[a-zđ]?\.)\s")
_LARGE = "[A-ZĐÀ-ỸƠƯ](?=[a-zà-ỹđơư ])"
_NEXT_ARTICLE = re.compile(rf"(?<=[.;:/”)]) (?=Điều \d{{1,3}}[a-zđ]?\. {_LARGE})")
_ARTICLE_HEAD = re.compile(rf"Điều \d{{1,3}}[a-zđ]?\. [^.;:]{{5,200}}? (?=1 ?\. {_LARGE})")
_CLAUSE_NUMBER = re.compile(r"(\d{1,2}) ?\. ")
_PAGE_LONG = 1000
"""Characters: a line of so many may hold more than one provision, in a text of which each page was put on one line."""
_LEGAL_SITE = re.compile(r"//(?:www\.)?(?:thuvienphapluat|luatvietnam|hethongphapluat|lawnet)\.", re.IGNORECASE)


@dataclass(slots=True)
class Paragraph:
    """One paragraph, a footnote mark in it written ``[^7]``. ``starts``: (offset, page) where a new page begins in it."""

    text: str
    page: int
    confidence: float
    is_heading: bool = False
    starts: list[tuple[int, int]] = field(default_factory=list)


class Notes:
    """The footnotes of a document; numbers may begin again on every page."""

    def __init__(self) -> None:
        self._by_mark: dict[str, list[Footnote]] = {}

    def add(self, note: Footnote) -> None:
        """Keep a footnote."""
        self._by_mark.setdefault(note.mark, []).append(note)

    def find(self, mark: str, page: int) -> Footnote | None:
        """Return the note that a mark on ``page`` means: of that page, else the next one after it, else the last."""
        notes = self._by_mark.get(mark, [])
        return next((note for note in notes if note.page >= page), notes[-1] if notes else None)


def read_paragraphs(reading: Reading) -> tuple[list[Paragraph], Notes]:
    """Return the paragraphs in order and the footnotes; a note that no mark points at stays a paragraph."""
    marked = {mark for page in reading.pages for mark in re.findall(r"\[\^([\w*]+)\](?!:)", page.text)}
    paragraphs: list[Paragraph] = []
    notes = Notes()
    for page in reading.pages:
        goes_on = page.continues
        for raw in page.text.splitlines():
            line = normalise(raw).strip()
            if not line or editorial_note(line):
                continue
            definition = _DEFINITION.match(line)
            if definition and definition.group(1) in marked:
                notes.add(_footnote(definition.group(1), definition.group(2), page.number))
                continue
            if definition:
                line = f"Chú thích {definition.group(1)}: {definition.group(2)}"
            if goes_on and paragraphs:
                last = paragraphs[-1]
                last.starts.append((len(last.text) + 1, page.number))
                last.text += " " + _plain(line)
            else:
                paragraphs.append(Paragraph(_plain(line), page.number, page.confidence, line.startswith("#")))
            goes_on = False
    return _split_run_ons(_without_repeated_heads([paragraph for paragraph in paragraphs if paragraph.text])), notes


def _without_repeated_heads(paragraphs: list[Paragraph]) -> list[Paragraph]:
    """Leave out the head of a table where it is said again on the table's next page."""
    kept: list[Paragraph] = []
    head = ""
    for paragraph in paragraphs:
        if not paragraph.text.startswith("|"):
            head = ""
        elif not head:
            head = paragraph.text
        elif paragraph.text == head and paragraph.page > kept[-1].page:
            continue
        kept.append(paragraph)
    return kept


def _split_run_ons(paragraphs: list[Paragraph]) -> list[Paragraph]:
    """Part what a reader left on one line: ``Điều 10. Tên điều 1. Nội dung``, ``a) …; b) …``."""
    result: list[Paragraph] = []
    waiting = paragraphs[::-1]
    rest: Paragraph | None = None  # of a line as long as a page
    while waiting:
        paragraph = waiting.pop()
        of_page = paragraph is rest or len(paragraph.text) >= _PAGE_LONG
        at = _run_on_clause(paragraph.text, waiting) or _run_on_point(paragraph.text) or (of_page and _run_on_page(paragraph.text))
        if at:
            waiting.append(_cut(paragraph, at))
            rest = waiting[-1] if of_page else None
        result.append(paragraph)
    return result


def _run_on_clause(text: str, waiting: list[Paragraph]) -> int:
    """Where khoản 1 begins behind an article's title, if the next khoản is the second; 0 if it does not."""
    found = _ARTICLE_AND_CLAUSE.match(text)
    if not found:
        return 0
    following = (mark for paragraph in reversed(waiting) if (mark := _ARTICLE_OR_CLAUSE.match(paragraph.text)))
    mark = next(following, None)
    return found.end() if mark and mark.group(1) == "2" else 0


def _run_on_page(text: str) -> int:
    """Where the next article or clause begins on a line as long as a page; 0 if none does."""
    found = [article.end() for article in [_NEXT_ARTICLE.search(text)] if article]
    if (head := _ARTICLE_HEAD.match(text)) and head.end() < min(found, default=len(text)):
        return head.end()
    if number := _CLAUSE_NUMBER.match(text):
        following = re.search(rf"(?<=[.;:/]) (?={int(number.group(1)) + 1} ?\. {_LARGE})", text)
        found += [following.end()] if following else []
    return min(found, default=0)


def _run_on_point(text: str) -> int:
    """Where the next điểm begins behind this one; 0 if it does not."""
    letter = LETTERS.find(text[0]) + 1 if text[1:2] == ")" else 0
    following = re.search(rf"[.;] (?={LETTERS[letter]}\) )", text) if 0 < letter < len(LETTERS) else None
    return following.end() if following else 0


def _cut(paragraph: Paragraph, at: int) -> Paragraph:
    """Take the text from ``at`` on out of a paragraph and return it as one of its own."""
    page = max([paragraph.page, *(page for start, page in paragraph.starts if start <= at)])
    rest = Paragraph(paragraph.text[at:], page, paragraph.confidence)
    rest.starts = [(start - at, page) for start, page in paragraph.starts if start > at]
    paragraph.starts = [(start, page) for start, page in paragraph.starts if start < at]
    paragraph.text = paragraph.text[:at].rstrip()
    return rest


def _footnote(mark: str, text: str, page: int) -> Footnote:
    told = _TOLD_PAGE.match(text)
    return Footnote(mark, _TOLD_PAGE.sub("", text), int(told.group(1)) if told else page)


def _plain(line: str) -> str:
    """Leave the words of a line of Markdown, and the addresses that are not a legal site's own links."""
    linked = _LINK.sub(
        lambda m: m.group(1) if _LEGAL_SITE.search(m.group(2)) or m.group(1) == m.group(2) else f"{m.group(1)} ({m.group(2)})", line
    )
    plain = _MARKUP.sub("", linked).strip()
    return _ORNAMENTED.sub("", plain) if _ANNEX_LINE.search(plain) else plain
