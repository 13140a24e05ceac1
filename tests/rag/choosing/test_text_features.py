"""What the chooser sees of the texts of candidates."""

from __future__ import annotations

import pytest

from rag.choosing.text_features import TEXT_FEATURES, text_columns
from rag.language.text import fold_tokens, normalise, syllables
from tests.rag.choosing.small_index import DOCUMENTS, ENTRIES, SmallIndex

IDS = [entry.id for entry in ENTRIES]


@pytest.fixture(scope="module")
def index(tmp_path_factory) -> SmallIndex:
    return SmallIndex(tmp_path_factory.mktemp("small"))


def seen(index: SmallIndex, question: str, cosines: dict[int, float] | None = None, ids: list[int] = IDS) -> dict[int, dict[str, float]]:
    """The features of each candidate by name."""
    exact = syllables(normalise(question))
    rows = text_columns(
        {"exact": exact, "folded": fold_tokens(exact)},
        index.texts(ids),
        ids,
        cosines or {},
        [DOCUMENTS[id_] for id_ in ids],
        index.tokens,
        index.lexical,
    )
    return {id_: dict(zip(TEXT_FEATURES, row.tolist(), strict=True)) for id_, row in zip(ids, rows, strict=True)}


def of(found: dict[int, dict[str, float]], name: str) -> dict[int, float]:
    return {id_: round(features[name], 6) for id_, features in found.items()}


def test_shares_of_what_is_asked_are_0_to_1_and_whole_where_all_of_it_stands(index):
    found = seen(index, "hạn nộp báo cáo sơ kết")

    assert (found[1]["words"], found[1]["pairs"], found[1]["words_32"], found[1]["pairs_128"]) == (1, 1, 1, 1)
    assert 0 < found[7]["words"] < 1
    assert found[2]["pairs"] == found[9]["words"] == 0
    assert of(seen(index, "bao cao"), "words") == of(seen(index, "báo cáo"), "words")  # marks are for "exact"


def test_marks_count_in_the_exact_view_alone(index):
    with_marks, without = seen(index, "báo cáo"), seen(index, "bao cao")

    assert of(with_marks, "folded") == of(without, "folded")
    assert with_marks[7]["exact"] > 0 == without[7]["exact"]


def test_headings_are_looked_at_by_themselves(index):
    found = seen(index, "người học nộp báo cáo")

    assert of(found, "heading_pairs")[1] == 0
    assert 0 < found[3]["heading_words"] < 1
    assert (found[3]["heading_share"], found[9]["heading_share"], found[7]["heading_share"]) == (1, 1, 0)
    assert found[9]["headings"] > 0 == found[7]["headings"]


def test_the_best_has_ratio_1_and_no_gap_and_others_are_held_against_it(index):
    found = seen(index, "nộp báo cáo", {1: 0.5, 7: 0.25})

    best = max(IDS, key=lambda id_: found[id_]["folded"])
    assert (found[best]["folded_ratio"], found[best]["folded_gap"]) == (1, 0)
    assert found[9]["folded_ratio"] == 0
    assert found[9]["folded_gap"] == pytest.approx(found[best]["folded"])
    assert of(found, "cosine_ratio") == {1: 1, 2: 0.5, 3: 0.5, 7: 0.5, 9: 0.5}


def test_what_the_vectors_did_not_find_is_as_near_as_the_farthest_that_they_did(index):
    assert of(seen(index, "nộp", {1: 0.5, 7: 0.25}), "cosine") == {1: 0.5, 2: 0.25, 3: 0.25, 7: 0.25, 9: 0.25}
    assert of(seen(index, "nộp", {1: 0.5, 7: 0.25}), "cosine_gap") == {1: 0, 2: 0.25, 3: 0.25, 7: 0.25, 9: 0.25}
    assert set(of(seen(index, "nộp"), "cosine").values()) == {0}


def test_a_long_text_is_looked_at_in_stretches(index):
    found = seen(index, "báo cáo nhà trường")

    assert found[3]["words"] == 1
    assert found[3]["length"] > 128 > found[1]["length"]
    assert found[3]["words_32"] == 1  # "Báo cáo tổng kết. Việc khác của nhà trường" is one stretch
    assert of(found, "heading_length") == {1: 4, 2: 2, 3: 2, 7: 0, 9: 2}
    assert set(of(found, "question_length").values()) == {4}


def test_all_candidates_of_a_document_have_its_share_which_grows_with_what_they_hold(index):
    shares = of(seen(index, "nộp báo cáo"), "document_share")

    assert shares[1] == shares[2] == shares[3]
    assert shares[7] == shares[9]
    assert shares[1] + shares[7] == pytest.approx(1, abs=1e-5)
    assert of(seen(index, "kế hoạch dạy học"), "document_share")[1] > shares[1]
    assert of(seen(index, "nộp báo cáo", ids=[9]), "document_share") == {9: 1}


def test_without_words_that_are_known_and_without_candidates_there_is_nothing_to_see(index):
    assert seen(index, "zzz")[1]["words"] == 0
    assert seen(index, "báo cáo", ids=[]) == {}
