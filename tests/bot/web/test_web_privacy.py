"""What others cannot do with a conversation, a shared answer, a vote: each test is somebody who tries."""

from __future__ import annotations

import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from bot.journal import Journal
from bot.render import to_json
from bot.web.turns import Turn, Turns, new_id
from rag.storage import State
from tests.bot.offered import OFFERED
from tests.bot.web.browsers import COOKIE, OWNER, Browser, conversation_of, known, shares, tokens, turn_ids
from tests.bot.web.site import DUE, UNKNOWN, found_in_a_moment

GO_ON = "thế còn cuối năm?"
FOLLOWED = "10/06/2026"
ELSEWHERE = "chỉ mở được trong trình duyệt đã hỏi"


def goes_on(html):
    """Whether the last answer understood what was asked before; without that, nothing is sure."""
    last = html.rpartition("<article")[2]
    return last.startswith(' class="turn answered"') and FOLLOWED in last


def rows(site, file, query, *values):
    with closing(sqlite3.connect(site.data / file)) as opened:
        return opened.execute(query, values).fetchall()


def votes(site):
    with closing(Journal(State(site.data))) as journal:
        return {entry.id: (entry.vote, entry.reason) for entry in journal.entries()}


def test_who_gets_a_shared_answer_gets_that_answer_and_nothing_to_do_with_it(site):
    # given a conversation in which one answer is shared
    asker, other = Browser(site), Browser(site)
    asker.ask(DUE)
    page = asker.ask(GO_ON, conversation=conversation_of(asker.ask("giá vàng hôm nay")))
    conversation, ids = conversation_of(page), turn_ids(page.text)
    kept = Turn(new_id(), new_id(), time.time(), to_json(OFFERED), owner=OWNER)
    with closing(Turns(State(site.data))) as turns:
        turns.add(kept)

    for link, private in ((shares(page.text)[-1], {conversation, *ids}), (f"/tra-loi/{kept.share}", {kept.id, kept.conversation})):
        # when another opens its link and follows every citation
        seen = other.get(link)
        cited = [other.get(at) for at in set(seen.text.split('"')) if at.startswith("/van-ban/") and "tra-loi=" in at]
        everything = "".join(f"{each.text}{each.headers}{each.url}" for each in (seen, *cited))

        # then it is read, and names neither who asked, nor the turn, nor the conversation; there is nothing to send
        assert seen.status_code == 200
        assert not [name for name in private if name in everything]
        assert not [path for path in ("/danh-gia", "/chon", "/gui", "/xoa") if path in seen.text]
        assert "noindex" in seen.text
        # and what does stand there opens, deletes, votes on and picks nothing
        for token in tokens(link + seen.text):
            assert other.get(f"/hoi/{token}").status_code == 404
            assert other.post(f"/hoi/{token}/xoa").status_code == 404
            assert other.vote(token).status_code == other.post("/chon", data={"id": token, "place": 0}).status_code == 404
            assert other.post(f"/api/answers/{token}/vote", json={"vote": "down"}).status_code == 404
            assert other.get(f"/api/conversations/{token}").status_code == 404
            assert other.delete(f"/api/conversations/{token}").status_code == 404
            assert not goes_on(other.ask(GO_ON, conversation=token, instead=token).text)
    assert turn_ids(asker.get(f"/hoi/{conversation}").text) == ids


def test_a_conversation_opens_and_changes_only_in_the_browser_that_asked(site):
    # given a conversation, whose address and ids somebody else has seen
    asker, other, nobody = Browser(site), Browser(site), Browser(site, cookies=False)
    page = asker.ask(DUE)
    conversation, (id,) = conversation_of(page), turn_ids(page.text)
    address = f"/hoi/{conversation}"

    for thief in (other, nobody):
        # when they open it, then they are told why not, and no more than of one that never was
        told = thief.get(address)
        assert told.status_code == 404
        assert ELSEWHERE in told.text
        assert DUE not in told.text
        assert told.text == thief.get(f"/hoi/{new_id()}").text
        # when they go on with it, vote, pick, ask anew or delete, then nothing of it is touched
        assert not goes_on(thief.ask(GO_ON, conversation=conversation).text)
        assert DUE not in thief.ask(GO_ON, instead=id).text
        assert thief.vote(id).status_code == thief.post("/chon", data={"id": id, "place": 0}).status_code == 404
        assert thief.post(f"{address}/xoa").status_code in (403, 404)
        thief.post("/lich-su/xoa")
    for call in (("GET", f"/api/conversations/{conversation}"), ("DELETE", f"/api/conversations/{conversation}")):
        assert asker.request(*call).status_code == 404
    assert asker.post(f"/api/answers/{id}/vote", json={"vote": "down"}).status_code == 404
    # and not from a page of another site either, where the browser is the right one
    for from_there in ("cross-site", "same-site"):
        elsewhere = {"Sec-Fetch-Site": from_there}
        assert asker.post(f"{address}/xoa", headers=elsewhere).status_code == 403
        assert asker.post("/lich-su/xoa", headers=elsewhere).status_code == 403
        assert asker.post("/danh-gia", data={"id": id, "vote": "down"}, headers=elsewhere).status_code == 404

    # then all is there for who asked: a link in a letter opens it too
    opened = asker.get(address, headers={"Sec-Fetch-Site": "cross-site"})
    assert turn_ids(opened.text) == [id]
    assert (opened.headers["cache-control"], opened.headers["x-robots-tag"]) == ("private, no-store", "noindex, nofollow")
    assert goes_on(asker.ask(GO_ON, conversation=conversation).text)
    assert found_in_a_moment(lambda: id in votes(site)) and votes(site)[id] == ("", "")
    assert asker.vote(id).status_code == 204


