"""The admin page, in a browser and over HTTP."""

from __future__ import annotations

import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.bot.web.site import DUE, PASSWORD, UNKNOWN

JOB = 200_000  # milliseconds that a job may take on a busy machine
HARM = """Số: 77/KH-XSS

<script>alert(1)</script>

I. Việc <img src=x onerror=alert(2)>

1. Kho <b onclick=alert(3)>sạch</b> trước ngày 20/05/2026.
"""
MEETING = "Số: 78/KH-HOP\n\nPhú Hòa, ngày 5 tháng 9 năm 2025\n\nI. Việc\n\n1. Họp ngày 20/9/2025.\n"


def put_in(desk, office, *files):
    desk.goto(f"{office.base}/quan-tri/van-ban")
    desk.get_by_label(re.compile("Tệp PDF")).set_input_files(files)
    desk.get_by_role("button", name="Tải lên").click()
    expect(desk.get_by_label("Số hiệu")).to_have_count(len(files), timeout=JOB)


@pytest.fixture(scope="module")
def added(chromium, office, tmp_path_factory):
    """Two plans that an admin whose browser runs no scripts has added at once: every index made anew costs time."""
    folder = tmp_path_factory.mktemp("plans")
    (folder / "kế hoạch.txt").write_text(HARM, encoding="utf-8")
    (folder / "họp.txt").write_text(MEETING, encoding="utf-8")
    with chromium.new_context(java_script_enabled=False, locale="vi-VN", viewport={"width": 390, "height": 800}) as context:
        page = context.new_page()
        page.goto(f"{office.base}/quan-tri/vao")
        page.get_by_label("Mật khẩu").fill(PASSWORD)
        page.get_by_role("button", name="Đăng nhập").click()
        put_in(page, office, folder / "kế hoạch.txt", folder / "họp.txt")
        page.get_by_role("button", name="Thêm vào kho").click()
        expect(page.get_by_role("status")).to_contain_text("Đã thêm văn bản 77/KH-XSS, 78/KH-HOP.", timeout=JOB)


def test_nobody_sees_it_without_the_password(office):
    for path in ("", "/van-ban", "/cau-hoi", "/thong-ke", "/viec/1"):
        response = office.http.get(f"/quan-tri{path}")
        assert (response.status_code, response.headers["location"]) == (303, "/quan-tri/vao")
    for path in ("/lap-lai", "/quay-lai", "/bo", "/ra", "/tai-len"):
        assert office.http.post(f"/quan-tri{path}", data={"csrf": "x", "number": "1"}).status_code == 303
    assert office.http.post("/quan-tri/vao", data={"password": "sai"}).status_code == 401


def test_a_closed_page_says_how_to_open_it(site):
    assert "tracuu hash-password" in site.http.get("/quan-tri/vao").text
    assert site.http.post("/quan-tri/vao", data={"password": "sai"}).status_code == 403


def test_passwords_cannot_be_tried_without_end(office):
    headers = {"X-Forwarded-For": "203.0.113.50"}

    tries = [office.http.post("/quan-tri/vao", data={"password": "sai"}, headers=headers) for _ in range(6)]

    assert [each.status_code for each in tries] == [401] * 3 + [429] * 3
    assert all(f"Hãy đợi {each.headers['retry-after']} giây" in each.text for each in tries[3:])
    time.sleep(int(tries[-1].headers["retry-after"]))
    assert office.http.post("/quan-tri/vao", data={"password": PASSWORD}, headers=headers).status_code == 303  # a delay, no lock


def test_the_session_is_kept_safe(office):
    entered = office.http.post("/quan-tri/vao", data={"password": PASSWORD})
    cookie = entered.headers["set-cookie"]
    inside = {"Cookie": cookie.split(";")[0]}

    assert all(word in cookie for word in ("__Host-", "HttpOnly", "Secure", "SameSite=strict", "Path=/"))
    page = office.http.get("/quan-tri", headers=inside)
    csrf = re.search(r'name="csrf" value="([^"]+)"', page.text).group(1)
    assert page.headers["cache-control"] == "no-store"
    assert office.http.post("/quan-tri/lap-lai", data={"csrf": "x"}, headers=inside).status_code == 403
    foreign = inside | {"Sec-Fetch-Site": "cross-site"}
    assert office.http.post("/quan-tri/ra", data={"csrf": csrf}, headers=foreign).status_code == 403
    assert office.http.post("/quan-tri/ra", data={"csrf": csrf}, headers=inside).status_code == 303
    assert office.http.get("/quan-tri", headers=inside).status_code == 303


