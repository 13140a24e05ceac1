"""The lists of replies in tests/data, and the provisions that each row is about: ``[n]`` is the nth of its sections."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from rag.finding.search import Searcher
from rag.wording.sources import Numbered, numbered

DATA = Path(__file__).resolve().parent.parent / "data"
NUMBERS = {2607: "2607/SGDĐT-GDPT", 1422: "1422/SGDĐT-CNTT"}
Row = dict[str, Any]


def reply_list(name: str) -> list[Row]:
    """The rows of ``replies_<name>.yaml``."""
    rows: list[Row] = yaml.load((DATA / f"replies_{name}.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    return rows


def provisions_of(searchers: Mapping[int, Searcher]) -> Callable[[Row], tuple[Numbered, ...]]:
    """What finds the provisions of a row; rows about the same ones get the same objects, which are read once."""
    known: dict[tuple[Any, ...], tuple[Numbered, ...]] = {}

    def of(row: Row) -> tuple[Numbered, ...]:
        key = (row["doc"], *row["sections"])
        if key not in known:
            known[key] = sources_of_sections(searchers[row["doc"]], NUMBERS[row["doc"]], row["sections"])
        return known[key]

    return of


def sources_of_sections(searcher: Searcher, document: str, sections: Sequence[str]) -> tuple[Numbered, ...]:
    """The provisions with these section paths as a model gets them; where several share a path, the last."""
    there = {provision.section: provision for provision in searcher.store.of_document(document)}
    return tuple(numbered(searcher, there[section]) for section in sections)
