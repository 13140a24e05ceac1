"""Several offices behind one address: by host and below a path, nothing leads from one to another, and nothing is shared."""

from __future__ import annotations

import asyncio
import re
from http.client import HTTPConnection
from urllib.parse import urljoin, urlsplit

import httpx
import pytest
from fastapi import FastAPI
from playwright.sync_api import expect

from bot import settings
from bot.offices.registry import Office, Registry
from bot.web.admin.passwords import hash_of
from bot.web.front import Front
from rag.errors import SettingError
from tests.bot.several import BINH_SON, DRUMS, DUE, QUANG_NINH
from tests.bot.web.asking import ask, events
from tests.bot.web.site import PASSWORD, Site, found_in_a_moment

ROOT, OTHER = "/o/quang-ninh", "/o/binh-son"
_LINKS = re.compile(r'\s(?:href|src|action|formaction)="([^"]*)"')
_SAMPLED = 4  # pages of a kind that are opened
_ENOUGH = 90


@pytest.fixture(scope="module")
def offices(repo, offices_data):
    """The service with two offices; the one at Bình Sơn has a password and a frame of its own."""
    data, corpus = offices_data
    started = Site(repo, data, corpus)
    own = (f"ADMIN_PASSWORD_HASH={hash_of(PASSWORD)}", "WIDGET_ORIGINS=https://truong.binhson.edu.vn", "REQUESTS_PER_MINUTE=1000")
    assert started.command("office", "set", BINH_SON.name, *own).returncode == 0
    found_in_a_moment(lambda: "truong.binhson" in started.http.get(f"{OTHER}/khung").headers.get("content-security-policy", ""))
    yield started
    assert started.stop() == 0
    assert not [line for line in started.lines() if line["level"] == "ERROR"]


def at_host(site: Site, host: str) -> httpx.Client:
    """Somebody who comes to the service by a host name."""
    return httpx.Client(base_url=site.base, timeout=60, headers={"Host": host})


def kind_of(path: str) -> str:
    """What a page is, whatever document it is of."""
    return re.sub(r"(/(?:van-ban|tom-tat|tep|anh)/[^/?]+)(/.*)?", lambda found: "/muc" if found[2] else "/van-ban", path.partition("?")[0])


def crawled(http: httpx.Client, start: str) -> dict[str, httpx.Response]:
    """Every page that links lead to from ``start``, a few of a kind."""
    pages: dict[str, httpx.Response] = {}
    waiting, kinds = [start], dict.fromkeys([""], 0)
    while waiting and len(pages) < _ENOUGH:
        path = waiting.pop(0)
        if path in pages or kinds.get(kind_of(path), 0) >= _SAMPLED:
            continue
        kinds[kind_of(path)] = kinds.get(kind_of(path), 0) + 1
        pages[path] = http.get(path)
        if "html" in pages[path].headers.get("content-type", ""):
            waiting += [link for link in links_of(path, pages[path]) if link.startswith("/")]
    return pages


def links_of(path: str, page: httpx.Response) -> list[str]:
    """Where the links of a page lead: paths here, whole addresses elsewhere."""
    found = [link.replace("&amp;", "&") for link in _LINKS.findall(page.text)]
    whole = [urljoin(str(page.url), link) for link in found if not link.startswith(("#", "mailto:", "tel:", "webcal:", "data:"))]
    here = urlsplit(str(page.url)).netloc
    return [link.partition(here)[2].partition("#")[0] if urlsplit(link).netloc == here else link for link in whole]


def test_no_link_leads_out_of_an_office_below_a_path(offices):
    pages = crawled(offices.http, f"{ROOT}/")

    assert len(pages) > 40
    assert {page.status_code for path, page in pages.items() if not path.endswith("//xoa")} <= {200, 303, 307, 405}
    led = {link for path, page in pages.items() if "html" in page.headers.get("content-type", "") for link in links_of(path, page)}
    assert {link for link in led if not link.startswith((f"{ROOT}/", "http"))} <= {ROOT}
    assert not [path for path, page in pages.items() if not urlsplit(page.headers.get("location", ROOT)).path.startswith(ROOT)]
    assert not [path for path, page in pages.items() if "1422/SGDĐT-CNTT" in page.text]


