"""Answers that are not sure, and refusals, as people see them; and the provision that somebody says was meant."""

from __future__ import annotations

import re
import time
from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from bot.picks import Picks
from bot.render import to_json
from bot.web.turns import Turn, Turns, new_id
from rag.storage import State
from tests.bot.offered import LABELS, NUMBER, OFFERED, QUOTES, REFUSED, SENTENCE, TITLES
from tests.bot.web.asking import ask, events, streaming
from tests.bot.web.browsers import OWNER, TOKEN, Browser, known
from tests.bot.web.site import DUE

MEANT = "Đúng chỗ này"


@pytest.fixture
def put(site):
    """Have the site keep a turn, as if the browser that is ``known`` had asked it; the turn is returned."""
    turns = Turns(State(site.data))

    def keep(answer=OFFERED) -> Turn:
        kept = Turn(new_id(), new_id(), time.time(), to_json(answer), owner=OWNER)
        turns.add(kept)
        return kept

    yield keep
    turns.close()


@pytest.fixture
def page(page, site):
    """A page of the browser that asked what is ``put``."""
    known(page.context, site)
    return page


def picked(site, question):
    return [(pick.document, pick.section, pick.times) for pick in Picks(State(site.data)).all(36_500) if pick.question == question]


def test_an_offer_is_seen_as_one_with_a_card_for_each_provision(page, site, put):
    page.goto(f"{site.base}/hoi/{put().conversation}")
    turn = page.locator(".turn.offered")

    expect(turn.locator(".lead")).to_have_text(f"Chưa chắc {SENTENCE}")
    cards = turn.get_by_role("list", name="Có thể là một trong").get_by_role("listitem")
    expect(cards).to_have_count(3)
    for card, title in zip(cards.all(), TITLES, strict=True):
        expect(card.get_by_role("heading")).to_have_text(title)
        expect(card.get_by_role("link").first).to_contain_text(NUMBER)
        expect(card.get_by_role("button", name=MEANT)).to_have_attribute("aria-pressed", "false")
    assert turn.inner_text().count(QUOTES[2]) == 1
    quote = cards.nth(1).locator("blockquote")
    expect(quote).to_contain_text("Tối thiểu 30%")
    beginning = quote.bounding_box()["height"]
    cards.nth(1).locator("summary", has_text="Đọc cả đoạn").click()
    expect(cards.nth(1).locator("summary")).to_have_text(re.compile("Thu gọn"))
    assert quote.bounding_box()["height"] > beginning


def test_what_was_meant_is_noted_once_and_seen_again(page, site, put):
    question = "việc này ai lo, hỏi cô Bông 0912345678"
    page.goto(f"{site.base}/hoi/{put(replace(OFFERED, question=question)).conversation}")
    cards = page.locator(".offer")

    for _ in range(2):
        cards.nth(1).get_by_role("button", name=MEANT).press("Enter")
        expect(cards.nth(1).get_by_role("status")).to_contain_text("Cảm ơn thầy cô")

    expect(cards.nth(1).get_by_role("button", name=MEANT)).to_have_attribute("aria-pressed", "true")
    assert picked(site, "việc này ai lo, hỏi cô ••• •••") == [(NUMBER, "III.6", 1)]
    page.reload()
    expect(page.locator(".offer.meant")).to_have_count(1)
    expect(page.locator(".offer.meant").get_by_role("heading")).to_have_text(TITLES[1])


def test_an_offer_is_streamed_and_a_card_opens_its_provision(page, site, question_with):
    question = question_with("offered")
    page.goto(site.base)
    turn = ask(page, question)

    expect(turn).to_have_class(re.compile("offered"))
    expect(turn.locator(".lead")).to_contain_text("Chưa chắc")
    turn.locator(".offer a.open").first.click()
    expect(page.get_by_label("Văn bản được trích dẫn").get_by_role("heading", level=1)).to_be_visible()
    page.keyboard.press("Escape")
    turn.get_by_role("button", name=MEANT).first.click()
    expect(turn.locator(".offer").first.get_by_role("status")).to_contain_text("Cảm ơn thầy cô")
    ((document, _, times),) = picked(site, question)
    assert (document, times) == (NUMBER, 1)


def test_an_offer_works_without_scripts(chromium, site, put):
    kept = put(replace(OFFERED, question="không có kịch bản"))
    with chromium.new_context(java_script_enabled=False) as context:
        page = known(context, site).new_page()
        page.goto(f"{site.base}/hoi/{kept.conversation}")
        page.get_by_role("button", name=MEANT).nth(2).click()

        expect(page).to_have_url(re.compile(f"/hoi/{kept.conversation}.*#{kept.id}$"))
        expect(page.locator(".offer.meant").get_by_role("heading")).to_have_text(TITLES[2])
        expect(page.get_by_text("Cảm ơn bạn")).to_be_visible()
    assert picked(site, "không có kịch bản") == [(NUMBER, "II.2", 1)]


