"""How things in a row are counted: Roman figures, ordinals, the letters of điểm."""

import pytest

from rag.language.series import LETTERS, ORDINALS, of_roman, to_roman


@pytest.mark.parametrize(("figures", "number"), [("I", 1), ("IV", 4), ("IX", 9), ("XIV", 14), ("XL", 40), ("XCIX", 99)])
def test_roman_figures_say_their_number(figures, number):
    assert of_roman(figures) == number
    assert to_roman(number) == figures


def test_every_number_of_a_series_comes_back():
    assert [of_roman(to_roman(number)) for number in range(1, 200)] == list(range(1, 200))


def test_other_letters_are_no_roman_figures():
    with pytest.raises(KeyError):
        of_roman("IA")


def test_letters_of_points_are_in_vietnamese_order():
    assert LETTERS.index("đ") == LETTERS.index("d") + 1
    assert not set("fjwz") & set(LETTERS)


def test_ordinals_go_from_one_to_ten():
    assert sorted(set(ORDINALS.values())) == list(range(1, 11))
