"""Assistants over real indexes, and the checks that hold an answer to its source."""

from __future__ import annotations

import shutil
from datetime import date
from functools import lru_cache
from uuid import uuid4

import pytest

from ingest.pipeline import ingest
from rag.assistant import Assistant
from rag.documents import Provision
from rag.index.store import Store
from rag.language.diacritics import Diacritics
from rag.language.numbers import DATE, EMAIL, LINK, PHONE
from rag.language.text import squeeze
from rag.question.understanding import understand
from rag.storage import State
from rag.wording.writer import Writer, WriterOptions
from tests.rag.scripted_models import ScriptedModels

_NEXT_YEAR = {
    "2607/SGDĐT-GDPT": "3111/SGDĐT-GDPT",
    "2025-2026": "2026-2027",
    "10/01/2026": "11/01/2027",
    "10/06/2026": "11/06/2027",
    "issued: 2025-09-27": "issued: 2026-09-28",
    "ngày 27 tháng 9 năm 2025": "ngày 28 tháng 9 năm 2026",
    "0972.523.518": "0900.111.222",
}


@pytest.fixture(scope="session")
def directive(directive_index, today) -> Assistant:
    """Answers from the directive that ships, on a day before its deadlines."""
    return Assistant(directive_index, today=today)


@pytest.fixture(scope="session")
def laws(laws_index, today) -> Assistant:
    return Assistant(laws_index, today=today)


@pytest.fixture(scope="session")
def on_day(directive_index):
    """The directive's assistant on a day of one's choice; opening one costs a second, so each day has one."""
    return lru_cache(lambda year, month, day: Assistant(directive_index, today=date(year, month, day)))


@pytest.fixture(scope="session")
def diacritics(directive) -> Diacritics:
    """The model that was learnt from the directive."""
    return Diacritics.load(directive.snapshot.model("diacritics"))


@pytest.fixture(scope="session")
def read(diacritics):
    """Questions, understood with what the directive taught."""
    return lambda text: understand(text, diacritics)


@pytest.fixture(scope="session")
def two_years(repo, tmp_path_factory):
    """The directive of this school year, one of the next that says the same with other dates, and the bank of the first."""
    corpus, data = tmp_path_factory.mktemp("corpus"), tmp_path_factory.mktemp("data")
    text = (repo / "corpus/2607-SGDDT-GDPT.md").read_text(encoding="utf-8")
    (corpus / "2607-SGDDT-GDPT.md").write_text(text, encoding="utf-8")
    for old, new in _NEXT_YEAR.items():
        text = text.replace(old, new)
    (corpus / "3111-SGDDT-GDPT.md").write_text(text, encoding="utf-8")
    shutil.copytree(repo / "corpus/questions", corpus / "questions")
    ingest(corpus, data)
    return data


@pytest.fixture(scope="session")
def langchain():
    """Loaded once, so that no test's time limit goes to it."""
    import langchain.chat_models
    import langchain_openai

    return langchain.chat_models, langchain_openai


@pytest.fixture
def assistant(example_index, today, tmp_path, langchain):
    """An assistant whose model is the given server."""

    def opened(models: ScriptedModels, **options) -> Assistant:
        chosen = WriterOptions("openai:scripted", models.url, **({"seconds": 15.0} | options))
        return Assistant(example_index, today=today, writer=Writer(chosen, State(tmp_path)))

    return opened


def cited(answer) -> list[str]:
    """The sections that an answer cites."""
    return [citation.section for citation in answer.citations]


def provisions_cited(assistant, citation):
    return _by_section(assistant.snapshot.store, citation.document).get(citation.section, [])


@lru_cache(maxsize=256)  # thousands of answers cite the same documents
def _by_section(store: Store, document: str) -> dict[str, list[Provision]]:
    found: dict[str, list[Provision]] = {}
    for provision in store.of_document(document):
        found.setdefault(provision.section, []).append(provision)
    return found


def misquotes(assistant, answer) -> list[str]:
    """The citations whose quote stands not verbatim in the provision, or not on the page they name."""
    return [
        f"{citation.label}: {citation.quote[:80]}"
        for citation in answer.citations
        if not any(_stands(citation, provision) for provision in provisions_cited(assistant, citation))
    ]


def _stands(citation, provision) -> bool:
    if not citation.quote.strip():
        return False
    pages = [note.page for note in provision.footnotes if citation.quote in note.text]
    if citation.quote in provision.heading:
        pages.append(provision.page)
    at = provision.text.find(citation.quote)
    while at >= 0:
        pages.append(provision.page_at(at))
        at = provision.text.find(citation.quote, at + 1)
    return citation.page in pages


def unsourced(assistant, answer) -> list[str]:
    """The dates, phones, links and e-mail addresses of an answer that no provision it cites has, nor the question."""
    sources = [answer.question]
    for citation in answer.citations:
        for provision in provisions_cited(assistant, citation):
            sources += [provision.heading, *provision.headings, provision.text, *(note.text for note in provision.footnotes)]
    known = squeeze(" ".join(sources))
    found = [squeeze(match.group()) for figure in (DATE, PHONE, LINK, EMAIL) for match in figure.finditer(answer.text)]
    return [figure for figure in found if figure not in known]


@pytest.fixture(params=["folder", "bucket"])
def address(request, tmp_path, monkeypatch) -> str:
    """Where machines share files: each of the two kinds of store."""
    if request.param == "folder":
        return str(tmp_path / "store")
    s3 = request.getfixturevalue("s3")
    for name, value in s3.environment.items():
        monkeypatch.setenv(name, value)
    bucket = f"kho-{uuid4().hex[:12]}"
    s3.bucket(bucket)
    return f"s3://{bucket}/truong/a"
