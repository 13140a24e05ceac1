"""What many tests share: indexes built once from real documents, and the assistant on top of them."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from filelock import FileLock

from ingest.pipeline import ingest
from rag.assistant import Assistant
from rag.storage import State
from tests.servers.postgres import Postgres
from tests.servers.postgres import missing as servers_missing
from tests.servers.s3 import S3

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as in the background of a shell; what is started by tests inherits it
    signal.signal(signal.SIGINT, signal.default_int_handler)
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # hundreds of commands are started: the program is compiled once, not by each of them


LONG = (
    "test_many_bots.py",
    "test_many_machines.py",
    "test_faults.py",
    "test_levels.py",
    "test_web_admin.py",
    "test_telegram_faults.py",
    "test_deb.py",
    "test_work.py",
    "test_store_nodes.py",
    "test_wrappings.py",
    "test_web_admin_twice.py",
    "test_web_admin_desk.py",
    "test_search_nodes.py",
    "test_damaged_editions.py",
    "test_library.py",
    "test_zalo_faults.py",
    "test_training.py",
    "test_chroma_server.py",
    "test_shared_index.py",
    "test_fit.py",
    "test_web_settings.py",
    "test_web_serving.py",
    "test_teaching.py",
    "test_admin.py",
    "test_cli_admin.py",
    "test_backup.py",
    "test_robust.py",
    "test_verify.py",
)
"""The files that take a minute and more, the longest first."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that in the end no worker is left alone with it (``--no-loadscope-reorder`` keeps to this)."""
    places = {name: at for at, name in enumerate(LONG)}
    items.sort(key=lambda item: places.get(item.path.name, len(LONG)))


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
def made_once(tmp_path_factory) -> Callable[[str, Callable[[Path], None]], Path]:
    """Return a folder of this process's own that was made by the first of all test processes that wanted it."""

    def made(name: str, make: Callable[[Path], None]) -> Path:
        mine = tmp_path_factory.mktemp(name)
        if "PYTEST_XDIST_WORKER" not in os.environ:
            make(mine)
            return mine
        everybodys = tmp_path_factory.getbasetemp().parent / name
        with FileLock(f"{everybodys}.lock"):
            if not everybodys.exists():
                make(everybodys.with_suffix(".new"))
                everybodys.with_suffix(".new").rename(everybodys)
        return Path(shutil.copytree(everybodys, mine, dirs_exist_ok=True))

    return made


@pytest.fixture(scope="session")
def small_corpus(repo, tmp_path_factory) -> Path:
    """The documents that ship with a sixth of the questions on them, whose bank is made in a moment; nobody changes it."""
    others = shutil.ignore_patterns("*.w*", "thong-tu*", "van-ban*", "43-*", "91-*")
    return Path(shutil.copytree(repo / "corpus", tmp_path_factory.mktemp("small") / "corpus", ignore=others))


@pytest.fixture(scope="session")
def directive_index(repo, made_once) -> Path:
    """A data folder with the documents that ship in corpus/."""
    return made_once("directive", lambda data: _index(repo / "corpus", data))


@pytest.fixture(scope="session")
def example_index(repo, made_once, tmp_path_factory) -> Path:
    """A data folder with one made-up directive that no rule was written for."""
    corpus = tmp_path_factory.mktemp("corpus")
    shutil.copy(repo / "tests/data/1422-SGDDT-CNTT.md", corpus)
    return made_once("example", lambda data: _index(corpus, data))


@pytest.fixture(scope="session")
def laws_index(repo, shared, made_once, tmp_path_factory) -> Path:
    """A data folder with laws, decrees and circulars in the shapes in which such texts circulate, and the bank that ships."""
    corpus = tmp_path_factory.mktemp("corpus")
    shutil.copytree(shared / "texts", corpus, dirs_exist_ok=True)
    shutil.copytree(repo / "corpus/questions", corpus / "questions")
    return made_once("laws", lambda data: _index(corpus, data))


def _index(corpus: Path, data: Path) -> None:
    ingest(corpus, data)


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
    from rag.storage.postgres_server import server_at

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
