"""What many tests share: indexes built once from real documents, and the assistant on top of them."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest

from ingest.pipeline import ingest
from rag.assistant import Assistant
from rag.storage import State
from tests.servers.postgres import Postgres
from tests.servers.postgres import missing as servers_missing
from tests.servers.s3 import S3

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


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    """A PostgreSQL server for all tests of a process; skipped with a word where none can be started."""
    if reason := servers_missing():
        pytest.skip(reason)
    server = Postgres.begin()
    yield server
    server.remove()


@pytest.fixture
def postgres(postgres_server) -> str:
    """The URL of an empty database of the test's own."""
    return postgres_server.create(f"test_{uuid4().hex[:12]}")


@pytest.fixture(scope="session")
def states_server(postgres_server) -> Iterator[str]:
    """The URL of a database in which every test keeps its state apart from the others."""
    from rag.storage.server import server_at

    url = postgres_server.create("states")
    yield url
    server_at(url).close()


@pytest.fixture(params=["sqlite", "postgres"])
def state(request, tmp_path) -> State:
    """An empty place for state, of either kind: what uses this keeps the same promises in both."""
    if request.param == "sqlite":
        return State(tmp_path)
    return State(tmp_path, request.getfixturevalue("states_server"), f"test_{uuid4().hex[:12]}")


@pytest.fixture(scope="session")
def s3() -> Iterator[S3]:
    """An S3 server for all tests of a process; whoever stops it starts one of its own."""
    server = S3()
    yield server
    server.stop()
