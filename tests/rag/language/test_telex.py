"""Telex keys that were typed while the keyboard was off."""

import pytest

from rag.language.telex import is_folded_syllable, is_syllable, undo_telex


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("hanj", "hạn"),
        ("nopj", "nọp"),
        ("nooj", "nộ"),
        ("nowi", "nơi"),
        ("truwowngf", "trường"),
        ("truwongf", "trường"),
        ("dduowcj", "được"),
        ("caos", "cáo"),
        ("keets", "kết"),
        ("gapwj", "gặp"),
        ("quyeets", "quyết"),
        ("ddijnh", "định"),
        ("GIAOS", "giáo"),
    ],
)
def test_leftover_keys_become_the_syllable_that_was_meant(typed, meant):
    assert undo_telex(typed) == meant


@pytest.mark.parametrize("word", ["hoc", "sinh", "xin", "file", "web", "google", "hạn", "2026", "hk1", "a", ""])
def test_what_is_no_telex_stays(word):
    assert undo_telex(word) == word


def test_the_grammar_of_syllables():
    assert all(map(is_syllable, ["nghiêng", "đường", "quyết", "giáo", "Hạn", "ăn"]))
    assert not any(map(is_syllable, ["xyz", "bcd", "hanj", "kêtk", "cảch", "hạń"]))  # no hỏi before a final ch
    assert is_folded_syllable("nghieng")
    assert not is_folded_syllable("lnik")