def test_at_a_host_of_its_own_an_office_stands_at_the_root(offices):
    with at_host(offices, "HOIDAP.binhson.edu.vn:443") as http:
        pages = crawled(http, "/")

        assert {page.status_code for path, page in pages.items() if not path.endswith("//xoa")} <= {200, 303, 307, 405}
        assert not [path for path, page in pages.items() if "van-ban/2607-SGDDT" in page.text or "/o/" in "".join(links_of(path, page))]
        assert http.get(f"{ROOT}/").status_code == 404  # no other office is there
        assert http.post("/api/ask", json={"question": DUE}).json()["citations"][0]["document"] == "1422/SGDĐT-CNTT"


def test_whoever_comes_to_the_service_chooses_an_office(offices):
    start = offices.http.get("/")

    assert f'href="{ROOT}/"' in start.text
    assert "hoidap.binhson.edu.vn" in start.text
    assert "Chỉ hỏi văn bản chung" in start.text
    shared = offices.http.post("/api/ask", json={"question": DRUMS}).json()
    assert [made["document"] for made in shared["citations"]] == ["88/2024/TT-BGDĐT"]
    assert offices.http.get(ROOT).headers["location"] == f"{ROOT}/"
    robots = offices.http.get("/robots.txt").text
    assert f"Disallow: {ROOT}/hoi" in robots
    assert f"{ROOT}/sitemap.xml" in robots


def figures(site: Site) -> dict[str, float]:
    """The figures that Prometheus is told, by name and labels."""
    lines = [line for line in site.http.get("/metrics").text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


def test_prometheus_is_told_of_each_office(offices):
    # given what was counted before, and what an office is asked through its page and its API
    before = figures(offices)
    offices.http.post(f"{ROOT}/api/ask", json={"question": DUE})
    offices.http.post(f"{ROOT}/hoi", data={"question": DUE})

    after = figures(offices)

    # then it is counted for that office, and for no other
    counted = {name for name, value in after.items() if value != before.get(name, 0.0) and name.startswith("tracuu_answer")}
    assert {re.search(r'office="([^"]*)"', name)[1] for name in counted} == {QUANG_NINH.name}
    asked = f'tracuu_answers_total{{office="{QUANG_NINH.name}",status="answered"}}'
    assert after[asked] - before.get(asked, 0.0) == 2
    assert after[f'tracuu_requests_total{{method="POST",office="{QUANG_NINH.name}",route="/hoi",status="303"}}'] >= 1
    # and the index of each is told, that of all with no name
    ages = {office: after[f'tracuu_index_age_seconds{{office="{office}"}}'] for office in ("", QUANG_NINH.name, BINH_SON.name)}
    assert min(ages.values()) > 0
    served = offices.http.get(f"{ROOT}/readyz").json()["provisions"], offices.http.get("/readyz").json()["provisions"]
    assert served == tuple(after[f'tracuu_index_provisions{{office="{office}"}}'] for office in (QUANG_NINH.name, ""))


@pytest.mark.parametrize("host", ["xau.example", "hoidap.binhson.edu.vn.xau.example", "", "[", "hoidap.binhson.edu.vn, xau.example"])
def test_a_strange_host_gets_no_office(offices, host):
    with at_host(offices, host) as http:
        answer = http.get("/readyz")

    assert answer.status_code in (200, 400)
    if answer.status_code == 200:
        assert answer.json()["index"] == offices.http.get("/readyz").json()["index"]


@pytest.mark.parametrize("path", ["/o", "/o/"])
def test_where_all_offices_stand_one_is_chosen(offices, path):
    found = offices.http.get(path, follow_redirects=True)

    assert (found.status_code, found.url.path) == (200, "/")


@pytest.mark.parametrize("path", ["/o/khong-co/", "/o/../quan-tri", "/o/%2e%2e/x", "/o/quang-ninh/../binh-son/", f"{ROOT}{OTHER}/"])
def test_no_path_leads_anywhere_else(offices, path):
    connection = HTTPConnection(urlsplit(offices.base).netloc, timeout=60)  # sends a path as it is

    connection.request("GET", path)

    assert connection.getresponse().status == 404
    connection.close()


def test_a_forwarded_host_that_nobody_vouches_for_changes_nothing(offices):
    found = offices.http.get(f"{ROOT}/readyz", headers={"X-Forwarded-Host": "hoidap.binhson.edu.vn"}).json()

    assert found["index"] == offices.http.get(f"{ROOT}/readyz").json()["index"]
    assert found["index"] != offices.http.get(f"{OTHER}/readyz").json()["index"]


def test_each_door_for_programs_has_its_own_documents(offices):
    for root, own, other in ((ROOT, "2607/SGDĐT-GDPT", "1422/SGDĐT-CNTT"), (OTHER, "1422/SGDĐT-CNTT", "2607/SGDĐT-GDPT")):
        http = offices.http
        listed = {each["number"] for each in http.get(f"{root}/api/documents").json()["documents"]}
        found = http.get(f"{root}/api/search", params={"q": "báo cáo dữ liệu", "k": 50}).text
        completed = http.post(f"{root}/v1/chat/completions", json={"model": "tra-cuu", "messages": [{"role": "user", "content": DUE}]}).text
        call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "show", "arguments": {"number": other}}}
        shown = http.post(f"{root}/mcp", json=call, headers={"Accept": "application/json, text/event-stream"})
        sitemap = http.get(f"{root}/sitemap.xml").text

        assert own in listed
        assert other not in listed
        assert other not in found
        assert own in completed
        assert f"{root}/van-ban/" in completed
        assert shown.status_code == 200
        assert shown.json()["result"]["isError"]
        assert f"<loc>{offices.base}{root}/van-ban/" in sitemap
        assert http.get(f"{root}/van-ban/{other.replace('/', '-').replace('Đ', 'D')}").status_code == 404
        assert http.get(f"{root}/van-ban/88-2024-TT-BGDDT/Dieu-2.1.md").status_code == 200


