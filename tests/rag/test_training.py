"""What is learnt from texts and from questions: small, real trainings that must bring something."""

import json
import subprocess
import sys

import numpy as np
import pytest

from bot import cli
from rag.choosing.features import FEATURES
from rag.choosing.ranker import Ranker
from rag.finding.encoder import load_encoder
from rag.training.encoder import Training, train
from rag.training.pairs import Article
from rag.training.ranker import Example, fit, write

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


@pytest.fixture(scope="module")
def trained(articles, tmp_path_factory):
    folder = tmp_path_factory.mktemp("encoder")
    train(articles, Training(steps=30, batch=64, dimensions=32, rate=0.02), folder, lambda line: None)
    return folder


def test_a_short_training_brings_titles_to_their_texts(trained, articles):
    encoder = load_encoder(str(trained))
    kinds = articles[: len(ACTS) * len(SUBJECTS)]
    titles, texts = encoder.encode_queries([a.title for a in kinds]), encoder.encode_passages([a.text for a in kinds])
    assert np.mean(np.argmax(titles @ texts.T, axis=1) == np.arange(len(kinds))) > 0.9


def test_the_same_texts_and_seed_give_the_same_encoder(trained, articles, tmp_path):
    train(articles, Training(steps=30, batch=64, dimensions=32, rate=0.02), tmp_path, lambda line: None)
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
    """Questions with twelve candidates, of which the one with the most words in its headings is right."""
    chance = np.random.default_rng(4)
    for number in range(count):
        rows = chance.random((12, len(FEATURES)), dtype=np.float32)
        right = np.zeros(12, dtype=bool)
        right[np.argmax(rows[:, FEATURES.index("heading_words")])] = True
        yield Example(str(number), "as typed", rows, right, 0)


def test_what_is_written_ranks_as_what_was_learnt(tmp_path):
    asked = list(examples(200))
    figures = write(tmp_path / "ranker.json", asked, {"set": "made up"})
    # then the trees are read to the same scores, without LightGBM
    rows = np.concatenate([example.rows for example in asked])
    assert Ranker.load(tmp_path / "ranker.json").score(rows) == pytest.approx(np.asarray(fit(asked).predict(rows)), abs=1e-9)
    # and the figures, of questions that were not learnt from, say that the rule was found
    assert figures["as typed"]["R@1"] > 0.75  # by chance: 0.08
    assert json.loads((tmp_path / "ranker.json").read_text(encoding="utf-8"))["cross_validation"] == figures


def test_ranking_loads_no_training():
    script = (
        "import sys; from rag.choosing.ranker import shipped_ranker; "
        "shipped_ranker(); sys.exit(bool({'lightgbm', 'torch'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_trees_for_other_features_are_refused(tmp_path):
    write(tmp_path / "ranker.json", list(examples(60)), {})
    content = json.loads((tmp_path / "ranker.json").read_text(encoding="utf-8"))
    content["features"][0] = "another"
    (tmp_path / "ranker.json").write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(ValueError, match="other features"):
        Ranker.load(tmp_path / "ranker.json")
