"""An entry → the passages whose vectors are searched: its text in stretches, each with what stands above it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.index.lexical import Entry

_STRIDE = 150  # words
_OVERLAP = 30
_WORD = re.compile(r"\S+")


def passages(entry: Entry) -> Iterator[str]:
    """Yield at least one passage: document title, headings, and a stretch of the text."""
    above = "\n".join(filter(None, (entry.title, entry.headings)))
    spans = [found.span() for found in _WORD.finditer(entry.text)]
    for start in range(0, max(1, len(spans)), _STRIDE):
        stretch = spans[start : start + _STRIDE + _OVERLAP]
        yield "\n".join(filter(None, (above, entry.text[stretch[0][0] : stretch[-1][1]] if stretch else "")))