def test_a_document_of_the_library_opens_in_each_office_with_its_file(offices):
    page = offices.http.get(f"{ROOT}/van-ban/88-2024-TT-BGDDT")

    assert "Đội trống của trường có nhiều nhất 24 trống" in page.text
    assert f'href="{ROOT}/tep/88-2024-TT-BGDDT"' in page.text
    assert "Đội trống".encode() in offices.http.get(f"{ROOT}/tep/88-2024-TT-BGDDT").content
    assert ROOT in offices.http.get(f"{ROOT}/tim", params={"q": "đội trống"}).text


def test_conversations_and_shares_stay_in_their_office(offices):
    with httpx.Client(base_url=offices.base, timeout=60, headers={"Sec-Fetch-Site": "same-origin"}) as browser:
        for root in ("/?vai-tro=", f"{ROOT}/", f"{OTHER}/"):
            browser.get(root)
        sent = {"question": DUE}
        stream = browser.post(f"{ROOT}/hoi", data=sent, headers={"Accept": "text/event-stream"})
        turn = [content for name, content in events(stream) if name == "turn"][-1]
        share = re.search(rf'href="{ROOT}(/tra-loi/[\w-]+)"', turn["html"]).group(1)

        assert turn["address"].startswith(f"{ROOT}/hoi/")
        assert browser.get(turn["address"]).status_code == 200
        assert DUE in browser.get(f"{ROOT}/lich-su").text
        assert DUE not in browser.get(f"{OTHER}/lich-su").text + browser.get("/lich-su").text
        assert browser.get(turn["address"].replace(ROOT, OTHER)).status_code == 404
        assert [httpx.get(f"{offices.base}{root}{share}").status_code for root in (ROOT, OTHER, "")] == [200, 404, 404]
        kept = {(cookie.name, cookie.path) for cookie in browser.cookies.jar if cookie.name.startswith("tracuu")}
        assert kept == {("tracuu-hoi", "/"), ("tracuu-hoi-quang-ninh", ROOT), ("tracuu-hoi-binh-son", OTHER)}


def test_an_admin_of_one_office_is_nobody_in_another(offices):
    with httpx.Client(base_url=offices.base, timeout=60, headers={"Sec-Fetch-Site": "same-origin"}) as browser:
        entered = browser.post(f"{OTHER}/quan-tri/vao", data={"password": PASSWORD})
        cookies = "; ".join(line.partition(";")[0] for line in entered.headers.get_list("set-cookie"))
        renamed = cookies.replace("binh-son", "quang-ninh")

        inside = browser.get(f"{OTHER}/quan-tri", headers={"Cookie": cookies})
        elsewhere = [browser.get(f"{root}/quan-tri", headers={"Cookie": f"{cookies}; {renamed}"}) for root in (ROOT, "")]
        closed = browser.post(f"{ROOT}/quan-tri/vao", data={"password": PASSWORD})

    assert entered.headers["location"] == f"{OTHER}/quan-tri"
    assert all(f"Path={OTHER};" in f"{line};" and "Secure" in line for line in entered.headers.get_list("set-cookie"))
    assert inside.status_code == 200
    assert "2607/SGDĐT-GDPT" not in inside.text
    assert [page.headers["location"] for page in elsewhere] == [f"{ROOT}/quan-tri/vao", "/quan-tri/vao"]
    assert closed.status_code == 403


