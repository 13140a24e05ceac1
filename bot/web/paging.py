"""A long list, a page at a time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PageOf(Generic[T]):
    """What stands on one page of a list: ``number``, of pages 1 to ``last``."""

    items: Sequence[T]
    number: int
    last: int


def page_of(found: Sequence[T], number: int, size: int) -> PageOf[T]:
    """Return page ``number`` of what was found, ``size`` at a time; the last one where there are not so many."""
    last = max(1, math.ceil(len(found) / size))
    number = min(number, last)
    return PageOf(found[(number - 1) * size : number * size], number, last)
