"""A library on several machines finds what it finds in one piece, whatever happens to the machines.

``TRACUU_TEST_WHOLE=1`` asks all questions of all of Zalo legal, not of the part that holds their answers.
"""

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import httpx
import pytest
from starlette.testclient import TestClient

from benchmarks.search.data import article_id, load, write_collection
from bot.computing import computed
from ingest.pipeline import ingest
from rag.assistant import Assistant
from rag.documents import Contact, Deadline, Provision, Reference
from rag.errors import LibraryUnavailable, SettingError
from rag.index.cutting import cut
from rag.index.nodes.calls import nodes_of, shown
from rag.index.nodes.wire import packed
from rag.index.published import published
from rag.index.serving import app
from rag.index.snapshot import SnapshotReader
from rag.question.conversation import Conversation
from tests.servers.nodes import KEY, Node, setting, started

TODAY = date(2025, 11, 1)
SHARDS = 4
ARTICLES = 2000
WHOLE = bool(os.environ.get("TRACUU_TEST_WHOLE"))
ANSWERED = 1 if WHOLE else 10  # every so manyth question is answered, all are searched for


@pytest.fixture(scope="module")
def zalo(shared):
    benchmark = load("zalo")
    assert benchmark is not None
    if WHOLE:
        return benchmark
    asked = frozenset[str]().union(*(question.relevant for question in benchmark.questions))
    first = [article for article in benchmark.articles if article_id(article.document, article.article) in asked]
    others = [article for article in benchmark.articles if article_id(article.document, article.article) not in asked]
    chosen = {article.id for article in (*first, *others[:: len(others) // (ARTICLES - len(first))])}
    return replace(benchmark, articles=[article for article in benchmark.articles if article.id in chosen])


@pytest.fixture(scope="module")
def questions(zalo):
    return [question.text for question in zalo.questions]


@pytest.fixture(scope="module")
def data(zalo, tmp_path_factory):
    folder = tmp_path_factory.mktemp("zalo")
    write_collection(zalo.articles, folder / "luật.jsonl")
    (folder / "corpus").mkdir()
    ingest(folder / "corpus", folder / "data", extra=[folder / "luật.jsonl"])
    return folder / "data"


@pytest.fixture(scope="module")
def pieces(data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("pieces")
    cut(SnapshotReader(data).get(), folder, SHARDS)
    return folder


@pytest.fixture(scope="module")
def nodes(pieces):
    running = started(pieces, SHARDS, 2)
    yield running
    for node in (node for replicas in running for node in replicas):
        node.kill()


@pytest.fixture(scope="module")
def whole(data):
    return Assistant(data, today=TODAY)


@pytest.fixture(scope="module")
def sharded(pieces, nodes):
    return Assistant(pieces / "head", today=TODAY, nodes=nodes_of(setting(nodes), KEY))


@pytest.fixture
def fresh(pieces, nodes):
    """One that knows nothing yet of how the nodes have answered."""
    nodes_of.cache_clear()
    return Assistant(pieces / "head", today=TODAY, nodes=nodes_of(setting(nodes), KEY))


def answer_of(assistant, question):
    return replace(assistant.ask(question), seconds=0.0)


def test_every_question_finds_the_same_in_the_same_order_with_the_same_scores(whole, sharded, questions):
    assert len(questions) == 594
    for question in questions:
        assert sharded.search(question, 20) == whole.search(question, 20), question


def test_answers_are_the_same_to_the_letter(whole, sharded, questions):
    for question in questions[::ANSWERED]:
        assert answer_of(sharded, question) == answer_of(whole, question), question


def test_a_document_and_a_place_that_are_named_are_found_the_same(whole, sharded):
    documents = [document for document in whole.searcher().documents.values() if document.present][::40]
    assert documents
    for document in documents:
        first = whole.searcher().store.of_document(document.number)[0]
        for question in (f"{first.section} {document.number} quy định gì?", f"{document.number} quy định xử phạt thế nào?"):
            assert sharded.search(question, 10) == whole.search(question, 10), question
            assert answer_of(sharded, question) == answer_of(whole, question), question


def test_the_store_reads_the_same_wherever_its_rows_lie(whole, sharded):
    here, there = whole.searcher().store, sharded.searcher().store
    numbers = [document.number for document in here.documents()]

    assert there.documents() == here.documents()
    assert (there.count(Provision), there.count(Reference)) == (here.count(Provision), here.count(Reference))
    for kind in (Deadline, Contact, Reference):
        assert there.records(kind) == here.records(kind)
    for number in numbers[::50]:
        provisions = here.of_document(number)
        ids = [provision.id for provision in provisions]
        assert there.of_document(number) == provisions
        assert there.provisions(reversed(ids)) == here.provisions(reversed(ids))
        assert there.records_of(ids, Reference) == here.records_of(ids, Reference)
        assert there.references_to(number) == here.references_to(number)


def test_pages_of_the_library_hold_the_same_words(whole, sharded):
    here, there = whole.searcher().snapshot.parts, sharded.searcher().snapshot.parts

    found = here.holding(["nghi_phep"], [], "folded", 500)
    same = there.holding(["nghi_phep"], [], "folded", 500)

    assert {id_ for id_, _ in same} == {id_ for id_, _ in found} != set()


def test_a_new_head_waits_for_its_nodes(pieces, sharded, questions):
    old = sharded.snapshot.info.id
    new = f"{old}-later"

    def publish(folder):
        shutil.copytree(folder / "snapshots" / old, folder / "snapshots" / new)
        (folder / "current.new").write_text(f"{new}\n{old}\n")
        (folder / "current.new").replace(folder / "current")

    def is_lasting(assistant):
        return computed(assistant, questions[0], Conversation(), frozenset()).is_lasting

    known = is_lasting(sharded)
    publish(pieces / "head")
    found, passing = sharded.search(questions[0]), is_lasting(sharded)
    assert sharded.snapshot.info.id == old
    for shard in range(SHARDS):
        publish(pieces / str(shard))
    reader = SnapshotReader(pieces / "head", sharded._shelves._reader._nodes)

    assert reader.get().info.id == new
    assert (known, passing, reader.get().superseded) == (True, False, False)  # what the old one answers is not kept as the new one's
    assert found == sharded.search(questions[0])


def test_a_node_serves_nobody_without_the_key(pieces, nodes):
    stranger = Assistant(pieces / "head", nodes=nodes_of(setting(nodes), "đoán"))

    with pytest.raises(LibraryUnavailable):
        stranger.search("nghỉ phép năm")
    reply = httpx.post(f"{nodes[0][0].address}/rows", content=b"\x80")
    assert reply.status_code == 401


def test_what_is_no_message_is_refused(nodes, sharded):
    headers = {"X-Tracuu-Node-Key": shown(KEY), "X-Tracuu-Snapshot": f"{sharded.snapshot.info.id}/0"}
    for content in (b"", b"\xc1", b"\x93\x01\x02\x03", b"\x80", b"\x81\xa5query\xa4DROP"):
        assert httpx.post(f"{nodes[0][0].address}/rows", content=content, headers=headers).status_code == 400
    assert httpx.post(f"{nodes[0][0].address}/search", content=b"x" * 5_000_000, headers=headers).status_code == 413


def test_a_node_whose_file_is_damaged_in_use_says_so_so_that_another_replica_is_asked(pieces, tmp_path):
    shutil.copytree(pieces / "0", tmp_path / "0")
    newest = published(tmp_path / "0")[0]
    headers = {"X-Tracuu-Node-Key": shown(KEY), "X-Tracuu-Snapshot": f"{newest}/0"}
    store = tmp_path / "0/snapshots" / newest / "store.sqlite"
    with TestClient(app(tmp_path / "0", KEY)) as node:
        asked = {"content": packed({"query": "documents", "values": []}), "headers": headers}
        was_ready = node.get("/readyz")
        with store.open("r+b") as file:
            file.write(bytes(store.stat().st_size))
        failed, after = node.post("/rows", **asked), node.post("/rows", **asked)
        is_ready = node.get("/readyz")

    assert was_ready.status_code == 200
    assert (failed.status_code, after.status_code, is_ready.status_code) == (503, 503, 503)
    assert "store.sqlite" in is_ready.json()["problem"]


def test_shards_in_the_wrong_order_answer_nothing(pieces, nodes):
    crossed = Assistant(pieces / "head", nodes=nodes_of(setting([nodes[1], nodes[0], *nodes[2:]]), KEY))

    with pytest.raises(LibraryUnavailable):
        crossed.search("nghỉ phép năm")


def test_a_head_with_too_few_nodes_says_so(pieces, nodes):
    with pytest.raises(SettingError, match="4 phần"):
        _ = Assistant(pieces / "head", nodes=nodes_of(setting(nodes[:2]), KEY)).snapshot


def test_a_stopped_replica_costs_nobody_an_answer(whole, fresh, nodes, questions):
    nodes[2][0].stop()
    try:
        found = [fresh.search(question) for question in questions[:20]]
    finally:
        nodes[2][0].go_on()

    assert found == [whole.search(question) for question in questions[:20]]


def test_a_replica_that_is_killed_while_many_ask_costs_nobody_an_answer(whole, fresh, nodes, pieces, questions):
    right = {question: whole.search(question) for question in questions[20:50]}
    with ThreadPoolExecutor(6) as pool:
        asked = [(question, pool.submit(fresh.search, question)) for question in (*right, *right)]
        asked[5][1].result()
        nodes[1][0].kill()
        nodes[3][1].kill()

        assert all(future.result() == right[question] for question, future in asked)
    nodes[1][0], nodes[3][1] = Node(pieces / "1"), Node(pieces / "3")


def test_without_any_replica_of_a_shard_the_shelf_answers_and_the_library_is_said_to_be_away(fresh, nodes, example_index, questions):
    office = Assistant(example_index, today=TODAY, library=fresh)
    own = office.searcher().own.documents
    answers = {question: office.ask(question) for question in questions[:30]}
    question, before = next(pair for pair in answers.items() if {one.document for one in pair[1].citations} - own.keys())
    for node in nodes[0]:
        node.kill()

    with pytest.raises(LibraryUnavailable, match="phần 1"):
        fresh.search("thời hạn nộp hồ sơ khởi kiện")
    refused = office.ask(question)

    assert not any("phần 1" in note for note in before.notes)
    assert not {citation.document for citation in refused.citations} - own.keys()
    assert any("phần 1" in note for note in refused.notes)
