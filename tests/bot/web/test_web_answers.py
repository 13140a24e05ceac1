"""How an answer looks: its facts large, its sources folded, what can be done with it in place and without scripts."""

from __future__ import annotations

import re
import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from bot.journal import Journal
from bot.render import to_json
from bot.web.references import referred
from bot.web.turns import Turn, Turns, new_id
from rag.documents import Answer, Citation, Document
from rag.storage import State
from tests.bot.offered import LABELS, NUMBER, REFUSED
from tests.bot.web.asking import ask
from tests.bot.web.browsers import OWNER, known
from tests.bot.web.site import DUE, found_in_a_moment

IN_FIELD = "ai phụ trách chuyển đổi số"
PHONE = {"width": 390, "height": 844}
SEND = "Gửi câu này cho quản trị viên"


@pytest.fixture
def put(site):
    """Have the site keep turns of one conversation, as if they had been asked; the turns are returned."""
    turns = Turns(State(site.data))

    def keep(*answers: Answer) -> list[Turn]:
        conversation = new_id()
        kept = [Turn(new_id(), conversation, time.time(), to_json(answer), owner=OWNER) for answer in answers]
        for turn in kept:
            turns.add(turn)
        return kept

    yield keep
    turns.close()


def reason_given(site, id):
    journal = Journal(State(site.data))
    return next((entry for entry in journal.entries() if entry.id == id and entry.reason), None)


def test_deadlines_stand_in_a_table_with_the_days_left(page, site):
    page.goto(site.base)
    turn = ask(page, DUE)

    rows = turn.get_by_role("table").get_by_role("row")
    expect(rows.first).to_have_text(re.compile(r"Việc\s*Hạn\s*Ai làm\s*Gửi ai"))
    expect(rows.nth(1)).to_contain_text("Trước ngày 10/01/2026 còn 7 ngày")
    expect(rows.nth(1).get_by_role("cell").last).to_have_text("Sở GDĐT")
    expect(rows.nth(2).get_by_role("cell").last).to_have_text("Bộ GDĐT")
    assert turn.locator(".lead").inner_text().count("10/01/2026") == 1


def test_whom_to_call_is_tapped_and_its_doubt_stands_beside_it(page, site):
    page.goto(site.base)
    person = ask(page, IN_FIELD).locator(".lead .person")

    expect(person.locator("a.call")).to_have_attribute("href", "tel:0972523518")
    expect(person).to_contain_text("Cao Bá Duyệt")
    expect(person).to_contain_text("cần đối chiếu bản gốc")
    expect(page.get_by_text("Chỗ này trong bản quét khó đọc")).to_have_count(1)
    expect(page.get_by_text("chỗ này chưa chắc")).to_have_count(0)


def test_a_day_that_was_asked_about_is_judged_first_and_no_deadline_is_told_twice(page, site):
    page.goto(site.base)
    lead = ask(page, "nộp báo cáo sau ngày 15/1/2026 có kịp không").locator(".lead")
    expect(lead).to_have_text(re.compile(r"^\s*Không kịp\s*Trước ngày 10/01/2026"))

    said = ask(page, "tôi mới về trường, báo cáo chuyển đổi số gửi cho ai, gửi vào lúc nào").locator(".lead").inner_text()
    assert said.count("10/01/2026") == 1


def test_one_answer_fits_a_phone_and_its_quote_unfolds_there_only(chromium, site):
    with known(chromium.new_context(viewport=PHONE), site) as context:
        page = context.new_page()
        page.goto(site.base)
        turn = ask(page, DUE)
        quote = turn.locator(".cite blockquote").first

        last = turn.locator(".actions").bounding_box()
        assert turn.locator(".asked").bounding_box()["y"] >= 0
        assert last["y"] + last["height"] <= page.locator(".ask").bounding_box()["y"]
        folded = quote.bounding_box()["height"]
        turn.locator(".cite summary").first.press("Enter")
        assert quote.bounding_box()["height"] > folded
        turn.locator(".cite summary").first.press("Enter")
        page.emulate_media(media="print")
        assert quote.bounding_box()["height"] > folded
        page.emulate_media(media="screen")
        page.set_viewport_size({"width": 1280, "height": 844})
        expect(turn.locator(".cite summary").first).to_be_hidden()


def test_the_panel_of_a_phone_stands_at_the_cited_lines(chromium, site):
    with chromium.new_context(viewport=PHONE) as context:
        page = context.new_page()
        page.goto(site.base)
        ask(page, DUE).locator(".cite a.open").first.click()
        expect(page.locator(".panel .cited")).to_be_in_viewport()


def test_long_lists_fold_and_a_note_is_said_once_in_a_conversation(chromium, site, put):
    cited = Citation(NUMBER, "III.6", 7, "Kiểm tra", LABELS[1])
    lines = "\n".join(f"- Mục thứ {number} của danh sách" for number in range(1, 13))
    note = "Năm học 2025-2026 đã kết thúc."
    long, again = put(*(Answer(question, "answered", lines, (cited,), notes=(note,)) for question in ("một", "hai")))
    with known(chromium.new_context(java_script_enabled=False), site) as context:
        page = context.new_page()
        page.goto(f"{site.base}/tra-loi/{again.share}")
        expect(page.get_by_text(note)).to_have_count(1)
        page.goto(f"{site.base}/hoi/{long.conversation}")
        first = page.locator(".turn").first

        expect(page.get_by_text(note)).to_have_count(1)
        expect(first.get_by_text("Mục thứ 5 của")).to_be_visible()
        expect(first.get_by_text("Mục thứ 6 của")).to_be_hidden()
        first.get_by_text("Xem đủ 12 mục").click()
        expect(first.get_by_text("Mục thứ 12 của")).to_be_visible()


