"""Downloads, from a real server on this machine."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from office import circular

from ingest.fetch import Rules, allow, download
from rag.errors import ReadError
from rag.index.snapshot import SnapshotReader

LIBRARY = circular("14/2024/TT-BGDĐT", "Mượn sách: Mỗi học sinh được mượn 03 quyển sách.", title="quy định về thư viện").encode()
LONG = LIBRARY + b"." * 300_000


class Site:
    """What a server answers by path, what it was asked, and after how many bytes it hangs up."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[str, bytes]] = {}
        self.redirects: dict[str, str] = {}
        self.asked: list[tuple[str, str, str]] = []
        self.breaks: list[int] = []
        self.tag = '"1"'
        self.at_once = 0
        self.most_at_once = 0


def handler(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.at_once += 1
            site.most_at_once = max(site.most_at_once, site.at_once)
            try:
                self.answer()
            finally:
                site.at_once -= 1

        def answer(self) -> None:
            asked = self.headers.get("Range", "")
            site.asked.append((self.path, asked, self.headers["User-Agent"]))
            if self.path in site.redirects:
                self.send_response(302)
                self.send_header("Location", site.redirects[self.path])
                self.end_headers()
                return
            if self.path not in site.pages:
                self.send_error(404)
                return
            kind, content = site.pages[self.path]
            start = int(asked.removeprefix("bytes=").rstrip("-")) if asked and self.headers.get("If-Range") == site.tag else 0
            self.send_response(206 if start else 200)
            if start:
                self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
            self.send_header("Content-Type", kind)
            self.send_header("ETag", site.tag)
            self.send_header("Content-Length", str(len(content) - start))
            self.end_headers()
            rest = content[start:]
            self.wfile.write(rest[: site.breaks.pop(0)] if site.breaks else rest)

        def log_message(self, *arguments: object) -> None:
            pass

    return Handler


@pytest.fixture
def site():
    made = Site()
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(made))
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    made.address = f"http://127.0.0.1:{server.server_port}"
    yield made
    server.shutdown()
    server.server_close()


@pytest.fixture
def rules():
    return Rules(hosts=("*.gov.vn",), largest=1_000_000, pause=0.0, loopback=True)


def say(line: str) -> None:
    pass


@pytest.fixture
def online(office, monkeypatch):
    """An office that may fetch from this machine."""
    monkeypatch.setenv("TRACUU_FETCH_LOOPBACK", "true")
    monkeypatch.setenv("TRACUU_FETCH_PAUSE", "0")
    return office


# --- what is allowed ---


@pytest.mark.parametrize(
    "url",
    [
        "http://moet.gov.vn/a.pdf",
        "https://example.com/a.pdf",
        "https://gov.vn.example.com/a.pdf",
        "https://moet.gov.vn@example.com/a.pdf",
        "https://127.0.0.1/a.pdf",
        "https://moet.gov.vn:8443/a.pdf",
        "ftp://moet.gov.vn/a.pdf",
        "file:///etc/passwd",
        "https://",
    ],
)
def test_only_https_from_allowed_hosts_is_asked(url, tmp_path):
    closed = Rules(hosts=("*.gov.vn",), largest=1_000_000, pause=0.0)
    with pytest.raises(ReadError, match="Không tải"):
        download(url, tmp_path, closed, say)
    assert list(tmp_path.iterdir()) == []


def test_official_hosts_are_allowed():
    closed = Rules(hosts=("*.gov.vn",), largest=1_000_000, pause=0.0)
    assert allow("https://vanban.MOET.gov.vn/a.pdf", closed).host == "vanban.moet.gov.vn"


def test_a_redirect_to_another_host_is_not_followed(site, rules, tmp_path):
    site.redirects = {"/a": "https://example.com/a.pdf"}
    with pytest.raises(ReadError, match=r"example\.com không có trong TRACUU_FETCH_HOSTS"):
        download(f"{site.address}/a", tmp_path, rules, say)


def test_redirects_are_followed_but_not_for_ever(site, rules, tmp_path):
    site.pages["/b.txt"] = ("text/plain", LIBRARY)
    site.redirects = {"/a": "/b.txt", "/c": "/c"}

    assert download(f"{site.address}/a", tmp_path, rules, say).read_bytes() == LIBRARY
    with pytest.raises(ReadError, match="chuyển hướng"):
        download(f"{site.address}/c", tmp_path, rules, say)


# --- limits ---


@pytest.mark.parametrize("breaks", [[], [2_000_000]])
def test_a_file_that_is_too_big_is_refused(site, rules, tmp_path, breaks):
    site.pages["/a.txt"] = ("text/plain", b"a" * 1_000_001)
    with pytest.raises(ReadError, match="TRACUU_FETCH_MEGABYTES"):
        download(f"{site.address}/a.txt", tmp_path, rules, say)


@pytest.mark.parametrize(
    ("path", "kind", "content", "reason"),
    [
        ("/a.exe", "application/octet-stream", b"MZ", "không đọc được"),
        ("/a.zip", "application/zip", b"PK", "application/zip"),
        ("/a.pdf", "application/pdf", b"<html>Login</html>", "nội dung không phải"),
        ("/a.docx", "application/octet-stream", b"%PDF-1.7", "nội dung không phải"),
    ],
)
def test_what_is_no_document_is_refused(site, rules, tmp_path, path, kind, content, reason):
    site.pages[path] = (kind, content)
    with pytest.raises(ReadError, match=reason):
        download(site.address + path, tmp_path, rules, say)
    assert [file for file in tmp_path.iterdir() if not file.name.startswith(".")] == []


