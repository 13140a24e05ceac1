"""The lexical index: real tantivy folders, searched by the terms of rag.language.text."""

import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from rag.index.bm25 import idf
from rag.index.lexical import Entry, LexicalIndex, frequencies, rarity
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


def test_entries_that_hold_all_words_are_found_and_those_that_hold_more_come_first(index):
    assert ids(index.holding(["bao", "cao"], [], "folded", 5)) == [12, 7]  # the shorter first
    assert ids(index.holding(["bao", "cao"], ["so_ket"], "folded", 5)) == [7, 12]
    assert ids(index.holding(["bao", "cao"], ["so_ket"], "folded", 1)) == [7]
    assert index.holding(["bao", "buoi"], [], "folded", 5) == []
    assert index.holding(["bao"], [], "exact", 5) == []
    assert index.holding([], ["bao"], "folded", 5) == index.holding(["bao"], [], "folded", 0) == []


def test_only_entries_within_the_ids_that_count_are_found_with_the_scores_that_they_have(index):
    everywhere = dict(index.search(folded("hướng dẫn năm học"), {}, 10))

    assert dict(index.search(folded("hướng dẫn năm học"), {}, 10, within=(7, 12))) == pytest.approx({id: everywhere[id] for id in (7, 12)})
    assert index.search(folded("hướng dẫn năm học"), {}, 10, within=(13, 39)) == []


def test_a_part_scores_by_the_rarity_in_the_whole(index, tmp_path):
    # given a part of the index, in which a word is rarer or commoner than in the whole
    LexicalIndex.build(tmp_path / "part", ENTRIES[:2])
    part = LexicalIndex.open(tmp_path / "part")
    terms_ = ["bao", "khong_co"]
    known = rarity(index, terms_, [])

    assert known["whole_folded"] == {"bao": pytest.approx(idf(2, 4))}
    assert known["headings_folded"] == known["whole_exact"] == {}
    ((_, alone),) = part.search({"bao": 1.0}, {}, 5)
    ((_, together),) = part.search({"bao": 1.0}, {}, 5, known)
    assert together == pytest.approx(alone * idf(2, 4) / idf(1, 2), rel=1e-4)
    assert part.search({"bao": 1.0}, {}, 5, {field: {} for field in known}) == []  # the whole does not know the word


def test_terms_are_listed_by_how_they_begin(index):
    assert index.dictionary("whole_folded", "bao_") == [("bao_cao", 2)]
    assert index.dictionary("whole_folded", "zz") == []


def test_the_length_of_entries_is_kept_and_guessed_where_a_program_before_did_not_keep_it(tmp_path):
    LexicalIndex.build(tmp_path / "i", [Entry(1, "một hai ba", "bốn", ""), Entry(2, "một", "", "")])
    # headings count twice in the whole; two words are three terms
    assert LexicalIndex.open(tmp_path / "i").means == {"whole": (5 + 2 + 1) / 2, "headings": 0.5, "title": 1e-9}

    (tmp_path / "i" / "lengths.json").unlink()
    assert LexicalIndex.open(tmp_path / "i").means["whole"] > 100


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
