"""Text with a little formatting → messages that Telegram takes: valid HTML, split on borders, never inside a tag.

A text is cut as plain text first, and every piece then gets its own tags. Limits count UTF-16 units, as Telegram does
(core.telegram.org/bots/api#formatting-options).
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from bot.messenger.runs import Run, Style, Text, pieces

LIMIT = 4096
_TAGS: dict[Style, tuple[str, str]] = {
    "": ("", ""),
    "b": ("<b>", "</b>"),
    "i": ("<i>", "</i>"),
    "quote": ("<blockquote expandable>", "</blockquote>"),
    "code": ("<code>", "</code>"),
}


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


def size(text: Text) -> int:
    """Return how much of a message a text takes, tags and escapes too."""
    return units(render(text))


def messages(text: Iterable[Run], limit: int = LIMIT) -> list[str]:
    """Return the text as the HTML of as many messages as it takes, none empty, none longer than ``limit`` with or without tags."""
    return [render(piece) for piece in pieces(text, limit, size)]
