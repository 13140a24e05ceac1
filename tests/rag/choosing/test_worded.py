"""How well words fit, reckoned once more: what tantivy says, to more digits, whatever else is looked at."""

from __future__ import annotations

import pytest

from rag.choosing.worded import word_scores
from rag.index.entries import Sought
from rag.index.lexical import rarity, terms_of
from tests.rag.choosing.small_index import ENTRIES, TITLES, SmallIndex

IDS = [entry.id for entry in ENTRIES]


@pytest.fixture(scope="module")
def index(tmp_path_factory) -> SmallIndex:
    return SmallIndex(tmp_path_factory.mktemp("small"))


def sought(index: SmallIndex, text: str, exact: float = 0.5) -> Sought:
    """All terms of a text, those that come later weighing less."""
    forms = terms_of(text)
    folded, marked = (
        {term: weight / (at + 1) for at, term in enumerate(forms[form])} for form, weight in (("folded", 1.0), ("exact", exact))
    )
    return Sought(folded, marked, rarity(index.lexical, folded, marked), pool=10)


def scores(index: SmallIndex, wanted: Sought, ids: list[int]) -> dict[int, float]:
    found = word_scores(
        wanted, index.entries(ids), index.texts(ids), index.tokens, index.lexical.means, lambda number: terms_of(TITLES[number])
    )
    return dict(zip(ids, found.tolist(), strict=True))


@pytest.mark.parametrize(
    "text",
    [
        "báo cáo",
        "hạn nộp báo cáo sơ kết",
        "nhiệm vụ năm học",  # in headings and titles
        "người học",
        "bao cao cua nha truong",  # without marks nothing is exact
        "báo cáo không có ở đây zzz",
    ],
)
def test_what_is_reckoned_is_what_tantivy_finds(index, text):
    wanted = sought(index, text)

    found = scores(index, wanted, IDS)

    hits = dict(index.lexical.search(wanted.folded, wanted.exact, 10))
    assert {id_ for id_, score in found.items() if score > 0} == hits.keys()
    assert {id_: found[id_] for id_ in hits} == pytest.approx(hits, rel=1e-5)


def test_an_entry_has_the_same_score_to_the_last_bit_whatever_stands_beside_it(index):
    wanted = sought(index, "hạn nộp báo cáo của nhà trường năm học")
    whole = scores(index, wanted, IDS)

    for ids in ([1], [3, 7], [1, 2, 9], [7, 9]):
        assert scores(index, wanted, ids) == {id_: whole[id_] for id_ in ids}


def test_nothing_sought_and_nobody_to_compare_are_no_scores(index):
    assert set(scores(index, sought(index, ""), IDS).values()) == {0.0}
    assert scores(index, sought(index, "zzz"), IDS[:1]) == {1: 0.0}
