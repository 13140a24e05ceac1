"""What is fitted anew for an encoder that the chooser was not learnt with: the scale of its cosines, and their weight.

The trees know the cosines of the encoder that ships. Another one's are brought to that scale, and what it sees beyond
that is added to the trees' score; how sure the sum is, is told by a logistic curve. All of it is fitted on the bank of the
index, writers held out (``rag.training.fitting``), and lies beside the bank.
"""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.choosing.features import FEATURES
from rag.index.arrays import Floats
from rag.index.bank import FIT

_SEEN = tuple(FEATURES.index(name) for name in ("cosine", "asked_near", "context_near"))


@dataclass(frozen=True, slots=True)
class Scale:
    """The mean and the spread of the cosines of candidates."""

    mean: float
    spread: float


@dataclass(frozen=True, slots=True)
class Fit:
    """``slope`` and ``shift`` bring cosines to the known scale; ``weights`` are those of the cosine, in deviations, and of
    the nearness of like questions, alone and in context; ``curve`` makes the logit of how sure the trees are a new one.
    """

    slope: float
    shift: float
    weights: tuple[float, float, float]
    curve: tuple[float, float]

    def scaled(self, cosines: dict[int, float]) -> dict[int, float]:
        """Return cosines as the encoder that ships would have spread them."""
        return {id_: self.slope * value + self.shift for id_, value in cosines.items()}

    def added(self, rows: Floats) -> NDArray[np.float64]:
        """Return what is added to the trees' score of each row."""
        added: NDArray[np.float64] = seen(rows) @ np.array(self.weights)
        return added

    def sureness(self, sureness: float) -> float:
        """Return how sure (0-1) to be where the trees are this sure."""
        clipped = min(max(sureness, 1e-6), 1 - 1e-6)
        logit = self.curve[0] * math.log(clipped / (1 - clipped)) + self.curve[1]
        return 1.0 / (1.0 + math.exp(-logit))


def seen(rows: Floats) -> NDArray[np.float64]:
    """Return what the encoder sees in each row: its cosine in deviations from the other candidates, the like questions'."""
    columns = rows[:, _SEEN].astype(np.float64)
    columns[:, 0] = (columns[:, 0] - columns[:, 0].mean()) / max(float(columns[:, 0].std()), 1e-6) if len(rows) else 0.0
    return columns


def write_fit(folder: Path, fit: Fit) -> None:
    """Write what was fitted beside the bank. Raises ``OSError``."""
    (folder / FIT).write_text(json.dumps(asdict(fit)) + "\n", encoding="utf-8")


def read_fit(folder: Path) -> Fit | None:
    """Return what was fitted for the bank in ``folder``, if anything was. Raises ``OSError`` or ``ValueError``."""
    if not (folder / FIT).is_file():
        return None
    content = json.loads((folder / FIT).read_text(encoding="utf-8"))
    return Fit(content["slope"], content["shift"], tuple(content["weights"]), tuple(content["curve"]))
