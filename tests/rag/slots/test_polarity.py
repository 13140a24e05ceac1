"""What is denied or forbidden, and how far a denial reaches."""

from __future__ import annotations

import pytest

from rag.slots.polarity import negations, scopes
from rag.slots.tokens import exact, tokens


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("không thu phí", [(0, 1, False)]),
        ("nghiêm cấm thu phí", [(0, 2, True)]),
        ("cấm thu, chưa nộp", [(0, 1, True), (3, 4, False)]),
        ("không quá 30 ngày", []),  # a bound
        ("không gian mạng", []),
        ("không chỉ nộp", []),
        ("không chỉ định thầu", [(0, 1, False)]),
        ("chẳng hạn", []),
        ("chẳng nộp", [(0, 1, False)]),
        ("hàng không không nộp", [(2, 3, False)]),
    ],
)
def test_a_denial_is_told_from_what_only_looks_like_one(text, found):
    assert negations(tokens(text)) == found


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("không thu phí trông xe", ["thu phí trông xe"]),
        ("không được thu phí hoặc nhận quà", ["thu phí nhận quà"]),
        ("không thu phí hoặc nhận quà", ["thu phí"]),
        ("không nộp, chưa gửi", ["nộp", "gửi"]),
        ("không thu phí, nhận quà", ["thu phí"]),
        ("không thu, nhận quà", ["thu nhận quà"]),
        ("nghiêm cấm thu phí, nhận quà, dạy ngoài giờ", ["thu phí", "nhận quà", "dạy ngoài giờ"]),
        ("nghiêm cấm thu phí hoặc nhận quà", ["thu phí", "nhận quà"]),
        ("không thu. Nhận quà", ["thu"]),
        ("không", []),
        ("không thu phí gửi xe đạp điện hằng ngày", ["thu phí gửi xe đạp điện"]),  # no further than six words
        ("thu phí", []),
    ],
)
def test_a_denial_reaches_to_the_end_of_what_it_denies(text, denied):
    assert scopes(tokens(text)) == [exact(words) for words in denied]


def test_a_list_of_what_is_forbidden_ends_where_one_thing_in_it_is_too_long_to_be_one():
    short, long = "thu phí " * 17, "thu phí " * 19

    assert len(scopes(tokens(f"nghiêm cấm {short}, nhận quà"))) == 2
    assert len(scopes(tokens(f"nghiêm cấm {long}, nhận quà"))) == 1
