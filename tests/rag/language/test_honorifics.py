"""What people are called before their names, as texts and questions have it."""

import re

import pytest

from rag.language.honorifics import NAME_WORD, SIGNING, TYPED, WRITTEN


@pytest.mark.parametrize("title", ["đồng chí", "Đồng chí", "Ông", "bà", "Thầy", "cô", "Anh", "chị"])
def test_titles_are_known_at_the_head_of_a_sentence_and_inside_it(title):
    assert re.fullmatch(WRITTEN, title)


@pytest.mark.parametrize("title", ["dong chi", "ong", "ba", "thay", "co", "anh", "chi"])
def test_titles_are_known_without_diacritics(title):
    assert re.fullmatch(TYPED, title)


@pytest.mark.parametrize(("line", "is_one"), [("Ong Lê Văn An", True), ("Ký bởi: Lê Văn An", True), ("cô Lê Thị An", False)])
def test_a_small_title_signs_nothing(line, is_one):
    assert bool(re.match(rf"(?:{SIGNING})\s+{NAME_WORD}", line)) is is_one
