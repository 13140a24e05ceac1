"""Decides whether a time is a deadline: whether somebody has to have done something by then.

What is seen of a time (``ingest.deadlines.features``) is weighed by what was learnt from documents in which people marked
the deadlines (``ingest.deadlines.training``): a condition, an event, a term of validity look otherwise than a duty.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from ingest.deadlines.features import Dated, features_of

WEIGHTS = "duty.json"


@dataclass(frozen=True, slots=True)
class Learnt:
    """The weights of what may be seen, and how sure to be that a time is a deadline before it is called one."""

    bias: float
    least: float
    weights: dict[str, float]


@lru_cache(maxsize=1)
def _learnt() -> Learnt:
    stored = json.loads(files("ingest").joinpath("data", WEIGHTS).read_text(encoding="utf-8"))
    return Learnt(stored["bias"], stored["least"], stored["weights"])


def sureness(dated: Dated) -> float:
    """Return how surely a time is the last day or the return of a duty, 0-1."""
    learnt = _learnt()
    score = learnt.bias + sum(learnt.weights.get(name, 0.0) for name in features_of(dated))
    return 1 / (1 + math.exp(-score))


def is_due(dated: Dated) -> bool:
    """Say whether a time is the last day or the return of a duty."""
    return sureness(dated) >= _learnt().least
