"""What is reckoned from a deadline and a day, without an index: the day before, the day, the hour, the window."""

from __future__ import annotations

from datetime import date

import pytest

from rag.answers.reckoning import asks_to_reckon, has_passed, passed_notes, reckoned, with_reckoned
from rag.documents import Deadline
from rag.language.diacritics import Diacritics
from rag.question.understanding import Question, understand

MARKS = Diacritics.learn([])
TODAY = date(2026, 1, 5)


def question(text: str) -> Question:
    return understand(text, MARKS)


def record(when: str, day: str = "") -> Deadline:
    return Deadline("báo cáo", "trường", "Sở", when, day, "" if day else when, 1, when)


BEFORE = record("Trước ngày 10/01/2026", "2026-01-10")
THROUGH = record("Đến hết ngày 10/01/2026", "2026-01-10")
BARE = record("Ngày 10/01/2026", "2026-01-10")
AT_FIVE = record("Trước 17h00 ngày 10/01/2026", "2026-01-10")
UNTIL_FIVE = record("Chậm nhất 17h00 ngày 10/01/2026", "2026-01-10")
WINDOW = record("Từ ngày 08/01/2026 đến ngày 10/01/2026", "2026-01-10")
OPEN_WINDOW = record("Từ ngày 08/01/2026 đến trước ngày 10/01/2026", "2026-01-10")
TIMED_WINDOW = record("Từ 8h ngày 08/01/2026 đến 17h ngày 10/01/2026", "2026-01-10")
TOO_LATE_TODAY = "Không kịp: hạn là chậm nhất 17h00 ngày 05/01/2026."
YEARLY = record("Trước ngày 15 tháng 12 hằng năm")


@pytest.mark.parametrize(
    ("deadline", "today", "said"),
    [
        (BEFORE, (2026, 1, 5), "Còn 5 ngày là đến ngày 10/01/2026; phải xong trước ngày đó."),
        (BEFORE, (2026, 1, 8), "Còn 2 ngày là đến ngày 10/01/2026; phải xong trước ngày đó."),
        (BEFORE, (2026, 1, 9), "Hôm nay là ngày cuối."),
        (BEFORE, (2026, 1, 10), "Đã hết hạn: phải trước ngày 10/01/2026."),
        (BEFORE, (2026, 1, 11), "Đã qua 1 ngày."),
        (THROUGH, (2026, 1, 9), "Còn 1 ngày là đến ngày 10/01/2026."),
        (THROUGH, (2026, 1, 10), "Hôm nay là ngày cuối."),
        (THROUGH, (2026, 1, 11), "Đã qua 1 ngày."),
        (AT_FIVE, (2026, 1, 9), "Còn 1 ngày là đến ngày 10/01/2026."),
        (AT_FIVE, (2026, 1, 10), "Hôm nay là ngày cuối."),
        (WINDOW, (2026, 1, 10), "Hôm nay là ngày cuối."),
        (YEARLY, (2026, 12, 14), "Hôm nay là ngày cuối."),
        (YEARLY, (2026, 12, 16), "Còn 364 ngày là đến ngày 15/12/2027; phải xong trước ngày đó."),
    ],
)
def test_how_many_days_are_left(deadline, today, said):
    assert reckoned(question("còn mấy ngày nữa đến hạn nộp?"), [deadline], date(*today)) == said


