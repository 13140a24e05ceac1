"""What stands around the answers: what is covered, the box below, the network, a question changed, on a phone and without scripts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from bot.web.schemas import MOST
from tests.bot.web.asking import ask
from tests.bot.web.browsers import Browser
from tests.bot.web.site import DUE

TOO_LONG = "a" * (MOST + 1)
PARTIAL = 'event: progress\ndata: {"text": "Đang tìm"}\n\nevent: text\ndata: {"text": "Báo cáo"}\n\n'


def test_the_first_page_says_what_it_answers_from(page, site):
    page.goto(site.base)

    covered = page.get_by_role("region", name="Các văn bản có toàn văn")
    expect(covered.get_by_role("link", name="Công văn 2607/SGDĐT-GDPT")).to_have_attribute("href", "/van-ban/2607-SGDDT-GDPT")
    expect(covered).to_contain_text(re.compile(r"\d+ văn bản khác chỉ được nhắc tới.*Cập nhật lúc \d\d:\d\d ngày \d\d/\d\d/\d{4}"))
    assert page.evaluate("scrollY") == 0


def test_the_box_stays_at_hand_on_a_phone_and_hides_no_answer(chromium, site):
    with chromium.new_context(viewport={"width": 320, "height": 640}, has_touch=True, is_mobile=True) as context:
        page = context.new_page()
        page.goto(site.base)
        box, form = page.locator("#cau-hoi"), page.locator("[data-ask]")
        expect(box).to_be_in_viewport(ratio=1)
        turn = ask(page, DUE)
        expect(box).to_be_in_viewport(ratio=1)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        page.set_viewport_size({"width": 320, "height": 330})  # the keyboard is open
        expect(box).to_be_in_viewport(ratio=1)

        page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")

        below, above = turn.bounding_box(), form.bounding_box()
        assert below["y"] + below["height"] <= above["y"]
        small = """[...document.querySelectorAll(".ask a, .ask button, .ask select, .ask textarea, .top a, footer a, .thread > a, summary")]
            .filter((each) => each.checkVisibility()).map((each) => [each.textContent, each.getBoundingClientRect()])
            .filter(([, at]) => at.height < 44 || at.width < 44).map(([text]) => text)"""
        assert page.evaluate(small) == []


def test_a_question_over_the_limit_is_refused_and_kept(page, chromium, site):
    page.goto(site.base)
    box = page.get_by_label("Câu hỏi của bạn")
    box.fill(TOO_LONG)
    expect(page.get_by_text("Quá 1 ký tự")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("dài 2.001 ký tự, nhiều nhất là 2.000")
    expect(box).to_have_value(TOO_LONG)
    page.keyboard.press("Backspace")
    expect(page.get_by_text("Còn 0 ký tự")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.locator(".turn")).to_have_count(0)

    with chromium.new_context(java_script_enabled=False) as context:
        plain = context.new_page()
        plain.goto(site.base)
        plain.get_by_label("Câu hỏi của bạn").fill(TOO_LONG)
        plain.get_by_role("button", name="Hỏi", exact=True).click()
        expect(plain.get_by_role("alert")).to_contain_text("dài 2.001 ký tự")
        expect(plain.get_by_label("Câu hỏi của bạn")).to_have_value(TOO_LONG)
    at_the_limit = "\r\n".join(["a" * (MOST // 2), "b" * (MOST // 2 - 1)])  # as a form sends the end of a line
    assert Browser(site).post("/hoi", data={"question": at_the_limit}).status_code == 303


def test_enter_asks_once_and_leaves_input_methods_alone(page, site):
    page.goto(site.base)
    box = page.get_by_label("Câu hỏi của bạn")
    box.fill("hạn nộp")
    box.dispatch_event("keydown", {"key": "Enter", "isComposing": True})
    box.dispatch_event("keydown", {"key": "Enter", "keyCode": 229})
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("báo cáo sơ kết")
    expect(box).to_have_value("hạn nộp\nbáo cáo sơ kết")
    expect(page.locator(".turn")).to_have_count(0)

    page.keyboard.press("Enter")
    page.keyboard.press("Enter")

    expect(page.locator(".turn .actions")).to_have_count(1)
    page.keyboard.type("thế còn")
    page.reload()
    expect(page.locator(".turn")).to_have_count(1)
    expect(page.get_by_label("Hỏi tiếp")).to_have_value("thế còn")


def test_a_role_is_remembered_and_can_be_changed(page, chromium, site):
    page.goto(site.base)
    page.get_by_label("Bạn ở").select_option("Xã, phường")
    page.goto(site.base)
    expect(page.get_by_label("Bạn ở")).to_have_value("xa")
    page.get_by_role("navigation", name="Gợi ý").get_by_role("link", name="Chung").click()
    page.goto(site.base)
    expect(page.get_by_label("Bạn ở")).to_have_value("")

    with chromium.new_context(java_script_enabled=False) as context:
        plain = context.new_page()
        plain.goto(site.base)
        plain.get_by_label("Bạn ở").select_option("Trường THPT")
        plain.get_by_label("Câu hỏi của bạn").fill(DUE)
        plain.get_by_role("button", name="Hỏi", exact=True).click()
        expect(plain.get_by_label("Bạn ở")).to_have_value("thpt")
        plain.goto(site.base)
        expect(plain.get_by_label("Bạn ở")).to_have_value("thpt")


def test_a_question_is_edited_in_place(page, site):
    page.goto(site.base)
    first = ask(page, DUE)
    ask(page, "thế còn cuối năm?")
    box = page.get_by_label("Hỏi tiếp")
    box.fill("đang gõ dở")

    first.get_by_role("link", name="Sửa câu này").click()
    expect(box).to_have_value(DUE)
    expect(page.locator(".turn.leaving")).to_have_count(2)
    page.keyboard.press("Escape")
    expect(box).to_have_value("đang gõ dở")
    expect(page.locator(".turn.leaving")).to_have_count(0)
    first.get_by_role("link", name="Sửa câu này").click()
    replaced = first.get_attribute("id")
    with page.expect_request("**/hoi") as sent:
        ask(page, "hạn nộp báo cáo tổng kết năm học")

    assert f"instead={replaced}" in sent.value.post_data
    expect(page.locator(".turn")).to_have_count(1)
    expect(page.get_by_text("Đang sửa một câu đã hỏi")).to_be_hidden()


def test_a_question_is_kept_while_the_network_is_away(chromium, site):
    with chromium.new_context() as context:
        page = context.new_page()
        page.goto(site.base)
        context.set_offline(True)
        expect(page.get_by_text("Đang mất mạng")).to_be_visible()
        page.get_by_label("Câu hỏi của bạn").fill(DUE)
        page.keyboard.press("Enter")
        expect(page.locator(".turn")).to_contain_text("Chưa gửi được câu hỏi")
        expect(page.locator("#cau-hoi")).to_have_value(DUE)

        context.set_offline(False)
        expect(page.get_by_text("Đang mất mạng")).to_be_hidden()
        page.get_by_role("button", name="Gửi lại").click()

        expect(page.locator(".turn.answered")).to_contain_text("10/01/2026")
        expect(page.locator(".turn")).to_have_count(1)
        expect(page.locator("#cau-hoi")).to_have_value("")


def test_a_slow_and_a_broken_answer_are_said(page, site):
    page.clock.install()
    page.goto(site.base)
    waiting = []
    page.route("**/hoi", lambda route: waiting.append(route))
    page.get_by_label("Câu hỏi của bạn").fill(DUE)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Đang tìm trong các văn bản")).to_be_visible()
    page.clock.fast_forward(8000)
    expect(page.get_by_text("Mạng đang chậm")).to_be_visible()

    waiting[0].fulfill(content_type="text/event-stream", body=PARTIAL)

    expect(page.locator(".turn")).to_contain_text("Kết nối bị ngắt giữa chừng")
    expect(page.get_by_role("button", name="Gửi lại")).to_be_visible()


def test_only_what_matters_is_printed(page, site):
    page.goto(site.base)
    turn = ask(page, DUE)
    page.emulate_media(media="print")

    expect(turn).to_contain_text("10/01/2026")
    expect(turn.get_by_text("Địa chỉ câu trả lời:")).to_be_visible()
    expect(page.get_by_text(re.compile(r"In từ Tra Cứu, http\S+, ngày \d\d/\d\d/\d{4}"))).to_be_visible()
    for hidden in (".top", "[data-ask]", ".thread", "footer", ".own"):
        expect(page.locator(hidden).first).to_be_hidden()


@pytest.mark.parametrize(
    ("path", "sentence"), [("/khong-co", "Không có gì ở địa chỉ này."), ("/van-ban?trang=x", "Trang không hiểu địa chỉ")]
)
def test_an_error_is_a_page_with_a_way_on(site, path, sentence):
    said = site.http.get(path).text

    assert sentence in said
    assert "Về trang hỏi đáp" in said
