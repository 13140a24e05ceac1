"""Tra Cứu in other people's LangChain chains."""

import asyncio
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from langchain_core.language_models.fake_chat_models import ParrotFakeChatModel
from langchain_core.vectorstores import InMemoryVectorStore

from ingest.pipeline import ingest
from rag.errors import IndexMissing
from rag.finding.langchain import TraCuuEmbeddings, TraCuuRetriever
from rag.language.text import strip_marks
from tests.rag.index.index_builder import SyllableEncoder

QUESTION = "hạn nộp báo cáo sơ kết học kì 1?"


@pytest.fixture(scope="module")
def retriever(directive_index):
    return TraCuuRetriever.from_data(directive_index, k=5, today=date(2025, 11, 1))


def test_the_example_in_the_documentation_runs(repo, directive_index, tmp_path, monkeypatch, capsys):
    # given the documentation's chain, an index, and a model that repeats what it is given
    page = (repo / "docs/developers/langchain.md").read_text("utf-8")
    example = next(block for block in re.findall(r"```python\n(.*?)```", page, re.S) if "chain" in block)
    (tmp_path / ".data").symlink_to(directive_index)
    monkeypatch.chdir(tmp_path)
    # when it runs
    exec(example, {"model": ParrotFakeChatModel()})
    # then the model was given the provision under its label, and the question
    said = capsys.readouterr().out
    assert "[Công văn 2607/SGDĐT-GDPT, mục IV.2" in said
    assert "10/01/2026" in said
    assert f"Câu hỏi: {QUESTION}" in said


def test_documents_are_provisions_with_their_source(retriever, directive):
    found = retriever.invoke(QUESTION)
    assert len(found) == 5
    assert set(found[0].metadata) == {"document", "section", "page", "label", "score", "validity"}
    assert found[0].metadata["document"] == "2607/SGDĐT-GDPT"
    assert found[0].metadata["section"].startswith("IV.2")
    scores = [document.metadata["score"] for document in found]
    assert scores == sorted(scores, reverse=True)
    # the text is that of the provision, to the letter
    stored = {(p.section, p.text or p.heading) for p in directive.snapshot.store.of_document("2607/SGDĐT-GDPT")}
    assert {(document.metadata["section"], document.page_content) for document in found} <= stored


def test_it_finds_what_tracuu_search_finds_with_and_without_marks(retriever, directive):
    for question in (QUESTION, strip_marks(QUESTION)):
        hits = directive.search(question, 5)
        assert [document.metadata["section"] for document in retriever.invoke(question)] == [hit.section for hit in hits]


def test_asynchronous_calls_side_by_side_find_the_same(retriever):
    questions = [QUESTION, "ba trụ cột chuyển đổi số", "trang bị chữ ký số"] * 3

    async def ask_all():
        return await asyncio.gather(*(retriever.ainvoke(question) for question in questions))

    assert asyncio.run(ask_all()) == [retriever.invoke(question) for question in questions]


def test_validity_is_that_of_the_day_asked_about(two_years):
    def validity(day):
        found = TraCuuRetriever.from_data(two_years, k=20, today=day).invoke(f"{QUESTION} theo 2607/SGDĐT-GDPT")
        return {document.metadata["document"]: document.metadata["validity"] for document in found}

    # a directive is said to be replaced once its successor is there
    assert validity(date(2025, 11, 1))["2607/SGDĐT-GDPT"] == "in_force"
    assert validity(date(2026, 11, 1))["2607/SGDĐT-GDPT"] == "replaced"


def test_more_documents_than_are_usually_ranked(directive_index):
    assert len(TraCuuRetriever.from_data(directive_index, k=60).invoke("chuyển đổi số trong giáo dục")) == 60


def test_a_republished_index_is_picked_up(repo, tmp_path):
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "a.txt").write_text((repo / "tests/data/1422-SGDDT-CNTT.md").read_text())
    ingest(corpus, tmp_path / "data")
    retriever = TraCuuRetriever.from_data(tmp_path / "data")
    before = retriever.invoke("bãi gửi xe của khách")
    # when a document is added and the index published anew
    rule = "Điều 1. Bãi gửi xe\nBãi gửi xe của khách mở cửa đến 23 giờ 17 phút."
    (corpus / "b.txt").write_text(f"SỞ GIÁO DỤC VÀ ĐÀO TẠO\nSố: 11/2025/TT-SGDĐT\n\nTHÔNG TƯ\nVề bãi gửi xe\n\n{rule}\n")
    ingest(corpus, tmp_path / "data")
    # then the same retriever finds it
    after = retriever.invoke("bãi gửi xe của khách")
    assert "23 giờ 17" not in "".join(document.page_content for document in before)
    assert "23 giờ 17" in after[0].page_content


def test_no_index_is_said_at_once(tmp_path):
    with pytest.raises(IndexMissing):
        TraCuuRetriever.from_data(tmp_path)


def test_embeddings_serve_any_vector_store():
    # given a vector store of LangChain's over our encoder
    store = InMemoryVectorStore(TraCuuEmbeddings(SyllableEncoder()))
    store.add_texts(["hạn nộp báo cáo", "luật nhà giáo", "dữ liệu học sinh"])
    # when a question comes, then the nearest text is found, synchronously or not
    assert store.similarity_search("luật về nhà giáo", k=1)[0].page_content == "luật nhà giáo"
    assert asyncio.run(store.asimilarity_search("luật về nhà giáo", k=1))[0].page_content == "luật nhà giáo"
    assert [len(vector) for vector in TraCuuEmbeddings(SyllableEncoder()).embed_documents(["a", "b"])] == [64, 64]


def test_asking_does_not_load_langchain():
    script = "import sys, bot.cli, rag.assistant, ingest.pipeline; sys.exit('langchain_core' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], cwd=Path(__file__).resolve().parents[3], check=False).returncode == 0


def test_embeddings_serve_langchains_chroma(tmp_path):
    chroma = pytest.importorskip("langchain_chroma", reason="langchain_chroma chỉ có khi đã chạy make bench-search")
    store = chroma.Chroma(embedding_function=TraCuuEmbeddings(SyllableEncoder()), persist_directory=str(tmp_path))
    store.add_texts(["hạn nộp báo cáo", "luật nhà giáo", "dữ liệu học sinh"])
    found, distance = store.similarity_search_with_score("luật nhà giáo", k=1)[0]
    assert (found.page_content, distance) == ("luật nhà giáo", pytest.approx(0, abs=1e-5))
