"""Links lead somewhere: files, headings, pictures."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

import pytest

from docs.generator.places import ROOT
from tests.docs.pages import PAGES, anchors, links


@pytest.mark.parametrize("page", [*PAGES, "CHANGELOG.md"])
def test_links_lead_somewhere(page):
    assert [link for link in links(page) if not leads(page, link)] == []


def leads(page: str, link: str) -> bool:
    """Whether a link out of a page finds what it names; those to other sites are not followed."""
    if "://" in link:
        return True
    file, _, anchor = unquote(link).partition("#")
    target = (ROOT / page).parent / file if file else ROOT / page
    if not target.exists():
        return False
    return not anchor or anchor in anchors(str(target.resolve().relative_to(ROOT)))


def test_every_page_can_be_reached_from_the_readme():
    reached, left = set(), ["README.md"]
    while left:
        page = left.pop()
        if page in reached or not page.endswith(".md"):
            continue
        reached.add(page)
        files = (unquote(link).partition("#")[0] for link in links(page) if "://" not in link)
        left += [str(((ROOT / page).parent / file).resolve().relative_to(ROOT)) for file in files if file]

    assert set(PAGES) - reached == set()


def test_pictures_are_small():
    pictures = sorted((ROOT / "docs/pictures").glob("*.png"))

    assert [path.name for path in pictures] == ["telegram.png", "trang-web.png"]
    assert [path.name for path in pictures if path.stat().st_size > 150_000] == []


def test_a_link_to_nowhere_is_found():
    assert not leads("README.md", "docs/nowhere.md")
    assert not leads("README.md", "docs/measured.md#nothing")
    assert leads("README.md", str(Path("docs/measured.md#times-and-memory")))
