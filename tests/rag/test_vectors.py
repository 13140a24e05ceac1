"""The vector index: real Chroma folders."""

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from rag.finding.encoder import open_encoder
from rag.index.vectors import VectorIndex, check

ROOT = Path(__file__).resolve().parents[2]
IDS = list(range(5000, 5000 - 3 * 1300, -3))


def directions(count, dimensions=32):
    vectors = np.random.default_rng(5).normal(size=(count, dimensions)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.fixture(scope="module")
def vectors():
    return directions(len(IDS))


@pytest.fixture(scope="module")
def folder(vectors, tmp_path_factory):
    path = tmp_path_factory.mktemp("vectors") / "index"
    VectorIndex.build(path, IDS, vectors)
    return path


def test_every_vector_finds_its_own_id_first(folder, vectors):
    index = VectorIndex.open(folder)
    assert index.size == len(IDS)
    found = [index.search(vector, 1)[0][0] for vector in vectors]
    assert found == IDS


def test_scores_are_cosines_and_fall(folder, vectors):
    hits = VectorIndex.open(folder).search(vectors[7], 20)
    scores = [score for _, score in hits]
    assert scores == sorted(scores, reverse=True)
    assert hits[0] == (IDS[7], pytest.approx(1.0, abs=1e-4))
    for id, score in hits:
        assert score == pytest.approx(float(vectors[IDS.index(id)] @ vectors[7]), abs=1e-4)


def test_no_more_than_k_and_no_more_than_there_are(tmp_path):
    VectorIndex.build(tmp_path / "i", [4, 9], directions(2))
    index = VectorIndex.open(tmp_path / "i")
    assert len(index.search(directions(2)[0], 1)) == 1
    assert sorted(id for id, _ in index.search(directions(2)[0], 50)) == [4, 9]
    assert index.search(directions(2)[0], 0) == []


def test_a_single_vector_and_texts_without_any_known_word(tmp_path):
    VectorIndex.build(tmp_path / "one", [4], directions(1))
    assert VectorIndex.open(tmp_path / "one").search(directions(1)[0], 3)[0][0] == 4
    # zero vectors are near nothing, and no reason to refuse the build
    VectorIndex.build(tmp_path / "zero", [1, 2], np.zeros((2, 8), dtype=np.float32))
    assert sorted(id for id, _ in VectorIndex.open(tmp_path / "zero").search(np.zeros(8, dtype=np.float32), 5)) == [1, 2]


def test_texts_that_are_the_same_to_the_letter_hide_nothing(tmp_path):
    # given what offices publish again and again, among a few texts of their own
    own, again = directions(21)[:20], directions(21)[20:]
    ids, vectors = [*range(20), *range(100, 3100)], np.concatenate([own, np.repeat(again, 3000, axis=0)])
    # when they are indexed
    stored = VectorIndex.build(tmp_path / "i", ids, vectors)
    # then each is stored once, all owners of the same text are found, and so is every other text
    index = VectorIndex.open(tmp_path / "i")
    assert (stored, index.size) == (21, 21)
    assert [index.search(vector, 1)[0][0] for vector in own] == list(range(20))
    assert [id for id, _ in index.search(again[0], 3000)] == list(range(100, 3100))


@pytest.mark.parametrize(
    ("ids", "vectors"),
    [
        ([], np.zeros((0, 4), dtype=np.float32)),
        ([1], directions(2)),
        ([1], np.array([[0.1, np.nan]], dtype=np.float32)),
    ],
)
def test_ids_and_vectors_that_do_not_fit_are_refused(tmp_path, ids, vectors):
    with pytest.raises(ValueError):
        VectorIndex.build(tmp_path / "i", ids, vectors)


def test_only_chromas_own_log_changes_when_a_folder_is_opened(folder):
    def contents():
        return {p: p.read_bytes() for p in folder.rglob("*") if p.is_file() and p.name != "chroma.sqlite3"}

    before = contents()
    for _ in range(2):
        assert check(folder, len(IDS)) == ""
    assert contents() == before
    assert before, "the graph was never written: every reader would have to build it anew"


def test_the_check_survives_what_would_crash_this_process(folder, tmp_path):
    # given a copy whose graph holds noise
    shutil.copytree(folder, tmp_path / "copy")
    for file in (tmp_path / "copy").rglob("data_level0.bin"):
        file.write_bytes(np.random.default_rng(1).bytes(file.stat().st_size))
    # when it is checked, then the check says so, and this process lives to read it
    assert check(tmp_path / "copy", len(IDS)) != ""


def test_the_check_counts(folder):
    assert str(len(IDS)) in check(folder, len(IDS) + 1)


def test_opening_an_empty_folder_is_an_error(tmp_path):
    with pytest.raises(OSError, match="chroma"):
        VectorIndex.open(tmp_path)


def test_chroma_is_not_imported_before_it_is_needed():
    script = "import sys, rag.index.vectors; sys.exit('chromadb' in sys.modules or 'numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False).returncode == 0


def test_texts_that_differ_in_a_number_only_are_stored_and_mostly_found(tmp_path):
    # given six hundred passages of rules that say the same of one thing after another
    encoder = open_encoder(None)
    vectors = encoder.encode_passages([f"Điều {n}. Việc\n" + f"Trường làm việc thứ {n} của năm học. " * (5 + n % 9) for n in range(600)])
    # when they are indexed, then that is no reason to give up
    VectorIndex.build(tmp_path / "i", list(range(600)), vectors)
    index = VectorIndex.open(tmp_path / "i")
    assert sum(index.search(vector, 1)[0][1] > 0.999 for vector in vectors) > 450
