"""Whose documents a question means: another office's name is known however it is typed."""

from __future__ import annotations

import pytest

from rag.documents import Answer
from rag.finding.neighbours import Neighbour, told_of_neighbour
from rag.language.diacritics import Diacritics
from rag.question.understanding import said_in, understand

NEIGHBOUR = Neighbour("Sở GDĐT tỉnh Nghệ An", "tỉnh Nghệ An", "https://hoidap.example.vn")


@pytest.mark.parametrize("typed", ["hạn nộp của tỉnh Nghệ An", "han nop cua nghe an", "NGHỆ AN nộp báo cáo khi nào"])
def test_a_place_is_known_though_a_mark_was_put_on_a_word_of_it(typed):
    diacritics = Diacritics.learn(["học sinh ăn trưa ở trường, báo cáo nộp đúng hạn"])  # which knows no "an"
    asked = said_in(understand(typed, diacritics))

    told = told_of_neighbour(Answer(typed, "answered", "Trước ngày 08/01/2027."), [asked], [NEIGHBOUR], "tỉnh Lào Cai")

    assert "https://hoidap.example.vn" in told