def test_a_reason_typed_is_a_thumb_down_sent_once(page, site):
    sent = []
    page.on("request", lambda request: sent.append(request.post_data) if request.url.endswith("/danh-gia") else None)
    page.goto(site.base)
    turn = ask(page, DUE)
    field = turn.get_by_label("Sai hoặc thiếu gì?")
    expect(field).to_be_hidden()

    turn.get_by_role("button", name="Sai hoặc thiếu").press("Enter")
    expect(field).to_be_focused()
    field.fill("thiếu hạn của trường mầm non")
    field.evaluate("field => { field.form.requestSubmit(); field.form.requestSubmit(); }")

    expect(turn.locator("[data-reason]").get_by_role("status")).to_have_text("Đã ghi. Cảm ơn thầy cô.")
    assert len(sent) == 2 and all("vote=down" in each for each in sent)
    kept = found_in_a_moment(lambda: reason_given(site, turn.get_attribute("id")))
    assert (kept.vote, kept.reason) == ("down", "thiếu hạn của trường mầm non")


def test_a_reason_is_a_thumb_down_without_scripts_too(chromium, site):
    with known(chromium.new_context(java_script_enabled=False), site) as context:
        page = context.new_page()
        page.goto(site.base)
        page.get_by_label("Câu hỏi của bạn").fill(DUE)
        page.get_by_role("button", name="Hỏi", exact=True).click()
        id = page.locator(".turn").get_attribute("id")
        page.get_by_label("Sai hoặc thiếu gì?").fill("ngày khác")
        page.keyboard.press("Enter")

        expect(page.get_by_text(re.compile("Cảm ơn"))).to_be_visible()
    kept = found_in_a_moment(lambda: reason_given(site, id))
    assert (kept.vote, kept.reason) == ("down", "ngày khác")


def test_a_refusal_says_whom_to_call_and_goes_to_the_admin_in_place(page, site, put):
    sent = []
    page.route("**/gui", lambda route: (sent.append(route.request.post_data), route.fulfill(status=204)))
    (kept,) = put(REFUSED)
    known(page.context, site)
    page.goto(f"{site.base}/hoi/{kept.conversation}")
    turn = page.locator(".turn")

    calls = turn.get_by_role("group", name="Đầu mối nêu trong văn bản").locator("a[href^='tel:']")
    expect(calls.first).to_be_visible()
    turn.get_by_label("Nói thêm với quản trị viên").fill("hỏi cho tổ Toán")
    turn.get_by_role("button", name=SEND).press("Enter")

    expect(turn.locator("[data-send]").get_by_role("status")).to_have_text("Đã gửi. Cảm ơn thầy cô.")
    expect(turn.get_by_role("button", name=SEND)).to_be_hidden()
    assert len(sent) == 1 and kept.id in sent[0] and "note=" in sent[0]


def test_copying_gives_the_fact_the_quote_its_place_and_the_shared_answer(page, site):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(site.base)
    turn = ask(page, DUE)
    turn.get_by_role("button", name="Sao chép kèm nguồn").press("Enter")

    expect(turn.locator(".actions").get_by_role("status")).to_have_text("Đã sao chép kèm nguồn.")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("- Báo cáo sơ kết học kì 1 năm học 2025-2026: trước ngày 10/01/2026 (UBND cấp xã")
    assert "“Định kỳ tổ chức sơ kết" in copied and "\n— Mục IV.2" in copied and "Đọc cả đoạn" not in copied
    assert re.search(rf"{site.base}/tra-loi/[\w-]+\n$", copied)


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (390, "light"), (1280, "dark")])
def test_answers_fit_and_are_accessible(chromium, site, width, scheme):
    with known(chromium.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme), site) as context:
        page = context.new_page()
        page.goto(site.base)
        for question in (DUE, IN_FIELD, "link nhập liệu cơ sở dữ liệu ngành"):
            turn = ask(page, question)
            assert turn.evaluate("turn => turn.scrollWidth <= turn.clientWidth")
            turn.get_by_role("button", name="Sai hoặc thiếu").click()
            expect(turn.get_by_label("Sai hoặc thiếu gì?")).to_be_visible()
            targets = turn.locator("button:visible, summary:visible, a.plain:visible, a.call:visible").all()
            assert min(target.bounding_box()["height"] for target in targets) >= 44
        assert not [(each["id"], each["nodes"][0]["html"]) for each in Axe().run(page, ".turns").response["violations"]]


def test_what_a_text_refers_to_is_a_link_and_the_rest_is_escaped():
    documents = {number: Document(number) for number in ("09/2021/TT-BGDĐT", "57-NQ/TW")}
    index = type("Index", (), {"documents": documents})()
    made = str(
        referred("<b> 9/2021/tt, 09/2021/TT-BGDĐT, 57- NQ/TW, 11/2000/QĐ-TTg, a@b.edu.vn, 0972.523.518, https://c.vn/57-NQ/TW", index)
    )

    assert "&lt;b&gt;" in made and "11/2000/QĐ-TTg," in made
    assert re.findall('href="([^"]+)"', made) == [
        "/van-ban/09-2021-TT-BGDDT",
        "/van-ban/57-NQ-TW",
        "mailto:a@b.edu.vn",
        "tel:0972523518",
        "https://c.vn/57-NQ/TW",
    ]
