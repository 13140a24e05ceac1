"""Long lists a page at a time, and what many wait for at once."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.web import marked_pages
from bot.web.marked_pages import MarkedPage, Part
from bot.web.paging import page_of
from bot.web.pictures import PdfPage


@pytest.mark.parametrize(("number", "shown"), [(1, [0, 1]), (3, [4]), (99, [4])])
def test_a_page_beyond_the_last_is_the_last(number, shown):
    page = page_of(range(5), number, 2)

    assert (list(page.items), page.last) == (shown, 3)


def test_an_empty_list_has_one_page():
    assert page_of([], 7, 2).last == 1


def test_lines_are_looked_for_once_for_all_who_wait_and_go_on_when_nobody_does(monkeypatch, tmp_path):
    # given a page whose lines take long to find, and somebody who went away before they were
    begun, found = [], asyncio.Event()

    async def slow(page: PdfPage, part: Part) -> MarkedPage:
        begun.append(page.number)
        await found.wait()
        return MarkedPage(page.number, settled=True)

    monkeypatch.setattr(marked_pages, "marked_page", slow)
    monkeypatch.setattr(marked_pages, "are_words_known", lambda page: False)
    pages, parts = [PdfPage(tmp_path, Path("a.pdf"), "0" * 64, 3)], [Part(3, "trước ngày 10/01/2026")]

    async def story() -> list[MarkedPage]:
        (early,) = await marked_pages.marked_pages(pages, parts, 0.01)
        assert not early.settled
        waiting = [asyncio.create_task(marked_pages.marked_pages(pages, parts, 60)) for _ in range(5)]
        await asyncio.sleep(0)
        found.set()
        return [page for (page,) in await asyncio.gather(*waiting)]

    # when five more ask for the same, then all of them get what was begun for the first
    assert all(page.settled for page in asyncio.run(story()))
    assert begun == [3]
    assert not marked_pages._going_on
