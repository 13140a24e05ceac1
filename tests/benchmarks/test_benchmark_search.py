"""The benchmark measures what it says: how questions are spoilt, how rankings are judged, one system from end to end."""

import random

import pytest
from rapidfuzz.distance import OSA

from benchmarks.scale import copies
from benchmarks.search import __main__ as command
from benchmarks.search.corruption import VARIANTS, corrupt, half_lost, typos
from benchmarks.search.data import Article, Benchmark, Question, article_id, read_collection, write_collection
from benchmarks.search.measure import Indexes, measure
from benchmarks.search.metrics import median_and_p95, quality, recall, reciprocal_rank
from benchmarks.search.table import report
from rag.language.text import strip_marks

TEXT = "Việc sử dụng tài sản công của cơ quan để quyên góp từ thiện có trái quy định của pháp luật không?"
RULES = {
    "1": ("Bãi gửi xe", "Bãi gửi xe của khách mở cửa hai mươi bốn giờ."),
    "2": ("Bếp ăn", "Bếp ăn bán trú lưu mẫu thức ăn trong hai mươi bốn giờ."),
    "3": ("Thư viện", "Thư viện cho học sinh mượn ba cuốn sách trong mười ngày."),
}


@pytest.fixture
def benchmark_of_three():
    articles = [Article(f"5/2020/qđ-x+{n}", "5/2020/qđ-x", n, f"Điều {n}. {title}", text) for n, (title, text) in RULES.items()]
    questions = [("mẫu thức ăn lưu bao lâu?", "2"), ("được mượn mấy cuốn sách?", "3")]
    return Benchmark("three", articles, [Question(text, frozenset([article_id("5/2020/qđ-x", n)])) for text, n in questions], 0)


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_question_is_always_spoilt_in_the_same_way(variant):
    assert corrupt(TEXT, variant) == corrupt(TEXT, variant)
    assert (corrupt(TEXT, variant) == TEXT) == (variant == "as typed")


def test_half_of_the_marks_are_lost_and_nothing_else():
    spoilt = [half_lost(TEXT, random.Random(seed)) for seed in range(200)]
    assert {strip_marks(text) for text in spoilt} == {strip_marks(TEXT)}
    marked = [word for word in TEXT.split() if word != strip_marks(word)]
    kept = sum(word in marked for text in spoilt for word in text.split())
    assert kept / len(spoilt) / len(marked) == pytest.approx(0.5, abs=0.05)


def test_two_typos_are_one_edit_in_each_of_two_words():
    for seed in range(200):
        pairs = zip(TEXT.split(), typos(TEXT, random.Random(seed)).split(), strict=True)
        assert sorted(OSA.distance(before, after) for before, after in pairs)[-3:] == [0, 1, 1]
    assert OSA.distance("luật", typos("luật", random.Random(1))) == 1
    assert typos("ở đó", random.Random(1)).startswith("ở ")
    assert typos("? 12", random.Random(1)) == "? 12"


def test_rankings_are_judged_by_all_relevant_articles():
    assert recall({"a", "b"}, ["x", "a", "b"], 1) == 0
    assert recall({"a", "b"}, ["x", "a", "b"], 2) == 0.5
    assert reciprocal_rank({"a", "b"}, ["x", "a", "b"]) == 0.5
    assert reciprocal_rank({"a"}, [*"0123456789", "a"]) == 0
    found = quality([({"a"}, ["a"]), ({"b"}, ["x", "b"])])
    assert (found.questions, found.recall, found.mrr) == (2, (0.5, 1.0, 1.0), 0.75)
    assert median_and_p95([float(n) for n in range(1, 101)]) == (50.5, 95.0)


def test_a_collection_is_read_as_it_was_written_and_copies_differ(benchmark_of_three, tmp_path):
    write_collection(copies(benchmark_of_three.articles, 8), tmp_path / "c.jsonl")
    read = read_collection(tmp_path / "c.jsonl")
    assert read[:3] == benchmark_of_three.articles
    assert len({article.id for article in read}) == len({(article.document, article.article) for article in read}) == 8


def test_tracuu_is_measured_from_end_to_end(benchmark_of_three, tmp_path):
    # when the product ingests three articles and is asked two questions
    figures = measure("ranked", benchmark_of_three, Indexes(benchmark_of_three, tmp_path), ["as typed", "no diacritics"], lambda line: None)
    # then it finds them, and every figure is there
    assert figures.problem == ""
    assert figures.quality["as typed"].recall[0] == figures.quality["no diacritics"].mrr == 1.0
    assert min(figures.build, figures.ready, figures.disk, figures.memory, figures.median, figures.p95) > 0
    table = report(benchmark_of_three, [figures], ["as typed", "no diacritics"], "lệnh")
    assert "1.000 / 1.000 / 1.000 / 1.000" in table


def test_a_system_that_cannot_be_built_is_told_and_the_others_go_on(benchmark_of_three, tmp_path):
    # given a collection without text
    empty = Benchmark("empty", [], benchmark_of_three.questions, 0)
    figures = measure("ranked", empty, Indexes(empty, tmp_path), ["as typed"], lambda line: None)
    assert "tracuu ingest" in figures.problem
    assert "not measured" in report(benchmark_of_three, [figures], ["as typed"], "lệnh")


def test_a_set_that_is_not_there_is_skipped_in_one_line(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr("benchmarks.search.data.BENCH", tmp_path)
    monkeypatch.setattr("sys.argv", ["search", "--sets", "zalo,alqac"])
    command.main()
    assert [line.split(":")[0].split("/")[-1] for line in capsys.readouterr().out.splitlines()] == ["zalo", "alqac"]
