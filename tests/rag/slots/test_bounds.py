"""At least, at most, before, after, every: what the words around a number or a day make of it."""

from __future__ import annotations

import pytest

from rag.slots.bounds import bounds_at, directed, order_at, recurring, span_at
from rag.slots.facts import Fact
from rag.slots.tokens import tokens


def fact_in(text: str) -> tuple[list, int]:
    """The row of a text, and where its last fact stands."""
    row = tokens(text)
    return row, max(at for at, token in enumerate(row) if isinstance(token, Fact))


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("tối thiểu 30%", "min"),
        ("không dưới 30%", "min"),
        ("không thấp hơn 30%", "min"),
        ("30% trở lên", "min"),
        ("30% trở xuống", "max"),
        ("tối thiểu là 30%", "min"),
        ("tối đa là 30%", "max"),
        ("không quá 30%", "max"),
        ("không vượt quá 30%", "max"),
        ("vượt quá 30%", "over"),
        ("trên 30%", "over"),
        ("hơn 30%", "over"),
        ("dưới 30%", "under"),
        ("chưa đến 30%", "under"),
        ("thấp hơn 30%", "under"),
        ("đạt 30%", ""),
        ("trên địa bàn có 30%", ""),  # over and under count right before the number alone
        ("quá trình đạt 30%", ""),
        ("tối đa, đạt 30%", ""),  # a comma ends what bounds
        ("tối đa. Đạt 30%", ""),
        ("tối đa (đạt 30%", ""),
        ("tối đa 20 học sinh 30%", ""),  # another number has it
        ("tối thiểu các trường trên địa bàn đạt 30%", ""),  # too far away
        ("tối thiểu 20 phút, tối đa 30%", "max"),
        ("30% giáo viên trở lên", ""),
    ],
)
def test_a_number_is_bounded_by_the_words_right_beside_it(text, bound):
    assert bounds_at(*fact_in(text)) == bound


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("trước ngày 10/01/2026", "before"),
        ("đến hết ngày 10/01/2026", "through"),
        ("chậm nhất ngày 10/01/2026", "by"),
        ("không muộn hơn ngày 10/01/2026", "by"),
        ("chậm nhất trước ngày 10/01/2026", "before"),  # the nearest says it
        ("trước hết, ngày 10/01/2026", ""),
        ("sau ngày 10/01/2026", "after"),
        ("kể từ ngày 10/01/2026", "after"),
        ("không sớm hơn ngày 10/01/2026", "after"),
        ("vào ngày 10/01/2026", "on"),
        ("nhập vào hệ thống ngày 10/01/2026", ""),
        ("đúng ngày 10/01/2026", "on"),
        ("báo cáo ngày 10/01/2026", ""),
    ],
)
def test_a_day_has_the_order_of_the_nearest_word(text, order):
    assert order_at(*fact_in(text)) == order


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("trong vòng 72 giờ", {"within"}),
        ("trong 5 ngày làm việc", {"within"}),
        ("không quá 5 ngày", {"within"}),
        ("sau 5 ngày", {"beyond"}),
        ("quá thời hạn 5 ngày", {"beyond"}),
        ("tối thiểu 5 ngày", {"beyond"}),
        ("trước 5 ngày", {"ahead"}),
        ("trong 5 ngày kể từ khi nhận", {"within", "since"}),
        ("5 ngày trước khi thi", {"until"}),
        ("5 ngày trước ngày thi", {"until"}),
        ("5 ngày làm việc", set()),
        ("trong 5 ngày thi trước khi nghỉ", {"within"}),  # an event counts right behind it
        ("trong 5 trang", set()),  # no time
        ("trong ngày 10/01/2026", set()),
    ],
)
def test_a_stretch_of_time_bounds_within_beyond_or_ahead(text, span):
    row = tokens(text)
    first = next(at for at, token in enumerate(row) if isinstance(token, Fact))

    assert span_at(row, first) == span


def test_a_word_spans_nothing():
    assert span_at(tokens("trong vòng 72 giờ"), 0) == frozenset()


def test_of_a_span_that_two_words_bound_the_nearest_and_longest_says_how():
    assert span_at(*fact_in("trước trong 5 ngày")) == {"within"}
    assert span_at(*fact_in("trong trước 5 ngày")) == {"ahead"}
    assert span_at(*fact_in("sau thời hạn 5 ngày")) == {"beyond"}


def test_what_is_counted_up_or_down_from_is_the_token_before():
    (level, direction), *others = directed(tokens("Tập thể đạt mức 3 trở xuống được xét"))

    assert (level.key, direction) == (("muc", "3"), "down")
    assert others == []
    assert [way for _, way in directed(tokens("lớp 9 trở lên, lớp 5 hoặc thấp hơn"))] == ["up", "down"]
    assert directed(tokens("trở lên")) == []


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("Hằng tháng, quý, học kỳ rà soát", ["tháng", "quý", "học kì"]),
        ("hằng tuần/tháng", ["tuần", "tháng"]),
        ("hằng tháng và quý", ["tháng", "quý"]),
        ("hằng tháng rà soát, mỗi năm đánh giá", ["tháng", "năm"]),
        ("hằng tháng rà soát, quý đánh giá", ["tháng"]),
        ("hằng năm, các trường", ["năm"]),
        ("mỗi trường", []),
        ("trong tháng", []),
        ("hằng", []),
    ],
)
def test_what_comes_again_is_every_unit_of_its_list(text, units):
    assert list(recurring(tokens(text), ("hằng", "mỗi"))) == units
