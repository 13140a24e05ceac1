"""Downloads, from a real server on this machine."""

from __future__ import annotations

import gzip
import ssl
import threading
import time
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote

import pytest
import trustme

from ingest import fetch
from ingest.fetch import Rules, allow, download
from ingest.official_pages import fetch_document
from rag.errors import ReadError
from rag.index.snapshot import SnapshotReader
from tests.ingest.office import circular

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
        self.encoding = ""
        self.drips = False
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
            if site.encoding:
                self.send_header("Content-Encoding", site.encoding)
            self.end_headers()
            while site.drips:
                self.wfile.write(b".")
                time.sleep(0.01)
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
    made.server = server
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


def test_a_name_longer_than_a_file_can_have_is_cut(site, rules, tmp_path):
    path = f"/{quote('文書' * 100)}.txt"
    site.pages[path] = ("text/plain", LIBRARY)

    file = download(f"{site.address}{path}", tmp_path, rules, say)

    assert file.read_bytes() == LIBRARY
    assert file.name.startswith("文書")


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
        "https://example.com%2f.gov.vn/a.pdf",
        "https://example.com\\\\.gov.vn/a.pdf",
        "https://moet.gov.vn:443@example.com/a.pdf",
        "https://.gov.vn/a.pdf",
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


def test_a_file_that_is_packed_twice_is_refused(site, rules, tmp_path):
    site.encoding = "gzip, gzip"
    site.pages["/a.txt"] = ("text/plain", gzip.compress(gzip.compress(b"a" * 1_000_000)))
    with pytest.raises(ReadError, match="nén nhiều lớp"):
        download(f"{site.address}/a.txt", tmp_path, rules, say)


def test_a_file_that_drips_without_end_is_given_up(site, rules, tmp_path, monkeypatch):
    site.drips = True
    site.pages["/a.txt"] = ("text/plain", LONG)
    monkeypatch.setattr(fetch, "_SECONDS", 0.3)
    with pytest.raises(ReadError, match="quá 0 giây"):
        download(f"{site.address}/a.txt", tmp_path, rules, say)
    site.drips = False


# --- going on ---


def test_a_broken_download_goes_on_where_it_broke(site, rules, tmp_path):
    site.pages["/a.txt"] = ("text/plain", LONG)
    site.breaks = [100_000, 50_000]

    got = download(f"{site.address}/a.txt", tmp_path, rules, say)

    assert got.read_bytes() == LONG
    assert [asked for _, asked, _ in site.asked] == ["", "bytes=100000-", "bytes=150000-"]
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [got]


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


# --- official pages ---

STATE = """<html><body><h1>Chi tiết văn bản</h1><table>
<tr><td class="col1">Số ký hiệu</td><td>14/2024/TT-BGDĐT</td></tr>
<tr><td class="col1">Ngày ban hành</td><td>05-03-2024</td></tr>
<tr><td class="col1">Trích yếu</td><td>Quy định về thư viện, thay Thông tư 9/2011/TT-BGDĐT</td></tr>
<tr><td class="col1">Tài liệu đính kèm</td><td><a class="view-file" href="/files/vbpq/2024/3/thu-vien.doc">Xem</a></td></tr>
</table><footer><a href="/huong-dan.pdf">Hướng dẫn sử dụng trang</a></footer></body></html>"""
GAZETTE = """<html><body><div><span>Số hiệu:</span> <b>14/2024/TT-BGDĐT</b></div><p>Ngày ban hành: 05/03/2024</p>
<ul><li><a class="itemtep active" data-href="/CongBao/14-bgddt.signed.doc">Tệp</a></li></ul></body></html>"""
BARE = '<html><body><p>Thông tư về thư viện</p><a href="/tai-ve-14-2024?format=doc">Tải về</a></body></html>'
WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 a Word file"


@pytest.mark.parametrize(
    ("page", "file"),
    [(STATE, "/files/vbpq/2024/3/thu-vien.doc"), (GAZETTE, "/CongBao/14-bgddt.signed.doc"), (BARE, "/tai-ve-14-2024?format=doc")],
)
def test_the_file_on_an_official_page_is_taken(site, rules, tmp_path, page, file):
    site.pages |= {"/page": ("text/html; charset=utf-8", page.encode()), file: ("application/msword", WORD)}

    got = fetch_document(f"{site.address}/page", tmp_path, rules, say, name="14", number="14/2024/TT-BGDDT", issued="2024-03-05")

    assert (got.name, got.read_bytes()) == ("14.doc", WORD)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [got]


@pytest.mark.parametrize(
    ("number", "issued", "reason"),
    [
        ("15/2024/TT-BGDĐT", "", "trang của văn bản 14/2024/TT-BGDĐT, không phải 15/2024/TT-BGDĐT"),
        ("14/2024/TT-BGDĐT", "2024-03-06", "trang ghi ban hành ngày 05/03/2024, danh mục ghi 06/03/2024"),
    ],
)
def test_the_page_of_another_document_is_refused_before_its_file_is_asked_for(site, rules, tmp_path, number, issued, reason):
    site.pages["/page"] = ("text/html; charset=utf-8", STATE.encode())

    with pytest.raises(ReadError, match=reason):
        fetch_document(f"{site.address}/page", tmp_path, rules, say, number=number, issued=issued)

    assert [path for path, _, _ in site.asked] == ["/page"]


