from __future__ import annotations

import pytest

from rag.documents import Answer, Citation, Wording
from rag.errors import TracuuError
from rag.index.snapshot import SnapshotReader
from rag.training.evaluation import Case, ExpectedTurn, count, faults, load_cases, run
from rag.training.grounding import Grounding

DUE = ExpectedTurn("hạn nộp?", "answered", (("10/01/2026",), ("Sở", "phòng")), ("30/01/2026",), ("IV.2",), "15/SGDĐT-GDPT")


def answer(text: str, section: str = "IV.2", document: str = "15/SGDĐT-GDPT", status: str = "answered") -> Answer:
    return Answer("hạn nộp?", status, text, (Citation(document, section, 8, "…", "…"),))


class Scripted:
    """Answers from a list, whatever is asked, and remembers the questions."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.asked = []

    def ask(self, question, conversation=None):
        self.asked.append((question, conversation))
        return self.answers.pop(0)


def nothing_invented(answer):
    return []


def verdict(given: Answer, turn: ExpectedTurn = DUE) -> str:
    (outcome,) = run(Scripted(given), [Case("1", "tune", "deadline", (turn,))], nothing_invented)
    return outcome.verdict


@pytest.mark.parametrize("section", ["IV.2", "IV.2-1", "IV.2(3)", "IV.2.a"])
def test_all_facts_and_the_section_or_deeper_is_right(section):
    assert verdict(answer("Gửi SỞ trước\nngày 10/01/2026.", section)) == "right"


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        (answer("Gửi Sở."), "thiếu “10/01/2026”"),
        (answer("Trước 10/01/2026."), "thiếu “Sở | phòng”"),
        (answer("Gửi Sở trước 10/01/2026, phòng trước 30/01/2026."), "có điều sai “30/01/2026”"),
        (answer("Gửi Sở trước 10/01/2026.", "IV.21"), "trích IV.21"),
        (answer("Gửi Sở trước 10/01/2026.", document="16/SGDĐT-GDPT"), "trích IV.2"),
        (answer("Gửi Sở trước 10/01/2026.", status="chat"), "trạng thái chat"),
    ],
)
def test_each_shortcoming_is_wrong_and_named(given, fault):
    assert verdict(given) == "wrong"
    assert any(fault in found for found in faults(DUE, given))


def test_not_answering_what_can_be_answered_is_a_refusal_of_its_own():
    assert verdict(Answer("?", "not_found", "Không thấy.")) == "refused"


def test_answering_what_cannot_be_answered_is_wrong():
    refusal = ExpectedTurn("giá vàng?", "not_found")

    assert verdict(answer("Một lượng."), refusal) == "wrong"
    assert verdict(Answer("?", "not_found", "Không thấy."), refusal) == "right"


def test_facts_are_compared_whatever_their_unicode_form():
    assert not faults(ExpectedTurn("?", "answered", (("Sở Giáo dục",),)), answer("So\u031b\u0309 Giáo dục"))


def test_a_conversation_is_right_when_every_turn_is_and_shares_one_memory():
    case = Case("1", "tune", "conversation", (DUE, DUE))
    good, bad = answer("Gửi Sở trước 10/01/2026."), answer("Không rõ.")
    scripted = Scripted(good, good)

    assert [o.verdict for o in run(scripted, [case], nothing_invented)] == ["right"]
    assert scripted.asked[0][1] is not None
    assert scripted.asked[0][1] is scripted.asked[1][1]
    assert [o.verdict for o in run(Scripted(good, bad), [case], nothing_invented)] == ["wrong"]


def test_a_stripped_run_asks_without_diacritics():
    scripted = Scripted(answer("…"))

    run(scripted, [Case("1", "tune", "deadline", (ExpectedTurn("Hạn nộp đâu?", "answered"),))], nothing_invented, stripped=True)

    assert scripted.asked[0][0] == "Han nop dau?"


def test_figures_count_every_kind_apart():
    refusal = ExpectedTurn("giá vàng?", "not_found")
    cases = [
        Case(str(n), "tune", kind, (turn,))
        for n, (kind, turn) in enumerate(
            [("deadline", DUE), ("deadline", DUE), ("deadline", DUE), ("refuse", refusal), ("refuse", refusal)]
        )
    ]
    scripted = Scripted(
        answer("Gửi Sở trước 10/01/2026."),
        answer("Gửi Sở trước 10/01/2026.", "I.1"),
        Answer("?", "not_found", "Không thấy."),
        Answer("?", "not_found", "Không thấy."),
        answer("Một lượng."),
    )

    figures = count(run(scripted, cases, lambda given: ["0909"] if given.text == "Một lượng." else []))

    assert figures.verdicts["deadline"] == {"right": 1, "wrong": 1, "refused": 1}
    assert (figures.correct_refusals, figures.unanswerable) == (1, 2)
    assert (figures.false_refusals, figures.answerable) == (1, 3)
    assert (figures.correct_citations, figures.citations) == (1, 2)
    assert figures.wrong_figures == 1
    assert figures.right == pytest.approx(0.4)


def test_latency_is_the_nearest_rank():
    figures = count([])
    figures.seconds = [0.1 * n for n in range(1, 101)]

    assert figures.latency(0.5) == pytest.approx(5.1)
    assert figures.latency(0.95) == pytest.approx(9.6)


def test_sets_are_read_by_split(tmp_path):
    path = tmp_path / "set.yaml"
    path.write_text(
        "- {id: a, split: tune, kind: deadline, question: 'hạn?', status: answered, facts: [10/01/2026, [x, y]]}\n"
        "- {id: b, split: report, kind: conversation, turns: [{question: 'chào', status: chat}]}\n",
        encoding="utf-8",
    )

    assert [case.id for case in load_cases(path)] == ["a", "b"]
    (case,) = load_cases(path, "tune")
    assert case.turns[0].facts == (("10/01/2026",), ("x", "y"))


@pytest.mark.parametrize(
    "row",
    [
        "- {id: a, split: tune, kind: deadline, status: answered}",
        "- {id: a, split: tune, kind: deadline, question: '?', status: maybe}",
        "- {id: a, split: dev, kind: deadline, question: '?', status: chat}",
        "- just text",
        "id: a",
        "- {",
    ],
)
def test_a_bad_set_is_refused_by_name(tmp_path, row):
    path = tmp_path / "set.yaml"
    path.write_text(row, encoding="utf-8")

    with pytest.raises(TracuuError, match=r"set\.yaml"):
        load_cases(path)


def test_figures_that_no_source_has_are_invented(example_index):
    grounding = Grounding(SnapshotReader(example_index).get().store)
    source = (Citation("1422/SGDĐT-CNTT", "II.1-1", 2, "…", "…"),)
    true = "Trước ngày 05/11/2025, xem lại việc 25 tháng 10 năm 2025."
    false = "Trước ngày 06/11/2025, gọi 0203.999.999 hoặc xem https://example.edu.vn/x."

    assert grounding.invented(Answer("?", "answered", true, source)) == []
    assert grounding.invented(Answer("?", "answered", false, source)) == [
        "ngày 06/11/2025",
        "0203.999.999",
        "https://example.edu.vn/x",
    ]
    worded = Answer("?", "answered", true, source, wording=Wording(false, source, "mo-hinh"))
    assert len(grounding.invented(worded)) == 3
    assert grounding.invented(Answer("có phải 06/11/2025?", "not_found", "Không thấy 06/11/2025.")) == []
    assert grounding.invented(Answer("?", "answered", "Trước 05/11/2025.")) == ["05/11/2025"]
