"""What is learnt from texts and from questions: small, real trainings that must bring something."""

import json
import subprocess
import sys

import numpy as np
import pytest

from bot import cli
from rag.choosing.chooser import Chooser
from rag.choosing.features import FEATURES
from rag.finding.encoder import load_encoder
from rag.training.chooser import FOLDS, fit_ranking, folds_of, write
from rag.training.chooser_examples import Example
from rag.training.pairs import Article

SUBJECTS = ("bãi gửi xe", "bếp ăn bán trú", "thư viện trường", "phòng máy tính", "sân bóng đá")
ACTS = ("mở cửa", "đóng cửa", "kiểm tra", "sửa chữa", "bàn giao", "lau dọn")


@pytest.fixture(scope="module")
def articles():
    return [
        Article(
            f"{number}/QĐ-X",
            f"Việc {act} {subject}",
            f"Hiệu trưởng phân công người {act} {subject} vào đầu mỗi buổi học. Người {act} {subject} ghi sổ và báo lại. " * 2,
        )
        for number in range(4)
        for act in ACTS
        for subject in SUBJECTS
    ]


def train_on(articles, folder):
    from rag.training.encoder import Training, train  # takes seconds, which every run would wait for

    train(articles, Training(steps=30, batch=64, dimensions=32, rate=0.02), folder, lambda line: None)
    return folder


@pytest.fixture(scope="module")
def trained(articles, tmp_path_factory):
    return train_on(articles, tmp_path_factory.mktemp("encoder"))


def test_a_short_training_brings_titles_to_their_texts(trained, articles):
    encoder = load_encoder(str(trained))
    kinds = articles[: len(ACTS) * len(SUBJECTS)]
    titles, texts = encoder.encode_queries([a.title for a in kinds]), encoder.encode_passages([a.text for a in kinds])
    assert np.mean(np.argmax(titles @ texts.T, axis=1) == np.arange(len(kinds))) > 0.9


def test_the_same_texts_and_seed_give_the_same_encoder(trained, articles, tmp_path):
    train_on(articles, tmp_path)
    assert load_encoder(str(tmp_path)).name == load_encoder(str(trained)).name
    told = json.loads((tmp_path / "training.json").read_text(encoding="utf-8"))
    assert (told["seed"], told["steps"], told["articles"]) == (0, 30, len(articles))


def test_the_command_learns_from_a_collection_and_its_encoder_can_be_used(articles, tmp_path, monkeypatch, capsys):
    lines = [
        {"id": f"{a.document}+{n}", "document": a.document, "article": str(n), "title": a.title, "text": a.text}
        for n, a in enumerate(articles)
    ]
    collection = tmp_path / "tuyển tập.jsonl"
    collection.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    folder = tmp_path / "bộ mã hóa"
    # given an encoder learnt by the command
    assert cli.run(["train-encoder", str(folder), str(collection), "--steps", "2"]) == 0
    assert "TRACUU_ENCODER" in capsys.readouterr().out
    # when the collection is indexed with it, then it is searched with it
    (tmp_path / "corpus").mkdir()
    for name, value in (("DATA", tmp_path / "data"), ("CORPUS", tmp_path / "corpus"), ("ENCODER", folder)):
        monkeypatch.setenv(f"TRACUU_{name}", str(value))
    assert cli.run(["ingest", str(collection)]) == 0
    capsys.readouterr()
    assert cli.run(["search", "--json", "ai sua chua bep an ban tru"]) == 0
    assert "sửa chữa bếp ăn bán trú" in json.loads(capsys.readouterr().out)["results"][0]["text"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["train-encoder", "ra", "không có.jsonl"], "Không có tệp không có.jsonl."),
        (["train-encoder", __file__], "cần một thư mục"),
    ],
)
def test_a_wrong_argument_is_one_line(arguments, said, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert cli.run(arguments) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


def examples(count):
    """Questions by ten writers with twelve candidates: the one with the most words in its headings is right.

    Of every fourth question none is, and no candidate has more than half of them.
    """
    chance = np.random.default_rng(4)
    column = FEATURES.index("heading_words")
    for number in range(count):
        rows = chance.random((12, len(FEATURES)), dtype=np.float32)
        answerable = number % 4 > 0
        if answerable:
            rows[0, column] = 2.0
        right = np.zeros(12, dtype=bool)
        right[0] = answerable
        yield Example(str(number), "as typed", rows, right, 0, f"writer {number % 10}", ("A",) * 12, answerable)


@pytest.fixture(scope="module")
def learnt(tmp_path_factory):
    asked = list(examples(400))
    path = tmp_path_factory.mktemp("chooser") / "chooser.json"
    return asked, path, write(path, asked, {"answer": 0.5, "offer": 0.1}, {"encoder": "made up"})


def test_what_is_written_ranks_as_what_was_learnt(learnt):
    asked, path, _ = learnt
    rows = np.concatenate([example.rows for example in asked])

    # the trees are read to the same scores, without LightGBM
    scores = Chooser.load(path).scores(rows)

    assert scores == pytest.approx(np.asarray(fit_ranking(asked).predict(rows)), abs=1e-9)


def test_the_figures_are_of_writers_that_were_not_learnt_from(learnt):
    _, path, figures = learnt

    assert figures["ranking"]["as typed"]["first 1"] > 0.9  # by chance: 0.08
    assert figures["answering"]["as typed"]["unanswerable not answered"] > 0.8
    assert json.loads(path.read_text(encoding="utf-8"))["cross_validation"] == figures


def test_the_chooser_is_sure_where_one_stands_out_and_unsure_where_none_does(learnt):
    asked, path, _ = learnt
    chooser = Chooser.load(path)

    sure = [chooser.sureness(e.rows, chooser.scores(e.rows), list(e.documents)) for e in asked]

    assert np.mean([s for s, e in zip(sure, asked, strict=True) if e.answerable]) > 0.8
    assert np.mean([s for s, e in zip(sure, asked, strict=True) if not e.answerable]) < 0.2
    assert chooser.sureness(np.zeros((0, len(FEATURES)), dtype=np.float32), np.zeros(0), []) == 0.0


def test_no_writer_is_in_two_folds():
    asked = list(examples(100))

    folds = folds_of(asked)

    assert set(folds) == {example.writer for example in asked}
    assert set(folds.values()) == set(range(FOLDS))


def test_choosing_loads_no_training():
    script = (
        "import sys; from rag.choosing.chooser import shipped_chooser; "
        "shipped_chooser(); sys.exit(bool({'lightgbm', 'torch'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_trees_for_other_features_are_refused(learnt, tmp_path):
    content = json.loads(learnt[1].read_text(encoding="utf-8"))
    content["features"][0] = "another"
    (tmp_path / "chooser.json").write_text(json.dumps(content), encoding="utf-8")

    with pytest.raises(ValueError, match="other features"):
        Chooser.load(tmp_path / "chooser.json")
