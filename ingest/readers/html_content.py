"""Which part of a page is its document: not the menus, paths and feet around it, and not what one fills in or clicks."""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from itertools import islice

import lxml.html

from ingest.readers.html_hidden import hidden, silent
from rag.language.text import squeeze

_FURNITURE = re.compile(
    r"(?:^|[\W_])(?:nav|navbar|navigation|menu|breadcrumbs?|header|topbar|footer|sidebar|related|share|social|comments?|pagination|banner|widget|"
    r"copyright)(?:$|[\W_])",
    re.I,
)
"""How pages call, in ``class`` and ``id``, what stands around the text."""
_LETTERHEAD = re.compile(r"CỘNG H|Độc lập", re.I)
_MOST_NAMED = 500  # elements that are looked at
_MOST_FURNITURE = 0.4  # of a page's words: what holds more is the text, whatever it is called
_MOST_SILENT = 0.9  # of a page's words: a page that was saved with a window open in front is all silent but for that
_LEAST_LINKS = 3
_PLACES = 20  # of one kind, among which the content of a page is looked for
_CONTENT = ("//main", "//article", "//*[@id='content' or @id='main-content' or @itemprop='articleBody']")
_UNSEEN = ("script", "style", "noscript", "template")
_CONTROLS = ("button", "select", "textarea", "datalist")
_NO_FIELDS = ("hidden", "submit", "button", "reset", "image")  # kinds of ``input``
_TICKED = ("checkbox", "radio")
_LEAST_SAID = 40  # characters for each field: a form that says less is there to be filled in


def content_of(tree: lxml.html.HtmlElement) -> lxml.html.HtmlElement:
    """Return the part of a page that holds the document, rid of what is none of it; the page is changed."""
    _drop(tree.iterdescendants(*_UNSEEN))
    _drop(hidden(tree))
    most = _MOST_SILENT * len(tree.text_content())
    _drop(element for element in silent(tree) if len(element.text_content()) < most)
    content = _named_content(tree)
    _drop_forms(content)
    _drop_furniture(content)
    return content


def _drop(elements: Iterable[lxml.html.HtmlElement]) -> None:
    """Take elements out of their page, all at once: one by one, each would copy the text that those before it left behind."""
    gone = set(elements)
    for parent in {element.getparent() for element in gone}:
        _drop_children(parent, gone)


def _drop_children(parent: lxml.html.HtmlElement, gone: AbstractSet[lxml.html.HtmlElement]) -> None:
    """Take the children that are in ``gone`` out of their parent; the text behind them stays."""
    kept, said = None, [parent.text]
    for child in list(parent):
        if child in gone:
            said.append(child.tail)
            parent.remove(child)
        else:
            _say(parent, kept, said)
            kept, said = child, [child.tail]
    _say(parent, kept, said)


def _say(parent: lxml.html.HtmlElement, kept: lxml.html.HtmlElement | None, said: list[str | None]) -> None:
    """Put text behind a child, or before the first one."""
    if len(said) < 2:
        return
    text = "".join(filter(None, said))
    if kept is None:
        parent.text = text
    else:
        kept.tail = text


def _named_content(tree: lxml.html.HtmlElement) -> lxml.html.HtmlElement:
    """The part that holds the document, when the page names it and most of the words are in it."""
    body = tree.find("body")
    whole = tree if body is None else body
    for query in _CONTENT:
        found = max(tree.xpath(query)[:_PLACES], key=lambda e: len(e.text_content()), default=None)
        if found is not None and len(found.text_content()) > 0.5 * len(whole.text_content()):
            return found
    return whole


def _drop_forms(content: lxml.html.HtmlElement) -> None:
    """Take what is filled in out of a page. A form may also be the frame of a whole page, or of a document: its text stays."""
    fields = [(form, sum(map(_is_field, form.iterdescendants("input", "select", "textarea")))) for form in content.iterdescendants("form")]
    named = {field.get("id") for field in content.iterdescendants("input", "select", "textarea") if _is_typed(field)} - {None}
    _drop(label for label in content.iterdescendants("label") if label.get("for") in named or _holds_field(label))
    _drop(content.iterdescendants(*_CONTROLS))
    _drop(form for form, count in fields if _is_filled_in(squeeze(form.text_content()), count))


def _holds_field(label: lxml.html.HtmlElement) -> bool:
    return any(map(_is_typed, label.iterdescendants("input", "select", "textarea")))


def _is_filled_in(text: str, fields: int) -> bool:
    return len(text) < fields * _LEAST_SAID and not _LETTERHEAD.search(text)


def _is_field(element: lxml.html.HtmlElement) -> bool:
    return element.tag != "input" or element.get("type", "").lower() not in _NO_FIELDS


def _is_typed(element: lxml.html.HtmlElement) -> bool:
    """Whether something is typed or chosen there; beside what is only ticked may stand a whole sentence, or a heading that opens."""
    return _is_field(element) and element.get("type", "").lower() not in _TICKED


def _drop_furniture(content: lxml.html.HtmlElement) -> None:
    """Take menus, paths, lists of other pages and the foot out of a page."""
    most = _MOST_FURNITURE * len(content.text_content())
    blocks = content.iterdescendants("div", "section", "ul", "ol", "p", "table", "header")
    around = (element for element in blocks if _stands_around(element))
    _drop(element for element in islice(around, _MOST_NAMED) if _is_furniture(element.text_content(), most))


def _is_furniture(text: str, most: float) -> bool:
    return len(text) < most and not _LETTERHEAD.search(text)


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
