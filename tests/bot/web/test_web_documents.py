"""Documents as people find and read them: full-text search, a document, the panel, pictures of pages with marked lines."""

from __future__ import annotations

import re
import shutil

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from ingest.pipeline import ingest
from tests.bot.web.asking import ask
from tests.bot.web.site import DUE, Site

PHONE = {"width": 390, "height": 800}
CIRCULAR = "/van-ban/49-2012-TT-BGDDT"


@pytest.fixture(scope="module")
def shelf(repo, shared, tmp_path_factory):
    """A service with one circular, read from a PDF."""
    corpus, data = tmp_path_factory.mktemp("pdf"), tmp_path_factory.mktemp("data")
    shutil.copy(shared / "pdf/text/49-2012-TT-BGDDT.pdf", corpus)
    ingest(corpus, data)
    started = Site(repo, data, corpus)
    yield started
    assert started.stop() == 0
    assert not [line for line in started.lines() if line["level"] == "ERROR"]


def test_words_are_found_in_all_documents_however_they_are_typed(page, site):
    page.goto(f"{site.base}/van-ban")
    page.get_by_label("Tìm chữ trong toàn văn").fill('"hoc ba so"')
    page.get_by_role("button", name="Tìm").click()

    hits = page.get_by_role("listitem").filter(has=page.locator("mark"))
    expect(hits.first.locator("mark").first).to_have_text("học bạ số")
    expect(page.get_by_role("heading", name="Công văn 2607/SGDĐT-GDPT")).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("trong 1 văn bản")
    assert not Axe().run(page).response["violations"]
    hits.first.get_by_role("link").click()
    expect(page.locator(".cited")).to_contain_text("học bạ số")


def test_a_number_leads_to_its_document_and_what_is_nowhere_can_be_asked(page, site):
    page.goto(f"{site.base}/tim")
    page.get_by_label("Chữ cần tìm").fill("công văn 2607/sgddt-gdpt")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site.base}/van-ban/2607-SGDDT-GDPT")

    page.get_by_label("Tìm trong văn bản này").fill("mật khẩu thư viện vũ trụ")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Không có chỗ nào có đủ các chữ này trong Công văn 2607/SGDĐT-GDPT.")).to_be_visible()
    page.get_by_role("button", name="Hỏi câu này").click()
    expect(page.locator(".turn")).to_contain_text("mật khẩu thư viện vũ trụ")


def test_what_stands_word_after_word_comes_before_loose_words(page, site):
    page.goto(f"{site.base}/tim?q=hoc+ba+so")

    hits, tiers = page.locator(".hits li"), page.locator(".tier")
    expect(tiers).to_have_text(["Đúng cụm từ đã gõ", "Có đủ các chữ, không liền nhau"])
    expect(hits.first.locator("mark", has_text="học bạ số")).to_be_visible()
    together = [bool(hit.locator("mark", has_text="học bạ số").count()) for hit in hits.all()]
    assert together == sorted(together, reverse=True)
    assert not Axe().run(page).response["violations"]


@pytest.mark.parametrize(
    "typed", ["2607/SGDĐT-GDPT", "cv 2607/sgddt-gdpt", "Công văn số 2607 / SGDĐT - GDPT", "công văn 2607/SGDĐT-GDPT ngày 27/09/2025"]
)
def test_a_number_is_understood_however_it_is_written(site, typed):
    response = site.http.get("/tim", params={"q": typed}, follow_redirects=False)
    assert response.headers["location"] == "/van-ban/2607-SGDDT-GDPT"


def test_a_serial_number_offers_its_documents_and_an_unknown_one_says_so(site):
    assert "/van-ban/2607-SGDDT-GDPT" in site.http.get("/tim", params={"q": "công văn 2607"}).text
    assert "Văn bản có số vừa gõ" not in site.http.get("/tim", params={"q": "nghị định 2607"}).text
    assert "Kho chưa có văn bản số hiệu này" in site.http.get("/tim", params={"q": "987/2020/NĐ-CP"}).text


@pytest.mark.parametrize("typed", ['"', "   ", "|()*:^~", "x" * 5000, "a " * 3000, "\x00", "''; DROP TABLE", "0" * 200])
def test_nothing_that_is_typed_breaks_the_search(site, typed):
    assert site.http.get("/tim", params={"q": typed}).status_code == 200


