"""What the tools stand on: whoever answers, searches and opens the index, in this process or behind the web service."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Protocol, TypeVar

from rag.finding.search import Hit, Searcher

T = TypeVar("T")


class Library(Protocol):
    """One for each transport; nothing of it blocks the event loop."""

    async def ask(self, question: str, conversation: str, request: Any) -> dict[str, Any]:  # noqa: ANN401
        """Return the answer as ``to_json`` writes it, without a language model: the caller is one.

        ``conversation`` may be empty; ``request`` is the request over HTTP, ``None`` on standard input. Raises ``TracuuError``.
        """

    async def search(self, question: str, k: int) -> list[Hit]:
        """Return the ``k`` best provisions. Raises ``TracuuError``."""

    async def read(self, work: Callable[[Searcher, date], T]) -> T:
        """Do something with what searches the index in use, and today's date, in a thread. Raises ``TracuuError`` and what it raises."""

    async def listed(self, work: Callable[[Searcher, date], T]) -> T:
        """As ``read``, with what lists are made of: the shelf alone."""