def test_a_pdf_is_uploaded_checked_corrected_and_asked(desk, office, shared):
    put_in(desk, office, shared / "pdf/text/39-2020-TT-BGDDT.pdf")
    expect(desk.get_by_label("Số hiệu")).to_have_value("39/2020/TT-BGDĐT")
    expect(desk.get_by_label("Ngày ban hành")).to_have_value("2020-10-09")
    desk.get_by_label("Cơ quan ban hành").fill("Bộ GDĐT")

    expect(desk.get_by_role("region", name="Chữ đã đọc được")).to_contain_text("Chương I QUY ĐỊNH CHUNG")
    desk.get_by_role("link", name="Trang sau").click()
    expect(desk.get_by_role("region", name="Chữ đã đọc được")).to_contain_text("Điều 4. Thang đánh giá")
    picture = office.base + desk.get_by_alt_text("Ảnh trang 2").get_attribute("src")
    assert desk.request.get(picture).body()[8:12] == b"WEBP"
    assert office.http.get(picture).status_code == 303, "only who is logged in sees what was uploaded"

    desk.get_by_role("button", name="Thêm vào kho").click()
    expect(desk.get_by_role("status")).to_contain_text("Đã thêm văn bản 39/2020/TT-BGDĐT.", timeout=JOB)

    document = office.http.get("/api/documents/39-2020-TT-BGDDT").json()
    assert document["document"]["issuer"] == "Bộ GDĐT"
    article = next(provision for provision in document["provisions"] if provision["section"] == "Điều 3")
    desk.goto(office.base + article["address"])
    expect(desk.get_by_alt_text(f"Ảnh trang {article['page']}")).to_be_visible()
    image = office.http.get(desk.get_by_alt_text("Ảnh trang").get_attribute("src"))
    assert image.headers["content-type"] == "image/webp"
    assert image.content[8:12] == b"WEBP"
    file = office.http.get("/tep/39-2020-TT-BGDDT")
    assert file.content == (shared / "pdf/text/39-2020-TT-BGDDT.pdf").read_bytes()
    assert file.headers["content-disposition"].startswith("attachment")


@pytest.mark.usefixtures("added")
def test_uploaded_text_is_never_executed_and_can_be_taken_out(desk, office):
    for path in (
        "/van-ban/77-KH-XSS",
        "/van-ban/77-KH-XSS/I.1",
        "/thoi-han",
        "/van-ban",
        "/quan-tri/van-ban",
        "/quan-tri/sua?so=77/KH-XSS",
    ):
        desk.goto(office.base + path)
        assert desk.locator("main script, main img[src=x], main b[onclick]").count() == 0
    desk.goto(office.base + "/van-ban/77-KH-XSS")
    expect(desk.locator(".text")).to_contain_text("<img src=x onerror=alert(2)>")

    desk.goto(f"{office.base}/quan-tri/van-ban")
    desk.get_by_role("link", name="Bỏ văn bản 77/KH-XSS").click()
    desk.get_by_role("button", name="Bỏ khỏi kho").click()
    expect(desk.get_by_role("status")).to_contain_text("Đã bỏ văn bản 77/KH-XSS", timeout=JOB)
    assert office.http.get("/api/documents/77-KH-XSS").status_code == 404

    desk.get_by_role("button", name="Đưa trở lại kho").click()
    expect(desk.get_by_label("Số hiệu")).to_have_value("77/KH-XSS", timeout=JOB)
    desk.get_by_role("button", name="Bỏ tệp này").click()
    expect(desk.get_by_role("heading", name="Thêm văn bản")).to_be_visible()


@pytest.mark.usefixtures("added")
def test_what_was_guessed_is_corrected_and_emptied_after_adding_and_what_holds_is_said(desk, office):
    desk.goto(f"{office.base}/quan-tri/van-ban")
    desk.get_by_role("link", name="Sửa thông tin văn bản 78/KH-HOP").click()
    expect(desk.get_by_label("Ngày ban hành")).to_have_value("2025-09-05")

    desk.get_by_text("Hiệu lực: chưa rõ hiệu lực").click()
    desk.get_by_label("Hiệu lực", exact=True).select_option("Đã được thay thế")
    desk.get_by_label("Văn bản sửa đổi, thay thế hoặc bãi bỏ").fill("2607/SGDĐT-GDPT")
    form = {"csrf": desk.locator("input[name=csrf]").first.input_value(), "document": "78/KH-HOP", "issued": "ngày mai"}
    refused = desk.request.post(f"{office.base}/quan-tri/sua", form=form)
    unsaid = desk.request.post(f"{office.base}/quan-tri/sua", form=form | {"issued": "", "validity_by": "1/KH"})
    desk.get_by_label("Ngày ban hành").fill("")
    desk.get_by_label("Cơ quan ban hành").fill("Trường THPT Phú Hòa")
    desk.get_by_role("button", name="Lưu").click()
    expect(desk.get_by_role("status")).to_contain_text("Đã sửa cơ quan ban hành, ngày ban hành, hiệu lực", timeout=JOB)

    assert (refused.status, "phải là một ngày" in refused.text()) == (422, True)
    found = office.http.get("/api/documents/78-KH-HOP").json()["document"]
    assert (unsaid.status, "hãy chọn hiệu lực" in unsaid.text()) == (422, True)
    assert (found["issued"], found["issuer"], found["numbered"]) == ("", "Trường THPT Phú Hòa", True)
    assert (found["validity"], found["validity_by"], found["validity_source"]) == ("replaced", "2607/SGDĐT-GDPT", "quản trị viên ghi")
    desk.goto(f"{office.base}/quan-tri/sua?so=78/KH-HOP")
    expect(desk.get_by_label("Hiệu lực", exact=True)).to_have_value("replaced")


