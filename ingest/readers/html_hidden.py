"""What stands in a page and is not shown of it."""

from __future__ import annotations

import lxml.html

_MARKED = ".//*[not(self::body)][@style or @hidden or self::dialog]"
"""Among these are the hidden ones. A whole body that is hidden waits for a script that shows it: it is the page."""
_SILENT = ".//*[not(self::body)][@aria-hidden]"


def hidden(tree: lxml.html.HtmlElement) -> list[lxml.html.HtmlElement]:
    """Return the elements of a page that say of themselves that they are not shown; style sheets are not read."""
    return [element for element in tree.xpath(_MARKED) if _is_hidden(element)]


def silent(tree: lxml.html.HtmlElement) -> list[lxml.html.HtmlElement]:
    """Return the elements that are not read out to those who do not see."""
    return [element for element in tree.xpath(_SILENT) if element.get("aria-hidden", "").strip().lower() == "true"]


def _is_hidden(element: lxml.html.HtmlElement) -> bool:
    """Whether an element is not shown; what its style says goes before its attributes, as in browsers."""
    style = _style(element)
    unshown = _has_hidden(element) or (element.tag == "dialog" and "open" not in element.attrib)
    return style.get("display", "none" if unshown else "") == "none" or style.get("visibility") in ("hidden", "collapse")


def _has_hidden(element: lxml.html.HtmlElement) -> bool:
    """What is hidden ``until-found`` is meant to be found: a part that opens."""
    return bool(element.get("hidden", "until-found").strip().lower() != "until-found")


def _style(element: lxml.html.HtmlElement) -> dict[str, str]:
    """Return what an element says itself of how it looks; of what it says twice, the last."""
    parts = (declaration.partition(":") for declaration in element.get("style", "").split(";"))
    return {name.strip().lower(): value.lower().replace("!important", "").strip() for name, _, value in parts}
