"""What each view says of a candidate."""

from __future__ import annotations

import numpy as np

from rag.choosing.features import FEATURES
from rag.choosing.support import Support


def test_each_view_says_its_own():
    row = np.zeros(len(FEATURES), dtype=np.float32)
    for name, value in (("lexical_ratio", 0.5), ("cosine", 0.25), ("asked_best", 0.75)):
        row[FEATURES.index(name)] = value

    assert Support.of(row) == Support(words=0.5, vectors=0.25, bank=0.75)
