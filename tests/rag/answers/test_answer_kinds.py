"""Kinds of answers: the table, what a package may add, and that it never weakens what an answer is held to."""

from __future__ import annotations

import logging
from hashlib import sha256

import pytest

from rag.answers.kind import Needs
from rag.answers.kinds import BUILT_IN, GROUP, kinds
from rag.answers.outcomes import Reason
from tests.plugins.installing import install, write
from tests.rag.conftest import misquotes

ASKED = "Công văn 2607 có bao nhiêu trang?"
PAGES = "Công văn 2607/SGDĐT-GDPT có {pages} trang."
KIND = """
from dataclasses import replace
from rag.answers.base import Finding, Reply
from rag.answers.kind import Inquiry, Needs
from rag.answers.outcomes import AsItStands, NotMine, Reason, Refused

class Kind:
    needs = Needs.QUESTION
    def applies(self, inquiry):
        return "trang" in inquiry.question.folded
    def answer(self, inquiry):
        document = inquiry.loaded[0]
        head = inquiry.searcher.store.head(document.number)
        quote = head.text.splitlines()[0]
        said = f"{document.name} có {document.pages} trang."
        {answers}
"""
WRONG = {
    "without a citation": "return Reply(said, ())",
    "with a figure that is not its source's": "return Reply(f'{document.name} có 99 trang.', (Finding(said, head, quote),))",
    "with words that are not its source's": "return Reply('Các trường được nghỉ hè từ ngày 01/5/2026.', (Finding(said, head, quote),))",
    "with a second sentence of its own": "return Reply(f'{said} Phụ huynh phải nộp tiền.', (Finding(said, head, quote),))",
    "with a verdict of its own": "return Reply(f'Đúng. {said}', (Finding(said, head, quote),))",
    "with a quotation that stands nowhere": "return Reply(said, (Finding(said, head, 'Công văn này rất dài'),))",
    "with an empty quotation": "return Reply(said, (Finding(said, head),))",
    "with a provision that is not there": "return Reply(said, (Finding(said, replace(head, text=said), said),))",
    "with markup": "return Reply(f'<b>{said}</b>', (Finding(said, head, quote),))",
    "with a fault": "raise RuntimeError('hỏng')",
    "with something else": "return said",
}


@pytest.fixture
def packages(tmp_path, monkeypatch):
    """A folder of installed packages that this process sees; kinds of answers are looked for anew."""
    monkeypatch.syspath_prepend(str(tmp_path))
    kinds.cache_clear()
    yield tmp_path
    kinds.cache_clear()


@pytest.fixture
def example(packages):
    """The example package, installed."""
    install(packages, "answer_kind")


@pytest.fixture
def adding(packages):
    """Installs a package whose kind of answer does what the given line says."""

    def add(line: str) -> None:
        package = f"strange-kinds-{sha256(line.encode()).hexdigest()[:8]}"  # what was imported once is not read again
        write(packages, package, GROUP, {"kind": "Kind"}, KIND.replace("{answers}", line))

    return add


def test_every_kind_of_the_table_says_what_it_needs_in_the_order_in_which_it_is_asked():
    ours = [kind for kind in kinds() if not kind.package]

    assert [kind.name for kind in ours] == list(BUILT_IN)
    assert all(kind.value.__doc__ for kind in ours)
    order = [list(Needs).index(kind.value.needs) for kind in ours]
    assert order == sorted(order)


def test_every_reason_has_a_sentence_for_who_asks_and_one_for_who_looks_into_it():
    assert all(reason.told and reason.why and not reason.why.endswith(".") for reason in Reason)


def test_a_package_answers_what_nobody_else_does_with_its_source(example, directive):
    answer = directive.ask(ASKED)

    pages = directive.shelf().documents["2607/SGDĐT-GDPT"].pages
    assert pages > 1
    assert answer.status == "answered"
    assert answer.text == PAGES.format(pages=pages)
    assert len(answer.citations) == 1
    assert misquotes(directive, answer) == []
    assert directive.explain(ASKED)[1][0].kind == "pages"


def test_without_the_package_nobody_answers_it(directive):
    assert directive.ask(ASKED).text != PAGES.format(pages=directive.shelf().documents["2607/SGDĐT-GDPT"].pages)


@pytest.mark.parametrize("line", WRONG.values(), ids=WRONG)
def test_what_a_package_says_without_its_source_is_never_said(adding, directive, caplog, line):
    kinds.cache_clear()
    before = directive.ask(ASKED)
    kinds.cache_clear()
    adding(line)

    with caplog.at_level(logging.WARNING):
        answer, (why,) = directive.explain(ASKED)

    assert (answer.status, answer.text, answer.citations) == (before.status, before.text, before.citations)
    assert any(tried.name == "kind" and tried.outcome.startswith("bị loại") for tried in why.tried)
    assert "strange-kinds" in caplog.text


def test_what_the_question_names_a_package_has_to_name_too(adding, directive):
    adding("return Reply(said, (Finding(said, head, quote),))")
    asked = "Công văn 2607 có bao nhiêu trang về bạn Nguyễn Văn Tèo Mít?"

    assert directive.ask("Công văn 2607 có bao nhiêu trang?").status == "answered"
    assert "trang." not in directive.ask(asked).text


def test_a_package_may_refuse_but_not_say_anything_by_it(adding, directive):
    adding("return Refused(Reason.NOTHING_THERE, 'Các trường được nghỉ hè.')")

    answer, (why,) = directive.explain(ASKED)

    assert answer.status == "not_found"
    assert "nghỉ hè" not in answer.text
    assert why.reason == "of_package"


def test_notes_of_a_package_are_not_shown(adding, directive):
    adding("return Reply(said, (Finding(said, head, quote),), notes=('Được nghỉ hè.',))")

    answer = directive.ask(ASKED)

    assert answer.status == "answered"
    assert not any("nghỉ hè" in note for note in answer.notes)


@pytest.mark.parametrize(
    ("package", "code"),
    [("no-kinds", "KIND = 3"), ("no-needs", "class Kind:\n    needs = 'QUESTION'\n    applies = answer = None\nKIND = Kind")],
)
def test_what_is_no_kind_of_answer_is_left_out_with_a_warning(packages, directive, caplog, package, code):
    write(packages, package, GROUP, {"kind": "KIND"}, code)

    with caplog.at_level(logging.WARNING):
        answer = directive.ask("Hạn nộp báo cáo sơ kết học kì 1?")

    assert answer.status == "answered"
    assert package in caplog.text
