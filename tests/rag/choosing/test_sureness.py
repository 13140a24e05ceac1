"""How sure the chooser is of its first: by what is ahead of whom, and in which document the second stands."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from rag.choosing.chooser import SURENESS_FEATURES, UNASKED, Chooser, sureness_row
from rag.choosing.features import FEATURES
from rag.index.bank import CHOOSER

ROWS = np.arange(3 * len(FEATURES), dtype=np.float32).reshape(3, len(FEATURES))
AT = {name: at for at, name in enumerate(SURENESS_FEATURES)}


def always(value: float) -> dict:
    """A tree that says the same of everything."""
    return {"feature": [0], "threshold": [0.0], "left": [-1], "right": [-2], "leaf": [value, value]}


def chooser(sureness: dict) -> Chooser:
    by_first_feature = {"feature": [0], "threshold": [0.5], "left": [-1], "right": [-2], "leaf": [1.0, 2.0]}
    levels, scale = {"answer": 0.5, "offer": 0.1}, {"mean": 0.0, "spread": 1.0}
    return Chooser({"ranking": [by_first_feature], "sureness": [sureness], "levels": levels, "encoder": "e", "cosines": scale})


def test_what_sureness_is_told_by_is_the_first_and_how_far_the_others_are_behind():
    row = sureness_row(ROWS, np.array([1.0, 4.0, 3.5]), ["a", "b", "b"])

    assert row[AT["first"]] == 4.0
    assert row[AT["ahead"]] == 0.5
    assert row[AT["ahead_of_third"]] == 3.0
    assert row[AT["beside_first"]] == 1.0  # the second stands in the same document
    assert list(row[4:]) == list(ROWS[1])
    assert len(row) == len(SURENESS_FEATURES)


def test_one_that_stands_alone_is_far_ahead_and_has_nobody_beside_it():
    row = sureness_row(ROWS[:1], np.array([2.0]), ["a"])

    assert (row[AT["ahead"]], row[AT["ahead_of_third"]], row[AT["beside_first"]]) == (9.0, 9.0, 0.0)
    two = sureness_row(ROWS[:2], np.array([2.0, 1.0]), ["a", "b"])
    assert (two[AT["ahead"]], two[AT["ahead_of_third"]], two[AT["beside_first"]]) == (1.0, 9.0, 0.0)


def test_of_equals_the_first_that_came_is_the_first():
    assert list(sureness_row(ROWS, np.array([2.0, 2.0, 2.0]), ["a", "b", "c"])[4:]) == list(ROWS[0])


@pytest.mark.parametrize(("value", "sure"), [(0.0, 0.5), (math.log(3), 0.75), (-math.log(3), 0.25)])
def test_sureness_is_the_logistic_of_what_its_trees_say(value, sure):
    made = chooser(always(value))

    assert made.sureness(ROWS, made.scores(ROWS), ["a", "b", "c"]) == pytest.approx(sure)


def test_nobody_is_sure_of_nothing():
    made = chooser(always(5.0))

    assert made.sureness(ROWS[:0], np.array([]), []) == 0.0


def test_what_was_learnt_for_other_features_is_refused(tmp_path):
    content = json.loads(CHOOSER.read_text(encoding="utf-8"))
    older, other = tmp_path / "older.json", tmp_path / "other.json"
    older.write_text(json.dumps(content | {"features": FEATURES[:-1]}), encoding="utf-8")
    other.write_text(json.dumps(content | {"features": FEATURES[1:]}), encoding="utf-8")

    assert Chooser.load(older).levels == Chooser.load(CHOOSER).levels
    with pytest.raises(ValueError, match="made for other features"):
        Chooser.load(other)


@pytest.mark.parametrize("path", [CHOOSER, UNASKED])
def test_what_ships_offers_where_it_does_not_answer(path):
    levels = Chooser.load(path).levels

    assert 0 < levels.offer < levels.answer < 1
    assert levels.offer < levels.answer_without_bank < 1