def test_a_refusal_of_the_server_is_told(site, rules, tmp_path):
    with pytest.raises(ReadError, match="máy chủ trả lời 404"):
        download(f"{site.address}/none.pdf", tmp_path, rules, say)


def test_a_server_that_is_not_there_is_told(rules, tmp_path):
    with pytest.raises(ReadError, match=r"Không tải được http://127\.0\.0\.1:9/a\.pdf"):
        download("http://127.0.0.1:9/a.pdf", tmp_path, rules, say)


def test_an_untyped_file_is_taken_by_its_name(site, rules, tmp_path):
    site.pages["/tệp/V%C4%83n%20b%E1%BA%A3n.txt".replace("tệp", "t")] = ("application/octet-stream", LIBRARY)

    assert download(f"{site.address}/t/V%C4%83n%20b%E1%BA%A3n.txt", tmp_path, rules, say).name == "Van-ban.txt"


# --- going on ---


def test_a_broken_download_goes_on_where_it_broke(site, rules, tmp_path):
    site.pages["/a.txt"] = ("text/plain", LONG)
    site.breaks = [100_000, 50_000]

    got = download(f"{site.address}/a.txt", tmp_path, rules, say)

    assert got.read_bytes() == LONG
    assert [asked for _, asked, _ in site.asked] == ["", "bytes=100000-", "bytes=150000-"]
    assert list(tmp_path.iterdir()) == [got]


def test_the_next_command_goes_on_too(site, rules, tmp_path):
    site.pages["/a.txt"] = ("text/plain", LONG)
    site.breaks = [100_000, 0, 0]
    with pytest.raises(ReadError, match="tiếp nối"):
        download(f"{site.address}/a.txt", tmp_path, rules, say)

    assert download(f"{site.address}/a.txt", tmp_path, rules, say).read_bytes() == LONG
    assert site.asked[-1][1] == "bytes=100000-"


def test_a_file_that_changed_meanwhile_is_taken_from_its_beginning(site, rules, tmp_path):
    site.pages["/a.txt"] = ("text/plain", b"c" * 200_000)
    site.breaks = [100_000, 0, 0]
    with pytest.raises(ReadError):
        download(f"{site.address}/a.txt", tmp_path, rules, say)
    site.pages["/a.txt"], site.tag = ("text/plain", LONG), '"2"'

    assert download(f"{site.address}/a.txt", tmp_path, rules, say).read_bytes() == LONG


# --- the commands ---


def test_add_takes_an_address(online, tracuu, site):
    site.pages["/thu-vien.txt"] = ("text/plain; charset=utf-8", LIBRARY)

    result = tracuu("add", f"{site.address}/thu-vien.txt", "--yes")

    document = SnapshotReader(online.data).get().store.document("14/2024/TT-BGDĐT")
    assert result.code == 0
    assert document.url == f"{site.address}/thu-vien.txt"
    assert (online.corpus / "thu-vien.txt").read_bytes() == LIBRARY


def test_add_of_an_address_that_is_not_allowed_changes_nothing(office, tracuu):
    result = tracuu("add", "https://example.com/a.pdf")

    assert result.code == 2
    assert "TRACUU_FETCH_HOSTS" in result.err
    assert not (office.data / "current").exists()


@pytest.fixture
def catalogued(online, site):
    """A catalog with the addresses of a document that is missing, one that is there, and one that the site has not."""
    site.pages["/14"] = ("text/plain", LIBRARY)
    rows = [("14/2024/TT-BGDĐT", "/14"), ("11/2024/TT-BGDĐT", "/11"), ("15/2024/TT-BGDĐT", "/15")]
    entries = "".join(f"  - {{number: {number}, url: '{site.address}{path}'}}\n" for number, path in rows)
    online.write("catalog.yaml", f"documents:\n{entries}  - {{number: 16/2024/TT-BGDĐT, url: 'https://example.com/16'}}\n")
    return online


def test_fetch_gets_what_is_missing_one_at_a_time(catalogued, tracuu, site):
    result = tracuu("fetch", "--yes")

    assert result.code == 1
    assert [path for path, _, _ in site.asked] == ["/14", "/15"]
    assert site.most_at_once == 1
    assert all(agent.startswith("TraCuu/") for _, _, agent in site.asked)
    assert "15/2024/TT-BGDĐT: " in result.out
    assert "example.com không có trong" in result.out
    assert SnapshotReader(catalogued.data).get().store.document("14/2024/TT-BGDĐT").present
    assert (catalogued.corpus / "14-2024-TT-BGDDT.txt").exists()
    # and what is there is not asked for again
    tracuu("fetch")
    assert [path for path, _, _ in site.asked] == ["/14", "/15", "/15"]


def test_a_dry_run_of_fetch_asks_no_server(catalogued, tracuu, site):
    result = tracuu("fetch", "--dry-run")

    assert f"Sẽ tải 14/2024/TT-BGDĐT từ {site.address}/14" in result.out
    assert "11/2024" not in result.out
    assert site.asked == []
    assert not (catalogued.data / "current").exists()


def test_a_page_that_is_not_the_document_is_not_taken_for_it(catalogued, tracuu, site):
    site.pages["/14"] = ("text/plain", circular("99/2024/TT-BGDĐT", "Mức thu: Không thu.").encode())

    result = tracuu("fetch", "--yes")

    assert result.code == 2
    assert "không thấy số hiệu 14/2024/TT-BGDĐT" in result.err
    assert not (catalogued.corpus / "14-2024-TT-BGDDT.txt").exists()


def test_with_nothing_to_fetch_it_says_so(office, tracuu):
    assert "Không có văn bản nào còn thiếu" in tracuu("fetch").out
