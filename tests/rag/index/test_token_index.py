"""The words of entries as numbers, in order, whole and cut."""

from __future__ import annotations

import numpy as np
import pytest

from rag.index import token_index as module
from rag.index.lexical import Entry
from rag.index.token_index import TokenIndex
from rag.language.text import normalise, syllables

ENTRIES = [
    Entry(2, "Hạn nộp báo cáo", "Báo cáo", "không ở đây"),
    Entry(5, "", "Nhiệm vụ", ""),
    Entry(9, "han nop", "", ""),
]


@pytest.fixture
def index(tmp_path):
    TokenIndex.build(tmp_path / "tokens", ENTRIES)
    return TokenIndex(tmp_path / "tokens")


def row(text):
    return syllables(normalise(text))


def test_every_entry_comes_back_word_for_word_headings_apart(index):
    assert list(index.texts([9, 2, 5])) == [(row(e.headings), row(e.text)) for e in (ENTRIES[2], ENTRIES[0], ENTRIES[1])]
    assert [index.has(id) for id in (-1, 0, 2, 5, 9, 10)] == [False, False, True, True, True, False]


def test_words_have_a_number_each_and_those_of_the_same_letters_one_more_together(index):
    hạn, han = index.exact[row("Hạn")[0]], index.exact[row("han")[0]]

    assert hạn != han
    assert index.to_folded[hạn] == index.to_folded[han] == index.folded["han"]
    assert len(index.folded) < len(index.exact) == len(index.to_folded)


def test_lengths_are_means_with_headings_counted_twice(index):
    assert (index.size, index.mean_heading) == (3, pytest.approx(4 / 3))
    assert index.mean_length == pytest.approx((4 + 4 + 4 + 2) / 3)


def test_many_are_told_at_once_and_of_a_very_long_text_the_beginning(monkeypatch, tmp_path):
    monkeypatch.setattr(module, "_MAX_TOKENS", 3)
    TokenIndex.build(tmp_path / "tokens", ENTRIES)
    index = TokenIndex(tmp_path / "tokens")

    lengths, tokens = index.together(np.array([2, 9], dtype=np.int64))

    assert lengths.tolist() == [[2, 3], [0, 2]]
    assert [index._words[number] for number in tokens.tolist()] == [*row("báo cáo"), *row("hạn nộp báo"), *row("han nop")]
    assert index.mean_length == pytest.approx((4 + 3 + 4 + 2) / 3)
    assert [array.shape for array in index.together(np.zeros(0, dtype=np.int64))] == [(0, 2), (0,)]


def test_a_part_has_its_entries_and_the_numbers_of_the_whole(index, tmp_path):
    index.cut(tmp_path / "part", np.array([5, 9], dtype=np.int64))
    part = TokenIndex(tmp_path / "part")

    assert list(part.texts([5, 9])) == list(index.texts([5, 9]))
    assert part.exact == index.exact
    assert [part.has(id) for id in (2, 5, 9)] == [False, True, True]


def test_an_index_of_nothing_can_be_asked(tmp_path):
    TokenIndex.build(tmp_path / "tokens", [])
    index = TokenIndex(tmp_path / "tokens")

    assert (index.size, index.exact, index.has(0), list(index.texts([]))) == (0, {}, False, [])
    assert index.mean_length > 0  # something is divided by it


@pytest.mark.parametrize(("words", "size"), [(255, 1), (256, 2)])
def test_numbers_take_no_more_room_than_they_need_and_lose_nothing(tmp_path, words, size):
    text = " ".join(f"t{number}" for number in range(words))
    TokenIndex.build(tmp_path / "tokens", [Entry(0, text, "", "")])

    assert np.load(tmp_path / "tokens/tokens.npy").dtype.itemsize == size
    assert [text for _, text in TokenIndex(tmp_path / "tokens").texts([0])] == [text.split()]


@pytest.mark.parametrize("name", ["tokens.npy", "bounds.npy", "rows.npy", "words.txt"])
def test_a_folder_that_lacks_a_file_is_an_error(index, tmp_path, name):
    (tmp_path / "tokens" / name).unlink()

    with pytest.raises(OSError, match=name):
        TokenIndex(tmp_path / "tokens")
