"""HTML pages -> paragraphs, headings as ``#`` lines, lists, tables."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import lxml.html
from lxml import etree

from ingest.readers.clean import clean_line
from ingest.readers.contract import Page, Reading
from ingest.readers.html_content import content_of
from ingest.readers.html_tables import grid, lays_out, number_of
from ingest.readers.legacy import modernise
from ingest.readers.plain import decode
from ingest.readers.tables import rows_or_paragraphs
from rag.errors import ReadError

_SKIPPED = {"nav", "aside", "iframe", "svg", "head", "footer"}
_FOOT = re.compile(r"(?:©|Bản quyền\b|Copyright\b)", re.I)
_INLINE = {"a", "abbr", "b", "big", "cite", "code", "del", "em", "font", "i", "ins", "label", "mark", "q", "s", "small",
           "span", "strong", "sub", "sup", "tt", "u", "o:p", "time"}  # fmt: skip
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([\w-]+)", re.I)
_LARGEST = 20_000_000  # bytes; a page as long as the longest law has two million


def read_html(path: Path) -> Reading:
    """Read an HTML file; menus, scripts, and what is filled in or clicked are left out. Raises ReadError when it holds no text."""
    data = path.read_bytes()
    if len(data) > _LARGEST:
        raise ReadError(f"Không đọc được {path.name}: trang lớn hơn {_LARGEST // 1_000_000} MB.")
    try:
        tree = lxml.html.document_fromstring(_text(data))
    except (etree.LxmlError, ValueError) as error:
        raise ReadError(f"Không đọc được {path.name}: không phải trang HTML ({error}).") from error
    lines = _Walker().walk(content_of(tree))
    while lines and _FOOT.match(lines[-1]):
        lines.pop()
    text, legacy = modernise("\n".join(lines))
    if not text.strip():
        raise ReadError(f"Không đọc được {path.name}: trang không có chữ nào (có thể chỉ hiện khi chạy JavaScript).")
    problems = (f"Chữ theo bảng mã cũ {legacy} đã được đổi sang Unicode.",) if legacy else ()
    return Reading((Page(0, text),), {}, problems)


def _text(data: bytes) -> str:
    declared = _CHARSET.search(data[:4000])
    if declared and declared.group(1).lower() not in (b"utf-8", b"utf8"):
        try:
            return data.decode(declared.group(1).decode("ascii"), errors="replace")
        except LookupError:
            pass  # an unknown name: find out from the bytes
    text, _ = decode(data)
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", text)


class _Walker:
    """Collects paragraphs in document order."""

    def __init__(self, *, in_cell: bool = False) -> None:
        """``in_cell``: what is read is a cell of a table; tables in it are read like paragraphs."""
        self.in_cell = in_cell
        self.lines: list[str] = []
        self.inline: list[str] = []
        self.prefix = ""
        self._numbers: Counter[lxml.html.HtmlElement] = Counter()  # items of each list so far

    def walk(self, root: lxml.html.HtmlElement) -> list[str]:
        """Return the paragraphs inside ``root``; without recursion, for hostile pages nest thousands deep."""
        stack: list[tuple[lxml.html.HtmlElement, bool]] = [(root, False)]
        while stack:
            element, leaving = stack.pop()
            tag = element.tag if isinstance(element.tag, str) else ""
            if leaving:
                if tag not in _INLINE:
                    self._flush()
                self.inline.append(element.tail or "")
                continue
            if not tag or tag in _SKIPPED:
                self.inline.append(element.tail or "")
                continue
            if tag == "table" and not self.in_cell and not lays_out(element):
                self._flush()
                self.lines += rows_or_paragraphs(grid(element, lambda cell: _Walker(in_cell=True).walk(cell)))
                self.inline.append(element.tail or "")
                continue
            if tag not in _INLINE:
                self._flush()
                self.prefix = self._prefix(element, tag) or self.prefix
            self.inline.append(element.text or "")
            stack.append((element, True))
            stack.extend((child, False) for child in reversed(element))
        self._flush()
        return self.lines

    def _flush(self) -> None:
        line = clean_line("".join(self.inline))
        self.inline = []
        if line:
            self.lines.append(self.prefix + line)
            self.prefix = ""

    def _prefix(self, element: lxml.html.HtmlElement, tag: str) -> str:
        if re.fullmatch(r"h[1-6]", tag):
            return "#" * int(tag[1]) + " "
        if tag == "li":
            parent = element.getparent()
            if parent is not None and parent.tag == "ol":
                self._numbers[parent] += 1
                return f"{self._numbers[parent] - 1 + number_of(parent, 'start')}. "
            return "- "
        return ""
