"""What a text names of each kind, and what a question names that a text names others of."""

from __future__ import annotations

import pytest

from rag.slots.named import Named, named, offices, sides, tells_of, unnamed, unnamed_offices
from rag.slots.tokens import exact, tokens


def values(text: str, slot: str) -> set[str]:
    return {one.value for one in named(tokens(text)) if one.slot == slot}


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("trường trung học cơ sở", {"trung học cơ sở"}),
        ("trường cấp 3 và lớp 7", {"trung học phổ thông", "trung học cơ sở"}),
        ("lớp 1 đến lớp 5", {"tiểu học"}),
        ("trường THPT, trung tâm GDTX", {"trung học phổ thông", "giáo dục thường xuyên"}),
        ("gửi phòng Giáo dục phổ thông", set()),
        ("các cơ sở giáo dục", set()),
    ],
)
def test_levels_of_school_are_read_by_name_and_by_class(text, levels):
    assert values(text, "level") == levels


@pytest.mark.parametrize(
    ("asked", "stated", "missing"),
    [
        ("trường mầm non nộp báo cáo", ["trường có cấp THPT"], ["mầm non"]),
        ("trường tiểu học nộp báo cáo", ["các trường phổ thông"], []),
        ("trường tiểu học nộp báo cáo", ["các đơn vị nộp trước ngày 10/01"], []),
        ("báo cáo học kì 2", ["Báo cáo sơ kết học kì 1"], ["học kì 2"]),
        ("học bạ lớp 12", ["học bạ lớp 6, lớp 7 và lớp 8"], ["lớp 12", "lớp 12"]),
        ("giáo viên tiểu học có cần bằng đại học không", ["giáo viên tiểu học có bằng cử nhân"], []),
        ("học sinh chuyển trong tỉnh", ["học sinh chuyển đến từ tỉnh khác"], ["trong tỉnh"]),
        ("UBND xã có trách nhiệm gì", ["Ủy ban nhân dân các tỉnh, thành phố"], ["ủy ban nhân dân xã"]),
    ],
)
def test_what_a_text_names_others_of_is_unnamed(asked, stated, missing):
    assert [one.called for one in unnamed(tokens(asked), map(tokens, stated))] == missing


def test_the_nearest_text_that_names_any_decides():
    near, far = tokens("Riêng lớp 9 hoàn thành trước ngày 25/5"), tokens("cấp trung học phổ thông")

    assert unnamed(tokens("lớp 12"), [near, far])
    assert not unnamed(tokens("lớp 9"), [near, far])


@pytest.mark.parametrize(
    ("asked", "stated", "missing"),
    [
        ("gửi qua phòng giáo dục trung học", "báo cáo Sở (qua phòng Giáo dục phổ thông)", True),
        ("gửi qua phòng giáo dục phổ thông thuộc sở", "Phòng Giáo dục phổ thông: Chủ trì", False),
        ("phòng kế hoạch tài chính", "Phòng Kế hoạch - Tài chính: Chủ trì", False),
        ("trung tâm ngoại ngữ nộp khi nào", "trung tâm giáo dục thường xuyên", True),
        ("nộp cho phòng nào của sở", "báo cáo Sở GDĐT", False),
        ("học sinh vào phòng máy", "cơ sở giáo dục", False),
    ],
)
def test_an_office_is_known_by_all_of_its_name(asked, stated, missing):
    assert bool(unnamed_offices(tokens(asked), tokens(stated))) == missing


def test_a_bare_office_is_no_name():
    assert offices(tokens("bộ phận thống kê của sở và phòng nào")) == []


@pytest.mark.parametrize(
    ("text", "count"),
    [("THCS với THPT khác gì nhau", 2), ("lớp 7 nộp khi nào", 0), ("đơn vị nộp lên sở với sở nộp lên bộ", 2), ("trường mầm non", 0)],
)
def test_what_is_set_side_by_side_has_two_sides(text, count):
    assert len(sides(tokens(text))) == count


def test_a_side_is_told_of_by_what_names_it():
    lower, upper = sides(tokens("THCS với THPT khác gì nhau"))

    assert tells_of(lower, tokens("Trường trung học cơ sở báo cáo trước ngày 12/01"))
    assert not tells_of(upper, tokens("Trường trung học cơ sở báo cáo trước ngày 12/01"))


def test_offices_set_side_by_side_are_sides_each_told_of_by_its_own_name():
    first, second = sides(tokens("phòng kế toán với phòng tổ chức khác gì nhau"))
    stated = tokens("Giao phòng Kế toán lập dự toán.")

    assert (first.slot, first.value, first.called) == ("office", first.value, first.value)
    assert first.value.split() == exact("phòng kế toán")
    assert tells_of(first, stated)
    assert not tells_of(second, stated)


def test_whom_something_is_handed_to_is_a_side_told_of_by_who_hands_to_them():
    one, other = sides(tokens("đơn vị nộp lên sở với sở nộp lên bộ"))

    assert {(side.slot, side.value, side.called) for side in (one, other)} == {("recipient", "bộ", "bộ"), ("recipient", "sở", "sở")}
    assert [tells_of(side, tokens("Sở báo cáo Bộ")) for side in (one, other)] == [side.value == "bộ" for side in (one, other)]


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("lớp 7 với lớp 9 khác gì nhau", ["lớp 7", "lớp 9"]),  # not their level of school
        ("lớp 4 với lớp 9 khác gì nhau", ["lớp 4", "lớp 9"]),
        ("khối 7 với trường tiểu học", ["khối 7", "tiểu học"]),
        ("tiểu học với trung học cơ sở", ["tiểu học", "trung học cơ sở"]),
    ],
)
def test_a_class_is_no_second_side_of_its_own_level(text, called):
    assert sorted(side.called for side in sides(tokens(text))) == sorted(called)


@pytest.mark.parametrize(
    ("asked", "stated", "missing"),
    [
        ("trung tâm ngoại ngữ tin học chúng em", "trung tâm ngoại ngữ tin học nộp báo cáo", False),  # asks for more than its name
        ("trung tâm ngoại ngữ tin học chúng em", "nộp cho trung tâm ngoại ngữ tin học", False),
        ("trung tâm ngoại ngữ tin học", "trung tâm ngoại khoa", True),
        ("phòng kế toán", "phòng tổ chức và phòng kế toán", False),  # a later one counts
        ("phòng kế toán", "phòng kế hoạch", True),
        ("phòng kế toán tài chính", "phòng kế toán kinh doanh", True),  # another that begins alike
    ],
)
def test_an_office_is_there_by_all_that_its_own_name_has(asked, stated, missing):
    assert bool(unnamed_offices(tokens(asked), tokens(stated))) is missing


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("lớp 7", [Named("lop", "7", "lớp 7"), Named("level", "trung học cơ sở", "lớp 7")]),
        ("khối 12", [Named("khoi", "12", "khối 12"), Named("level", "trung học phổ thông", "khối 12")]),
        ("cấp 3", [Named("level", "trung học phổ thông", "cấp 3")]),
        ("cấp 4", []),
        ("lớp 13", [Named("lop", "13", "lớp 13")]),
        ("đợt 2", [Named("dot", "2", "đợt 2")]),
    ],
)
def test_a_label_names_itself_and_the_level_of_its_class(text, found):
    assert named(tokens(text)) == found
