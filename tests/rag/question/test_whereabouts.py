"""Whether a message is of a place that it names: what stands around the name tells, not the name."""

from __future__ import annotations

import pytest

from rag.question.whereabouts import SURE, whereabouts

HOME = frozenset(["Quảng Ninh"])


@pytest.mark.parametrize("text", ["khi bộ cần thì trung tam co phai tu danh gia lai ko", "muc dien bien kho khan viet vao dau"])
def test_everyday_words_like_a_province_are_surely_not_where_somebody_is(text):
    assert all(one.sureness < SURE for one in whereabouts(text, HOME))


def test_the_context_tells_who_is_of_a_place_not_its_name():
    for place in ("Cần Thơ", "Quy Nhơn", "Mộc Châu"):
        (there,) = whereabouts(f"Em dạy ở {place}, hạn nộp báo cáo là ngày nào?", HOME)
        (beside,) = whereabouts(f"Thầy {place} nhờ em hỏi hạn nộp báo cáo là ngày nào?", HOME)

        assert there.sureness == pytest.approx(whereabouts("Em dạy ở Sa Pa, hạn nộp báo cáo là ngày nào?", HOME)[0].sureness)
        assert there.sureness >= SURE > beside.sureness


def test_places_of_one_s_own_are_not_judged():
    assert whereabouts("em ở Hạ Long", HOME) == []
