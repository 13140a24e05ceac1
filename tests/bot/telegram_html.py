"""Telegram's HTML as strictly as its documentation puts it (core.telegram.org/bots/api#html-style)."""

from __future__ import annotations

import html
import re

_PLAIN = {"b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "tg-spoiler", "code", "pre"}
_TOKEN = re.compile(r"<[^<>]*>|&[^;\s<>&]{1,10};|[<>&]|[^<>&]+")
_ENTITY = re.compile(r"&(?:lt|gt|amp|quot|#\d{1,7}|#x[0-9a-fA-F]{1,6});")
_TAG = re.compile(r"<(/?)([a-z-]+)((?:\s+[a-z]+(?:=\"[^\"]*\")?)*)\s*>")


class BadText(ValueError):
    """What Telegram would not take, in its words."""


def parse(text: str, mode: str) -> str:
    """Return what people see of a text. Raises ``BadText``."""
    if mode == "":
        return text
    if mode != "HTML":
        raise BadText("unsupported parse_mode")
    opened: list[str] = []
    shown: list[str] = []
    for token in _TOKEN.findall(text):
        if token.startswith("<"):
            _tag(token, opened)
        elif token.startswith("&"):
            if not _ENTITY.fullmatch(token):
                raise BadText(f"can't parse entities: bad entity {token!r}")
            shown.append(html.unescape(token))
        elif token == ">":
            raise BadText("can't parse entities: character '>' must be escaped")
        else:
            shown.append(token)
    if opened:
        raise BadText(f"can't parse entities: can't find end tag corresponding to start tag {opened[-1]!r}")
    return "".join(shown)


def check_length(shown: str, raw: str) -> None:
    """Hold a text to Telegram's limits, and its source to the same, which is more than Telegram asks."""
    if not shown.strip():
        raise BadText("message text is empty")
    for counted in (shown, raw):
        if len(counted.encode("utf-16-le")) // 2 > 4096:
            raise BadText("message is too long")


def _tag(token: str, opened: list[str]) -> None:
    found = _TAG.fullmatch(token)
    if not found:
        raise BadText(f"can't parse entities: unsupported start tag {token!r}")
    closing, name, attributes = found.group(1), found.group(2), found.group(3).strip()
    if closing:
        if not opened or opened.pop() != name:
            raise BadText(f"can't parse entities: unexpected end tag {token!r}")
        return
    allowed = (
        (name in _PLAIN and not attributes)
        or (name == "blockquote" and attributes in ("", "expandable"))
        or (name == "a" and attributes.startswith("href="))
    )
    if not allowed:
        raise BadText(f"can't parse entities: unsupported start tag {token!r}")
    if name == "blockquote" and name in opened:
        raise BadText("can't parse entities: nested blockquote")
    if {"code", "pre"} & set(opened):
        raise BadText("can't parse entities: a tag within code")
    opened.append(name)
