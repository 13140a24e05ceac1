"""The encoder that ships: small, free of heavy libraries, deaf to diacritics, and a sentence-transformers model."""

import json
import subprocess
import sys

import numpy as np
import pytest

from rag.errors import SettingError
from rag.finding.encoder import OFF, load_encoder, open_encoder
from rag.finding.static_encoder import SHIPPED, StaticEncoder
from rag.language.text import strip_marks

MEGABYTES = 1_000_000
PASSAGES = [
    "Người điều khiển xe mô tô phải có giấy phép lái xe phù hợp với loại xe được phép điều khiển.",
    "Học sinh được mượn sách của thư viện trong thời hạn mười ngày.",
    "Báo cáo sơ kết học kì 1 gửi về Sở Giáo dục và Đào tạo trước ngày 10 tháng 01.",
]


@pytest.fixture(scope="module")
def encoder():
    return open_encoder(None)


def test_it_ships_within_its_size_with_what_it_was_learnt_from():
    assert sum(file.stat().st_size for file in SHIPPED.rglob("*") if file.is_file()) <= 25 * MEGABYTES
    told = json.loads((SHIPPED / "training.json").read_text(encoding="utf-8"))
    assert {"seed", "steps", "articles", "data_sha256", "loss"} <= told.keys()


def test_vectors_have_one_row_a_text_and_length_one(encoder):
    vectors = encoder.encode_passages(PASSAGES)
    assert (vectors.shape, vectors.dtype) == ((3, encoder.dimensions), np.float32)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1, 1], abs=1e-5)


@pytest.mark.parametrize(
    ("question", "nearest"),
    [("bằng lái xe máy", 0), ("mượn sách được bao lâu", 1), ("hạn nộp báo cáo cho sở", 2)],
)
def test_a_question_is_nearest_to_its_passage_with_and_without_marks(encoder, question, nearest):
    passages = encoder.encode_passages(PASSAGES)
    with_marks, without = encoder.encode_queries([question, strip_marks(question)])
    assert int(np.argmax(passages @ with_marks)) == nearest
    assert with_marks == pytest.approx(without, abs=1e-6)


def test_a_text_has_the_same_vector_alone_and_among_others(encoder):
    together = encoder.encode_passages([*PASSAGES, "", PASSAGES[0]])
    assert together[4] == pytest.approx(together[0], abs=1e-6)
    assert together[1] == pytest.approx(encoder.encode_passages([PASSAGES[1]])[0], abs=1e-6)


def test_texts_without_a_known_word_are_zero_and_no_text_is_no_row(encoder):
    assert not encoder.encode_queries(["", "?!", "qqqxxqq"]).any()
    assert encoder.encode_queries([]).shape == (0, encoder.dimensions)


def test_it_loads_without_heavy_libraries():
    script = (
        "import sys; from rag.finding.encoder import open_encoder; open_encoder(None).encode_queries(['hạn nộp']);"
        "print(sorted({'torch', 'sentence_transformers', 'transformers', 'tokenizers', 'scipy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_it_can_be_left_out():
    assert open_encoder(OFF) is None


def test_sentence_transformers_reads_the_same_folder_to_the_same_vectors(encoder):
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(SHIPPED), trust_remote_code=True, device="cpu")
    assert model.encode_document(PASSAGES) == pytest.approx(encoder.encode_passages(PASSAGES), abs=1e-4)


@pytest.mark.parametrize("lost", ["model.safetensors", "syllables.txt"])
def test_a_folder_cut_short_is_a_setting_error(tmp_path, lost):
    for file in ("model.safetensors", "syllables.txt"):
        (tmp_path / file).write_bytes((SHIPPED / file).read_bytes()[: 5000 if file == lost else None])
    with pytest.raises(SettingError, match="TRACUU_ENCODER"):
        load_encoder(str(tmp_path))


def test_trainings_are_told_apart_by_name(tmp_path):
    for file in SHIPPED.iterdir():
        if file.is_file():
            (tmp_path / file.name).write_bytes(file.read_bytes())
    assert load_encoder(str(tmp_path)).name == StaticEncoder.load().name
    weights = bytearray((tmp_path / "model.safetensors").read_bytes())
    weights[-100] ^= 1
    (tmp_path / "model.safetensors").write_bytes(weights)
    assert load_encoder(str(tmp_path)).name != StaticEncoder.load().name