def test_a_file_that_nobody_reads_is_refused_with_a_sentence(desk, office, tmp_path):
    (tmp_path / "chương trình.exe").write_bytes(b"MZ")
    desk.goto(f"{office.base}/quan-tri/van-ban")
    chooser = desk.get_by_label(re.compile("Tệp PDF, ảnh quét, Word, HTML, Markdown hoặc văn bản thuần;"))
    chooser.set_input_files(tmp_path / "chương trình.exe")

    with desk.expect_response("**/tai-len") as answered:
        desk.get_by_role("button", name="Tải lên").click()

    assert answered.value.status == 422
    expect(desk.locator("[data-upload] .told")).to_contain_text("Không đọc được loại tệp")
    expect(chooser).to_have_attribute("accept", re.compile(r"\.pdf,.*\.jsonl"))


def test_nothing_fails_while_the_index_is_made_anew_and_taken_back(desk, office):
    (office.corpus / "moi.txt").write_text("Số: 5/KH-MOI\n\nI. Việc cần làm\n\n1. Lau bảng trước ngày 15/05/2026.\n", encoding="utf-8")
    ended = threading.Event()

    def keep_asking() -> list[int]:
        statuses = []
        while not ended.wait(0.05):
            statuses.append(office.http.post("/api/ask", json={"question": DUE}).status_code)
        return statuses

    with ThreadPoolExecutor(4) as pool:
        askers = [pool.submit(keep_asking) for _ in range(4)]
        try:
            desk.goto(f"{office.base}/quan-tri")
            desk.get_by_role("button", name="Lập lại").click()
            expect(desk.get_by_role("status")).to_contain_text("Đã lập xong bản chỉ mục mới", timeout=JOB)
            found = [office.http.get("/api/documents/5-KH-MOI").status_code for _ in range(10)]  # by every worker
            desk.goto(f"{office.base}/quan-tri")
            desk.get_by_role("link", name="Quay về bản trước").click()
            expect(desk.get_by_role("row", name="5/KH-MOI")).to_be_visible()
            desk.get_by_role("button", name="Quay về bản trước").click()
            expect(desk.get_by_role("status")).to_contain_text("Đã quay về bản chỉ mục")
        finally:
            ended.set()
        statuses = [status for asker in askers for status in asker.result()]

    assert set(found) == {200}
    assert office.http.get("/api/documents/5-KH-MOI").status_code == 404
    assert len(statuses) > 20
    assert set(statuses) == {200}


def test_what_was_refused_or_disliked_is_seen_with_its_conversation(desk, office):
    office.ask(DUE, conversation="quanh-day")
    open_one = office.ask(f"{UNKNOWN}, gọi 0912345678", conversation="quanh-day")
    id = office.http.post("/api/ask", json={"question": DUE, "conversation": "quanh-day"}).headers["X-Answer-Id"]
    office.http.post(f"/api/answers/{id}/vote", json={"vote": "down", "reason": "không rõ"})
    assert open_one["status"] in ("offered", "not_found")

    desk.goto(f"{office.base}/quan-tri/cau-hoi")

    expect(desk.get_by_role("listitem").filter(has_text="không rõ")).to_contain_text(DUE)
    desk.get_by_role("link", name=UNKNOWN).first.click()
    expect(desk.locator(".around")).to_contain_text("10/01/2026")
    expect(desk.locator(".around")).to_contain_text("gọi •••")
    assert "0912345678" not in desk.content()


def test_statistics_and_every_admin_page_are_accessible(desk, office):
    for _ in range(5):  # enough for a chart
        office.ask(DUE)
    for path in ("", "/van-ban", "/cau-hoi", "/thong-ke"):
        desk.goto(f"{office.base}/quan-tri{path}")
        found = Axe().run(desk).response["violations"]
        assert not [(fault["id"], fault["nodes"][0]["html"]) for fault in found if fault["impact"] in ("serious", "critical")], path
    expect(desk.get_by_role("heading", name="Theo ngày")).to_be_visible()
    expect(desk.get_by_text(re.compile("UBND cấp xã, trường có cấp THPT")).first).to_be_visible()
