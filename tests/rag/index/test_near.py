"""Which passages a question was compared with, in parts and together."""

from __future__ import annotations

import numpy as np
import pytest

from rag.index.near import Near, best_of, radius


def near(*passages: tuple[int, int, float], counts: list[int] | None = None) -> Near:
    """Passages of (distance, id, cosine)."""
    distances, ids, cosines = (list(column) for column in zip(*passages, strict=True)) if passages else ([], [], [])
    made = Near.of(np.array(distances, dtype=np.uint8), np.array(ids, dtype=np.int32), np.array(cosines, dtype=np.float32))
    return made if counts is None else Near(made.distances, made.ids, made.cosines, np.array(counts))


def rows(found: Near) -> list[tuple[int, int, float]]:
    return list(zip(found.distances.tolist(), found.ids.tolist(), found.cosines.tolist(), strict=True))


@pytest.mark.parametrize(
    ("distances", "most", "least"),
    [([3, 1, 2, 1], 1, 1), ([3, 1, 2, 1], 2, 1), ([3, 1, 2, 1], 3, 2), ([3, 1, 2, 1], 4, 3), ([3, 1], 99, 3), ([0, 0], 1, 0), ([], 5, 0)],
)
def test_the_radius_is_the_least_that_holds_enough(distances, most, least):
    assert radius(np.array(distances, dtype=np.uint8), most) == least


def test_a_provision_is_as_near_as_its_nearest_passage_and_ties_keep_their_order():
    ids, cosines = np.array([7, 7, 3, 9, 3], dtype=np.int32), np.array([0.5, 0.25, 0.5, 0.75, 0.125], dtype=np.float32)

    assert best_of(ids, cosines, 5) == [(9, 0.75), (7, 0.5), (3, 0.5)]
    assert best_of(ids, cosines, 2) == [(9, 0.75), (7, 0.5)]
    assert best_of(ids, cosines, 0) == []


def test_many_passages_of_one_provision_hide_no_other():
    ids = np.array([1] * 100 + [2, 3], dtype=np.int32)
    cosines = np.array([0.75] * 100 + [0.5, 0.25], dtype=np.float32)

    assert best_of(ids, cosines, 3) == [(1, 0.75), (2, 0.5), (3, 0.25)]


def test_all_that_were_compared_come_by_rising_id():
    assert rows(Near.of_all([(9, 0.5), (2, 0.75)])) == [(0, 2, 0.75), (0, 9, 0.5)]
    assert rows(Near.of_all([])) == []


def test_parts_together_keep_what_the_whole_would_have_compared():
    one, other = near((0, 1, 0.5), (2, 4, 0.75)), near((1, 3, 0.25), (2, 2, 0.5), (3, 5, 1.0))

    together = Near.merged([one, other], 3)

    assert rows(together) == [(0, 1, 0.5), (2, 2, 0.5), (1, 3, 0.25), (2, 4, 0.75)]  # the one at distance 3 was too far
    assert together.counts.tolist() == [1, 1, 2]
    assert rows(Near.merged([one, other], 2)) == [(0, 1, 0.5), (1, 3, 0.25)]
    assert len(rows(Near.merged([one, other], 99))) == 5


def test_what_is_needed_of_a_part_is_the_best_at_whatever_radius_the_whole_has():
    part = near((0, 1, 0.25), (0, 2, 0.5), (1, 3, 0.375), (2, 4, 1.0), (2, 5, 0.125))

    kept = part.needed(1)

    assert rows(kept) == [(0, 2, 0.5), (2, 4, 1.0)]
    assert kept.counts.tolist() == part.counts.tolist()  # the whole counts what was compared, not what was sent
    assert [id for _, id, _ in rows(part.needed(2))] == [1, 2, 3, 4]
    assert rows(near().needed(3)) == []