def test_the_browser_is_known_by_a_token_that_no_script_no_other_site_and_no_file_has(site):
    asker = Browser(site)
    token = asker.cookies[COOKIE]
    asker.ask(DUE)

    plain = site.http.get("/").headers["set-cookie"]
    encrypted = site.http.get("/", headers={"X-Forwarded-Proto": "https"}).headers["set-cookie"]
    site.http.cookies.clear()

    assert all(each in plain for each in ("HttpOnly", "SameSite=lax", "Path=/"))
    assert "Secure" not in plain
    assert "Secure" in encrypted
    assert encrypted.startswith(f"__Host-{COOKIE}=")
    assert len(token) == 43
    assert not [path for path in site.data.glob("*.sqlite3*") if token.encode() in path.read_bytes()]
    # and one that somebody chose for another is not taken over https
    asker.headers["X-Forwarded-Proto"] = "https"
    assert ELSEWHERE in asker.get(f"/hoi/{new_id()}").text
    assert "chưa hỏi câu nào" in asker.get("/lich-su").text


def test_in_a_frame_without_cookies_people_go_on_by_what_their_page_holds(site):
    # given a frame whose browser sends no cookie
    framed, other = Browser(site, cookies=False), Browser(site)

    first = framed.told(DUE)
    second = framed.told(GO_ON, conversation=first["conversation"])

    # then they ask, go on, vote and ask anew
    assert goes_on(second["html"])
    assert first["conversation"] == second["conversation"]
    (id,) = turn_ids(second["html"])
    assert framed.vote(id, vote="down").status_code == 204
    anew = framed.told(GO_ON, instead=id)
    assert goes_on(anew["html"])
    # and no address reads it, in any browser
    assert first["address"] == second["address"] == ""
    for browser in (framed, other):
        assert browser.get(f"/hoi/{first['conversation']}").status_code == 404
        assert browser.get(f"/api/conversations/{first['conversation']}").status_code == 404
        assert DUE not in browser.get("/lich-su").text
    # and without scripts too: the page is the reply itself
    page = framed.ask(DUE)
    again = framed.ask(GO_ON, conversation=conversation_of(page))
    assert len(turn_ids(again.text)) == 2 and goes_on(again.text)
    thanked = framed.post("/danh-gia", data={"id": turn_ids(again.text)[1], "vote": "up"})
    assert "Cảm ơn bạn đã đánh giá" in thanked.text


def test_what_is_deleted_is_gone_everywhere(site):
    # given two conversations, one with a question whose words the admin sees, and a link to its answer
    asker, other = Browser(site), Browser(site)
    kept = conversation_of(other.ask(DUE))
    first = asker.ask(f"{UNKNOWN} nhỉ")
    page = asker.ask(DUE, conversation=conversation_of(first))
    conversation, link, ids = conversation_of(page), shares(page.text)[-1], turn_ids(page.text)
    later = conversation_of(asker.ask(DUE))

    # then the history has its own alone, the newest first, each with its first question
    shown = asker.get("/lich-su")
    assert shown.text.index(f"/hoi/{later}") < shown.text.index(f"/hoi/{conversation}")
    assert f"{UNKNOWN} nhỉ" in shown.text and "2 câu hỏi" in shown.text and "180 ngày" in shown.text
    assert kept not in shown.text
    assert shown.headers["cache-control"] == "private, no-store" and "noindex" in shown.text

    # when one is deleted
    assert asker.post(f"/hoi/{conversation}/xoa").headers["location"] == "/lich-su"

    # then its words, its state before and after each question, its shared answer are nowhere
    assert asker.get(f"/hoi/{conversation}").status_code == asker.get(link).status_code == asker.vote(ids[0]).status_code == 404
    assert not rows(site, "conversations.sqlite3", "SELECT 1 FROM conversations WHERE id = ?", f"web:{conversation}")
    for table in ("before", "shares", "picked"):
        assert not rows(site, "turns.sqlite3", f"SELECT 1 FROM {table} WHERE turn IN (?, ?)", *ids)
    assert not rows(site, "turns.sqlite3", "SELECT 1 FROM owners WHERE conversation = ?", conversation)
    assert not {*ids} & votes(site).keys()
    assert not [path.name for path in site.data.glob("turns.sqlite3*") if f"{UNKNOWN} nhỉ".encode() in path.read_bytes()]
    assert conversation not in asker.get("/lich-su").text
    # and all of one browser is all of that browser
    asker.post("/lich-su/xoa")
    assert "chưa hỏi câu nào" in asker.get("/lich-su").text
    assert asker.get(f"/hoi/{later}").status_code == 404
    assert other.get(f"/hoi/{kept}").status_code == 200


