"""A library of laws beside the shelf: it answers what the shelf leaves open, and takes nothing from it."""

import json
from datetime import date

import pytest

from benchmarks.search.data import load, write_collection
from ingest.pipeline import ingest
from rag.assistant import Assistant
from rag.index.published import verify
from rag.training.evaluation import load_cases

TODAY = date(2025, 11, 1)
OPEN = [
    ("độ tuổi kết hôn của nam và nữ", "Luật Hôn nhân và gia đình"),
    ("Hành vi nào bị nghiêm cấm trong phòng, chống ma túy?", "Luật Phòng, chống ma túy"),
]


@pytest.fixture(scope="module")
def data(repo, shared, tmp_path_factory):
    """The directive with seventeen laws beside it."""
    folder = tmp_path_factory.mktemp("library")
    benchmark = load("alqac")
    assert benchmark is not None
    write_collection(benchmark.articles, folder / "luật.jsonl")
    ingest(repo / "corpus", folder / "data", extra=[folder / "luật.jsonl"])
    return folder / "data"


@pytest.fixture(scope="module")
def beside(data):
    return Assistant(data, today=TODAY)


@pytest.fixture(scope="module")
def turns(repo):
    cases = load_cases(repo / "tests/evals/directive_b.yaml")
    return [case.turns[0] for case in cases if len(case.turns) == 1]


def test_the_shelf_answers_to_the_letter_as_if_it_were_alone(beside, directive, turns):
    asked = [turn.question for turn in turns if turn.status == "answered"][::4]
    alone = {question: answer for question in asked if (answer := directive.ask(question)).status == "answered"}

    together = {question: beside.ask(question) for question in alone}

    assert len(alone) > 0.8 * len(asked) > 0
    assert {question: (answer.text, answer.citations) for question, answer in together.items()} == {
        question: (answer.text, answer.citations) for question, answer in alone.items()
    }


def test_a_library_does_not_answer_because_its_words_happen_to_occur(beside, turns):
    left_open = [turn.question for turn in turns if turn.status in ("offered", "not_found")]
    answered = [question for question in left_open if beside.ask(question).status == "answered"]
    assert len(answered) <= 0.03 * len(left_open), answered


@pytest.mark.parametrize(("question", "law"), OPEN)
def test_what_the_shelf_leaves_open_a_law_answers_with_its_article(beside, directive, question, law):
    assert directive.ask(question).status in ("offered", "not_found")
    answer = beside.ask(question)
    assert answer.status == "answered"
    assert answer.citations[0].document == law
    assert answer.citations[0].section.startswith("Điều ")


def test_everything_is_searched_together(beside):
    found = beside.search("độ tuổi kết hôn của nam và nữ", 5) + beside.search("hạn nộp báo cáo sơ kết học kì 1", 5)
    assert {"2607/SGDĐT-GDPT", "Luật Hôn nhân và gia đình"} <= {hit.document for hit in found}


def test_whom_to_call_only_the_shelf_says(beside):
    answer = beside.ask("liên hệ ai về thống kê giáo dục?")
    assert {citation.document for citation in answer.citations} == {"2607/SGDĐT-GDPT"}


def test_without_vectors_the_library_is_found_by_its_words(beside, data):
    blind = Assistant(data, encoder="off", today=TODAY)
    question, law = OPEN[0]
    assert law in {hit.document for hit in blind.search(question, 5)}
    json.dumps([hit.score for hit in blind.search(question, 5)])


def test_damage_to_the_shelf_is_seen(data):
    [model] = data.glob("snapshots/*/shelf/models/frequencies")
    content = model.read_bytes()
    model.write_bytes(content[:-1])
    assert any("shelf/models/frequencies" in line for line in verify(data))
    model.write_bytes(content)
    assert verify(data) == []
