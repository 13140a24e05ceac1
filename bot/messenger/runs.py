"""Text with a little formatting, cut on its best borders into pieces that a channel takes; each channel renders it its own way."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

Style = Literal["", "b", "i", "quote", "code"]
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


def code(text: str) -> Run:
    """Return text that a tap copies."""
    return Run(text, "code")


Size = Callable[[Text], int]


def words_in(text: Iterable[Run]) -> str:
    """Return a text without its formatting."""
    return "".join(run.text for run in text)


def pieces(text: Iterable[Run], limit: int, size: Size) -> list[Text]:
    """Return the text in as many pieces as it takes, none empty, none of a ``size`` over ``limit`` (UTF-16 units at the most)."""
    rest: Text = _trimmed([replace(run, text=_NOT_SHOWN.sub("", run.text)) for run in text])
    made = []
    while rest:
        head, rest = _cut(rest, limit, size)
        made.append(head)
    return made


def _cut(text: Text, limit: int, size: Size) -> tuple[Text, Text]:
    """Return as much of a text as fits one message, up to its best border, and the rest."""
    room = limit
    while size(text) > limit:
        whole = "".join(run.text for run in text)
        at = _border(whole, room)
        head = _trimmed(_slice(text, 0, at))
        if size(head) <= limit:
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
