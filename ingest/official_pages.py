"""Documents by their official page: the page says number and date, which have to be those wanted, and holds the file.

Such pages differ from site to site, but all put facts as a label and a value side by side (``Số ký hiệu | 06/QĐ-TTg``), and the
document itself as a link to a file.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

import lxml.html
from lxml import etree

from ingest.fetch import Rules, download
from ingest.readers.plain import decode
from rag.errors import ReadError
from rag.language.numbers import DATE, DOCUMENT_NUMBER, clean_number, iso_date, parse_number, same_number
from rag.language.text import fold, normalise, squeeze

_NUMBER = re.compile(r"^(?:so(?:\s*/|\s+va)?\s*ky hieu|so hieu(?: van ban)?|ky hieu)$")
_ISSUED = re.compile(r"^ngay ban hanh$")
_ATTACHED = re.compile(r"^(?:tai lieu|tep|file|van ban|toan van)\b.{0,12}\b(?:dinh kem|kem theo)$")
_ENDINGS = (".pdf", ".docx", ".doc")
"""Endings of attached files, the one wanted most first."""
_SHORT = 60  # characters: no label is longer
_LARGEST = 5_000_000  # bytes: a page that is larger is the text itself


@dataclass(frozen=True, slots=True)
class File:
    """A file that a page links to; ``own``: the page, or the file's name, says that it is this document's."""

    address: str
    own: bool


@dataclass(frozen=True, slots=True)
class OfficialPage:
    """What a page says: ``number`` and ``issued`` (ISO) are empty where it does not say; ``files``: the likeliest first."""

    number: str
    issued: str
    files: tuple[File, ...]


def fetch_document(
    url: str, folder: Path, rules: Rules, progress: Callable[[str], None], *, name: str = "", number: str = "", issued: str = ""
) -> Path:
    """Download a document from its own address or that of its official page, and return the file.

    ``number`` and ``issued`` (ISO): what the document wanted has; empty says anything. Raises ``ReadError`` as
    ``download`` does, and for the page of another document or one that does not tell which of its files is the document.
    """
    got = download(url, folder, rules, progress, name=name)
    if got.suffix != ".html" or got.stat().st_size > _LARGEST:
        return got
    page = read_official_page(got.read_bytes(), url)
    if page.number and number and not same_number(page.number, number):
        raise ReadError(f"Không lấy {url}: đó là trang của văn bản {page.number}, không phải {number}.")
    if page.issued and issued and page.issued != issued:
        raise ReadError(
            f"Không lấy {url}: trang ghi ban hành ngày {_written(page.issued)}, danh mục ghi {_written(issued)}; "
            "hãy xem bên nào đúng rồi sửa."
        )
    if not page.files:
        return got
    got.unlink()
    file = _chosen(url, page)
    progress(f"Trang {url} dẫn tới {file}")
    return download(file, folder, rules, progress, name=name)


def _chosen(url: str, page: OfficialPage) -> str:
    own = [file for file in page.files if file.own] or list(page.files[: len(page.files) == 1])
    if not own:
        listed = ", ".join(file.address for file in page.files)
        raise ReadError(f"Không lấy {url}: trang có nhiều tệp mà không nói tệp nào là văn bản; hãy tự chọn rồi tracuu add: {listed}.")
    return own[0].address


def _written(day: str) -> str:
    return "/".join(reversed(day.split("-")))


def read_official_page(content: bytes, address: str) -> OfficialPage:
    """Read the page that came from ``address``; what is no HTML says nothing."""
    try:
        tree = lxml.html.document_fromstring(decode(content)[0])
    except (etree.LxmlError, ValueError):
        return OfficialPage("", "", ())
    number = issued = ""
    attached: set[str] = set()
    for fact in _facts(tree):
        if not number and _NUMBER.match(fact.label) and (found := DOCUMENT_NUMBER.search(fact.value)):
            number = clean_number(found.group())
        elif not issued and _ISSUED.match(fact.label) and (day := DATE.search(fact.value)):
            issued = iso_date(day)
        elif _ATTACHED.match(fact.label):
            attached |= {link for element in fact.holder.iter(etree.Element) for link in _links(element)}
    return OfficialPage(number, issued, _files(tree, address, attached, number))


class _Fact(NamedTuple):
    """A label (folded), the value beside it or after its colon, and the element in which the value stands."""

    label: str
    value: str
    holder: lxml.html.HtmlElement


def _facts(tree: lxml.html.HtmlElement) -> list[_Fact]:
    found = []
    for element in tree.iter(etree.Element):
        text = _text(element)
        label, _, value = text.partition(":")
        if not label or len(label) > _SHORT or len(text) > 5 * _SHORT:
            continue
        if value.strip():
            found.append(_Fact(fold(label).strip(), value.strip(), element))
        beside = element.getnext()
        if not value.strip() and beside is not None and isinstance(beside.tag, str):
            found.append(_Fact(fold(label).strip(), _text(beside), beside))
    return found


def _text(element: lxml.html.HtmlElement) -> str:
    return squeeze(normalise(" ".join(element.itertext())))


def _files(tree: lxml.html.HtmlElement, address: str, attached: set[str], number: str) -> tuple[File, ...]:
    serial = parsed.serial if (parsed := parse_number(number)) else ""
    ranked: dict[str, tuple[bool, int]] = {}
    for element in tree.iter(etree.Element):
        for link in _links(element):
            if (rank := _rank(link)) is not None:
                named = bool(serial) and bool(re.search(rf"(?<!\d)0*{serial}(?!\d)", Path(unquote(urlsplit(link).path)).name))
                ranked.setdefault(urljoin(address, link), (not (link in attached or named), rank))
    return tuple(File(link, not ranked[link][0]) for link in sorted(ranked, key=lambda link: ranked[link]))


def _links(element: lxml.html.HtmlElement) -> list[str]:
    return [link.strip() for name in ("data-href", "href") if (link := element.get(name))]


def _rank(link: str) -> int | None:
    """How much a kind of file is wanted, 0 the most; ``None`` when the link leads to none."""
    parts = urlsplit(link)
    asked = re.search(r"\b(?:format|type)=(pdf|docx|doc)\b", parts.query.lower())
    ending = f".{asked.group(1)}" if asked else Path(unquote(parts.path)).suffix.lower()
    return _ENDINGS.index(ending) if ending in _ENDINGS else None
