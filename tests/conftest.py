"""What many tests share: indexes built once from real documents, and the assistant on top of them."""

from __future__ import annotations

import shutil
import signal
from datetime import date
from pathlib import Path

import pytest

from ingest.pipeline import ingest
from rag.assistant import Assistant

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as in the background of a shell; what is started by tests inherits it
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def repo() -> Path:
    return Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def today() -> date:
    """After the directives were issued, before their deadlines."""
    return date(2025, 11, 1)


@pytest.fixture(scope="session")
def shared(repo) -> Path:
    """The reference material beside the project; third-party texts, so never a part of it."""
    folder = repo.parent / "shared"
    if not folder.is_dir():
        pytest.skip("cần thư mục ../shared với các văn bản tham khảo")
    return folder


@pytest.fixture(scope="session")
def directive_index(repo, tmp_path_factory) -> Path:
    """A data folder with the documents that ship in corpus/."""
    return _indexed(repo / "corpus", tmp_path_factory.mktemp("directive"))


@pytest.fixture(scope="session")
def example_index(repo, tmp_path_factory) -> Path:
    """A data folder with one made-up directive that no rule was written for."""
    corpus = tmp_path_factory.mktemp("corpus")
    shutil.copy(repo / "tests/data/1422-SGDDT-CNTT.md", corpus)
    return _indexed(corpus, tmp_path_factory.mktemp("example"))


@pytest.fixture(scope="session")
def laws_index(repo, shared, tmp_path_factory) -> Path:
    """A data folder with laws, decrees and circulars in the shapes in which such texts circulate, and the bank that ships."""
    corpus = tmp_path_factory.mktemp("corpus")
    shutil.copytree(shared / "texts", corpus, dirs_exist_ok=True)
    shutil.copytree(repo / "corpus/questions", corpus / "questions")
    return _indexed(corpus, tmp_path_factory.mktemp("laws"))


def _indexed(corpus: Path, data: Path) -> Path:
    ingest(corpus, data)
    return data


@pytest.fixture(scope="session")
def example_assistant(example_index, today) -> Assistant:
    return Assistant(example_index, today=today)