@pytest.mark.parametrize(
    ("text", "deadline", "said"),
    [
        ("9/1/2026 nộp có kịp không?", BEFORE, "Kịp: hạn là trước ngày 10/01/2026."),
        ("10/1/2026 nộp có kịp không?", BEFORE, "Không kịp: hạn là trước ngày 10/01/2026."),
        ("10/1/2026 nộp có kịp không?", THROUGH, "Kịp: hạn là đến hết ngày 10/01/2026."),
        ("11/1/2026 nộp có kịp không?", THROUGH, "Không kịp: hạn là đến hết ngày 10/01/2026."),
        ("10/1/2026 nộp có kịp không?", BARE, ""),  # it is not told whether the day itself is in time
        ("11/1/2026 nộp có kịp không?", BARE, "Không kịp: hạn là ngày 10/01/2026."),
        ("9/1/2026 nộp có kịp không?", BARE, "Kịp: hạn là ngày 10/01/2026."),
        ("16h ngày 10/1/2026 nộp có kịp không?", AT_FIVE, "Kịp: hạn là trước 17h00 ngày 10/01/2026."),
        ("17h ngày 10/1/2026 nộp có kịp không?", AT_FIVE, "Không kịp: hạn là trước 17h00 ngày 10/01/2026."),
        ("5h chiều ngày 10/1/2026 nộp có kịp không?", AT_FIVE, "Không kịp: hạn là trước 17h00 ngày 10/01/2026."),
        ("12h chiều ngày 10/1/2026 nộp có kịp không?", AT_FIVE, "Kịp: hạn là trước 17h00 ngày 10/01/2026."),
        ("16h59 ngày 10/1/2026 nộp có kịp không?", AT_FIVE, "Kịp: hạn là trước 17h00 ngày 10/01/2026."),
        ("17h ngày 10/1/2026 nộp có kịp không?", UNTIL_FIVE, "Kịp: hạn là chậm nhất 17h00 ngày 10/01/2026."),
        ("17h01 ngày 10/1/2026 nộp có kịp không?", UNTIL_FIVE, "Không kịp: hạn là chậm nhất 17h00 ngày 10/01/2026."),
        ("10/1/2026 nộp có kịp không?", AT_FIVE, ""),  # at what hour?
        ("12h đêm ngày 10/1/2026 nộp có kịp không?", AT_FIVE, ""),  # of which night?
        ("1h đêm ngày 10/1/2026 nộp có kịp không?", AT_FIVE, ""),
        ("tối 8h ngày 10/1/2026 nộp có kịp không?", AT_FIVE, "Không kịp: hạn là trước 17h00 ngày 10/01/2026."),
        ("8h toi nop bao cao ngay 10/1/2026 co kip khong?", AT_FIVE, ""),  # "tối", or "tôi"?
        ("15h hay 18h ngày 10/1/2026 nộp có kịp không?", AT_FIVE, ""),
        ("sau 17h ngày 10/1/2026 nộp có kịp không?", UNTIL_FIVE, "Không kịp: hạn là chậm nhất 17h00 ngày 10/01/2026."),
        ("sau 16h ngày 10/1/2026 nộp có kịp không?", UNTIL_FIVE, ""),
        ("sau 17h ngày 10/1/2026 nộp có kịp không?", THROUGH, ""),
        ("sau 17h hôm nay nộp có kịp không?", record("Chậm nhất 17h00 ngày 05/01/2026", "2026-01-05"), TOO_LATE_TODAY),
        ("7/1/2026 nộp có kịp không?", WINDOW, "Chưa đến đợt: đợt này từ ngày 08/01/2026 đến ngày 10/01/2026."),
        ("8/1/2026 nộp có kịp không?", WINDOW, "Kịp: đợt này từ ngày 08/01/2026 đến ngày 10/01/2026."),
        ("10/1/2026 nộp có kịp không?", OPEN_WINDOW, "Không kịp: đợt này từ ngày 08/01/2026 đến trước ngày 10/01/2026."),
        ("lúc 20h ngày 10/1/2026 nộp có kịp không?", TIMED_WINDOW, "Không kịp: đợt này từ 8h ngày 08/01/2026 đến 17h ngày 10/01/2026."),
        ("10/1/2026 nộp có kịp không?", WINDOW, "Kịp: đợt này từ ngày 08/01/2026 đến ngày 10/01/2026."),
        ("11/1/2026 nộp có muộn không?", WINDOW, "Không kịp: đợt này từ ngày 08/01/2026 đến ngày 10/01/2026."),
        ("11/1/2026 nộp có quá hạn không?", BEFORE, "Đã quá hạn: hạn là trước ngày 10/01/2026."),
        ("9/1/2026 nộp có quá hạn không?", BEFORE, "Chưa quá hạn: hạn là trước ngày 10/01/2026."),
        ("sau ngày 10/1/2026 nộp có kịp không?", BEFORE, "Không kịp: hạn là trước ngày 10/01/2026."),
        ("sau ngày 9/1/2026 nộp có kịp không?", BEFORE, "Không kịp: hạn là trước ngày 10/01/2026."),
        ("sau ngày 8/1/2026 nộp có kịp không?", BEFORE, ""),
        ("sau ngày 10/1/2026 nộp có kịp không?", AT_FIVE, ""),
        ("trước ngày 15/1/2026 nộp có kịp không?", BEFORE, ""),
        ("9/1/2026 hay 11/1/2026 nộp có kịp không?", BEFORE, ""),
        ("14/12/2026 nộp có kịp không?", YEARLY, "Kịp: hạn là trước ngày 15 tháng 12 hằng năm, tức 15/12/2026."),
        ("hôm nay nộp có kịp không?", BEFORE, "Kịp: hạn là trước ngày 10/01/2026."),
        ("ngày mai nộp có kịp không?", record("Trước ngày 06/01/2026", "2026-01-06"), "Không kịp: hạn là trước ngày 06/01/2026."),
        ("ngày kia nộp có kịp không?", record("Trước ngày 08/01/2026", "2026-01-08"), "Kịp: hạn là trước ngày 08/01/2026."),
        ("hôm qua nộp có kịp không?", record("Trước ngày 05/01/2026", "2026-01-05"), "Kịp: hạn là trước ngày 05/01/2026."),
        ("quá hạn chưa?", BEFORE, "Chưa quá hạn: hạn là trước ngày 10/01/2026."),
        ("nộp báo cáo trước ngày nào?", BEFORE, ""),
        ("31/2/2026 nộp có kịp không?", BEFORE, ""),
    ],
)
def test_whether_a_day_is_in_time(text, deadline, said):
    assert reckoned(question(text), [deadline], TODAY) == said