def test_a_document_tells_its_standing_leads_to_what_it_names_and_shows_where_one_is(page, site):
    page.goto(f"{site.base}/van-ban/2607-SGDDT-GDPT")
    outline = page.get_by_role("navigation", name="Mục lục")
    expect(outline).to_be_in_viewport()

    outline.get_by_role("link", name=re.compile("Phụ lục 4")).first.click()
    expect(page.locator("#PL4")).to_be_in_viewport()
    expect(outline.locator("[aria-current]")).to_contain_text("Phụ lục")
    expect(outline.locator("[aria-current]")).to_be_in_viewport()
    lacking = page.get_by_role("region", name="Văn bản chỉ được nhắc tới")
    named = lacking.get_by_role("listitem").first.get_by_role("link").first
    address = named.get_attribute("href")
    expect(page.locator(f'.text a[href="{address}"]').first).to_be_attached()
    named.click()
    expect(page.get_by_text("Kho chưa có toàn văn của văn bản này")).to_be_visible()


def test_on_a_phone_a_citation_covers_the_page_and_back_uncovers_it(page, site):
    page.set_viewport_size(PHONE)
    page.goto(site.base)
    link = ask(page, DUE).locator("a.open").first
    link.click()
    panel = page.get_by_role("dialog", name="Văn bản được trích dẫn")
    title = panel.get_by_role("heading", level=1)
    expect(title).to_contain_text("mục IV.2")
    expect(title).to_be_focused()
    assert page.locator("header.top").evaluate("header => header.inert")
    assert panel.get_by_role("button", name="Đóng").bounding_box()["height"] >= 44
    assert not Axe().run(page).response["violations"]

    panel.locator(".text a.anchor").first.click()  # what stands above it, in the same panel
    expect(title).not_to_contain_text("mục IV.2")
    page.go_back()
    expect(title).to_contain_text("mục IV.2")
    page.go_back()
    expect(panel).to_be_hidden()
    expect(link).to_be_focused()
    assert not page.locator("header.top").evaluate("header => header.inert")
    page.go_forward()
    expect(title).to_contain_text("mục IV.2")
    page.reload()
    expect(title).to_contain_text("mục IV.2")
    panel.get_by_role("button", name="Đóng").click()
    expect(panel).to_be_hidden()
    expect(page.locator(".turn")).to_have_count(1)


def test_a_panel_that_cannot_be_loaded_says_so_and_can_be_tried_again(chromium, site):
    with chromium.new_context(locale="vi-VN") as context:  # whose console may complain of the network
        page = context.new_page()
        page.goto(site.base)
        link = ask(page, DUE).locator("a.open").first
        context.set_offline(True)
        link.click()
        expect(page.get_by_role("alert")).to_have_text("Mất kết nối nên chưa mở được. Hãy kiểm tra mạng.")
        context.set_offline(False)
        page.get_by_role("button", name="Thử lại").click()
        expect(page.locator(".panel .cited")).to_be_visible()


def test_the_lines_that_an_answer_quotes_are_marked_on_the_picture_of_the_page(page, shelf):
    page.goto(shelf.base)
    turn = ask(page, "Điều 8 tiêu chuẩn 5 hệ thống thư viện của khoa, trường phải đáp ứng gì?")
    turn.locator("a.open").first.click()
    picture = page.locator(".panel .scan").first
    picture.scroll_into_view_if_needed()

    expect(picture).to_contain_text("các dòng được trích đã tô màu", timeout=30_000)
    expect(picture.get_by_role("img")).to_have_attribute("alt", re.compile(r"đã tô \d+ chỗ, từ “.+” đến “.+”"))
    shown, mark = picture.get_by_role("img").bounding_box(), picture.locator("rect").first.bounding_box()
    assert shown["y"] < mark["y"] < shown["y"] + shown["height"]


def test_the_marks_need_no_scripts_and_a_file_that_was_changed_is_not_drawn(chromium, shelf):
    with chromium.new_context(java_script_enabled=False, locale="vi-VN") as context:
        page = context.new_page()
        page.goto(f"{shelf.base}{CIRCULAR}/PL1.Dieu-8.1")
        for _ in range(20):  # a page waits for its marks, but not long
            if page.locator("rect").count():
                break
            page.reload()
        expect(page.locator("rect").first).to_be_attached()
        page.goto(shelf.base + CIRCULAR)
        expect(page.get_by_text("Xem các phần của văn bản")).to_be_hidden()
        page.set_viewport_size(PHONE)
        page.get_by_text("Xem các phần của văn bản").click()
        page.get_by_role("link", name=re.compile("Điều 8")).first.click()
        expect(page.locator(r"#PL1\.Dieu-8")).to_be_in_viewport()
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]

        (shelf.corpus / "49-2012-TT-BGDDT.pdf").write_bytes(b"%PDF-1.7 spoilt")
        page.goto(f"{shelf.base}{CIRCULAR}/PL1.Dieu-4.1")
        expect(page.locator("main")).to_contain_text("Điều 4")
        assert page.locator("svg image").count() == 0, "another file than the text was read from"
