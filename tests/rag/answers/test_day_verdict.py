"""``Đúng.`` and ``Không.`` of a day: only where the question's one day and its order are read, and the deadline's."""

from __future__ import annotations

import pytest

from rag.answers.agreement import Asked, day_verdict
from rag.slots.tokens import tokens

BEFORE = ("trước ngày 10/01/2026", "2026-01-10")
WRONG_DAY = "Không phải ngày thầy cô nêu. Văn bản ghi: "


def asked(text: str) -> Asked:
    return Asked(tokens(text), {})


@pytest.mark.parametrize(
    ("question", "deadline", "verdict"),
    [
        ("nộp trước ngày 10/01/2026", BEFORE, "Đúng. "),
        ("nộp trước 10/1", BEFORE, "Đúng. "),  # the year left out
        ("hạn nộp báo cáo của trường là ngày 10/01/2026", BEFORE, ""),  # whoever comes on that day comes too late
        ("hạn nộp là ngày 10/01/2026", ("chậm nhất ngày 10/01/2026", "2026-01-10"), "Đúng. "),
        ("hạn nộp là ngày 09/01/2026", BEFORE, ""),  # so it is, in other words
        ("nộp chậm nhất 9/1", BEFORE, ""),
        ("nộp trước ngày 09/01/2026", BEFORE, WRONG_DAY),
        ("nộp trước ngày 11/01/2026", ("đến hết ngày 10/01/2026", "2026-01-10"), ""),
        ("hạn nộp là ngày 11/01/2026", ("đến hết ngày 10/01/2026", "2026-01-10"), WRONG_DAY),
        ("nộp sau ngày 10/01/2026", BEFORE, "Không. Văn bản ghi: "),
        ("nộp trước ngày 11/01/2026", BEFORE, WRONG_DAY),
        ("nộp trước ngày 10/02/2026", BEFORE, WRONG_DAY),
        ("nộp trước ngày 10/01/2025", BEFORE, WRONG_DAY),
        ("nộp ngày 15/01/2026", BEFORE, WRONG_DAY),
        ("nộp sau ngày 15/01/2026", BEFORE, ""),  # may be so or not
        ("nộp đến hết ngày 10/01/2026", BEFORE, ""),  # the day itself is not in time
        ("nộp ngày 10/01/2026", BEFORE, ""),
        ("không phải nộp trước ngày 10/01/2026", BEFORE, ""),
        ("nộp trước ngày 10/01/2026 hoặc ngày 15/01/2026", BEFORE, ""),
        ("nộp trước tháng 1/2026", BEFORE, ""),
        ("nộp trước khi nghỉ tết", BEFORE, ""),
        ("nộp trước ngày 10/01/2026", ("trước ngày 10/01/2026", ""), ""),
        ("nộp đến hết ngày 10/01/2026", ("đến hết ngày 10/01/2026", "2026-01-10"), "Đúng. "),
        ("nộp chậm nhất ngày 10/01/2026", ("chậm nhất ngày 10/01/2026", "2026-01-10"), "Đúng. "),
        ("nộp từ ngày 10/01/2026", ("từ ngày 10/01/2026", "2026-01-10"), ""),  # a start is no deadline
        ("nộp trước ngày 10/01/2026", ("ngày 10/01/2026", "2026-01-10"), ""),
        ("nộp trước ngày 15/01/2026", ("từ ngày 05/01/2026 đến hết ngày 15/01/2026", "2026-01-15"), ""),
        ("nộp đến hết ngày 15/01/2026", ("từ ngày 05/01/2026 đến hết ngày 15/01/2026", "2026-01-15"), "Đúng. "),
    ],
)
def test_a_day_is_confirmed_or_denied_in_its_order_alone(question, deadline, verdict):
    assert day_verdict(asked(question), *deadline) == verdict


@pytest.mark.parametrize(
    ("text", "denies"),
    [("không cần nộp", True), ("miễn nộp", True), ("chưa nộp", True), ("đừng nộp", True), ("nộp không quá 5 ngày", False), ("nộp", False)],
)
def test_what_a_question_denies_is_known(text, denies):
    assert asked(text).denies is denies


def test_words_are_called_as_they_were_typed():
    question = Asked([], {"ki": "Kỳ"})

    assert question.called(["hoc", "ki"]) == "hoc Kỳ"
