"""Text with a little formatting → messages that Telegram takes: valid HTML, split on borders, never inside a tag.

A text is a list of runs; it is cut as plain text first, and every piece then gets its own tags.
Limits count UTF-16 units, as Telegram does (core.telegram.org/bots/api#formatting-options).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Literal

LIMIT = 4096
Style = Literal["", "b", "i", "quote"]
_TAGS: dict[Style, tuple[str, str]] = {
    "": ("", ""),
    "b": ("<b>", "</b>"),
    "i": ("<i>", "</i>"),
    "quote": ("<blockquote expandable>", "</blockquote>"),
}
_NOT_SHOWN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
# Where a text may be cut, the best border first: between provisions, lines, sentences, clauses, words.
_BORDERS = tuple(re.compile(pattern) for pattern in (r"\n\n+", r"\n", r"(?<=[.;!?…])\s+", r"(?<=[,:])\s+", r"\s+"))


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one style."""

    text: str
    style: Style = ""


Text = Sequence[Run]


def plain(text: str) -> Run:
    """Return text as it is."""
    return Run(text)


def bold(text: str) -> Run:
    """Return bold text."""
    return Run(text, "b")


def italic(text: str) -> Run:
    """Return italic text."""
    return Run(text, "i")


def quote(text: str) -> Run:
    """Return a block quote that opens on a tap."""
    return Run(text, "quote")


def units(text: str) -> int:
    """Return the length of a text as Telegram counts it, in UTF-16 units."""
    return len(text.encode("utf-16-le", "replace")) // 2


def render(text: Text) -> str:
    """Return the HTML of a text, everything escaped."""
    return "".join(_rendered(run) for run in text if run.text)


def _rendered(run: Run) -> str:
    """Tags go around the words, not around the white space beside them, and never around nothing."""
    words = run.text.strip()
    if not words:
        return run.text
    start = run.text.index(words)
    opening, closing = _TAGS[run.style]
    return f"{run.text[:start]}{opening}{escape(words, quote=False)}{closing}{run.text[start + len(words) :]}"


def messages(text: Iterable[Run], limit: int = LIMIT) -> list[str]:
    """Return the text as the HTML of as many messages as it takes, none empty, none longer than ``limit`` with or without tags."""
    rest: Text = _trimmed([replace(run, text=_NOT_SHOWN.sub("", run.text)) for run in text])
    made = []
    while rest:
        head, rest = _cut(rest, limit)
        made.append(render(head))
    return made


def pages(text: Iterable[Run], limit: int = LIMIT) -> list[str]:
    """Return the text as pages; an empty text is one page that says so."""
    return messages(text, limit) or [render([italic("(không có nội dung)")])]


def _cut(text: Text, limit: int) -> tuple[Text, Text]:
    """Return as much of a text as fits one message, up to its best border, and the rest."""
    room = limit
    while units(render(text)) > limit:
        whole = "".join(run.text for run in text)
        at = _border(whole, room)
        head = _trimmed(_slice(text, 0, at))
        if units(render(head)) <= limit:
            return head, _trimmed(_slice(text, at, len(whole)))
        room = room * 9 // 10  # tags and escapes take room too
    return text, []


def _border(whole: str, room: int) -> int:
    """Return where to cut, at most ``room`` units from the start and not before half of that."""
    end = len(whole.encode("utf-16-le")[: room * 2].decode("utf-16-le", "ignore"))
    for border in _BORDERS:
        found = [match.end() for match in border.finditer(whole, 0, end + 1) if match.start() <= end and match.end() > end // 2]
        if found:
            return min(found[-1], max(end, 1))
    return max(end, 1)


def _slice(text: Text, start: int, end: int) -> list[Run]:
    result, at = [], 0
    for run in text:
        part = run.text[max(start - at, 0) : max(end - at, 0)]
        at += len(run.text)
        if part:
            result.append(replace(run, text=part))
    return result


def _trimmed(text: Text) -> list[Run]:
    """Return a text without white space and empty runs at its ends."""
    result = [run for run in text if run.text]
    while result and not (kept := result[0].text.lstrip()):
        result.pop(0)
    if result:
        result[0] = replace(result[0], text=kept)
    while result and not (kept := result[-1].text.rstrip()):
        result.pop()
    if result:
        result[-1] = replace(result[-1], text=kept)
    return result
