"""Marks put back, typing errors mended, by a model of a real directive."""

import pytest

from rag.language import diacritics as module
from rag.language.diacritics import Diacritics
from rag.language.text import fold


@pytest.mark.parametrize(
    "sentence",
    [
        "hạn nộp báo cáo sơ kết học kì",
        "liên hệ ai về thống kê giáo dục",
        "thanh toán không dùng tiền mặt",
        "số điện thoại của đồng chí phụ trách chuyển đổi số",
        "nâng cao năng lực số cho người học",
        "phần mềm quản lý trường học",
    ],
)
def test_marks_are_put_back_into_what_the_corpus_says(diacritics, sentence):
    plain = fold(sentence).split()

    restored = " ".join(diacritics.restore(plain))

    assert restored.replace("kỳ", "kì").replace("lí", "lý") == sentence


def test_what_was_typed_with_marks_is_never_changed(diacritics):
    typed = ["lượng", "giao", "viên", "nẵm", "quí"]

    restored = diacritics.restore(typed)

    assert [restored[0], *restored[2:]] == [typed[0], *typed[2:]]
    assert restored[1] == "giáo"  # only the one without marks is read anew


def test_who_types_marks_means_the_words_without(diacritics):
    assert diacritics.restore(["qua", "phòng"], mostly_marked=True)[0] == "qua"


@pytest.mark.parametrize(("typed", "meant"), [("giaos", "giao"), ("thogn", "thong"), ("truogn", "truong"), ("chuyeen", "chuyen")])
def test_a_slip_of_one_key_is_mended(diacritics, typed, meant):
    assert diacritics.mend([typed]) == [meant]


@pytest.mark.parametrize("tokens", [["hạn", "nộp"], ["lms"], ["2026"], ["ab"], ["lương"], ["hk1"]])
def test_what_is_no_slip_stays(diacritics, tokens):
    assert diacritics.mend(tokens) == tokens


def test_unknown_words_pass_through(diacritics):
    assert diacritics.restore(["xyzq", "12"]) == ["xyzq", "12"]
    assert diacritics.restore([]) == []
    assert not diacritics.knows("xyzq")


def test_a_stored_model_is_the_same_model(diacritics):
    stored = Diacritics.load(diacritics.dump())

    assert stored.unigrams == diacritics.unigrams
    assert stored.bigrams == diacritics.bigrams
    assert stored.restore("han nop bao cao".split()) == ["hạn", "nộp", "báo", "cáo"]


def test_a_model_learns_from_any_corpus():
    model = Diacritics.learn(["Nuôi cá tra ở đồng bằng.", "Cá tra được nuôi nhiều."])

    assert model.restore(["ca", "tra"]) == ["cá", "tra"]
    assert model.knows("tra")


def test_of_a_library_without_end_only_the_pairs_that_come_again_are_kept(monkeypatch):
    # given far more pairs than may be counted, among which one comes again and again
    monkeypatch.setattr(module, "_COUNTED", 500)
    monkeypatch.setattr(module, "_KEPT", 100)
    syllables = [f"{a}{b}{c}" for a in "bcdđghklmnpqrstvx" for b in "aăâeêioôơuưy" for c in ("", "n", "t", "m", "p")]
    strange = [f"{one} {other}" for one, other in zip(syllables, reversed(syllables), strict=True)]
    learnt = Diacritics.learn(text for turn in range(3) for odd in strange[turn::3] for text in ("báo cáo sơ kết.", f"{odd}."))
    everyday = Diacritics.learn([])
    # then that one is known, and little else beside the phrases that everybody says
    assert learnt.bigrams["báo cáo"] >= len(strange)
    assert len(learnt.bigrams) <= len(everyday.bigrams) + 100
