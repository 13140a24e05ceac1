"""The documentation as its readers meet it: pages, their blocks, words in code, links and headings."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

from docs.generator.pages import pages
from docs.generator.places import ROOT

PAGES = [str(path.relative_to(ROOT)) for path in pages()]
_PARSER = MarkdownIt("commonmark").enable("table")
_PREFIX = re.compile(r"^(?:\$ )?(?:sudo )?(?:[A-Z_]+=\S+ )*(?:\.venv/bin/|/opt/tracuu/bin/)?")


@dataclass(frozen=True)
class Block:
    """A fenced block: where it is, its language, what stands in it."""

    page: str
    line: int
    language: str
    content: str


@cache
def tokens(page: str) -> tuple[Token, ...]:
    """Return a page as parsed, inline parts behind what holds them."""
    flat: list[Token] = []
    for token in _PARSER.parse((ROOT / page).read_text("utf-8")):
        flat += [token, *(token.children or ())]
    return tuple(flat)


def blocks(*languages: str) -> list[Block]:
    """Return the fenced blocks of all pages, of these languages or of any."""
    return [
        Block(page, token.map[0] + 1 if token.map else 0, token.info, token.content)
        for page in PAGES
        for token in tokens(page)
        if token.type == "fence" and (not languages or token.info in languages)
    ]


def words_in_code(page: str) -> list[str]:
    """Return what stands between backticks in a page."""
    return [token.content for token in tokens(page) if token.type == "code_inline"]


def links(page: str) -> list[str]:
    """Return where a page leads, pictures too."""
    found = (token.attrGet("href") or token.attrGet("src") for token in tokens(page) if token.type in ("link_open", "image"))
    return [str(target) for target in found if target]


def anchors(page: str) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    found: list[str] = []
    parsed = tokens(page)
    for token, inline in pairwise(parsed):
        if token.type == "heading_open":
            text = "".join(child.content for child in inline.children or ())
            found.append(re.sub(r"[^\w\- ]", "", text.strip().lower()).replace(" ", "-"))
    return set(found)


def lines_of(block: Block) -> list[str]:
    """Return what is typed in a block of a shell: of one that shows output too, the lines behind ``$``."""
    lines = block.content.replace("\\\n", " ").splitlines()
    return [line for line in lines if line.startswith("$ ")] if block.language == "console" else [line for line in lines if line.strip()]


def arguments(line: str) -> list[str]:
    """Return a typed line as words, without what stands before the program's name; empty where it cannot be cut into words."""
    try:
        return shlex.split(_PREFIX.sub("", line), comments=True)
    except ValueError:
        return []


def shell_lines() -> list[tuple[str, list[str]]]:
    """Return every line that is typed in a block of a page, with where it is, as words."""
    return [
        (f"{block.page}:{block.line}", words) for block in blocks("sh", "console") for line in lines_of(block) if (words := arguments(line))
    ]
