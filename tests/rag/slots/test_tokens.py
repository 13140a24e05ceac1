"""A text as a row of words, facts and marks, and phrases found in it."""

from __future__ import annotations

from rag.slots.facts import Fact
from rag.slots.tokens import exact, facts_of, parts, places, says, tokens, unmarked, words_of


def plain(row) -> list[str]:
    return [token.text if isinstance(token, Fact) else token for token in row]


def test_a_row_has_words_in_their_exact_form_marks_and_facts_whole():
    row = tokens("Nộp báo cáo (02 bản), trước ngày 10/01/2026.")

    assert plain(row) == [*exact("nộp báo cáo"), "(", "02", *exact("bản"), ")", ",", *exact("trước"), "ngày 10/01/2026", "."]
    assert [fact.kind for fact in facts_of(row)] == ["number", "date"]
    assert words_of(row) == exact("nộp báo cáo bản trước")
    assert plain(unmarked(row)) == [*exact("nộp báo cáo"), "02", *exact("bản trước"), "ngày 10/01/2026"]


def test_two_spellings_are_one_row():
    assert tokens("hoà kỳ CNTT") == tokens("hòa kì công nghệ thông tin")
    assert tokens("gồm ba nhiệm vụ")[1].key == ("3", "")


def test_what_a_row_returned_may_be_changed_without_changing_the_next():
    tokens("Nộp báo cáo").append("!")

    assert tokens("Nộp báo cáo") == exact("nộp báo cáo")


def test_a_row_is_cut_at_the_marks_that_are_asked_for():
    row = [*exact("một"), ",", *exact("hai"), ".", *exact("ba")]

    assert [list(part) for part in parts(row)] == [exact("một"), exact("hai"), exact("ba")]
    assert [list(part) for part in parts(row, ".")] == [[*exact("một"), ",", *exact("hai")], exact("ba")]
    assert [list(part) for part in parts([], ".")] == [[]]


def test_phrases_are_found_the_longest_at_each_place_and_none_within_another():
    row = exact("không quá trình độ quá trình")

    assert list(places(row, ("không quá", "quá trình", "quá"))) == [(0, 2), (4, 6)]
    assert list(places(row, ("quá", "không"))) == [(0, 1), (1, 2), (4, 5)]
    assert list(places(tokens("30% số trường"), ("số trường",))) == [(1, 3)]
    assert list(places([], ("quá",))) == []


def test_a_phrase_cut_off_at_the_end_is_not_there():
    assert list(places(exact("không"), ("không quá",))) == []
    assert says(exact("báo cáo không"), ("không quá", "không"))
    assert not says(exact("báo cáo"), ("không quá",))
