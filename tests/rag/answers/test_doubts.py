"""What is told of doubtful readings: a day that no calendar has was read well."""

from __future__ import annotations

from rag.answers.doubts import doubt_notes, says_doubt
from rag.documents import NO_SUCH_DAY, Doubt

HARD = Doubt("1O/01", "low", "chữ O trong một số")
NO_DAY = Doubt("30/02", "low", NO_SUCH_DAY)


def test_each_kind_of_doubt_is_told_in_its_words():
    notes = doubt_notes([NO_DAY, HARD, NO_DAY])

    assert notes == [
        "Chỗ này trong bản quét khó đọc (1O/01): hãy đối chiếu với bản gốc.",
        "Ngày không có trong lịch (30/02): hãy đối chiếu với bản gốc.",
    ]
    assert [says_doubt([note]) for note in notes] == [True, True]


def test_a_doubt_without_a_reading_names_nothing():
    assert doubt_notes([Doubt("", "low", "")]) == []
    assert not says_doubt(["Hạn đã qua: trước ngày 10/01/2026."])
