"""Where a text names a place, however it is typed, and where everyday words only look like one."""

from __future__ import annotations

import pytest

from rag.language.places import is_abroad, is_province, places, places_in, provinces
from rag.question.whereabouts import places_named


@pytest.mark.parametrize(
    ("text", "name", "province"),
    [
        ("em dạy ở Biên Hoà", "Biên Hòa", "Đồng Nai"),
        ("em o tp Vinh a", "Vinh", "Nghệ An"),
        ("SỞ GD TP.HCM", "HCM", "Hồ Chí Minh"),
        ("xa gio linh", "Gio Linh", "Quảng Trị"),
        ("Hòn Gai cũ", "Hòn Gai", "Quảng Ninh"),
        ("ở Vũng Tàu nè", "Vũng Tàu", "Hồ Chí Minh"),
    ],
)
def test_a_place_is_known_with_its_province_of_today(text, name, province):
    (found,) = places_named(text)

    assert found.place.name == name
    assert found.place.provinces == {province}


def test_a_name_of_several_provinces_is_any_of_them():
    (found,) = places_named("trường em ở Châu Thành")

    assert {"An Giang", "Đồng Tháp", "Tây Ninh"} <= found.place.provinces


def test_the_longest_name_counts_and_a_province_before_all_else():
    assert [one.place.name for one in places_in("đường Điện Biên Phủ")] == ["Điện Biên Phủ"]
    assert [one.place.provinces for one in places_in("o quang binh")] == [{"Quảng Trị"}]


@pytest.mark.parametrize("text", ["van ban nay can duoc gui khi nao", "cds la gi", "de thi cao hoc mon tieng anh", "quang vinh", "thù lao"])
def test_everyday_words_are_no_places(text):
    assert places_named(text) == ()


@pytest.mark.parametrize(("text", "name"), [("em ở Văn Bàn", "Văn Bàn"), ("thi xa la gi", "La Gi"), ("hoi o Can Duoc", "Cần Đước")])
def test_what_looks_like_everyday_words_is_one_with_its_marks_its_letters_or_what_announces_it(text, name):
    assert [one.place.name for one in places_named(text)] == [name]


def test_every_province_old_and_new_is_there():
    assert {"Bà Rịa", "Vũng Tàu", "Thừa Thiên Huế", "Huế", "Hà Tây", "Quảng Ninh"} - set(provinces()) == {"Hà Tây"}
    assert len({province for place in places().values() for province in place.provinces if not is_abroad(province)}) == 34
    assert is_province(("hai", "duong"))
    assert not is_province(("vinh",))
