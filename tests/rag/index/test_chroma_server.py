"""Vectors on a Chroma server: a real one, on a port of this machine, killed when it should be."""

import json
import logging
import shutil
import socket
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import chromadb
import httpx
import numpy as np
import pytest

from bot import cli
from rag.errors import ServerUnavailable, TracuuError
from rag.index import making, publishing
from rag.index.published import list_snapshots, verify
from rag.index.publishing import publish, rollback
from rag.index.snapshot import Snapshot, SnapshotReader
from rag.index.vector_server import ServerVectors, check_server
from tests.rag.index.index_builder import SyllableEncoder, contents, mark_of

ENCODER = SyllableEncoder()
PHRASES = ["hạn nộp báo cáo một đợt 17", "Việc thứ 4", "Công văn", "báo cáo đợt 31 một"]


class Server:
    """``chroma run``, on whichever port is free."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        command = [Path(sys.executable).with_name("chroma"), "run", "--host", "127.0.0.1", "--port", self.port, "--path", self._folder]
        self._process = subprocess.Popen([*map(str, command)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(600):
            try:
                return check_server(self.address)
            except ServerUnavailable:
                time.sleep(0.1)
        raise AssertionError("chroma run does not answer")

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()

    def collections(self) -> set[str]:
        return {collection.name for collection in chromadb.HttpClient("127.0.0.1", self.port).list_collections()}


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("server"))
    yield server
    server.stop()


@pytest.fixture
def server(running):
    """The server, empty."""
    client = chromadb.HttpClient("127.0.0.1", running.port)
    for name in running.collections():
        client.delete_collection(name)
    return running


@pytest.fixture
def mortal(tmp_path):
    """A server that a test may stop and start."""
    server = Server(tmp_path / "server")
    yield server
    server.stop()


def near(snapshot, text, k=10):
    return snapshot.nearest(ENCODER.encode_queries([text])[0], k)


def test_a_server_finds_the_same_as_the_folder(server, tmp_path):
    # given the same provisions, once in the folder and once on the server
    publish(tmp_path / "folder", contents("một", 400), ENCODER)
    info = publish(tmp_path / "server", contents("một", 400), ENCODER, chroma=server.address)
    embedded, served = (SnapshotReader(tmp_path / name).get() for name in ("folder", "server"))
    # then the snapshot names its collection
    assert info.collection is not None
    assert server.collections() == {info.collection.name}
    assert list_snapshots(tmp_path / "server")[0] == info
    # and both find the same, in the same order, as near
    for phrase in PHRASES:
        there, here = near(served, phrase), near(embedded, phrase)
        assert [id for id, _ in there] == [id for id, _ in here]
        assert [score for _, score in there] == pytest.approx([score for _, score in here], abs=1e-3)
    assert verify(tmp_path / "server") == []
    assert mark_of(served) == "một"


def test_many_vectors_go_in_several_requests(server, tmp_path, monkeypatch):
    monkeypatch.setattr("rag.index.vector_server._SENT_AT_ONCE", 64 * 100)
    publish(tmp_path, contents("một", 730), ENCODER, chroma=server.address)
    assert verify(tmp_path) == []
    snapshot = SnapshotReader(tmp_path).get()
    assert near(snapshot, "Công văn một Việc thứ 729 Hạn nộp báo cáo một đợt 729", 1)[0][0] == 729


def test_collections_go_with_their_snapshots_and_no_others(server, tmp_path):
    # given collections of somebody else's and of another data folder, and three snapshots
    chromadb.HttpClient("127.0.0.1", server.port).create_collection("cua-nguoi-khac")
    other = publish(tmp_path / "other", contents("khác"), ENCODER, chroma=server.address)
    infos = [publish(tmp_path / "data", contents(mark), ENCODER, chroma=server.address) for mark in ("một", "hai", "ba")]
    kept = {"cua-nguoi-khac", other.collection.name}
    # then those of the two that are kept are there
    assert server.collections() == kept | {info.collection.name for info in infos[1:]}
    # and when the newest is given up and another published, its collection goes too
    rollback(tmp_path / "data")
    assert mark_of(SnapshotReader(tmp_path / "data").get()) == "hai"
    newest = publish(tmp_path / "data", contents("bốn"), ENCODER, chroma=server.address)
    assert server.collections() == kept | {infos[1].collection.name, newest.collection.name}
    # and back in the folder, none is left in the end
    for mark in ("năm", "sáu"):
        publish(tmp_path / "data", contents(mark), ENCODER)
    assert server.collections() == kept


def test_a_copied_data_folder_does_not_delete_what_the_original_uses(server, tmp_path):
    info = publish(tmp_path / "data", contents("một"), ENCODER, chroma=server.address)
    shutil.copytree(tmp_path / "data", tmp_path / "copy")
    for mark in ("hai", "ba"):
        publish(tmp_path / "copy", contents(mark), ENCODER)
    assert server.collections() == {info.collection.name}
    assert verify(tmp_path / "data") == []


def test_what_a_dead_builder_left_on_the_server_is_swept(server, tmp_path, monkeypatch):
    # given a builder that dies once its vectors are on the server
    class Killed(BaseException):
        pass

    def die(*_):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(making, "write_manifest", die)
        patch.setattr(publishing, "sweep", lambda data: None)
        patch.setattr(publishing, "_discard", lambda *_: None)
        with pytest.raises(Killed):
            publish(tmp_path, contents("một"), ENCODER, chroma=server.address)
    assert len(server.collections()) == 1
    # when the next one has run, then only its own collection is there
    info = publish(tmp_path, contents("hai"), ENCODER, chroma=server.address)
    assert server.collections() == {info.collection.name}


def test_vectors_that_are_not_found_again_are_not_published(server, tmp_path, monkeypatch):
    publish(tmp_path, contents("một"), ENCODER, chroma=server.address)
    monkeypatch.setattr(ServerVectors, "search", lambda self, vector, k: [(1, 0.2)])
    with pytest.raises(ServerUnavailable, match="found again"):
        publish(tmp_path, contents("hai"), ENCODER, chroma=server.address)
    monkeypatch.undo()
    assert mark_of(SnapshotReader(tmp_path).get()) == "một"
    assert len(server.collections()) == 1


class Stranger(BaseHTTPRequestHandler):
    """Answers every request, but is no Chroma."""

    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<html>xin chao</html>")

    def log_message(self, *_):
        pass


@pytest.fixture(params=["dead", "stranger", "silent"])
def wrong_address(request):
    """The address of nobody, of a web server, of somebody who never says a word."""
    if request.param == "stranger":
        server = HTTPServer(("127.0.0.1", 0), Stranger)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        server.server_close()
        return
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        if request.param == "silent":
            listener.listen()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_a_wrong_server_is_told_in_one_line_and_the_old_index_stays(wrong_address, tmp_path):
    publish(tmp_path, contents("một"), ENCODER)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(TracuuError, match=f"Máy chủ Chroma {wrong_address} không dùng được") as caught:
        publish(tmp_path, contents("hai"), ENCODER, chroma=wrong_address)
    assert "\n" not in str(caught.value)
    assert mark_of(SnapshotReader(tmp_path).get()) == "một"
    assert sorted(tmp_path.rglob("*")) == before


def test_a_server_that_dies_costs_the_vectors_only_and_is_used_again_when_it_is_back(mortal, tmp_path, caplog, monkeypatch):
    publish(tmp_path, contents("một", 40), ENCODER, chroma=mortal.address)
    snapshot = SnapshotReader(tmp_path).get()
    before = near(snapshot, PHRASES[0])
    assert (len(before), snapshot.warning) == (10, "")
    # when it dies, then the search goes on without it, and says so
    mortal.stop()
    with caplog.at_level(logging.WARNING):
        assert near(snapshot, PHRASES[0]) == []
        assert near(snapshot, PHRASES[0]) == []
    assert snapshot.lexical.search({"bao_cao": 1.0}, {}, 5)
    assert "chỉ tìm theo từ ngữ" in snapshot.warning
    assert [record.getMessage().count(mortal.address) for record in caplog.records] == [1]
    assert mortal.address in verify(tmp_path)[0]
    # and who opens the index only now fares no worse
    late = Snapshot.open(snapshot.info.path)
    assert near(late, PHRASES[0]) == []
    # when it is back, then it is asked again after a pause
    mortal.start()
    monkeypatch.setattr(snapshot, "_asked_again", 0.0)
    assert near(snapshot, PHRASES[0]) == before
    assert snapshot.warning == ""


def test_a_collection_that_is_gone_costs_the_vectors_only_and_is_made_again(server, tmp_path):
    info = publish(tmp_path, contents("một"), ENCODER, chroma=server.address)
    chromadb.HttpClient("127.0.0.1", server.port).delete_collection(info.collection.name)
    assert near(SnapshotReader(tmp_path).get(), "báo cáo") == []
    assert info.id in verify(tmp_path)[0]
    publish(tmp_path, contents("một"), ENCODER, chroma=server.address)
    assert near(SnapshotReader(tmp_path).get(), "báo cáo")


def test_collections_on_a_dead_server_are_swept_once_it_is_back(mortal, tmp_path):
    publish(tmp_path, contents("một"), ENCODER, chroma=mortal.address)
    mortal.stop()
    # given newer snapshots without that server
    for mark in ("hai", "ba", "bốn"):
        publish(tmp_path, contents(mark), ENCODER)
    assert mark_of(SnapshotReader(tmp_path).get()) == "bốn"
    # when it is back, then the next builder drops what was left there
    mortal.start()
    assert len(mortal.collections()) == 1
    publish(tmp_path, contents("năm"), ENCODER)
    assert mortal.collections() == set()
    assert len(list((tmp_path / "snapshots").iterdir())) == 2


def test_the_manifest_names_server_and_collection(server, tmp_path):
    info = publish(tmp_path, contents("một"), ENCODER, chroma=server.address)
    noted = json.loads((info.path / "manifest.json").read_text())["collection"]
    assert noted == {"server": server.address, "name": f"tracuu-{info.id}", "owner": str(tmp_path)}


def test_vectors_that_do_not_fit_are_not_the_servers_fault(server, tmp_path):
    class Broken(SyllableEncoder):
        def encode_passages(self, texts):
            return np.full((len(texts), self.dimensions), np.nan, dtype=np.float32)

    with pytest.raises(ValueError, match="not finite"):
        publish(tmp_path, contents("một"), Broken(), chroma=server.address)
    assert httpx.get(f"{server.address}/api/v2/heartbeat").status_code == httpx.codes.OK


@pytest.fixture
def tracuu(repo, tmp_path, monkeypatch, capsys):
    """The command in this process, on one directive."""
    (tmp_path / "corpus").mkdir()
    shutil.copy(repo / "tests/data/1422-SGDDT-CNTT.md", tmp_path / "corpus")
    monkeypatch.setenv("TRACUU_CORPUS", str(tmp_path / "corpus"))
    monkeypatch.setenv("TRACUU_DATA", str(tmp_path / "data"))

    def call(*arguments):
        code = cli.run(list(arguments))
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


def test_the_command_works_with_a_server_and_survives_its_death(mortal, tracuu, tmp_path, monkeypatch, caplog):
    monkeypatch.setenv("TRACUU_CHROMA", f"{mortal.address}/")
    # given an index whose vectors are on a server
    assert tracuu("ingest")[0] == 0
    found = json.loads(tracuu("search", "--json", "hạn nộp báo cáo")[1])["results"]
    assert mortal.address in tracuu("status")[1]
    assert tracuu("verify")[0] == 0
    # when nothing changed, nothing is built
    collections = mortal.collections()
    assert tracuu("ingest")[0] == 0
    assert mortal.collections() == collections
    # when the server dies, then questions are answered as before, the search goes by words, and the state of things is told
    answer = json.loads(tracuu("ask", "--json", "hạn nộp báo cáo")[1])
    mortal.stop()
    with caplog.at_level(logging.ERROR):
        again = json.loads(tracuu("ask", "--json", "hạn nộp báo cáo")[1])
        by_words = json.loads(tracuu("search", "--json", "hạn nộp báo cáo")[1])["results"]
    assert again | {"seconds": 0} == answer | {"seconds": 0}
    assert found[0]["section"] in [hit["section"] for hit in by_words]
    assert "không dùng được" in tracuu("status")[1]
    assert tracuu("verify")[0] == 2
    # and an ingest says so in one line, and leaves the index as it was
    before = SnapshotReader(tmp_path / "data").get().info
    code, _, said = tracuu("ingest")
    assert (code, said.count("\n")) == (2, 1)
    assert said.startswith(f"Máy chủ Chroma {mortal.address} không dùng được")
    assert "TRACUU_CHROMA" in said
    assert SnapshotReader(tmp_path / "data").get().info == before
    # without the setting, the vectors come into the folder, and all is well
    monkeypatch.delenv("TRACUU_CHROMA")
    assert tracuu("ingest")[0] == 0
    assert json.loads(tracuu("search", "--json", "hạn nộp báo cáo")[1])["results"] == found
    # and the way back leads to the server's
    mortal.start()
    assert tracuu("rollback")[0] == 0
    assert mortal.address in tracuu("status")[1]
