"""The page and the API with a language model set: the extract at once, the model's verified wording below it."""

from __future__ import annotations

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.bot.web.asking import ask, events, streaming
from tests.bot.web.site import DUE, UNKNOWN, found_in_a_moment
from tests.rag.scripted_models import UNCLEAR, Fault, truthful

MARK = "Diễn đạt bởi mô hình ngôn ngữ scripted"
LIE = "\nBáo cáo sơ kết học kì 1 nộp trước ngày 11/01/2026 [1]. "


@pytest.fixture(scope="module")
def worded(site_with_model):
    """The service with a language model."""
    return site_with_model()


@pytest.fixture(autouse=True)
def honest(models):
    models.script = [truthful]
    models.requests.clear()


def test_the_page_shows_the_wording_below_the_extract_and_shows_it_again(page, worded):
    page.goto(worded.base)
    with page.expect_response("**/hoi") as response:
        turn = ask(page, DUE)
    response.value.finished()

    for _ in range(2):
        wording = turn.get_by_role("region", name="Diễn đạt")
        expect(wording).to_contain_text(MARK)
        expect(wording.locator(".words")).to_contain_text("[1]")
        expect(wording.get_by_role("link").first).to_have_attribute("href", "/van-ban/2607-SGDDT-GDPT/IV.2-2")
        expect(turn.locator(".lead")).to_contain_text("10/01/2026")
        assert not Axe().run(page, ".wording").response["violations"]
        page.reload()


def test_the_page_takes_back_what_turns_out_to_be_false(page, worded, models):
    models.script = [lambda messages: truthful(messages) + LIE]
    page.goto(worded.base)
    with page.expect_response("**/hoi") as response:
        turn = ask(page, DUE)
    response.value.finished()

    assert len(models.requests) == 2
    expect(turn.locator(".lead")).to_contain_text("10/01/2026")
    expect(turn.get_by_role("region", name="Diễn đạt")).to_be_hidden()
    expect(turn).not_to_contain_text("11/01/2026")


def test_a_box_on_the_page_does_without_the_model(page, worded, models):
    page.goto(worded.base)
    page.get_by_label("Chỉ trích nguyên văn").check()
    turn = ask(page, DUE)
    page.reload()

    expect(turn.get_by_role("region", name="Diễn đạt")).to_be_hidden()
    assert models.requests == []


def test_a_button_puts_the_wording_away_and_does_without_it_from_then_on(page, worded, models):
    page.goto(worded.base)
    with page.expect_response("**/hoi") as response:
        turn = ask(page, DUE)
    response.value.finished()
    wording, box = turn.get_by_role("region", name="Diễn đạt"), page.get_by_label("Chỉ trích nguyên văn")
    models.requests.clear()

    turn.get_by_role("button", name="Ẩn").press("Enter")
    expect(wording).to_be_hidden()
    expect(turn.locator(".lead")).to_contain_text("10/01/2026")
    expect(turn.get_by_role("status")).to_contain_text("chỉ trích nguyên văn")
    expect(box).to_be_focused()
    expect(box).to_be_checked()
    ask(page, "thế còn cuối năm?")
    assert models.requests == []
    box.uncheck()
    expect(wording).to_be_visible()


def test_the_button_is_not_there_without_scripts(chromium, worded):
    with chromium.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(worded.base)
        page.get_by_label("Câu hỏi của bạn").fill(DUE)
        page.get_by_role("button", name="Hỏi", exact=True).click()
        wording = page.get_by_role("region", name="Diễn đạt")
        found_in_a_moment(lambda: page.reload() and wording.count())

        expect(wording).to_contain_text(MARK)
        expect(page.locator("[data-put-away]")).to_be_hidden()


def test_the_model_is_not_asked_about_refusals_unless_it_may_write_out_questions(worded, models):
    worded.ask(DUE, conversation="tu-choi", plain=True)

    assert worded.ask(UNCLEAR, conversation="tu-choi")["status"] == "not_found"
    assert models.requests == []


def test_json_has_the_wording_unless_the_extract_alone_is_wanted(worded, models):
    extract = worded.http.post("/api/ask", json={"question": DUE, "plain": True}).json()
    assert models.requests == []
    whole = worded.ask(DUE, conversation="doc-lai")
    refusal = worded.ask(UNKNOWN)

    wording = whole.pop("wording")
    assert wording["model"] == "scripted"
    assert wording["citations"][0]["document"] == "2607/SGDĐT-GDPT"
    assert "wording" not in extract | refusal
    assert whole | {"seconds": 0} == extract | {"seconds": 0}


def test_a_lie_is_told_to_nobody(worded, models):
    models.script = [lambda messages: truthful(messages) + LIE]
    with streaming(worded, DUE) as response:
        told = list(events(response))
    answer = worded.ask(DUE)

    after = [content for name, content in told if name == "wording"]
    assert after[0]["text"]
    assert after[-1] is None
    assert "11/01/2026" not in json.dumps(told) + json.dumps(answer)
    assert "wording" not in answer


@pytest.mark.parametrize("fault", [Fault(status=500), Fault("cut", text="Trước ngày"), Fault("broken")])
def test_a_model_that_fails_leaves_the_extract(worded, models, fault):
    models.script = [fault]

    answer = worded.ask(DUE)

    assert "10/01/2026" in answer["answer"]
    assert "wording" not in answer


def test_a_slow_model_delays_nobodys_extract(worded, models):
    models.hold()
    models.script = [Fault("slow", text="Báo cáo sơ kết học kì 1 năm học 2025-2026 trước ngày 10/01/2026 [1].")]
    with streaming(worded, DUE) as response:
        coming = events(response)
        first = next(content for name, content in coming if name == "answer")
        others = [worded.http.post("/api/ask", json={"question": f"{DUE}{'?' * n}", "plain": True}).json() for n in range(3)]
        assert len(models.requests) <= 1  # for the wording alone
        models.release()
        wording = next(content for name, content in coming if name == "wording")

    assert all("10/01/2026" in answer["answer"] for answer in [first, *others])
    assert "10/01/2026" in wording["text"]
