"""The bank of questions held against a snapshot: sleeping, moved, masked entries, and where like questions point."""

from __future__ import annotations

import pytest

from rag.index.bank import BankEntry
from rag.index.bank_publishing import BankPart, BankReader, build_bank, use_bank
from rag.index.question_bank import QuestionBank

NUMBER = "2607/SGDĐT-GDPT"
REPORT = BankEntry("bao giờ nộp báo cáo sơ kết?", NUMBER, ("IV.2-2",), writer="an")
CALL = BankEntry("gọi ai về thống kê?", NUMBER, ("IV(3)",), writer="binh")


@pytest.fixture
def bank_of(tmp_path, directive, diacritics):
    def make(*entries, without=frozenset()):
        use_bank(tmp_path, build_bank(tmp_path, [BankPart(str(entries), lambda: entries)], diacritics, None))
        store = directive.snapshot.store
        loaded = [document.number for document in store.documents() if document.present]
        return QuestionBank(BankReader(tmp_path).get(), store, loaded, without), store

    return make


def test_like_questions_point_at_their_provisions(bank_of):
    bank, store = bank_of(REPORT, CALL)

    likeness = bank.likeness("nop bao cao so ket".split(), None)
    _, owners = bank.owners_of(likeness.words.argsort()[-1:])

    assert [store.provision(int(owner)).section for owner in owners] == ["IV.2-2"]


def test_an_inline_item_counts_for_its_paragraph_and_is_kept_as_the_focus(bank_of):
    bank, store = bank_of(REPORT, CALL)

    focus = bank.focus(bank.likeness("goi ai ve thong ke".split(), None))

    assert {store.provision(outer).section: store.provision(item).section for outer, item in focus.items()} == {"IV": "IV(3)"}
    assert all(store.provision(outer).text for outer in focus)  # the paragraph that closes the part, not its heading


def test_an_entry_on_a_document_that_is_not_loaded_sleeps(bank_of):
    bank, _ = bank_of(REPORT, BankEntry("luật này nói gì?", "91/2025/QH15", ("Điều 1",)))

    assert bank.awake.tolist() == [True, False]
    assert bank.likeness("luat nay noi gi".split(), None).words.tolist()[1] == 0.0


def test_a_writer_that_is_not_listened_to_is_like_nothing(bank_of):
    bank, _ = bank_of(REPORT, CALL, without=frozenset({"an"}))

    assert bank.likeness("bao gio nop bao cao so ket".split(), None).words.tolist() == [0.0, pytest.approx(0, abs=0.3)]


def test_an_entry_whose_section_has_gone_points_at_what_it_stood_in_and_is_told(bank_of):
    gone = BankEntry("mục chín hỏi gì?", NUMBER, ("IV.2-9",))
    bank, store = bank_of(REPORT, gone)

    assert bank.moved == [gone]
    assert store.provision(int(bank.owners[-1])).section == "IV.2"


def test_what_a_document_does_not_answer_is_known_for_it_alone(bank_of):
    bank, _ = bank_of(REPORT, BankEntry("lương bao nhiêu?", NUMBER, ()))

    assert bank.unanswered_of(NUMBER).tolist() == [1]
    assert bank.unanswered_of("91/2025/QH15").tolist() == []


def test_a_place_in_another_document_is_found_where_that_is_loaded(bank_of):
    both = BankEntry("cả hai nói gì?", NUMBER, ("IV.2-2", "91/2025/QH15|Điều 1"))
    bank, store = bank_of(both)

    assert [store.provision(int(owner)).section for owner in bank.owners] == ["IV.2-2"]
    assert bank.moved == []