def test_a_page_that_does_not_say_which_file_is_the_document_is_left_to_the_admin(site, rules, tmp_path):
    site.pages["/page"] = ("text/html", b'<html><body><a href="/a.pdf">A</a><a href="/b.pdf">B</a></body></html>')
    with pytest.raises(ReadError, match=r"hãy tự chọn rồi tracuu add: .*/a\.pdf, .*/b\.pdf"):
        fetch_document(f"{site.address}/page", tmp_path, rules, say, number="14/2024/TT-BGDĐT")


def test_a_page_without_files_is_the_document_itself(site, rules, tmp_path):
    text = LIBRARY.decode().replace("\n\n", "</p><p>")
    site.pages["/page"] = ("text/html; charset=utf-8", f"<html><body><p>{text}</p></body></html>".encode())

    assert fetch_document(f"{site.address}/page", tmp_path, rules, say, number="14/2024/TT-BGDĐT").suffix == ".html"


# --- certificates ---


def test_an_incomplete_chain_is_explained_and_can_be_mended(site, rules, tmp_path):
    # given a server that sends its own certificate, but not the one in between
    authority = trustme.CA()
    between = authority.create_child_ca()
    made = between.issue_cert("127.0.0.1")
    own = tmp_path / "server.pem"
    own.write_bytes(made.private_key_pem.bytes() + made.cert_chain_pems[0].bytes())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own)
    site.server.socket = context.wrap_socket(site.server.socket, server_side=True)
    site.pages["/a.txt"] = ("text/plain", LIBRARY)
    url = f"{site.address}/a.txt".replace("http:", "https:")

    # when it is asked, then the message says what is missing; with the missing ones trusted, the file comes
    with pytest.raises(ReadError, match=r"không gửi đủ chuỗi chứng thư.*TRACUU_FETCH_CA"):
        download(url, tmp_path / "to", rules, say)
    trusted = tmp_path / "trusted.pem"
    trusted.write_bytes(between.cert_pem.bytes() + authority.cert_pem.bytes())
    assert download(url, tmp_path / "to", replace(rules, authorities=trusted), say).read_bytes() == LIBRARY


# --- the commands ---


def test_add_takes_an_address(online, tracuu, site):
    site.pages["/thu-vien.txt"] = ("text/plain; charset=utf-8", LIBRARY)

    result = tracuu("add", f"{site.address}/thu-vien.txt", "--yes")

    document = SnapshotReader(online.data).get().store.document("14/2024/TT-BGDĐT")
    assert result.code == 0
    assert document.url == f"{site.address}/thu-vien.txt"
    assert (online.corpus / "thu-vien.txt").read_bytes() == LIBRARY


def test_addresses_that_end_alike_are_each_taken_and_keep_their_own_address(online, tracuu, site):
    numbers = {"/tai-ve?id=1": "14/2024/TT-BGDĐT", "/tai-ve?id=2": "15/2024/TT-BGDĐT"}
    for path, number in numbers.items():
        site.pages[path] = ("text/plain; charset=utf-8", circular(number, "Mượn sách: Được mượn 03 quyển.").encode())

    result = tracuu("add", *(f"{site.address}{path}" for path in numbers), "--yes")

    store = SnapshotReader(online.data).get().store
    assert result.code == 0
    assert {path: store.document(number).url for path, number in numbers.items()} == {path: f"{site.address}{path}" for path in numbers}


def test_addresses_whose_server_gives_one_name_do_not_replace_each_other(site, rules, tmp_path):
    site.pages |= {"/1/van-ban.txt": ("text/plain", LIBRARY), "/2/van-ban.txt": ("text/plain", LONG)}

    files = [download(f"{site.address}/{at}/van-ban.txt", tmp_path, rules, say) for at in (1, 2)]

    assert [file.name for file in files] == ["van-ban.txt", "van-ban.txt"]
    assert [file.read_bytes() for file in files] == [LIBRARY, LONG]


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


def test_fetch_takes_official_pages_and_names_what_could_not_be_had(catalogued, tracuu, site):
    site.pages |= {"/14": ("text/html; charset=utf-8", STATE.replace(".doc", ".docx").encode())}
    site.pages["/files/vbpq/2024/3/thu-vien.docx"] = ("text/plain", LIBRARY)
    catalog = (catalogued.corpus / "catalog.yaml").read_text(encoding="utf-8")
    catalogued.write("catalog.yaml", f"{catalog}  - {{number: 17/2024/TT-BGDĐT, issuer: Bộ Y tế}}\n")

    result = tracuu("fetch", "--yes")

    assert "14/2024/TT-BGDĐT: thêm từ tệp 14-2024-TT-BGDDT.txt" in result.out
    assert f"Trang để xem: {site.address}/15" in result.out
    assert "- Bộ Y tế: 17/2024/TT-BGDĐT" in result.out


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