def test_an_office_added_while_the_service_runs_is_there_in_a_moment(offices):
    assert offices.command("office", "add", "lao-cai", "--name", "Sở GDĐT tỉnh Lào Cai").returncode == 0
    found_in_a_moment(lambda: offices.http.get("/o/lao-cai/").status_code == 200)
    assert offices.command("office", "set", "lao-cai", "--name", "Sở GDĐT Lào Cai mới", "--path", "documents").returncode == 0
    found_in_a_moment(lambda: "Sở GDĐT Lào Cai mới" in offices.http.get("/o/documents/").text)
    assert offices.http.get("/o/documents/api/documents/88-2024-TT-BGDDT").status_code == 200
    answer = offices.http.post("/o/documents/api/ask", json={"question": DRUMS}).json()
    assert answer["citations"][0]["document"] == "88/2024/TT-BGDĐT"

    assert offices.command("office", "remove", "lao-cai").returncode == 0
    found_in_a_moment(lambda: offices.http.get("/o/documents/").status_code == 404)


def test_an_office_that_cannot_be_opened_harms_nobody_else(tmp_path, monkeypatch):
    # given two offices of which one has something wrong
    monkeypatch.setenv("TRACUU_DATA", str(tmp_path))
    service = settings.of_service()
    registry = Registry.of(service)
    for name in ("hong", "lanh"):
        registry.add(Office(name, name))

    def make(chosen: settings.Settings, title: str) -> FastAPI:
        if title == "hong":
            raise SettingError("Biến này sai.")
        app = FastAPI()
        app.get("/api/ai")(lambda: title)
        return app

    async def come() -> tuple[httpx.Response, httpx.Response, httpx.Response]:
        front = Front(service, make)
        await front._look()
        async with httpx.AsyncClient(transport=httpx.ASGITransport(front), base_url="http://may") as http:
            wrong, right = await http.get("/o/hong/api/ai"), await http.get("/o/lanh/api/ai")
            registry.remove("lanh")
            await asyncio.sleep(2.1)  # so long what was read of the registry counts
            await front._look()
            gone = await http.get("/o/lanh/api/ai")
        await front._close()
        return wrong, right, gone

    # when people come to both
    wrong, right, gone = asyncio.run(come())

    # then only the one is refused, until the other is removed
    assert (wrong.status_code, wrong.json()["status"]) == (503, 503)
    assert (right.status_code, right.json()) == (200, "lanh")
    assert gone.status_code == 404


@pytest.mark.parametrize("width", [390, 1280])
def test_people_ask_read_and_go_on_below_a_path(chromium, offices, width, tmp_path):
    with chromium.new_context(locale="vi-VN", viewport={"width": width, "height": 844}) as context:
        page = context.new_page()
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
        page.goto(offices.base)
        page.screenshot(path=tmp_path / "choose.png")
        page.get_by_role("link", name="Sở GDĐT tỉnh Quảng Ninh").click()
        page.wait_for_load_state()
        expect(page.locator(".brand")).to_contain_text("Sở GDĐT tỉnh Quảng Ninh")

        turn = ask(page, DUE)
        expect(turn).to_contain_text("10/01/2026")
        expect(page).to_have_url(re.compile(rf"{ROOT}/hoi/"))
        turn.locator("a[data-panel]").first.click()
        expect(page.locator(".panel, [role=dialog]").first).to_contain_text("báo cáo Sở GDĐT")
        page.keyboard.press("Escape")
        page.screenshot(path=tmp_path / "answer.png")
        library = ask(page, DRUMS)
        expect(library).to_contain_text("24 trống")
        page.reload()
        expect(page.locator(".turn")).to_have_count(2)

        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert not complaints
