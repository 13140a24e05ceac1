"""The pages on which a provision, or what an answer quoted of it, stands: their pictures, with those lines to be marked."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise

from bot.web.pictures import PdfPage, are_words_known, picture_of, words_of
from bot.web.problems import Refused
from bot.web.quoted_lines import Box, quoted_lines
from ingest.show import mark_of
from rag.documents import Provision

_MOST_PAGES = 3  # of one quote
_SHOWN = 5  # words that say where the marked lines begin and end
_MOST_AT_ONCE = 40  # pages that are looked at; more only wait for one another


@dataclass(frozen=True, slots=True)
class Part:
    """What stands on one page of a quote, and around it."""

    page: int
    text: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class MarkedPage:
    """A page with the lines to mark on it.

    ``settled``: it is known where they are, or that this cannot be known; ``is_drawn``: there is a picture.
    """

    number: int
    settled: bool = False
    is_drawn: bool = True
    boxes: list[Box] = field(default_factory=list)
    begins: str = ""
    ends: str = ""


def parts_of(provisions: Sequence[Provision], cited: Provision, quote: str) -> list[Part]:
    """Return what stands where: of the quote, else of all that the provision says; ``provisions`` are the document's."""
    known = {provision.id: at for at, provision in enumerate(provisions)}
    holder = provisions[known[cited.outer]] if cited.outer in known else cited
    wanted = quote or cited.text or cited.heading
    note = next((note for note in holder.footnotes if quote and quote in note.text and quote not in holder.text), None)
    if note is not None:
        return [Part(note.page, wanted)]
    start = holder.text.find(wanted)
    above, below = _around(provisions, known.get(holder.id, 0))
    opening = f"{above} {mark_of(holder)} {holder.heading}"
    if start < 0:  # the heading itself, or words from both
        return [Part(holder.page, wanted, above, f"{holder.text} {below}")]
    text, end = holder.text, start + len(wanted)
    turns = [at for at, _ in holder.page_starts if start < at < end]
    cuts = [start, *turns, end]
    parts = [
        Part(holder.page_at(first), text[first:last], f"{opening} {text[:first]}", f"{text[last:]} {below}")
        for first, last in pairwise(cuts)
    ]
    return [part for part in parts if part.page and part.text.strip()][:_MOST_PAGES]


def _around(provisions: Sequence[Provision], at: int) -> tuple[str, str]:
    """What is printed right before and after a provision."""
    before = provisions[at - 1] if at else None
    after = next((provision for provision in provisions[at + 1 :] if not provision.inline), None)
    return before.whole_text if before else "", f"{mark_of(after)} {after.whole_text}" if after else ""


async def marked_page(page: PdfPage, part: Part) -> MarkedPage:
    """Return a page with the lines of its part of a quote; it may take as long as OCR does."""
    try:
        await picture_of(page)
    except Refused:
        return MarkedPage(page.number, settled=True, is_drawn=False)
    words = await words_of(page)
    find = partial(quoted_lines, part.text, part.before, part.after, words)
    shown = part.text.replace("|", " ").split()
    return MarkedPage(page.number, True, True, await asyncio.to_thread(find), " ".join(shown[:_SHOWN]), " ".join(shown[-_SHOWN:]))


async def marked_pages(pages: Sequence[PdfPage], parts: Sequence[Part], seconds: float) -> list[MarkedPage]:
    """Return each page with its lines; those that are not known within ``seconds`` are looked for on, to be asked again."""
    if not pages:
        return []
    if not seconds and not all(map(are_words_known, pages)):
        return [MarkedPage(page.number) for page in pages]
    if len(_going_on) >= _MOST_AT_ONCE:
        return [MarkedPage(page.number) for page in pages]
    tasks = [_look(page, part) for page, part in zip(pages, parts, strict=True)]
    await asyncio.wait(tasks, timeout=seconds or None)
    return [task.result() if task.done() else MarkedPage(page.number) for task, page in zip(tasks, pages, strict=True)]


_going_on: dict[tuple[PdfPage, Part], asyncio.Task[MarkedPage]] = {}


def _look(page: PdfPage, part: Part) -> asyncio.Task[MarkedPage]:
    """Begin to look for lines, once for everybody who asks for the same; it goes on when nobody waits any more."""
    key = page, part
    if (known := _going_on.get(key)) is not None:
        return known
    task = _going_on[key] = asyncio.create_task(marked_page(page, part))
    task.add_done_callback(lambda done: _going_on.pop(key, None))
    return task