def test_a_question_takes_the_place_of_another_and_of_what_followed_it(site):
    asker = Browser(site)
    conversation = conversation_of(asker.ask(DUE))
    asker.ask(GO_ON, conversation=conversation)
    page = asker.ask("ai là đầu mối", conversation=conversation)
    first, second, _ = turn_ids(page.text)

    # when the second is asked otherwise, then it follows the first one, and the third is gone
    changed = asker.ask("thế còn tổng kết?", instead=second)
    assert conversation_of(changed) == conversation
    assert turn_ids(changed.text)[0] == first
    assert len(turn_ids(changed.text)) == 2
    assert goes_on(changed.text)
    # and when the first is, then nothing is before it
    anew = asker.ask(GO_ON, instead=first)
    assert len(turn_ids(anew.text)) == 1
    assert not goes_on(anew.text)
    assert anew.url.path == f"/hoi/{conversation}"
    # and one that is gone already is asked as it is: nothing is lost
    assert GO_ON + "?" in asker.ask(GO_ON + "?", instead=second, conversation=conversation).text


def test_an_id_that_programs_think_up_is_theirs_alone(site):
    one, two = ({"X-Forwarded-For": address} for address in ("203.0.113.41", "203.0.113.42"))

    def ask(question, who, id="hoi-thoai-1"):
        return site.http.post("/api/ask", json={"question": question, "conversation": id}, headers=who)

    # given two programs with the id of an example
    voted = ask(DUE, one).headers["X-Answer-Id"]

    # then one goes on, and the other has a conversation of its own
    assert FOLLOWED in ask(GO_ON, one).json()["answer"]
    path = "/api/conversations/hoi-thoai-1"
    assert site.http.get(path, headers=two).status_code == site.http.delete(path, headers=two).status_code == 404
    assert FOLLOWED not in ask(GO_ON, two).json()["answer"]
    read = site.http.get(path, headers=one).json()
    assert (read["id"], len(read["turns"])) == ("hoi-thoai-1", 2)
    assert site.http.delete(path, headers=two).status_code == 204
    assert site.http.get(path, headers=one).status_code == 200
    assert site.http.post(f"/api/answers/{voted}/vote", json={"vote": "up"}, headers=two).status_code == 204
    # and an id that was given out is anybody's who has it, but of no page
    given = site.http.post("/api/conversations").json()["id"]
    ask(DUE, one, given)
    assert FOLLOWED in ask(GO_ON, two, given).json()["answer"]
    assert Browser(site).get(f"/hoi/{given}").status_code == 404
    assert not goes_on(Browser(site).ask("thế còn tổng kết?", conversation=given).text)
    # and one that only looks like it is thought up
    forged = given[:16] + "0" * len(given[16:])
    ask(DUE, one, forged)
    assert site.http.get(f"/api/conversations/{forged}", headers=two).status_code == 404
    assert "hoi-thoai-1" not in site.http.get("/openapi.json").text + site.http.get("/docs").text


@pytest.mark.parametrize(
    ("fields", "vote"),
    [
        ({"vote": "up"}, "up"),
        ({"vote": "up", "reason": "thiếu mốc của xã"}, "down"),  # Enter pressed the first button
        ({"vote": ["down", "up"]}, "down"),  # the form says down, the first button up
        ({"reason": "thiếu mốc của xã", "vote": []}, "down"),
    ],
)
def test_who_says_what_is_wrong_did_not_mean_that_all_is_well(site, fields, vote):
    asker = Browser(site)
    (id,) = turn_ids(asker.ask(DUE).text)

    assert asker.vote(id, **fields).status_code == 204
    assert votes(site)[id] == (vote, fields.get("reason", ""))
    assert asker.vote(id, vote=[]).status_code == 422


