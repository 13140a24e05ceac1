"""Deadlines in people's calendars, whom to call, a document on one page."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pypdfium2
import pytest
from axe_playwright_python.sync_playwright import Axe
from icalendar import Calendar
from playwright.sync_api import expect

from bot.calendar import term_words
from bot.web.subscribing import subscription
from rag.documents import Deadline
from rag.slots.due import due_of

PATHS = ("/thoi-han", "/dau-moi", "/moi", "/tom-tat/2607-SGDDT-GDPT", "/tom-tat/57-NQ-TW")


def test_a_calendar_rings_at_eight_and_says_before_where_the_source_does(site):
    response = site.http.get("/thoi-han.ics", params={"vai-tro": "thpt"})
    found = Calendar.from_ical(response.content)
    first, *_ = events = found.walk("VEVENT")

    assert str(found["x-wr-calname"]) == "Thời hạn báo cáo – Trường THPT (Tra Cứu)"
    assert str(first["summary"]).startswith("Trước ngày 10/01: Báo cáo sơ kết học kì 1")
    rings = [alarm.decoded("trigger") for alarm in first.walk("VALARM")]
    assert rings == [timedelta(hours=8) - timedelta(days=days) for days in (3, 1, 0)]
    assert len({str(event["uid"]) for event in events}) == len(events) == 2
    assert b"\r\n" in response.content
    assert b"\n" not in response.content.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in response.content.split(b"\r\n"))
    everyone = Calendar.from_ical(site.http.get("/thoi-han.ics").content).walk("VEVENT")
    assert {str(event["uid"]) for event in events} < {str(event["uid"]) for event in everyone}


@pytest.mark.parametrize(
    ("when", "called"),
    [
        ("trước ngày 10/01/2026", "Trước ngày 10/01"),
        ("chậm nhất ngày 10/01/2026", "Hạn 10/01"),
        ("10/01/2026", "Hạn 10/01"),
        ("trước 17h00 ngày 10/01/2026", "Trước 17:00 ngày 10/01"),
        ("từ ngày 05/01/2026 đến ngày 10/01/2026", "Hạn 10/01"),
    ],
)
def test_a_term_is_called_before_only_where_it_is(when, called):
    term = due_of(Deadline("báo cáo", "", "", when, "2026-01-10", "", 0, when))

    assert term_words(term) == called


@pytest.mark.parametrize(
    ("base", "outside"),
    [
        ("http://localhost:8000", False),
        ("http://192.168.1.20", False),
        ("http://[::1]:8000", False),
        ("http://may-chu", False),
        ("https://tracuu.edu.vn", True),
    ],
)
def test_ways_to_subscribe_name_the_calendar_and_know_who_can_reach_it(base, outside):
    made = subscription(f"{base}/thoi-han.ics?vai-tro=thpt", "Thời hạn – THPT")

    assert made.webcal.startswith("webcal://")
    assert parse_qs(urlsplit(made.google).query)["cid"] == [made.webcal]
    for link in (made.outlook, made.office):
        assert parse_qs(urlsplit(link).query) == {"url": [made.address], "name": ["Thời hạn – THPT"]}
    assert made.outside is outside


def test_lists_are_copied_searched_and_printed(page, site):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{site.base}/thoi-han?vai-tro=xa")
    expect(page.get_by_text("Địa chỉ này chỉ mở được trong mạng nội bộ")).to_be_visible()
    expect(page.get_by_role("heading", name="Tháng 1/2026")).to_be_visible()
    page.get_by_role("button", name="Sao chép").click()
    assert page.evaluate("navigator.clipboard.readText()") == f"{site.base}/thoi-han.ics?vai-tro=xa"
    assert page.locator(".reading").count() == 0, "no deadline is in doubt"

    page.goto(f"{site.base}/dau-moi")
    page.get_by_role("searchbox").fill("thong ke")
    page.get_by_role("searchbox").press("Enter")
    card = page.locator(".cards li")
    expect(card).to_have_count(1)
    expect(card).to_contain_text("Chỗ “Vũ Thế Quí” chưa chắc (có thể là Quý)")
    expect(card.get_by_role("link", name="Gọi")).to_have_attribute("href", "tel:0983691800")
    card.get_by_role("button", name="Sao chép").click()
    assert page.evaluate("navigator.clipboard.readText()") == "0983.691.800"
    page.goto(f"{site.base}/dau-moi?tim=csdl.quangninh")
    expect(page.locator(".cards li")).to_have_count(1)
    assert page.locator(".reading").count() == 0, "another address of the sentence is in doubt, not this one"


def test_a_document_is_summed_up_on_one_printed_page(page, site):
    page.goto(f"{site.base}/tom-tat/2607-SGDDT-GDPT")

    group = page.locator("tr", has_text="Báo cáo sơ kết học kì 1").first
    expect(group).to_contain_text("Trước ngày 10/01/2026")
    expect(group.get_by_role("link", name=re.compile("Mục IV.2.*trang 8"))).to_be_visible()
    for heading in ("Ai phải làm gì, khi nào", "Định kỳ và theo kỳ hạn", "Đầu mối", "Phần mềm, trang và biểu mẫu", "Văn bản được viện dẫn"):
        expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
    printed = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
    assert len(printed) == 1
    text = printed[0].get_textpage().get_text_range()
    assert "0972.523.518" in text
    assert "153/KH-UBND" in text, "the last line is there as well"
    page.goto(f"{site.base}/tom-tat/57-NQ-TW")
    expect(page.get_by_text("Kho chưa có toàn văn")).to_be_visible()


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
def test_lists_fit_and_are_accessible(chromium, site, width, scheme):
    with chromium.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme) as context:
        page = context.new_page()
        for path in PATHS:
            page.goto(site.base + path)
            assert page.locator("main").evaluate("main => main.scrollWidth") <= width, path
            assert not Axe().run(page).response["violations"], path
            targets = page.locator("main .deed:visible, main .button:visible, main button:visible, main .roles a, main input:visible")
            assert all(box["height"] >= 44 for each in targets.all() if (box := each.bounding_box())), path


def test_lists_work_without_scripts(chromium, site):
    with chromium.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{site.base}/dau-moi")
        expect(page.get_by_role("button", name="Sao chép")).to_have_count(0)
        page.get_by_role("searchbox").fill("duyet")
        page.get_by_role("button", name="Tìm").click()
        expect(page.locator(".cards li")).to_have_count(1)
        page.goto(f"{site.base}/moi")
        expect(page.get_by_text("Đây là bản đầu tiên")).to_be_visible()
