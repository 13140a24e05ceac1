"""Words of documents within Markdown: written so that they are read as the very words, whatever signs they hold."""

from __future__ import annotations

import re

_SIGNS = re.compile(r"[\\`*\[\]<~]|&(?=#?\w+;)|(?<![^\W_])_|_(?![^\W_])|(?<=\s)#(?=#*\s*$)")
"""Signs of CommonMark and of GitHub's dialect; ``_`` within a word is none, and ``#`` ends a heading."""
_START = re.compile(r"(?=\S)(?=#{1,6}(?:\s|$)|>|[-+](?:\s|$)|=+\s*$|[|:\s-]+$)|\d{1,9}(?=[.)](?:\s|$))")
"""What would begin a heading, quote or list, or make the line above a heading: up to the sign that does."""
_LINE = re.compile(r"\r\n?|\n")
_END = re.compile(r"(?<=\S)\n(?=[^\n])")


def in_line(text: str) -> str:
    """Return words as they stand within a line of Markdown that something of ours begins."""
    return _SIGNS.sub(r"\\\g<0>", text)


def as_lines(text: str) -> str:
    """Return words as they stand in Markdown as lines of their own."""
    return kept_apart("\n".join(_line(line.strip()) for line in _LINE.split(text)))


def kept_apart(text: str) -> str:
    """Return Markdown whose lines stay lines: those that do not end so are joined."""
    return _END.sub("  \n", text)


def _line(line: str) -> str:
    start = _START.match(line)
    return in_line(line) if start is None else f"{line[: start.end()]}\\{_after(line, start.end())}"


def _after(line: str, at: int) -> str:
    """The rest of a line behind the sign that is escaped already."""
    return line[at] + in_line(line[at + 1 :])
