"""Three ``tracuu serve`` with data folders of their own and one bucket: they follow what is published, and outlive the bucket."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import httpx
import pytest

from tests.ingest.office import CANTEEN, PARKING, Office
from tests.servers.s3 import S3
from tests.servers.service import FEE, Node

PATIENCE = 40.0  # seconds
CANTEEN_HOURS = "căng tin mở cửa lúc mấy giờ"


def eventually(holds: Callable[[], bool]) -> bool:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.3)
    return False


@pytest.fixture(scope="module")
def bucket() -> Iterator[S3]:
    server = S3()
    server.bucket("kho")
    yield server
    server.stop()


@pytest.fixture(scope="module")
def office(bucket, tmp_path_factory) -> Office:
    office = Office(tmp_path_factory.mktemp("office"))
    office.environment |= {**bucket.environment, "TRACUU_STORE": "s3://kho/truong", "TRACUU_ENCODER": "off"}
    office.write("11.txt", PARKING)
    return office


@pytest.fixture(scope="module")
def nodes(office, tmp_path_factory) -> Iterator[list[Node]]:
    """Three machines, empty: they begin with what they fetch."""
    folders = [tmp_path_factory.mktemp(f"node-{number}") for number in range(3)]
    found = [Node(folder, office.environment | {"TRACUU_CORPUS": str(folder / "corpus")}) for folder in folders]
    assert eventually(lambda: all(_status(node) == 503 for node in found))
    assert office.run("ingest").returncode == 0
    for node in found:
        node.wait()
    yield found
    for node in found:
        node.kill()


def _status(node: Node) -> int:
    try:
        return httpx.get(f"{node.url}/readyz", timeout=10).status_code
    except httpx.HTTPError:
        return 0


def test_empty_nodes_begin_with_what_is_published(nodes):
    assert ["2.000 đồng" in node.ask(FEE)["answer"] for node in nodes] == [True] * 3
    assert [node.ready()["degraded"] for node in nodes] == [[]] * 3


def test_a_node_without_the_corpus_has_the_files_of_the_documents(nodes, office):
    file = httpx.get(f"{nodes[0].url}/tep/11-2024-TT-BGDDT", timeout=20)

    assert file.content == (office.corpus / "11.txt").read_bytes()


def test_what_is_published_and_taken_back_is_followed_by_all(nodes, office):
    office.write("11.txt", PARKING.replace("2.000", "3.000"))
    assert office.run("ingest").returncode == 0
    assert eventually(lambda: all("3.000 đồng" in node.ask(FEE)["answer"] for node in nodes))

    done = office.run("rollback")

    assert done.returncode == 0
    assert eventually(lambda: all("2.000 đồng" in node.ask(FEE)["answer"] for node in nodes))


def test_what_a_second_machine_adds_joins_what_is_there(nodes, office, tmp_path):
    other = Office(tmp_path / "other")
    other.environment = {**office.environment, "TRACUU_DATA": str(other.data), "TRACUU_CORPUS": str(other.corpus)}
    (tmp_path / "12.txt").write_text(CANTEEN, encoding="utf-8")

    added = other.run("add", tmp_path / "12.txt", "--yes")
    told = other.run("status").stdout

    assert added.returncode == 0, added.stderr
    assert sorted(path.name for path in other.corpus.iterdir()) == ["11.txt", "12.txt"]
    assert "máy này đang dùng đúng bản đó" in " ".join(told.split())
    assert eventually(lambda: all("6 giờ 30 phút" in node.ask(CANTEEN_HOURS)["answer"] for node in nodes))
    assert all("đồng" in node.ask(FEE)["answer"] for node in nodes)

    taught = office.run("teach", "xe đạp gửi mất mấy đồng", "11/2024/TT-BGDĐT", "Điều 1")

    assert taught.returncode == 0, taught.stderr
    assert (office.corpus / "12.txt").exists()  # it is made of what all have
    assert eventually(lambda: all(node.ask("xe đạp gửi mất mấy đồng")["status"] == "answered" for node in nodes))


def test_while_the_bucket_is_gone_all_answer_and_say_so(nodes, office, bucket):
    bucket.stop()

    assert eventually(lambda: all(node.ready()["degraded"] for node in nodes))
    assert "Kho s3://kho/truong không dùng được" in nodes[0].ready()["degraded"][0]
    assert all("đồng" in node.ask(FEE)["answer"] for node in nodes)
    refused = office.run("ingest")
    assert (refused.returncode, len(refused.stderr.splitlines())) == (2, 1)
    assert "chạy lại lệnh này" in refused.stderr

    bucket.start()

    assert eventually(lambda: not any(node.ready()["degraded"] for node in nodes))
    assert nodes[0].log.count("không nối được") == 1
