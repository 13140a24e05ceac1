"""Another encoder than the one that ships: its cosines are brought to the known scale, and what it sees is weighed."""

from __future__ import annotations

import numpy as np
import pytest

from ingest.options import Options
from ingest.pipeline import ingest
from rag.choosing.features import FEATURES
from rag.choosing.fit import Fit, read_fit, seen
from rag.finding.encoder import open_encoder
from rag.index.bank_publishing import BankReader
from rag.training.pairs import Article

PLAIN = Fit(1.0, 0.0, (0.0, 0.0, 0.0), (1.0, 0.0))


def test_cosines_are_brought_to_the_known_scale():
    assert Fit(2.0, -0.5, (0, 0, 0), (1, 0)).scaled({7: 0.5, 8: 0.25}) == {7: 0.5, 8: 0.0}


def test_what_the_encoder_sees_is_added_in_deviations():
    rows = np.zeros((3, len(FEATURES)), dtype=np.float32)
    rows[:, FEATURES.index("cosine")] = [0.1, 0.2, 0.3]

    added = Fit(1.0, 0.0, (1.0, 0.0, 0.0), (1.0, 0.0)).added(rows)

    assert added.tolist() == pytest.approx([-1.2247, 0.0, 1.2247], abs=1e-3)
    assert seen(rows[:0]).shape == (0, 3)


def test_a_curve_of_no_change_changes_nothing():
    assert PLAIN.sureness(0.3) == pytest.approx(0.3)
    assert Fit(1.0, 0.0, (0, 0, 0), (0.5, 0.0)).sureness(0.9) < 0.9


@pytest.fixture(scope="module")
def other_encoder(repo, tmp_path_factory):
    """An encoder learnt in a few steps from the directive alone: another one than ships, and a worse one."""
    from rag.training.encoder import Training, train  # takes seconds, which every run would wait for

    text = (repo / "corpus/2607-SGDDT-GDPT.md").read_text(encoding="utf-8")
    parts = [part for part in text.split("\n\n") if len(part) > 40]
    folder = tmp_path_factory.mktemp("encoder")
    train([Article("x", part[:60], part) for part in parts], Training(steps=5, batch=16, min_syllable=1, min_pair=1), folder, print)
    return folder


def test_ingest_fits_the_chooser_to_another_encoder_and_says_what_it_gains(small_corpus, tmp_path, other_encoder):
    said: list[str] = []

    ingest(small_corpus, tmp_path / "data", Options(encoder=str(other_encoder)), progress=said.append)

    name = open_encoder(str(other_encoder)).name
    (line,) = [line for line in said if "Khớp bộ chọn" in line]
    assert name in line
    assert "→" in line
    (bank, *_) = BankReader(tmp_path / "data").get()
    fit = read_fit(bank.folder)
    assert fit is not None
    assert min(fit.weights) >= 0.0


def test_nothing_is_fitted_to_the_encoder_that_ships(directive_index):
    assert read_fit(BankReader(directive_index).get()[0].folder) is None
