"""The lexical index: real tantivy folders, searched by the terms of rag.language.text."""

import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from rag.index.lexical import Entry, LexicalIndex, frequencies
from rag.language.text import fold_tokens, syllables, terms

ENTRIES = [
    Entry(7, "Hạn nộp báo cáo sơ kết trước ngày 10/01/2026.", "IV. Tổ chức thực hiện", "Hướng dẫn năm học"),
    Entry(3, "Các trường xây dựng kế hoạch dạy học 2 buổi/ngày.", "II. Nhiệm vụ", "Hướng dẫn năm học"),
    Entry(12, "Báo cáo tổng kết gửi về Sở.", "IV. Tổ chức thực hiện", "Hướng dẫn năm học"),
    Entry(40, "Số điện thoại liên hệ: 0900 000 000.", "Chuyển đổi số", "Kế hoạch chuyển đổi số"),
]


def folded(text, weight=1.0):
    return dict.fromkeys(terms(fold_tokens(syllables(text))), weight)


def exact(text, weight=1.0):
    return dict.fromkeys(terms(syllables(text)), weight)


def ids(hits):
    return [id for id, _ in hits]


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    path = tmp_path_factory.mktemp("lexical") / "index"
    LexicalIndex.build(path, ENTRIES)
    return LexicalIndex.open(path)


def test_a_question_without_diacritics_finds_its_provision(index):
    assert ids(index.search(folded("han nop bao cao so ket"), {}, 3))[0] == 7


def test_a_question_with_diacritics_finds_its_provision_by_exact_terms_alone(index):
    assert ids(index.search({}, exact("kế hoạch dạy học"), 1)) == [3]
    assert index.search({}, exact("ke hoach day hoc"), 3) == []


def test_the_right_diacritics_rank_above_the_same_letters_with_others(tmp_path):
    # given two texts that are the same once folded
    LexicalIndex.build(tmp_path / "i", [Entry(1, "bán hàng cho trường", "", ""), Entry(2, "bàn hạng chỗ trưởng", "", "")])
    index = LexicalIndex.open(tmp_path / "i")
    # when the question says which one, then that one is first
    for question, best in (("bán hàng cho trường", 1), ("bàn hạng chỗ trưởng", 2)):
        assert ids(index.search(folded(question), exact(question), 2))[0] == best


def test_words_in_order_rank_above_the_same_words_scattered(tmp_path):
    scattered = Entry(1, "sinh hoạt theo học kì của hiệu trưởng", "", "")
    in_order = Entry(2, "học sinh theo của kì trưởng hiệu hoạt", "", "")
    LexicalIndex.build(tmp_path / "i", [scattered, in_order])
    assert ids(LexicalIndex.open(tmp_path / "i").search(folded("học sinh"), {}, 2)) == [2, 1]


def test_headings_and_title_are_searched_with_the_text(index):
    assert set(ids(index.search(folded("tổ chức thực hiện"), {}, 10))) == {7, 12}
    assert ids(index.search(folded("kế hoạch chuyển đổi số"), {}, 1)) == [40]


def test_scores_fall_and_follow_the_weights(index):
    hits = index.search(folded("báo cáo tổng kết năm học"), {}, 10)
    scores = [score for _, score in hits]
    assert scores == sorted(scores, reverse=True)
    # when the weight of one word grows, then so does the score of what holds it
    light, heavy = (dict(index.search({"bao": 1.0, "buoi": weight}, {}, 10))[3] for weight in (1.0, 3.0))
    assert heavy == pytest.approx(3 * light, rel=1e-4)


def test_equal_scores_are_ordered_by_id(tmp_path):
    LexicalIndex.build(tmp_path / "i", [Entry(id, "cùng một câu", "", "") for id in (5, 2, 9)])
    assert ids(LexicalIndex.open(tmp_path / "i").search(folded("cùng một câu"), {}, 3)) == [2, 5, 9]


def test_no_more_than_k_are_returned(index):
    assert len(index.search(folded("hướng dẫn năm học"), {}, 2)) == 2
    assert index.search(folded("hướng dẫn năm học"), {}, 0) == []


@pytest.mark.parametrize("question", ["", "zzzz", "? ! …"])
def test_nothing_matches_nothing(index, question):
    assert index.search(folded(question), exact(question), 5) == []


def test_terms_without_weight_are_left_out(index):
    assert index.search(folded("báo cáo", weight=0.0), {}, 5) == []


def test_document_frequency_counts_entries(index):
    assert index.size == 4
    frequency = frequencies(index, "folded")
    assert [frequency(term) for term in ("bao_cao", "huong_dan", "khong")] == [2, 3, 0]


def test_text_in_decomposed_form_is_found(tmp_path):
    LexicalIndex.build(tmp_path / "i", [Entry(1, unicodedata.normalize("NFD", "Hiệu trưởng"), "", "")])
    assert ids(LexicalIndex.open(tmp_path / "i").search({}, exact("hiệu trưởng"), 1)) == [1]


def test_an_index_without_entries_can_be_asked(tmp_path):
    LexicalIndex.build(tmp_path / "i", [])
    index = LexicalIndex.open(tmp_path / "i")
    assert (index.size, index.search(folded("báo cáo"), {}, 3)) == (0, [])


def test_opening_what_is_no_index_is_an_error(tmp_path):
    with pytest.raises(ValueError):
        LexicalIndex.open(tmp_path)


def test_a_full_disk_is_an_error_not_an_index(tmp_path):
    # given a process that may write no file beyond 4 kB
    script = (
        "import resource, sys, pathlib\n"
        "from rag.index.lexical import Entry, LexicalIndex, frequencies\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4000, 4000))\n"
        "entries = [Entry(n, f'việc số {n} của trường {n * n}', '', '') for n in range(3000)]\n"
        "try:\n    LexicalIndex.build(pathlib.Path(sys.argv[1]), entries)\n"
        "except OSError:\n    raise SystemExit(28)\n"
    )
    # when it builds an index that is larger, then the build says so
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run([sys.executable, "-c", script, tmp_path / "i"], cwd=root, capture_output=True, check=False)
    assert done.returncode == 28
