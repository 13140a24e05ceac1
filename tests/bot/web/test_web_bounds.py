"""What an address, a connection and a client may cost; and what may be kept by who has it."""

from __future__ import annotations

import socket
from urllib.parse import quote, urlsplit

import pytest

from bot import connections
from bot.web.addresses import Addresses
from rag.documents import Document
from tests.bot.web.site import DUE


def test_an_address_of_many_parts_is_looked_up_as_often_as_a_number_has_parts(monkeypatch):
    addresses = Addresses([Document("2607/SGDĐT-GDPT"), Document("91/2025/QH15")])
    looked_up = []
    number = addresses.number
    monkeypatch.setattr(addresses, "number", lambda written: looked_up.append(written) or number(written))

    assert addresses.split("a/" * 200) is None
    assert len(looked_up) <= 5
    assert addresses.split("a/" * 20_000) is None
    assert len(looked_up) <= 5


@pytest.mark.parametrize("path", ["/van-ban/{}", "/api/documents/{}", "/api/documents/2607-SGDDT-GDPT/{}", "/tep/{}", "/khong-co/{}"])
def test_an_address_that_is_too_long_is_refused(site, path):
    assert site.http.get(path.format("a/" * 24_000)).status_code == 414
    assert site.http.get(path.format("a/" * 300)).status_code in (404, 422)
    assert site.http.get("/van-ban", params={"tim": "a" * 40_000}).status_code == 414


def test_every_document_is_found_by_its_number_as_it_is_written(site):
    numbers = [document["number"] for document in site.http.get("/api/documents").json()["documents"]]

    assert len(numbers) > 20
    for number in numbers:
        for written in (quote(number, safe=""), quote(number)):
            assert site.http.get(f"/api/documents/{written}").json()["document"]["number"] == number
    for written in ("2607%2FSGD%C4%90T-GDPT/IV.2", "2607/SGDĐT-GDPT/IV.2", "2607-SGDDT-GDPT/IV.2", "2607%2fsgddt-gdpt/iv.2"):
        assert site.http.get(f"/api/documents/{written}").json()["section"] == "IV.2"


@pytest.mark.parametrize("path", ["/van-ban", "/van-ban/2607-SGDDT-GDPT", "/thoi-han", "/dau-moi", "/api/documents", "/api/deadlines"])
def test_what_has_not_changed_is_not_sent_again(site, path):
    first = site.http.get(path)

    again = site.http.get(path, headers={"If-None-Match": first.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")
    part = site.http.get(path, headers={"If-None-Match": first.headers["etag"], "X-Part": "1"})
    assert part.status_code == 200  # another thing to show at the same address


def test_search_engines_leave_alone_what_somebody_asked(site):
    robots = site.http.get("/robots.txt").text

    for path in ("/hoi", "/tra-loi/", "/quan-tri"):
        assert f"Disallow: {path}" in robots
    assert "noindex" in site.http.get("/hoi/khong-co").headers["x-robots-tag"]
    assert "x-robots-tag" not in site.http.get("/van-ban").headers


@pytest.fixture
def connected(site):
    """Open connections that stay open until the test is over."""
    address = urlsplit(site.base)
    opened = []

    def connect() -> socket.socket:
        opened.append(socket.create_connection((address.hostname, address.port), timeout=20))
        return opened[-1]

    yield connect
    for each in opened:
        each.close()


def test_connections_that_say_little_keep_nobody_out(site, connected):
    lurking = [connected() for _ in range(connections.HALF_OPEN + 20)]
    for each in lurking[-20:]:
        each.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")

    assert site.ask(DUE)["status"] == "answered"
    assert lurking[0].recv(100).startswith(b"HTTP/1.1 408")  # who has waited longest makes room


def test_a_head_without_end_is_refused(connected):
    client = connected()
    client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
    for _ in range(9):
        client.sendall(b"X-Long: " + b"a" * 8_000 + b"\r\n")

    assert client.recv(100).startswith(b"HTTP/1.1 431")
