"""How much of a question a provision tells beyond what its document is called."""

from __future__ import annotations

import pytest

from rag.choosing.evidence import Passage
from rag.choosing.rarity import question_rarity
from rag.choosing.telling import told_of
from rag.documents import Provision

ASKED = ("nop", "bao", "cao", "so", "ket")


def passage(text: str, heading: str = "", *headings: str) -> Passage:
    return Passage(Provision(1, "1/CV", "I", "section", "", heading, text, 1, headings=headings), "", "")


def told(words, of: Passage, at: int | None = 0, **more):
    return told_of(words, of, None if at is None else of.sentences[at], **more)


def test_all_some_and_nothing_of_it():
    everything, nothing = told(ASKED, passage("Nộp báo cáo sơ kết.")), told(ASKED, passage("Bàn ghế."))

    assert (everything.told, everything.around, everything.pairs, everything.untold, everything.untold_most) == (1, 1, 1, 0, 0)
    assert (nothing.told, nothing.around, nothing.pairs) == (0, 0, 0)
    assert nothing.untold == pytest.approx(sum(map(question_rarity, ASKED)))
    assert nothing.untold_most == nothing.unknown_most == max(map(question_rarity, ASKED))


def test_the_best_sentence_tells_and_so_do_the_headings_above_it_other_sentences_stand_around():
    two = passage("Nộp báo cáo. Sơ kết sau.", "Bàn ghế")

    assert told(ASKED, two).told < 1
    assert told(ASKED, two).around == 1
    assert told(("ban", "ghe"), two).told == told(("ban", "ghe"), two).pairs == 1
    assert told(("bao", "cao"), passage("Việc khác.", "", "Báo cáo")).told == 1
    assert told(("bao", "cao"), passage("", "Báo cáo"), None).told == 1


def test_words_weigh_by_how_rare_they_are_in_questions():
    common, rare = told(("em", "thuc"), passage("Em.")), told(("em", "thuc"), passage("Thực."))

    assert 0 < common.told < rare.told < 1
    assert common.told + rare.told == pytest.approx(1)


def test_what_stands_in_the_title_says_which_document_is_meant_and_is_not_asked():
    found = told(("truong", "tuyen", "bao", "nhieu"), passage("Bao nhiêu."), titled=frozenset(("truong", "tuyen")))

    assert (found.told, found.untold) == (1, 0)
    assert found.beyond == pytest.approx(
        sum(map(question_rarity, ("bao", "nhieu"))) / sum(map(question_rarity, ("truong", "tuyen", "bao", "nhieu")))
    )
    # where all of it does, it is asked nevertheless
    assert told(("bao", "cao"), passage("Báo."), titled=frozenset(("bao", "cao"))).beyond == 0
    assert 0 < told(("bao", "cao"), passage("Báo."), titled=frozenset(("bao", "cao"))).told < 1


def test_words_in_another_order_are_no_pairs_and_what_the_document_knows_elsewhere_is_not_unknown():
    turned = told(("cao", "bao"), passage("Báo cáo."), known=frozenset())
    elsewhere = told(("bao", "cao"), passage("Việc."), known=frozenset(("bao",)))

    assert (turned.told, turned.pairs) == (1, 0)
    assert elsewhere.unknown_most == question_rarity("cao")
    assert told(("bao", "cao"), passage("Việc."), known=frozenset(("bao", "cao"))).unknown_most == 0


def test_a_question_without_words_is_told_nothing():
    assert told((), passage("Báo cáo.")).told == 0
