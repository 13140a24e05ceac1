"""What strangers try who know no secret: each test is one kind of attack, and what holds against it."""

from __future__ import annotations

import socket
from urllib.parse import quote

import pytest

from bot.web.admin.uploads import _name
from bot.web.limits import client_of, is_this_machine, network_of
from tests.bot.web.browsers import Browser, conversation_of, shares, turn_ids
from tests.bot.web.insiders import Browser as Insider
from tests.bot.web.site import DUE

SCRIPT = "\"><img src=x onerror=alert(1)>'{{7*7}}</script><script>alert(2)</script>"
ODD_HEADERS = (
    b"Cookie: tracuu-hoi=\xff\xfe; vai-tro=\xe1\xba\xbf; __Host-tracuu=\xe1; __Host-tracuu-may=\xe1\xba\xbf.\xff",
    b"Authorization: Bearer \xff\xe1",
    b"Origin: http://[",
    b"Sec-Fetch-Site: \xff",
    b"If-None-Match: \xff",
    b"Range: bytes=" + b"0-1," * 800,
    b"X-Part: \xff",
    b"Content-Length: \xb2",
)
ODD_HOSTS = (b"", b"[", b"a b", b"\xe1\xba\xbf", b"localhost:abc", b"[::1]:99999")
ODD_PATHS = (
    "/tep/..%2f..%2fcurrent",
    "/tep/C:%5Cwindows",
    "/anh/..%2f..%2f/1.webp",
    "/static/x/..%2f..%2fpages.py",
    "/tim?q=%ED%A0%80",
    "/tim?q=%00",
)


def status(site, head, *, path=b"/", method=b"GET"):
    """The status of a request whose bytes no client library would send."""
    with socket.create_connection((site.http.base_url.host, site.http.base_url.port), 30) as connection:
        connection.sendall(method + b" " + path + b" HTTP/1.1\r\nConnection: close\r\n" + head + b"\r\n\r\n")
        return int(connection.makefile("rb").readline().split()[1])


@pytest.mark.parametrize(
    "said", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "http://evil.example"}, {"Origin": "null"}]
)
def test_another_site_sends_no_form_in_the_name_of_who_asked(site, said):
    # given somebody who asked, and a page of another site that knows every name but the cookie
    asker = Browser(site)
    page = asker.ask(DUE)
    conversation, id = conversation_of(page), turn_ids(page.text)[-1]
    del asker.headers["Sec-Fetch-Site"]  # as over plain http, where browsers do not say it
    # when that page has their browser send our forms
    sent = [
        asker.post("/danh-gia", data={"id": id, "vote": "down"}, headers=said),
        asker.post("/gui", data={"id": id, "conversation": conversation}, headers=said),
        asker.post(f"/hoi/{conversation}/xoa", headers=said),
        asker.post("/lich-su/xoa", headers=said),
    ]
    asker.post("/hoi", data={"question": "giá vàng", "conversation": conversation, "instead": id}, headers=said)
    # then nothing is done, and our own page still does it
    assert [answer.status_code for answer in sent] == [404, 404, 403, 403]
    assert turn_ids(asker.get(f"/hoi/{conversation}").text) == [id]
    # and its cookie, which a browser keeps from such a form, is not replaced by a new one
    sent = asker.post("/hoi", data={"question": "giá vàng"}, headers=said | {"Cookie": ""})
    assert not [made for made in sent.headers.get_list("set-cookie") if "tracuu-hoi" in made]
    own = {"Origin": site.base}
    assert asker.post(f"/hoi/{conversation}/xoa", headers=own).status_code == 303


@pytest.mark.parametrize("said", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "http://evil.example"}])
def test_another_site_logs_nobody_in(office, said):
    assert office.http.post("/quan-tri/vao", data={"password": "x"}, headers=said).status_code == 403


def test_whoever_comes_by_ipv4_is_counted_apart_however_the_address_is_written():
    # given addresses as a socket for both kinds writes those of IPv4
    mapped, another, own = ({"client": (f"::ffff:{address}", 1)} for address in ("192.0.2.1", "198.51.100.7", "127.0.0.1"))
    # then they are the addresses that they are: nobody uses up what others may call, or waits for their wrong passwords
    assert client_of(mapped) == "192.0.2.1" != client_of(another)
    assert network_of(client_of(mapped)) != network_of(client_of(another))
    assert is_this_machine(client_of(own)) and is_this_machine("::ffff:127.0.0.1")
    # and a household of IPv6 is one still
    assert client_of({"client": ("2001:db8::1", 1)}) == client_of({"client": ("2001:db8::2", 1)})


def test_no_bytes_of_a_request_are_a_fault_of_ours(site):
    host = b"Host: 127.0.0.1"
    for path in (b"/", b"/lich-su", b"/thoi-han.ics", b"/moi.xml", b"/khung/duoc-phep", b"/quan-tri/vao", b"/api/documents"):
        assert all(status(site, host + b"\r\n" + odd, path=path) < 500 for odd in ODD_HEADERS)
        assert all(status(site, b"Host: " + odd, path=path) < 500 for odd in ODD_HOSTS)
    assert all(status(site, host, path=path.encode()) < 500 for path in ODD_PATHS)
    assert all(status(site, host, method=method) < 500 for method in (b"TRACE", b"CONNECT", b"FOO"))
    assert all(site.http.get(path).status_code == 404 for path in ODD_PATHS if not path.startswith("/tim"))


def test_what_somebody_writes_is_text_wherever_it_is_shown(site):
    # given a question that is a piece of a page
    asker = Browser(site)
    page = asker.ask(SCRIPT)
    # then it is shown as it was typed, where the asker and where others read it
    shown = [page.text, asker.get("/lich-su").text, asker.get(shares(page.text)[0]).text]
    shown += [
        site.http.get(f"{path}={quote(SCRIPT)}").text
        for path in ("/tim?q", "/van-ban?tim", "/dau-moi?tim", "/moi.xml?x", "/quan-tri/vao?ve")
    ]
    assert all("<img src=x" not in text and "<script>alert" not in text for text in shown)
    assert all("&lt;img src=x" in text for text in shown[:4])


def test_a_file_is_not_called_otherwise_than_it_reads():
    assert _name("bao-cao-\u202efdp.exe.pdf") == "bao-cao-fdp.exe.pdf"
    assert _name("..\\..\\\u2067a\u2069\r\n<b>.docx") == "ab.docx"


def test_an_address_puts_no_words_into_the_mouth_of_the_desk(office):
    # given an admin, and addresses that claim something was done
    admin = Insider(office)
    admin.enter()
    claimed = "Phiên đã hết hạn, hãy gọi 0900000000"

    # when they are opened, with and without a made-up seal, then nothing is said
    for path in ("/cau-hoi", "/nguoi"):
        for seal in ("", "&dau=0123456789abcdef"):
            page = admin.get(f"{path}?xong={quote(claimed)}{seal}")
            assert page.status_code == 200
            assert claimed not in page.text
