"""The encoder: a real sentence-transformers model, made of eleven words and saved to a folder."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from bot import cli
from rag.errors import SettingError
from rag.finding.encoder import TO_INSTALL, load_encoder
from rag.index.lexical import Entry
from rag.index.making import Contents
from rag.index.publishing import publish
from rag.index.snapshot import SnapshotReader

WORDS = ["hạn", "nộp", "báo", "cáo", "học", "sinh", "nhà", "giáo", "luật", "dữ", "liệu"]


@pytest.fixture(scope="module")
def model_folder(tmp_path_factory):
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer, models, pre_tokenizers

    vocabulary = {word: n for n, word in enumerate(["[PAD]", "[UNK]", *WORDS])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    weights = np.random.default_rng(3).normal(size=(len(vocabulary), 24)).astype(np.float32)
    path = tmp_path_factory.mktemp("model") / "mô hình nhỏ"
    SentenceTransformer(
        modules=[StaticEmbedding(tokenizer, embedding_weights=weights)],
        prompts={"query": "hạn ", "document": ""},
        device="cpu",
    ).save(str(path))
    return path


@pytest.fixture(scope="module")
def encoder(model_folder):
    return load_encoder(str(model_folder))


def test_vectors_have_one_row_a_text_and_length_one(encoder, model_folder):
    vectors = encoder.encode_passages(["hạn nộp báo cáo", "luật nhà giáo"])
    assert (encoder.name, encoder.dimensions) == (str(model_folder), 24)
    assert (vectors.shape, vectors.dtype) == ((2, 24), np.float32)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1.0, 1.0], abs=1e-5)


def test_no_texts_and_empty_texts(encoder):
    assert encoder.encode_queries([]).shape == (0, 24)
    assert np.isfinite(encoder.encode_passages([""])).all()


def test_questions_and_passages_are_encoded_each_in_their_own_way(encoder):
    # the model puts "hạn" before questions only
    question, passage = encoder.encode_queries(["luật"])[0], encoder.encode_passages(["luật"])[0]
    assert not np.allclose(question, passage)
    assert np.allclose(question, encoder.encode_passages(["hạn luật"])[0], atol=1e-5)


def test_a_published_index_finds_by_the_models_vectors(encoder, tmp_path):
    texts = {1: "hạn nộp báo cáo", 2: "luật nhà giáo", 3: "dữ liệu học sinh"}
    entries = [Entry(id, text, "", "") for id, text in texts.items()]
    # given an index published with the model
    publish(tmp_path, Contents([], [], [], entries), encoder)
    snapshot = SnapshotReader(tmp_path).get()
    assert snapshot.info.encoder == encoder.name
    # when a text is asked for, then it is the nearest
    assert snapshot.near is not None
    for id, text in texts.items():
        assert snapshot.near.search(encoder.encode_passages([text])[0], 1)[0][0] == id


def test_a_folder_without_a_model_is_a_setting_error(tmp_path):
    with pytest.raises(SettingError, match="TRACUU_ENCODER") as caught:
        load_encoder(str(tmp_path))
    assert "\n" not in str(caught.value)


def test_a_machine_without_the_library_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)

    with pytest.raises(SettingError, match=r"máy chưa có sentence_transformers.*ENCODERS=1"):
        load_encoder(str(tmp_path))


def test_training_without_the_libraries_says_what_to_install_before_anything_is_read(monkeypatch, tmp_path, capsys):
    for module in ("rag.training.encoder", "rag.finding.static_module"):
        monkeypatch.delitem(sys.modules, module, raising=False)
    monkeypatch.setitem(sys.modules, "torch", None)
    monkeypatch.setenv("TRACUU_DATA", str(tmp_path / "data"))

    assert cli.run(["train-encoder", str(tmp_path / "encoder")]) == 2
    assert capsys.readouterr().err.splitlines() == [f"Máy chưa có torch. {TO_INSTALL}."]


def test_a_hub_model_that_cannot_be_had_is_a_setting_error_at_once(monkeypatch):
    # given a hub that does not answer
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(SettingError, match="TRACUU_ENCODER=to-chuc/mo-hinh: không tải được"):
        load_encoder("to-chuc/mo-hinh")


@pytest.mark.parametrize("name", ["./không-có", "/không/có", "một-từ", "a/b/c"])
def test_a_wrong_name_is_refused_without_the_slow_import(name):
    script = (
        "import sys\nfrom rag.finding.encoder import load_encoder\nfrom rag.errors import SettingError\n"
        "try:\n    load_encoder(sys.argv[1])\n"
        "except SettingError as error:\n    print(error)\n"
        "sys.exit('sentence_transformers' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, name],
        cwd=Path(__file__).resolve().parents[3],
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stdout.startswith(f"TRACUU_ENCODER={name}: ")) == (0, True)
