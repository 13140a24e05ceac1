"""The vector index: plain files, exact arithmetic, whole and in parts."""

import resource
from pathlib import Path

import numpy as np
import pytest

from rag.finding.encoder import open_encoder
from rag.index import vectors as module
from rag.index.near import Near
from rag.index.vectors import VectorIndex, compared

ROOT = Path(__file__).resolve().parents[3]
IDS = list(range(2, 2 + 3 * 1300, 3))


def directions(count, dimensions=32, seed=5):
    vectors = np.random.default_rng(seed).normal(size=(count, dimensions)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def build(path, ids, vectors, at_once=100):
    assert VectorIndex.build(path, ((ids[at : at + at_once], vectors[at : at + at_once]) for at in range(0, len(ids), at_once))) == len(ids)
    return VectorIndex(path)


@pytest.fixture(scope="module")
def vectors():
    return directions(len(IDS))


@pytest.fixture(scope="module")
def index(vectors, tmp_path_factory):
    return build(tmp_path_factory.mktemp("vectors") / "index", IDS, vectors)


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """More passages than are compared one by one: several of each provision, near to a few hundred matters."""
    matters = np.repeat(directions(400, 100), 100, axis=0)
    found = matters + directions(len(matters), 100, seed=6) * np.random.default_rng(7).uniform(0.2, 2, size=(len(matters), 1))
    found = (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)
    ids = np.arange(len(found)) // 3
    return build(tmp_path_factory.mktemp("library") / "index", ids, found, 999), ids, found


def test_every_vector_finds_its_own_id_first(index, vectors):
    assert index.size == len(IDS)
    assert [index.search(vector, 1)[0][0] for vector in vectors] == IDS


def test_scores_are_cosines_and_fall(index, vectors):
    hits = index.search(vectors[7], 20)
    scores = [score for _, score in hits]
    assert scores == sorted(scores, reverse=True)
    assert hits[0] == (IDS[7], pytest.approx(1.0, abs=1e-3))
    for id, score in hits:
        assert score == pytest.approx(float(vectors[IDS.index(id)] @ vectors[7]), abs=1e-3)


def test_no_more_than_k_and_no_more_than_there_are(tmp_path):
    index = build(tmp_path / "i", [4, 9], directions(2))
    assert len(index.search(directions(2)[0], 1)) == 1
    assert sorted(id for id, _ in index.search(directions(2)[0], 50)) == [4, 9]
    assert index.search(directions(2)[0], 0) == []


def test_texts_without_any_known_word_are_near_nothing(tmp_path):
    index = build(tmp_path / "zero", [1, 2], np.zeros((2, 8), dtype=np.float32))
    assert index.search(directions(1, 8)[0], 5) == [(1, 0.0), (2, 0.0)]


def test_texts_that_are_the_same_to_the_letter_hide_nothing(tmp_path):
    # given what offices publish again and again, among a few texts of their own
    own, again = directions(21)[:20], directions(21)[20:]
    ids, vectors = [*range(20), *range(100, 3100)], np.concatenate([own, np.repeat(again, 3000, axis=0)])
    # when they are indexed, then all owners of the same text are found, and so is every other text
    index = build(tmp_path / "i", ids, vectors)
    assert [index.search(vector, 1)[0][0] for vector in own] == list(range(20))
    assert [id for id, _ in index.search(again[0], 3000)] == list(range(100, 3100))


@pytest.mark.parametrize(
    "batches",
    [
        [],
        [([1], directions(2))],
        [([1], np.array([[0.1, np.nan]], dtype=np.float32))],
        [([1], directions(1)), ([2], directions(1, 16))],
    ],
)
def test_ids_and_vectors_that_do_not_fit_are_refused(tmp_path, batches):
    with pytest.raises(ValueError):
        VectorIndex.build(tmp_path / "i", batches)


def test_a_full_disk_is_an_error_whenever_it_is_met(tmp_path, vectors):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, hard))  # fails as a full disk does
    try:
        with pytest.raises(OSError, match="File too large"):
            build(tmp_path / "i", IDS, vectors)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_opening_an_empty_folder_is_an_error(tmp_path):
    with pytest.raises(OSError, match="ids"):
        VectorIndex(tmp_path)


def test_in_a_library_the_nearest_are_found_though_few_passages_are_compared(library):
    index, ids, vectors = library
    assert compared(index.size) < index.size / 4
    for question in directions(400, 100)[::40]:
        # given the right order, all passages compared
        cosines = vectors @ question
        wanted = list(dict.fromkeys(ids[np.argsort(-cosines, kind="stable")].tolist()))[:30]
        # then the index finds nearly all of it, with the cosines that these have
        found = index.search(question, 30)
        assert len(set(wanted) & {id for id, _ in found}) >= 28
        assert found[0][1] == pytest.approx(cosines.max(), abs=5e-3)


def test_a_library_that_is_cut_into_parts_finds_the_same(library, tmp_path):
    # given a library, and the same in three parts of very different sizes
    index, ids, _ = library
    part_of = np.random.default_rng(8).choice(3, size=ids.max() + 1, p=[0.02, 0.18, 0.8])
    parts = []
    for number in range(3):
        renumbered = np.where(part_of == number, np.arange(len(part_of)), -1).astype(np.int32)
        assert index.cut(tmp_path / str(number), renumbered) == (part_of[ids] == number).sum()
        parts.append(VectorIndex(tmp_path / str(number)))
    most = compared(index.size)
    for question in directions(400, 100)[::20]:
        # when each part says what may be needed of it
        told = [part.near(question, most).needed(10) for part in parts]
        # then that is little, and together it is what the whole finds, to the last bit
        assert sum(len(near.ids) for near in told) < 1000
        assert Near.merged(told, most).best(10) == index.search(question, 10)


def test_signs_that_fill_no_whole_word_and_more_than_a_byte_can_count_are_told_apart(monkeypatch, tmp_path):
    monkeypatch.setattr(module, "MOST", 100)
    monkeypatch.setattr(module, "_LEAST", 40)
    for dimensions in (24, 300, 1024):
        vectors = directions(500, dimensions)
        index = build(tmp_path / str(dimensions), list(range(500)), vectors)
        distances = index._distances(vectors[3])
        assert distances.tolist() == ((np.asarray(index._vectors) > 0) != (vectors[3] > 0)).sum(axis=1).tolist()
        assert index.search(vectors[3], 1)[0][0] == 3


def test_texts_that_differ_in_a_number_only_are_all_found(tmp_path):
    # given six hundred passages of rules that say the same of one thing after another
    texts = [f"Điều {n}. Việc\n" + f"Trường làm việc thứ {n} của năm học. " * (5 + n % 9) for n in range(600)]
    vectors = open_encoder(None).encode_passages(texts)
    # when they are indexed, then each finds itself or its like
    index = build(tmp_path / "i", list(range(600)), vectors)
    assert all(index.search(vector, 1)[0][1] > 0.999 for vector in vectors)