def test_a_form_sent_twice_is_asked_once_whichever_process_gets_it(office):
    asker = Browser(office)
    with ThreadPoolExecutor(4) as pool:
        pages = list(pool.map(lambda _: asker.ask(DUE, conversation=""), range(4)))
    conversation = conversation_of(pages[0])
    follow = [asker.told(GO_ON, conversation=conversation) for _ in range(2)]

    assert {conversation_of(page) for page in pages} == {conversation}
    assert follow[0] == follow[1]
    assert len(turn_ids(asker.get(f"/hoi/{conversation}").text)) == 2
    assert len(turn_ids(asker.ask("thế còn tổng kết?", conversation=conversation).text)) == 3
    # and what two people ask at once are two conversations
    others = [Browser(office).told(DUE)["conversation"], Browser(office, cookies=False).told(DUE)["conversation"]]
    assert len({conversation, *others, Browser(office, cookies=False).told(DUE)["conversation"]}) == 4


def test_what_versions_before_kept_is_read_by_its_link_and_by_nothing_else(site):
    # given a turn of a version whose links named the turn and whose conversations opened everywhere
    old, talk = new_id(), new_id()
    with closing(sqlite3.connect(site.data / "turns.sqlite3")) as opened, opened:
        statement = "INSERT INTO turns (id, conversation, asked, answer) VALUES (?, ?, ?, json(?))"
        opened.execute(
            statement,
            (
                old,
                talk,
                time.time(),
                '{"question": "cũ", "status": "chat", "answer": "Chào.", "citations": [], "notes": [], "related": []}',
            ),
        )
        opened.execute("INSERT INTO shares VALUES (?, ?)", (old, old))

    other = Browser(site)
    assert "Chào." in other.get(f"/tra-loi/{old}").text
    assert other.get(f"/hoi/{talk}").status_code == other.vote(old).status_code == 404
    assert other.post(f"/api/answers/{old}/vote", json={"vote": "down"}).status_code == 404
    assert other.get(f"/api/conversations/{talk}").status_code == 404


def test_logs_and_figures_name_nothing_that_opens_something(site):
    asker = Browser(site)
    page = asker.ask(DUE)
    asker.get(shares(page.text)[0])
    asker.post(f"/hoi/{conversation_of(page)}/xoa", headers={"X-Request-ID": "xoa-hoi-thoai"})
    site.lines_about("xoa-hoi-thoai")

    told = "".join(site.log) + site.http.get("/metrics").text
    secret = [asker.cookies[COOKIE], conversation_of(page), *turn_ids(page.text), *(link[-16:] for link in shares(page.text))]
    assert len(secret) == 4
    assert not [each for each in secret if each in told]
    assert page.headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_the_history_is_read_opened_and_emptied_without_scripts(chromium, site, width, scheme):
    questions = [f"{DUE} {width}", "học bạ số " + "rất dài " * 20]
    with closing(Turns(State(site.data))) as turns:
        for question in questions:
            turns.add(Turn(new_id(), new_id(), time.time(), to_json(replace(OFFERED, question=question)), owner=OWNER))

    with chromium.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme) as context:
        page = known(context, site).new_page()
        page.goto(f"{site.base}/lich-su")
        page.get_by_text("Xóa tất cả", exact=True).click()
        assert page.evaluate("document.querySelector('main').scrollWidth") <= width
        assert not [(each["id"], each["nodes"][0]["html"]) for each in Axe().run(page).response["violations"]]
        sizes = [target.bounding_box() for target in page.locator("main button, main summary, main li a").all()]
        assert min(size["height"] for size in sizes) >= 44
        page.goto(f"{site.base}/hoi/{new_id()}")
        assert not [(each["id"], each["nodes"][0]["html"]) for each in Axe().run(page).response["violations"]]
    with chromium.new_context(java_script_enabled=False) as context:
        page = known(context, site).new_page()
        page.goto(f"{site.base}/lich-su")
        page.get_by_role("link", name=questions[0]).click()
        expect(page.locator(".turn")).to_contain_text(questions[0])
        page.go_back()
        page.get_by_role("listitem").filter(has_text=questions[0]).get_by_role("button", name="Xóa").click()
        expect(page.get_by_role("link", name=questions[0])).to_have_count(0)
        page.get_by_text("Xóa tất cả", exact=True).click()
        page.get_by_role("button", name="Xóa tất cả").click()
        expect(page.get_by_text("chưa hỏi câu nào")).to_be_visible()
