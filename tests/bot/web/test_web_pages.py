"""The pages as people see them, in a browser."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.bot.web.asking import ask
from tests.bot.web.site import DUE

CITED = "/van-ban/2607-SGDDT-GDPT/IV.2-2"
HARM = "<img src=x onerror=alert(1)><script>alert(2)</script>"
PAGES = ("/", "/van-ban", "/van-ban/2607-SGDDT-GDPT", CITED, "/thoi-han", "/dau-moi", "/docs", "/khung", "/khong-co", "/quan-tri/vao")


def test_ask_go_on_and_find_it_again(page, site):
    page.goto(site.base)

    first = ask(page, DUE)
    second = ask(page, "thế còn cuối năm?")

    expect(first).to_contain_text("10/01/2026")
    expect(first.locator("figcaption").first).to_contain_text("Công văn số 2607/SGDĐT-GDPT ngày 27/09/2025 của Sở Giáo dục và Đào tạo")
    expect(second).to_contain_text("10/06/2026")
    page.reload()
    expect(page.locator(".turn")).to_have_count(2)


def test_the_first_page_asks_for_what_comes_after_a_school_year_that_is_over(page, site, site_with_model):
    later = site_with_model(TRACUU_TODAY="2026-11-26")
    wanted = "Năm học 2025-2026 đã kết thúc: kho cần văn bản thay cho Công văn 2607/SGDĐT-GDPT."

    page.goto(later.base)
    expect(page.get_by_text(wanted)).to_be_visible()
    page.goto(site.base)
    expect(page.get_by_text(wanted)).to_have_count(0)


def test_a_citation_opens_beside_its_answer(page, site):
    page.goto(site.base)
    link = ask(page, DUE).locator("a.open").first

    link.click()

    panel = page.get_by_label("Văn bản được trích dẫn")
    expect(panel.locator(".cited")).to_contain_text("Báo cáo sơ kết học kì 1 năm học 2025-2026 trước ngày 10/01/2026")
    expect(panel.locator(".cited")).to_be_in_viewport()
    expect(panel).to_contain_text("TỔ CHỨC THỰC HIỆN")
    expect(panel.get_by_role("heading", name="mục IV.2")).to_contain_text("trang 8")
    expect(page.locator(".turn")).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(link).to_be_focused()


def test_answers_and_provisions_have_links_to_share(page, site):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(site.base)
    turn = ask(page, DUE)

    turn.get_by_role("link", name="Chia sẻ").click()
    expect(turn.get_by_role("status")).to_have_text("Đã sao chép liên kết.")
    shared = page.evaluate("navigator.clipboard.readText()")
    turn.get_by_role("button", name="Sao chép kèm nguồn").click()
    expect(turn.get_by_role("status")).to_have_text("Đã sao chép kèm nguồn.")
    copied = page.evaluate("navigator.clipboard.readText()")

    assert "trước ngày 10/01/2026" in copied
    assert "— Mục IV.2" in copied
    page.goto(shared)
    expect(page.get_by_role("heading", name=DUE)).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Câu trả lời được chia sẻ")
    page.goto(site.base + CITED)
    expect(page.locator(".cited")).to_contain_text("Định kỳ tổ chức sơ kết")


def test_what_somebody_thinks_of_an_answer_is_kept(page, site):
    page.goto(site.base)
    turn = ask(page, DUE)

    turn.get_by_role("button", name="sai hoặc thiếu").click()
    turn.get_by_placeholder("Sai hoặc thiếu gì?").fill("thiếu mốc của xã")
    turn.get_by_role("button", name="Gửi").click()

    expect(turn.get_by_text("Đã ghi. Cảm ơn thầy cô.")).to_be_visible()


def test_a_refusal_names_what_is_nearest(page, site, question_with):
    page.goto(site.base)

    turn = ask(page, question_with("not_found"))

    expect(turn).to_contain_text("không tìm thấy")
    expect(turn.get_by_role("region", name="Nội dung gần nhất").get_by_role("link").first).to_be_visible()


def test_a_question_is_never_executed(page, site):
    page.goto(site.base)
    turn = ask(page, HARM)

    expect(turn.get_by_role("heading").first).to_contain_text(HARM)
    page.reload()
    expect(page.get_by_role("heading", name=HARM)).to_be_visible()
    assert page.locator(".turn img, .turn script").count() == 0


def test_questions_are_suggested_by_role(page, site):
    page.goto(site.base)
    page.get_by_role("navigation", name="Gợi ý").get_by_role("link", name="Xã, phường").click()

    suggested = page.get_by_role("region", name="Câu hỏi gợi ý").get_by_role("listitem").get_by_role("button").first
    question = suggested.inner_text()
    suggested.click()

    expect(page.locator(".turn.answered")).to_contain_text(question)


def test_documents_are_filtered_and_read(page, site):
    page.goto(f"{site.base}/van-ban")
    page.get_by_label("Tình trạng").select_option("Có toàn văn")
    page.get_by_role("button", name="Lọc").click()

    expect(page.get_by_role("row")).to_have_count(2)
    page.get_by_role("link", name="2607/SGDĐT-GDPT").click()
    page.get_by_role("heading", name="Mục lục").click()
    page.get_by_role("link", name=re.compile("Phụ lục 4")).first.click()
    expect(page.locator("#PL4")).to_be_in_viewport()


def test_deadlines_stand_on_a_timeline_with_a_calendar(page, site):
    page.goto(f"{site.base}/thoi-han?vai-tro=thpt")

    expect(page.locator(".due.soon")).to_contain_text("còn 7 ngày")
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Tải lịch").click()
    assert "BEGIN:VCALENDAR" in downloading.value.path().read_text(encoding="utf-8")
    expect(page.get_by_label(re.compile("Địa chỉ lịch"))).to_have_value(f"{site.base}/thoi-han.ics?vai-tro=thpt")


def test_everything_can_be_done_from_the_keyboard(page, site):
    page.goto(site.base)
    page.keyboard.press("Tab")
    page.locator("body").press("Shift+Tab")
    page.locator("#cau-hoi").focus()

    page.keyboard.type(DUE)
    page.keyboard.press("Enter")
    turn = page.locator(".turn.answered")
    expect(turn.locator(".actions")).to_be_visible()
    expect(page.locator("#cau-hoi")).to_be_focused()
    for _ in range(12):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.matches('a.open')"):
            break
    page.keyboard.press("Enter")
    expect(page.locator(".panel h1")).to_be_focused()
    page.keyboard.press("Escape")
    expect(turn.locator("a.open").last).to_be_focused()


def test_asking_works_without_scripts(chromium, site):
    with chromium.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(site.base)
        page.get_by_label("Câu hỏi của bạn").fill(DUE)
        page.get_by_role("button", name="Hỏi", exact=True).click()
        page.get_by_label("Hỏi tiếp").fill("thế còn cuối năm?")
        page.get_by_role("button", name="Hỏi", exact=True).click()

        expect(page.locator(".turn").last).to_contain_text("10/06/2026")
        page.locator(".turn a.open").last.click()
        expect(page.locator(".cited")).to_be_visible()


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "dark")])
def test_every_page_fits_and_is_accessible(chromium, site, width, scheme):
    with chromium.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme) as context:
        page = context.new_page()
        for path in (*PAGES, "asked"):
            page.goto(site.base + ("/" if path == "asked" else path))
            if path == "asked":
                turn = ask(page, DUE)
                _is_accessible(page, f"just asked {width} {scheme}")
                turn.locator("a.open").first.click()
                expect(page.locator(".panel .cited")).to_be_visible()
            _is_accessible(page, f"{path} {width} {scheme}")


def _is_accessible(page, where):
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"], f"{where}: rộng hơn màn hình"
    found = Axe().run(page).response["violations"]
    faults = [fault for fault in found if fault["impact"] in ("serious", "critical") or fault["id"] == "page-has-heading-one"]
    assert not [(fault["id"], fault["nodes"][0]["html"]) for fault in faults], where
