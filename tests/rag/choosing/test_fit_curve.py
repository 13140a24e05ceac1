"""What another encoder's cosines are brought to, and how sure the sum is."""

from __future__ import annotations

import numpy as np
import pytest

from rag.choosing.features import FEATURES
from rag.choosing.fit import Fit, read_fit, seen, write_fit

FIT = Fit(slope=2.0, shift=-0.5, weights=(1.0, 10.0, 100.0), curve=(1.0, 0.0))


def rows(*cosines: float) -> np.ndarray:
    made = np.zeros((len(cosines), len(FEATURES)), dtype=np.float32)
    made[:, FEATURES.index("cosine")] = cosines
    made[:, FEATURES.index("asked_near")] = 0.5
    made[:, FEATURES.index("context_near")] = 0.25
    return made


def test_what_the_encoder_sees_is_the_cosine_in_deviations_from_the_other_candidates():
    assert seen(rows(1.0, 3.0)).tolist() == [[-1.0, 0.5, 0.25], [1.0, 0.5, 0.25]]
    assert seen(rows(1.0, 5.0))[:, 0].tolist() == [-1.0, 1.0]  # however far they lie apart
    assert seen(rows(2.0)).tolist() == [[0.0, 0.5, 0.25]]  # alone it deviates from nobody
    assert seen(rows()).shape == (0, 3)


def test_cosines_are_brought_to_the_known_scale():
    assert FIT.scaled({7: 0.5, 9: 0.75}) == {7: 0.5, 9: 1.0}


def test_it_is_added_by_its_weights():
    assert FIT.added(rows(1.0, 3.0)).tolist() == [29.0, 31.0]


@pytest.mark.parametrize(("curve", "sure"), [((1.0, 0.0), 0.8), ((0.0, 0.0), 0.5), ((2.0, 0.0), 16 / 17), ((-1.0, 0.0), 0.2)])
def test_sureness_is_bent_by_the_curve(curve, sure):
    assert Fit(1.0, 0.0, (0.0, 0.0, 0.0), curve).sureness(0.8) == pytest.approx(sure)


def test_certainty_stays_a_number():
    assert FIT.sureness(1.0) == pytest.approx(1.0, abs=1e-5)
    assert FIT.sureness(0.0) == pytest.approx(0.0, abs=1e-5)


def test_what_is_written_beside_the_bank_is_read_again(tmp_path):
    assert read_fit(tmp_path) is None
    write_fit(tmp_path, FIT)
    assert read_fit(tmp_path) == FIT
