"""HTML pages -> paragraphs, headings as ``#`` lines, lists, tables."""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice
from pathlib import Path

import lxml.html
from lxml import etree

from ingest.readers.clean import clean_line
from ingest.readers.contract import Page, Reading
from ingest.readers.legacy import modernise
from ingest.readers.plain import decode
from ingest.readers.tables import Cell, rows_or_paragraphs
from rag.errors import ReadError
from rag.language.text import squeeze

_SKIPPED = {
    "script",
    "style",
    "noscript",
    "template",
    "nav",
    "aside",
    "form",
    "iframe",
    "svg",
    "head",
    "button",
    "select",
    "footer",
}
_FURNITURE = re.compile(
    r"(?:^|[\W_])(?:nav|navbar|navigation|menu|breadcrumbs?|header|topbar|footer|sidebar|related|share|social|comments?|pagination|banner|widget|"
    r"copyright)(?:$|[\W_])",
    re.I,
)
"""How pages call, in ``class`` and ``id``, what stands around the text."""
_LETTERHEAD = re.compile(r"CỘNG H|Độc lập", re.I)
_FOOT = re.compile(r"(?:©|Bản quyền\b|Copyright\b)", re.I)
_MOST_NAMED = 500  # elements that are looked at
_MOST_FURNITURE = 0.4  # of a page's words: what holds more is the text, whatever it is called
_LEAST_LINKS = 3
_INLINE = {"a", "abbr", "b", "big", "cite", "code", "del", "em", "font", "i", "ins", "label", "mark", "q", "s", "small",
           "span", "strong", "sub", "sup", "tt", "u", "o:p", "time"}  # fmt: skip
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([\w-]+)", re.I)
_LARGEST = 20_000_000  # bytes; a page as long as the longest law has two million
_PLACES = 20  # of one kind, among which the content of a page is looked for
_CONTENT = ("//main", "//article", "//*[@id='content' or @id='main-content' or @itemprop='articleBody']")


def read_html(path: Path) -> Reading:
    """Read an HTML file; menus, scripts and forms are left out. Raises ReadError when it holds no text."""
    data = path.read_bytes()
    if len(data) > _LARGEST:
        raise ReadError(f"Không đọc được {path.name}: trang lớn hơn {_LARGEST // 1_000_000} MB.")
    try:
        tree = lxml.html.document_fromstring(_text(data))
    except (etree.LxmlError, ValueError) as error:
        raise ReadError(f"Không đọc được {path.name}: không phải trang HTML ({error}).") from error
    content = _content(tree)
    _drop_furniture(content)
    lines = _Walker().walk(content)
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


def _content(tree: lxml.html.HtmlElement) -> lxml.html.HtmlElement:
    """The part that holds the document, when the page names it and most of the words are in it."""
    body = tree.find("body")
    whole = tree if body is None else body
    for query in _CONTENT:
        found = max(tree.xpath(query)[:_PLACES], key=lambda e: len(e.text_content()), default=None)
        if found is not None and len(found.text_content()) > 0.5 * len(whole.text_content()):
            return found
    return whole


def _drop_furniture(content: lxml.html.HtmlElement) -> None:
    """Take menus, paths, lists of other pages and the foot out of a page."""
    most = _MOST_FURNITURE * len(content.text_content())
    blocks = content.iterdescendants("div", "section", "ul", "ol", "p", "table", "header")
    around = (element for element in blocks if _stands_around(element))
    for element in list(islice(around, _MOST_NAMED)):
        text = element.text_content()
        if len(text) < most and not _LETTERHEAD.search(text) and element.getparent() is not None:
            element.drop_tree()


def _stands_around(element: lxml.html.HtmlElement) -> bool:
    return bool(_FURNITURE.search(f"{element.get('class', '')} {element.get('id', '')}")) or _is_menu(element)


def _is_menu(element: lxml.html.HtmlElement) -> bool:
    """Whether a list is nothing but links within a site."""
    if element.tag not in ("ul", "ol"):
        return False
    items = element.findall("li")
    links = [item.find("a") for item in items]
    if len(items) < _LEAST_LINKS or any(link is None or (link.get("href") or "").startswith(("http", "mailto:")) for link in links):
        return False
    return all(squeeze(item.text_content()) == squeeze(link.text_content()) for item, link in zip(items, links, strict=True))


class _Walker:
    """Collects paragraphs in document order."""

    def __init__(self) -> None:
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
            if tag == "table" and element.find(".//table") is None:
                self._flush()
                self.lines += rows_or_paragraphs(_rows(element))
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
                return f"{self._numbers[parent] - 1 + _number(parent, 'start')}. "
            return "- "
        return ""


def _rows(table: lxml.html.HtmlElement) -> list[list[Cell]]:
    """Rows of cells; a cell over several rows is said in each, one over several columns is followed by empty ones."""
    rows: list[list[Cell]] = []
    hanging: dict[int, tuple[int, Cell]] = {}
    for row in table.iter("tr"):
        cells: list[Cell] = []
        for cell in row.iterchildren("td", "th"):
            _fill(cells, hanging)
            cell.tail = None
            paragraphs = _Walker().walk(cell)
            for extra in range(_span(cell, "colspan")):
                if (down := _span(cell, "rowspan")) > 1:
                    hanging[len(cells)] = (down, paragraphs if not extra else [])
                cells.append(paragraphs if not extra else [])
        _fill(cells, hanging)
        hanging = {column: (left - 1, text) for column, (left, text) in hanging.items() if left > 1}
        rows.append(cells)
    return rows


def _fill(cells: list[Cell], hanging: dict[int, tuple[int, Cell]]) -> None:
    while len(cells) in hanging:
        cells.append(hanging[len(cells)][1])


def _number(element: lxml.html.HtmlElement, name: str) -> int:
    value = element.get(name) or "1"
    return int(value) if value.isdecimal() and len(value) < 10 else 1


def _span(cell: lxml.html.HtmlElement, name: str) -> int:
    return min(max(_number(cell, name), 1), 100)
