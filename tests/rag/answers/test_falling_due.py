"""What falls due in a stretch of time, from the records of a store: its ends, windows, recurrences, and what comes next."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest

from rag.answers.base import Finding, Reply
from rag.answers.calendar import answer_calendar, with_passed
from rag.answers.outcomes import Refused
from rag.documents import Deadline, Document, Provision
from rag.index.store import Store
from rag.language.diacritics import Diacritics
from rag.question.understanding import understand

TODAY = date(2026, 1, 5)
LETTER, OLD = Document("1/SGDĐT-VP", kind="Công văn", issuer="Sở GDĐT"), Document("2/SGDĐT-VP", kind="Công văn", issuer="Sở GDĐT")
DUE = [
    ("Nộp kế hoạch", "Trước ngày 01/02/2026", "2026-02-01"),
    ("Báo cáo sơ kết", "Trước ngày 15/02/2026", "2026-02-15"),
    ("Nhập dữ liệu", "Từ ngày 20/02/2026 đến ngày 28/02/2026", "2026-02-28"),
    ("Nộp hồ sơ", "Trước ngày 01/03/2026", "2026-03-01"),
    ("Rà soát thiết bị", "Trước ngày 10 tháng 4 hằng năm", ""),
    ("Áp dụng mẫu mới", "Từ ngày 10/02/2026", "2026-02-10"),  # a start
]
ENDED = Deadline("Báo cáo cũ", "", "", "Trước ngày 16/02/2026", "2026-02-16", "", 90, "Trước ngày 16/02/2026")


@pytest.fixture(scope="module")
def searcher(tmp_path_factory):
    """What the calendar asks of a searcher, over a real store; the second letter has been replaced."""
    provisions = [
        Provision(at, LETTER.number, f"I.{at}", "section", f"I.{at}", what, f"{what} {when}.", 1, None)
        for at, (what, when, _) in enumerate(DUE)
    ]
    provisions.append(Provision(90, OLD.number, "I.1", "section", "I.1", "Báo cáo cũ", "Trước ngày 16/02/2026.", 1, None))
    records = [Deadline(what, "", "", when, day, "" if day else when, at, when) for at, (what, when, day) in enumerate(DUE)]
    path = tmp_path_factory.mktemp("store") / "store.sqlite"
    Store.build(path, [LETTER, OLD], provisions, [*records, ENDED], {})
    validity = {LETTER.number: "in_force", OLD.number: "replaced"}
    return SimpleNamespace(
        store=Store.open(path), documents={one.number: one for one in (LETTER, OLD)}, validity=lambda number, day: validity[number]
    )


@pytest.fixture(scope="module")
def fall(searcher):
    """The answer to a question, and the names of what falls due in it."""
    marks = Diacritics.learn([])

    def ask(text: str, today: date = TODAY, *named: Document) -> tuple[str, list[str]]:
        made = answer_calendar(searcher, understand(text, marks), named, today)
        if isinstance(made, Reply):
            return made.text, [finding.provision.heading for finding in made.findings]
        return (made.told if isinstance(made, Refused) else ""), []

    return ask


@pytest.mark.parametrize(
    ("question", "due"),
    [
        ("Tháng 2/2026 có hạn gì?", ["Nộp kế hoạch", "Báo cáo sơ kết", "Nhập dữ liệu"]),  # by day, both ends of the month
        ("Quý 1/2026 có hạn gì?", ["Nộp kế hoạch", "Báo cáo sơ kết", "Nhập dữ liệu", "Nộp hồ sơ"]),
        ("Tháng 3/2026 có hạn gì?", ["Nộp hồ sơ"]),
        ("Tháng 4/2026 có hạn gì?", ["Rà soát thiết bị"]),
        ("Tháng 4/2027 có hạn gì?", ["Rà soát thiết bị"]),
        ("Ngày 15/02/2026 có hạn gì?", ["Báo cáo sơ kết"]),
        ("Ngày 20/02/2026 có hạn gì?", ["Nhập dữ liệu"]),  # the first day of a window
        ("Ngày 24/02/2026 có hạn gì?", ["Nhập dữ liệu"]),
        ("Từ 16/02/2026 đến 19/02/2026 có hạn gì?", ["Nhập dữ liệu"]),  # nothing: what comes next
        ("Từ 10/02/2026 đến 16/02/2026 có hạn gì?", ["Báo cáo sơ kết"]),
        ("Ngày 01/02/2026 và 15/02/2026 có hạn gì?", ["Nộp kế hoạch", "Báo cáo sơ kết"]),
        ("Tháng 2/2026 có báo cáo gì?", ["Báo cáo sơ kết"]),
    ],
)
def test_what_touches_the_stretch_falls_in_it(fall, question, due):
    assert fall(question)[1] == due


def test_a_month_without_deadlines_says_so_and_what_comes_next(fall):
    text, found = fall("Tháng 1/2026 có hạn gì?")

    assert text.startswith("Trong tháng 1/2026, các văn bản đang có không ghi hạn nào.")
    assert "Hạn gần nhất sau đó: Nộp kế hoạch: Trước ngày 01/02/2026" in text
    assert found == ["Nộp kế hoạch"]


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("Ngày 29/02/2028 có hạn gì?", "Ngày 29/02/2028, các văn bản đang có không ghi hạn nào."),
        ("Ngày 14/02/2026 và 16/02/2026 có hạn gì?", "Ngày 14/02/2026, các văn bản đang có không ghi hạn nào.\nNgày 16/02/2026, "),
        ("Tháng 5/2026 trường mầm non có hạn gì?", "Trong tháng 5/2026, các văn bản đang có không ghi hạn nào cho đối tượng thầy cô hỏi."),
    ],
)
def test_where_nothing_falls_due_it_is_said_when_and_for_whom(fall, question, told):
    assert fall(question)[0].startswith(told)


def test_documents_that_are_named_are_asked_alone(fall):
    assert fall("Tháng 2/2026 có hạn gì?", TODAY, LETTER)[0].startswith("Trong tháng 2/2026, Công văn 1/SGDĐT-VP:\n- Nộp kế hoạch")
    text, found = fall("Tháng 2/2026 có hạn gì?", TODAY, OLD)
    assert text.startswith("Trong tháng 2/2026, Công văn 2/SGDĐT-VP không ghi hạn nào.")
    assert found == []  # it was replaced


def test_a_day_that_is_none_is_for_others(fall):
    assert fall("Ngày 30/02/2026 có hạn gì?") == ("", [])


def test_where_nothing_comes_next_nothing_is_found(fall):
    text, found = fall("Tháng 5/2026 có hạn gì?")

    assert "không ghi hạn nào" in text
    assert found == []


def test_what_comes_again_is_told_with_its_day(fall):
    assert "lần này là 10/04/2027" in fall("Tháng 4/2027 có hạn gì?")[0]


def test_a_month_without_its_year_is_the_coming_one_and_else_the_last(fall):
    assert fall("tháng 3 có hạn gì?", date(2026, 3, 31))[1] == ["Nộp hồ sơ"]
    text, found = fall("tháng 3 có hạn gì?", date(2026, 4, 1))

    assert found == ["Nộp hồ sơ"]
    assert text.startswith("Trong tháng 3/2027, các văn bản đang có không ghi hạn nào.")
    assert "Trong tháng 3/2026" in text


@pytest.mark.parametrize(
    "question", ["tháng 2/2026 sở có mấy phòng", "liên hệ ai trong tháng 2/2026", "hạn nộp báo cáo?", "còn mấy ngày đến tháng 2/2026?"]
)
def test_what_asks_otherwise_is_for_others(fall, question):
    assert fall(question) == ("", [])


def test_a_deadline_that_an_answer_states_in_passing_is_said_to_have_passed(searcher):
    provision = searcher.store.provision(1)
    reply = Reply("Báo cáo sơ kết   Trước ngày 15/02/2026.", (Finding("", provision),))

    assert with_passed(searcher, reply, date(2026, 2, 16)).notes == ("Hạn đã qua: Trước ngày 15/02/2026.",)
    assert with_passed(searcher, reply, date(2026, 2, 15)).notes == ()
    silent = Reply("Báo cáo sơ kết.", (Finding("", provision),))
    assert with_passed(searcher, silent, date(2027, 1, 1)).notes == ()
    told = Reply(reply.text, reply.findings, ("Hạn này đã qua.",), "deadline")
    assert with_passed(searcher, told, date(2027, 1, 1)) == told
