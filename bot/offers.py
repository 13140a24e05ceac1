"""What an ``offered`` answer offers, piece by piece, so that no channel says the same words twice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rag.language.text import squeeze

OFFERED = "Chưa chắc"
"""The word that marks an offer."""
_SHORT = 160  # characters


@dataclass(frozen=True, slots=True)
class Offer:
    """A provision that may be meant.

    ``title`` is its heading or how it begins; ``quote`` is empty where the title says all of it, and ``short`` is how
    the quote begins, empty where the title begins alike.
    """

    title: str
    short: str
    quote: str


def sentence_of(text: str) -> str:
    """Return the sentence that an offer begins with, without the lines of its provisions."""
    return text.partition("\n")[0]


def offers_of(text: str, cited: Iterable[tuple[str, str]]) -> list[Offer]:
    """Return what is offered: ``text`` is the answer's, with a line for each provision, ``cited`` the label and quote of each."""
    lines = text.split("\n")[1:]
    made = []
    for at, (label, quote) in enumerate(cited):
        line = lines[at] if at < len(lines) else ""
        named = f"{at + 1}. {label}: "
        made.append(_offer(line.removeprefix(named) if line.startswith(named) else "", quote))
    return made


def _offer(title: str, quote: str) -> Offer:
    flat, start = squeeze(quote), title.removesuffix("…")
    if not title:
        return Offer(shortened(flat), "", quote if len(flat) > _SHORT else "")
    if flat == start:
        return Offer(title, "", "")
    return Offer(title, "" if flat.startswith(start) else shortened(flat), quote)


def shortened(text: str, limit: int = _SHORT) -> str:
    """Return how a text begins, with dots where it goes on or begins within a sentence."""
    flat = squeeze(text)
    start = "… " if flat[:1].islower() else ""
    return start + (flat if len(flat) <= limit else f"{flat[:limit].rsplit(' ', 1)[0]}…")