def test_of_several_days_or_one_without_a_day_nothing_is_reckoned():
    asked = question("9/1/2026 nộp có kịp không?")

    assert reckoned(asked, [BEFORE, record("Trước ngày 30/01/2026", "2026-01-30")], TODAY) == ""
    assert reckoned(asked, [BEFORE, record("hằng tuần")], TODAY) == ""
    assert reckoned(asked, [], TODAY) == ""
    assert (
        reckoned(question("15h ngày 10/1/2026 nộp có kịp không?"), [AT_FIVE, record("Trước 11h30 ngày 10/01/2026", "2026-01-10")], TODAY)
        == ""
    )
    assert reckoned(asked, [BEFORE, BEFORE], TODAY) == "Kịp: hạn là trước ngày 10/01/2026."


def test_lines_of_several_deadlines_are_each_followed_by_their_own():
    asked = question("15/1/2026 nộp có kịp không?")
    deadlines = [BEFORE, record("Trước ngày 30/01/2026", "2026-01-30"), record("hằng tuần")]

    assert with_reckoned(asked, deadlines, ["a", "b", "c"], TODAY) == [
        "a. Không kịp: hạn là trước ngày 10/01/2026.",
        "b. Kịp: hạn là trước ngày 30/01/2026.",
        "c",
    ]
    assert with_reckoned(asked, [BEFORE], ["a"], TODAY) == ["a"]
    assert with_reckoned(asked, [BEFORE, BEFORE], ["a", "b"], TODAY) == ["a", "b"]  # said once for both, elsewhere


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("còn bao lâu đến hạn nộp báo cáo?", True),
        ("mấy ngày nữa phải nộp?", True),
        ("15/1/2026 nộp có kịp không?", True),
        ("nộp muộn không", True),
        ("ngày mai nộp có muộn không?", True),
        ("nộp muộn thì bị gì?", False),
        ("hạn nộp chậm nhất là ngày nào?", False),
        ("15/1/2026 là hạn gì?", False),
    ],
)
def test_what_asks_to_reckon(text, asks):
    assert asks_to_reckon(question(text)) is asks


def test_a_deadline_has_passed_the_day_after_and_what_is_no_deadline_never():
    assert not has_passed(BEFORE, date(2026, 1, 10))
    assert has_passed(BEFORE, date(2026, 1, 11))
    assert not has_passed(YEARLY, date(2030, 1, 1))
    assert not has_passed(record("Từ ngày 10/01/2026", "2026-01-10"), date(2030, 1, 1))


def test_notes_say_which_have_passed():
    later = record("Trước ngày 30/01/2026", "2026-01-30")

    assert passed_notes([BEFORE], date(2026, 1, 11)) == ["Hạn này đã qua."]
    assert passed_notes([BEFORE, later], date(2026, 2, 1)) == ["Các hạn này đã qua."]
    assert passed_notes([BEFORE, later], date(2026, 1, 11)) == ["Hạn đã qua: Trước ngày 10/01/2026."]
    assert passed_notes([BEFORE, later], date(2026, 1, 5)) == []
    assert passed_notes([], TODAY) == []