def test_a_shared_offer_is_seen_whole_and_takes_nothing(chromium, site, put):
    kept = put(replace(OFFERED, question="câu được chia sẻ"))
    with chromium.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{site.base}/tra-loi/{kept.share}")

        expect(page.locator(".offer")).to_have_count(3)
        expect(page.get_by_role("link", name="Chia sẻ")).to_be_visible()
        assert page.locator(".turn form").count() == 0
        assert not [name for name in (kept.id, kept.conversation) if name in page.content()]


def test_the_frame_of_other_sites_shows_an_offer(page, site, question_with):
    page.goto(f"{site.base}/khung")
    turn = ask(page, question_with("offered"))

    turn.get_by_role("button", name=MEANT).first.click()
    expect(turn.locator(".offer").first.get_by_role("status")).to_contain_text("Cảm ơn thầy cô")


def test_copying_an_offer_takes_every_provision_with_its_place(page, site, put):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{site.base}/hoi/{put().conversation}")
    page.get_by_role("button", name="Sao chép kèm nguồn").click()

    expect(page.locator(".actions").get_by_role("status")).to_have_text("Đã sao chép kèm nguồn.")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert SENTENCE in copied and all(quote in copied for quote in QUOTES) and "— Mục III.6" in copied


def test_a_refusal_says_what_the_nearest_provisions_are_about(page, site, put):
    page.goto(f"{site.base}/hoi/{put(REFUSED).conversation}")
    near = page.get_by_role("region", name="Nội dung gần nhất").get_by_role("listitem")

    expect(near.get_by_role("link")).to_have_text(TITLES[1])
    expect(near).to_contain_text(LABELS[1])


def test_a_refusal_that_was_kept_before_it_had_titles_is_still_shown(page, site, put):
    old = to_json(REFUSED)
    del old["related"][0]["title"]
    kept = Turn(new_id(), new_id(), time.time(), old, owner=OWNER)
    Turns(State(site.data)).add(kept)
    page.goto(f"{site.base}/hoi/{kept.conversation}")

    expect(page.get_by_role("region", name="Nội dung gần nhất").get_by_role("link")).to_have_text(LABELS[1])


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (390, "dark"), (1280, "light"), (1280, "dark")])
def test_offers_and_refusals_fit_and_are_accessible(chromium, site, put, width, scheme):
    with chromium.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme) as context:
        page = known(context, site).new_page()
        for answer in (OFFERED, REFUSED):
            page.goto(f"{site.base}/hoi/{put(answer).conversation}")
            if answer is OFFERED:
                page.get_by_role("button", name=MEANT).first.click()
                page.locator(".offer summary").first.click()
                expect(page.locator(".offer.meant")).to_have_count(1)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert not [(each["id"], each["nodes"][0]["html"]) for each in Axe().run(page, ".turn").response["violations"]]


def test_only_what_is_offered_can_be_picked(site, put):
    offer, refusal = put(), put(REFUSED)
    answered = put(replace(OFFERED, status="answered"))
    asker = Browser(site, token=TOKEN)

    for id, place in ((offer.id, 3), (refusal.id, 0), (answered.id, 0), ("khong-co", 0)):
        assert asker.post("/chon", data={"id": id, "place": place}).status_code == 404
    assert asker.post("/chon", data={"id": offer.id, "place": -1}).status_code == 422
    assert asker.post("/chon", data={"id": offer.id, "place": 2}).status_code == 303


def test_the_api_tells_an_offer_from_an_answer(site, question_with):
    offered, refused = site.ask(question_with("offered")), site.ask(question_with("not_found"))
    with streaming(site, question_with("offered")) as response:
        streamed = [content for name, content in events(response) if name == "answer"][-1]
    described = site.http.get("/openapi.json").json()["components"]["schemas"]

    assert offered["status"] == streamed["status"] == "offered"
    assert 1 <= len(offered["citations"]) <= 3 and all(made["quote"] for made in offered["citations"])
    assert offered["related"] == []
    assert all(near["title"] for near in refused["related"])
    assert described["AnswerOut"]["properties"]["status"]["enum"] == ["answered", "offered", "not_found", "chat"]
    assert [example["status"] for example in described["AnswerOut"]["examples"]] == ["answered", "offered", "not_found"]
    assert 'tracuu_answers_total{office="",status="offered"}' in site.http.get("/metrics").text


def test_an_offer_is_not_what_the_conversation_is_about(site, question_with):
    site.ask(DUE, conversation="giu-chu-de")
    site.ask(question_with("offered"), conversation="giu-chu-de")

    kept = site.http.get("/api/conversations/giu-chu-de").json()["turns"]
    assert [turn["answer"]["status"] for turn in kept][:1] == ["answered"]
    assert "10/06/2026" in site.ask("thế còn báo cáo tổng kết?", conversation="giu-chu-de")["answer"]
