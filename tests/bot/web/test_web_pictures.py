"""The words of pages that could not be read are looked for again."""

from __future__ import annotations

import asyncio
import os
import shutil
import time

import pytest

from bot.web import pictures
from bot.web.pictures import PdfPage, are_words_known, words_of


@pytest.fixture
def page(tmp_path):
    """A page of a file that is no PDF."""
    file = tmp_path / "hong.pdf"
    file.write_bytes(b"no PDF")
    return PdfPage(tmp_path, file, "0" * 64, 3)


def test_a_page_that_could_not_be_read_is_tried_again_after_a_day_or_an_update(page, shared, monkeypatch):
    assert asyncio.run(words_of(page)) == []
    assert are_words_known(page), "it would fail again"

    shutil.copy(shared / "pdf/text/49-2012-TT-BGDDT.pdf", page.file)
    assert asyncio.run(words_of(page)) == [], "not on every view"

    with monkeypatch.context() as updated:
        updated.setattr(pictures, "_program", lambda: "another")
        assert not are_words_known(page)
    yesterday = time.time() - 25 * 3600
    os.utime(page.kept(".failed"), (yesterday, yesterday))
    assert not are_words_known(page)
    assert asyncio.run(words_of(page))
    assert are_words_known(page)
    assert not page.kept(".failed").exists()
