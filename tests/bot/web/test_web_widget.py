"""The widget on a school's own site, which knows nothing of ours."""

from __future__ import annotations

import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import expect

from bot.web.framing import is_of
from tests.bot.web.site import DUE

HOSTILE = "* { color: red; font-size: 40px } div { border: 5px solid red; display: none } iframe, button { display: none }"


@pytest.fixture
def school(site, tmp_path):
    """The port of a school's site of two pages that embed the widget, with styles that would spoil ours."""
    for name in ("index.html", "khac.html"):
        (tmp_path / name).write_text(
            '<!doctype html><html lang="vi"><title>Trường</title><link rel="icon" href="data:,">'
            f"<style>{HOSTILE}</style>"
            f'<h1>Trường A</h1><script src="{site.base}/nhung.js" defer></script>',
            encoding="utf-8",
        )
    handler = partial(SimpleHTTPRequestHandler, directory=tmp_path)
    with ThreadingHTTPServer(("", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def test_a_schools_own_site_embeds_it(page, site, school):
    page.goto(f"http://127.0.0.1:{school}")
    opener = page.get_by_role("button", name="Hỏi Tra Cứu")
    opener.press("Enter")
    frame = page.frame_locator("iframe")
    expect(frame.get_by_label("Câu hỏi của bạn")).to_be_focused()
    page.keyboard.type(DUE)
    page.keyboard.press("Enter")
    expect(frame.locator(".turn.answered")).to_contain_text("10/01/2026")
    assert frame.locator("h1").evaluate("heading => getComputedStyle(heading).fontSize") != "40px"
    assert page.locator("iframe").bounding_box()["height"] > 300
    page.keyboard.press("Escape")
    expect(page.locator("iframe")).to_be_hidden()
    expect(opener).to_be_focused()
    expect(opener).to_have_attribute("aria-expanded", "false")

    page.goto(f"http://127.0.0.1:{school}/khac.html")
    page.set_viewport_size({"width": 390, "height": 800})
    opener.click()

    expect(frame.locator(".turn.answered")).to_contain_text("10/01/2026")
    expect(frame.get_by_label("Hỏi tiếp")).to_be_visible()
    assert page.locator("iframe").bounding_box()["width"] == 390
    frame.get_by_role("link", name="Hội thoại mới").click()
    expect(frame.locator(".turn")).to_have_count(0)
    page.get_by_role("button", name="Đóng", exact=True).click()
    expect(opener).to_be_focused()

    page.goto(f"http://localhost:{school}")  # for the browser another site, whose frames may keep nothing: it begins afresh
    opener.click()
    expect(frame.get_by_label("Câu hỏi của bạn")).to_be_focused()
    frame.get_by_label("Câu hỏi của bạn").fill(DUE)
    frame.get_by_role("button", name="Hỏi", exact=True).click()
    expect(frame.locator(".turn.answered")).to_contain_text("10/01/2026")
    frame.get_by_label("Hỏi tiếp").fill("thế còn cuối năm?")  # the browser sends a frame of another site no cookie
    frame.get_by_role("button", name="Hỏi", exact=True).click()
    followed = frame.locator(".turn.answered", has_text="thế còn cuối năm?")
    expect(followed.locator(".lead")).to_contain_text("10/06/2026")
    followed.get_by_role("button", name="Đúng", exact=True).click()
    expect(followed.get_by_role("status").first).to_contain_text("Cảm ơn")
    assert "localhost" in site.http.get("/khung").headers["content-security-policy"]
    assert "frame-ancestors 'none'" in site.http.get("/").headers["content-security-policy"]


def test_a_site_that_may_not_embed_it_is_told_why(chromium, site, school):
    with chromium.new_context() as context:
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.goto(f"http://127.0.0.2:{school}")
        page.get_by_role("button", name="Hỏi Tra Cứu").click()

        expect(page.get_by_role("status")).to_contain_text("Trang này chưa được phép mở khung hỏi đáp.")
        expect(page.get_by_role("link", name="Mời thầy cô hỏi ở trang Tra Cứu")).to_have_attribute("href", site.base)
        assert any(f"thêm http://127.0.0.2:{school} vào TRACUU_WIDGET_ORIGINS" in line for line in said)


@pytest.mark.parametrize(
    ("allowed", "asking", "is_allowed"),
    [
        ("*", "https://truong.edu.vn", True),
        ("https://truong.edu.vn", "https://truong.edu.vn", True),
        ("https://truong.edu.vn", "https://truong.edu.vn:8443", False),
        ("https://truong.edu.vn", "http://truong.edu.vn", False),
        ("http://truong.edu.vn", "https://truong.edu.vn", True),
        ("https://*.edu.vn", "https://truong.edu.vn", True),
        ("https://*.edu.vn", "https://edu.vn", False),
        ("https://*.edu.vn", "https://truongedu.vn", False),
        ("http://localhost:*", "http://localhost:9000", True),
        ("*", "null", False),
    ],
)
def test_an_address_is_allowed_as_browsers_read_the_setting(allowed, asking, is_allowed):
    assert is_of(allowed, asking) == is_allowed
