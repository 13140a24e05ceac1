"""``Gửi câu này cho quản trị viên``: as a script and as a browser without scripts send it."""

from __future__ import annotations

import html

from bot.journal import Journal
from rag.storage import State
from tests.bot.web.browsers import Browser, conversation_of, turn_ids
from tests.bot.web.site import UNKNOWN

AS_SCRIPT = {"Accept": "application/json"}


def refused(asker, **more):
    """The id of an answer that was of no use, and its conversation."""
    page = asker.ask(UNKNOWN, **more)
    return turn_ids(page.text)[-1], conversation_of(page)


def noted(site, id):
    journal = Journal(State(site.data))
    try:
        return journal.entry(id)
    finally:
        journal.close()


def test_an_answer_is_sent_once_with_its_note_and_role(site):
    asker = Browser(site)
    id, conversation = refused(asker, role="mn")
    note = "Nhờ quản trị xem giúp\r\n" + "a" * 478  # 500 characters as people count them

    sent = asker.post("/gui", data={"id": id, "note": note, "conversation": conversation}, headers=AS_SCRIPT)
    again = asker.post("/gui", data={"id": id, "note": "lần sau", "conversation": conversation})
    stolen = Browser(site).post("/gui", data={"id": id, "note": "của người khác"})

    assert (sent.status_code, sent.content) == (204, b"")
    assert (again.status_code, again.headers["location"]) == (303, f"/hoi/{conversation}?cam-on=1#{id}")
    assert stolen.status_code == 404
    entry = noted(site, id)
    assert (entry.question, entry.role, entry.note) == (UNKNOWN, "mn", note.replace("\r\n", "\n"))
    assert entry.topic  # of what is nearest


def test_without_a_conversation_a_page_thanks(site):
    asker = Browser(site, cookies=False)  # as in a frame on another site's page
    page = asker.post("/gui", data={"id": refused(asker)[0]})

    assert page.status_code == 200
    assert "Đã gửi cho quản trị viên" in page.text


def test_what_cannot_be_sent_is_said_in_a_sentence(site):
    for headers in ({}, AS_SCRIPT):
        gone = site.http.post("/gui", data={"id": "khong-co"}, headers=headers)
        assert gone.status_code == 404
        assert "Câu trả lời này không còn" in html.unescape(gone.text)
    asker = Browser(site)
    long = asker.post("/gui", data={"id": refused(asker)[0], "note": "a" * 501}, headers=AS_SCRIPT)
    assert (long.status_code, long.json()["detail"]) == (422, "Lời nhắn dài 501 ký tự; nhiều nhất là 500.")
