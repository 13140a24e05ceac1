"""Who does something to whom, by the words between them."""

from __future__ import annotations

import pytest

from rag.slots.parties import pairs, parties, recipients
from rag.slots.tokens import tokens


@pytest.mark.parametrize(
    ("text", "to"),
    [
        ("Các trường báo cáo Sở GDĐT", {"sở"}),
        ("nộp về Sở Giáo dục và Đào tạo, trình Bộ", {"sở", "bộ"}),
        ("gửi trực tiếp cho ủy ban nhân dân xã", {"ủy ban"}),
        ("báo cáo sơ kết của Sở", set()),
        ("nộp cho trường", set()),  # not above
        ("báo cáo bộ phận thống kê", set()),
        ("kiểm tra Sở", set()),
        ("nộp", set()),
        ("nộp về", set()),
    ],
)
def test_whom_something_is_handed_to_stands_right_behind_the_verb(text, to):
    assert recipients(tokens(text)) == to


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Trường báo cáo Sở", {("trường", "báo cáo", "sở")}),
        ("Sở kiểm tra trường", {("sở", "kiểm tra", "trường")}),
        ("Sở chỉ đạo trường; hiệu trưởng giao giáo viên", {("sở", "chỉ đạo", "trường"), ("hiệu trưởng", "giao", "giáo viên")}),
        ("Trường được kiểm tra bởi Sở", set()),
        ("Trường bị Sở kiểm tra", set()),  # the passive does not tell who acts
        ("Sở được kiểm tra trường", set()),
        ("Sở kiểm tra Sở", set()),
        ("Sở kiểm tra", set()),
        ("Trường. Báo cáo Sở", set()),
    ],
)
def test_who_acts_stands_before_the_verb_and_to_whom_behind_it(text, found):
    assert pairs(tokens(text), near=6) == found


@pytest.mark.parametrize(
    ("text", "near", "found"),
    [
        ("Trường báo cáo Sở", 1, set()),  # two words of the verb stand between
        ("Trường báo cáo Sở", 2, {("trường", "báo cáo", "sở")}),
        ("Bộ, Sở kiểm tra trường, học sinh", 6, {("sở", "kiểm tra", "trường")}),  # the nearest on either side
        ("Trường, Sở báo cáo Bộ", 9, {("sở", "báo cáo", "bộ")}),
        ("Bị Sở rồi kiểm tra trường", 6, {("sở", "kiểm tra", "trường")}),
        ("Sở kiểm tra, đánh giá trường", 9, {("sở", "kiểm tra", "trường"), ("sở", "đánh giá", "trường")}),
        ("Sở. Trường báo cáo Bộ", 9, {("trường", "báo cáo", "bộ")}),
        ("Trường báo cáo. Sở họp", 9, set()),
    ],
)
def test_the_nearest_on_either_side_within_the_clause_take_part(text, near, found):
    assert pairs(tokens(text), near) == found


def test_who_stands_too_far_away_has_no_part():
    row = tokens("Trường thực hiện nghiêm túc đầy đủ rồi báo cáo Sở")

    assert pairs(row, near=20) == {("trường", "báo cáo", "sở")}
    assert pairs(row, near=4) == set()


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("Các trường báo cáo Sở", [("trường", "actor"), ("sở", "recipient")]),
        ("Nộp báo cáo về cho các trường", [("trường", "recipient")]),
        ("Hồ sơ của các trường", [("trường", "other")]),
        ("do Sở chủ trì", [("sở", "actor")]),
        ("Báo cáo gửi Sở, Bộ", [("sở", "recipient"), ("bộ", "recipient")]),
        ("Sở và Bộ nộp", [("sở", "actor"), ("bộ", "actor")]),
        ("Nộp hồ sơ thuộc Sở", [("sở", "other")]),
        ("Nộp hồ sơ học bạ Sở", [("sở", "other")]),
        ("toàn bộ hồ sơ", []),
        ("Của trường", [("trường", "other")]),
        ("Các Sở", [("sở", "actor")]),
        ("Sở kiểm tra, trường", [("sở", "actor"), ("trường", "other")]),  # a verb stands between the two
        ("Sở kiểm tra và Bộ kiểm tra", [("sở", "actor"), ("bộ", "other")]),
        ("Nộp Sở trường", [("sở", "recipient"), ("trường", "other")]),
    ],
)
def test_everybody_named_acts_receives_or_neither(text, roles):
    found = parties(tokens(text))

    assert [(one.name, one.role) for one in found] == roles


def test_a_party_knows_where_it_stands():
    (party,) = parties(tokens("Nộp về Sở Giáo dục và Đào tạo"))

    assert (party.start, party.end) == (2, 8)
