"""The page and the API where a language model may write out a follow-up: refused at once, answered after all in the same place."""

from __future__ import annotations

import itertools

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from bot.journal import Journal
from rag.storage import State
from tests.bot.web.asking import ask, events, streaming
from tests.bot.web.site import DUE, UNKNOWN, found_in_a_moment
from tests.rag.scripted_models import UNCLEAR, UNCLEAR_WRITTEN_OUT, Fault, helpful, truthful

SLOW = Fault("slow", text=UNCLEAR_WRITTEN_OUT)
_conversations = itertools.count(1)


@pytest.fixture(scope="module")
def site(site_with_model):
    """The service with a language model that may write out follow-ups."""
    started = site_with_model(TRACUU_LLM_REWRITES="1")
    started.ask(DUE)  # LangChain is loaded
    return started


@pytest.fixture
def talk(site, models):
    """A conversation in which something was answered; the model has not been asked yet."""
    conversation = f"hoi-thoai-{next(_conversations)}"
    site.ask(DUE, conversation=conversation, plain=True)
    models.script = [helpful]
    models.requests.clear()
    return conversation


def answers(told):
    return [content for name, content in told if name == "answer"]


def test_on_the_page_the_answer_takes_the_place_of_the_refusal(page, site, models):
    models.requests.clear()
    models.script = [truthful, SLOW, truthful]
    models.hold()
    page.goto(site.base)
    first = ask(page, DUE)
    expect(first.get_by_role("region", name="Diễn đạt")).to_be_visible()
    with page.expect_response("**/hoi") as response:
        refusal = ask(page, UNCLEAR)
    expect(refusal).to_contain_text("không tìm thấy")
    id = refusal.get_attribute("id")
    models.release()
    response.value.finished()

    turn = page.locator(f"[id='{id}']")
    for _ in range(2):
        expect(page.locator(".turn")).to_have_count(2)
        expect(turn.locator(".lead")).to_contain_text("10/06/2026")
        expect(turn.locator(".note").first).to_contain_text(f"Câu hỏi được hiểu là: “{UNCLEAR_WRITTEN_OUT}”")
        expect(turn).not_to_contain_text("không tìm thấy")
        expect(turn.get_by_role("region", name="Diễn đạt")).to_contain_text("[1]")
        assert not Axe().run(page, f"[id='{id}']").response["violations"]
        page.reload()


def test_what_somebody_types_meanwhile_stays(page, site, models):
    page.goto(site.base)
    extract = page.get_by_label("Chỉ trích nguyên văn")
    extract.check()
    ask(page, DUE)
    extract.uncheck()
    models.script = [SLOW]
    models.hold()
    with page.expect_response("**/hoi") as response:
        refusal = ask(page, UNCLEAR)
    expect(refusal).to_contain_text("không tìm thấy")
    page.get_by_label("Hỏi tiếp").fill("câu tôi đang gõ")
    models.release()
    response.value.finished()

    expect(page.locator(".turn").last).to_contain_text("10/06/2026")
    expect(page.get_by_label("Hỏi tiếp")).to_have_value("câu tôi đang gõ")
    expect(page.get_by_label("Hỏi tiếp")).to_be_focused()


def test_a_stream_tells_a_second_answer_of_the_same_id(site, models, talk):
    with streaming(site, UNCLEAR, talk) as response:
        told = list(events(response))

    refusal, answer = answers(told)
    assert (refusal["status"], answer["status"]) == ("not_found", "answered")
    assert refusal["id"] == answer["id"]
    assert answer["question"] == UNCLEAR
    assert "10/06/2026" in answer["answer"]
    assert [name for name, _ in told].index("wording") > [name for name, _ in told].index("answer")
    assert told[-1][1]["text"]


def test_json_waits_and_everything_goes_on_from_the_answer(site, models, talk):
    response = site.http.post("/api/ask", json={"question": UNCLEAR, "conversation": talk})
    answer, id = response.json(), response.headers["X-Answer-Id"]
    next_one = site.ask("thế là ngày nào", conversation=talk, plain=True)
    voted = site.http.post(f"/api/answers/{id}/vote", json={"vote": "up"})

    assert answer["status"] == "answered"
    assert answer["notes"][0] == f"Câu hỏi được hiểu là: “{UNCLEAR_WRITTEN_OUT}”"
    assert answer["wording"]["model"] == "scripted"
    assert site.http.get(f"/api/conversations/{talk}").json()["turns"][1]["answer"] == answer
    assert "10/06/2026" in next_one["answer"] and "10/01/2026" not in next_one["answer"]
    assert voted.status_code == 204
    (entry,) = found_in_a_moment(lambda: [e for e in Journal(State(site.data)).entries() if e.id == id and e.status == "answered"])
    assert (entry.question, entry.vote) == ("", "up")
    assert "2607/SGDĐT-GDPT" in entry.cited
    assert found_in_a_moment(lambda: [line for line in site.lines() if UNCLEAR_WRITTEN_OUT in line["event"]])


def test_a_conversation_that_went_on_meanwhile_is_left_as_it_is(site, models, talk):
    models.script = [SLOW, truthful]
    models.hold()
    with streaming(site, UNCLEAR, talk) as response:
        coming = events(response)
        assert next(content for name, content in coming if name == "answer")["status"] == "not_found"
        site.ask(DUE, conversation=talk, plain=True)
        models.release()
        (late,) = answers(coming)

    assert late["status"] == "answered"
    next_one = site.ask("thế là ngày nào", conversation=talk, plain=True)
    assert "10/01/2026" in next_one["answer"] and "10/06/2026" not in next_one["answer"]


@pytest.mark.parametrize(
    "fault",
    [Fault(status=500), Fault("cut", text="Báo cáo"), Fault("broken"), "Giá vàng hôm nay bao nhiêu?", "Báo cáo ngày 31/12/2099?", ""],
)
def test_a_model_that_fails_or_babbles_leaves_the_refusal(site, models, talk, fault):
    models.script = [fault]

    with streaming(site, UNCLEAR, talk) as response:
        told = list(events(response))

    assert [answer["status"] for answer in answers(told)] == ["not_found"]
    assert told[-1][0] == "answer"
    assert len(models.requests) == 1


def test_the_model_is_not_asked_without_a_topic_nor_where_the_extract_alone_is_wanted(site, models, talk):
    assert site.ask(UNKNOWN)["status"] == "not_found"
    assert site.ask(UNCLEAR, conversation="chua-hoi-gi")["status"] == "not_found"
    assert site.ask(UNCLEAR, conversation=talk, plain=True)["status"] == "not_found"

    assert models.requests == []
