"""An answer as the Markdown that chat programs show, with links to the pages of its provisions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.web.addresses import addresses
from bot.web.copying import copied
from bot.web.markdown import as_lines, in_line, kept_apart
from bot.web.templates import quoted
from rag.finding.search import Searcher


def markdown(answer: Mapping[str, Any], searcher: Searcher, site: str) -> str:
    """Return an answer as it is copied for letters, its sources linked; ``site`` is where the pages are."""

    def linked(label: str, made: Mapping[str, Any]) -> str:
        return f"[{in_line(label)}]({site}{addresses(searcher).of(made['document'], made['section'])})"

    text = copied(answer, lambda made, full: linked(quoted(searcher, made, full).striptags(), made), as_lines)
    if answer["related"]:
        near = [f"- {as_lines(each['title'] or each['label'])} ({linked(each['label'], each)})" for each in answer["related"]]
        text = "\n\n".join([text, "Nội dung gần nhất trong các văn bản:", "\n".join(near)])
    return kept_apart(text)


def words_of(text: str) -> int:
    """Return how many words stand in a text, parted by spaces: what ``usage`` counts, since no model reads tokens here."""
    return len(text.split())
