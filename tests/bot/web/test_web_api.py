"""The API, over HTTP."""

from __future__ import annotations

import json

import pytest
from icalendar import Calendar

from tests.bot.web.site import DUE

NUMBER = "2607/SGDĐT-GDPT"


def test_an_answer_is_the_object_that_the_command_prints(site):
    answer = site.ask(DUE)

    printed = json.loads(site.command("ask", "--json", DUE).stdout)
    assert answer | {"seconds": 0} == printed | {"seconds": 0}
    assert answer["status"] == "answered"
    assert "10/01/2026" in answer["answer"]
    assert answer["citations"][0]["section"] == "IV.2-2"


def test_turns_of_one_conversation_follow_one_another(site):
    site.ask(DUE, conversation="lop-1")

    followed = site.ask("thế còn cuối năm?", conversation="lop-1")
    alone = site.ask("thế còn cuối năm?", conversation="lop-2")

    assert "10/06/2026" in followed["answer"]
    assert "10/06/2026" not in alone["answer"]
    kept = site.http.get("/api/conversations/lop-1").json()
    assert [turn["answer"]["question"] for turn in kept["turns"]] == [DUE, "thế còn cuối năm?"]


def test_a_deleted_conversation_is_gone(site):
    id = site.http.post("/api/conversations").json()["id"]
    site.ask(DUE, conversation=id)

    assert site.http.delete(f"/api/conversations/{id}").status_code == 204

    assert site.http.get(f"/api/conversations/{id}").status_code == 404
    assert "10/06/2026" not in site.ask("thế còn cuối năm?", conversation=id)["answer"]


def test_what_has_no_source_is_refused(site, question_with):
    answer = site.ask(question_with("not_found"))

    assert answer["status"] == "not_found"
    assert not answer["citations"]


def test_the_role_counts_where_the_question_names_nobody(site):
    department = site.ask("hạn nộp báo cáo sơ kết học kì 1", role="so")["answer"]

    assert "30/01/2026" in department
    assert "10/01/2026" not in department


def test_an_answer_is_streamed_as_events(site):
    headers = {"Accept": "text/event-stream"}
    with site.http.stream("POST", "/api/ask", json={"question": DUE}, headers=headers) as response:
        blocks = response.read().decode().strip().split("\n\n")

    events = [(block.split("\n")[0].removeprefix("event: "), json.loads(block.split("\n")[1].removeprefix("data: "))) for block in blocks]
    assert response.headers["content-type"].startswith("text/event-stream")
    assert events[0][0] == "progress"
    assert "".join(content["text"] for name, content in events if name == "text") == events[-1][1]["answer"]
    assert events[-1][0] == "answer"
    assert events[-1][1]["citations"]


def test_a_vote_is_kept(site):
    id = site.http.post("/api/ask", json={"question": DUE}).headers["X-Answer-Id"]

    assert site.http.post(f"/api/answers/{id}/vote", json={"vote": "down", "reason": "thiếu"}).status_code == 204
    assert site.http.post("/api/answers/khong-co/vote", json={"vote": "up"}).status_code == 404


def test_search_is_what_the_command_prints(site):
    found = site.http.get("/api/search", params={"q": "học bạ số", "k": 3}).json()

    printed = json.loads(site.command("search", "--json", "học bạ số", "-k", "3").stdout)
    assert found["results"] == printed["results"]


@pytest.mark.parametrize("number", ["2607-SGDDT-GDPT", "2607/SGDĐT-GDPT", "2607%2FSGD%C4%90T-GDPT", "2607-sgddt-gdpt"])
def test_a_section_is_found_however_its_address_is_written(site, number):
    found = site.http.get(f"/api/documents/{number}/IV.2").json()

    assert found["document"]["number"] == NUMBER
    assert [provision["section"] for provision in found["provisions"]][:2] == ["IV.2", "IV.2-1"]
    assert found["text"] == site.command("show", NUMBER, "IV.2").stdout.rstrip("\n")


def test_the_catalog_tells_loaded_documents_from_named_ones(site):
    documents = site.http.get("/api/documents").json()["documents"]

    assert [document["number"] for document in documents if document["present"]] == [NUMBER]
    named = site.http.get("/api/documents", params={"q": "luat bao ve du lieu", "present": "false"}).json()["documents"]
    assert named
    assert not any(document["present"] for document in named)


def test_deadlines_come_first_to_last_and_doubts_are_told(site):
    found = site.http.get("/api/deadlines", params={"role": "thpt"}).json()

    dated = [deadline["date"] for deadline in found["deadlines"] if deadline["date"]]
    assert dated == ["2026-01-10", "2026-06-10"]
    assert found["deadlines"][0]["days_left"] == 7
    assert any(contact["doubtful"] for contact in site.http.get("/api/contacts").json()["contacts"])


@pytest.mark.parametrize("path", ["/api/deadlines.ics", "/thoi-han.ics"])
def test_deadlines_can_be_subscribed_to(site, path):
    response = site.http.get(path)

    events = Calendar.from_ical(response.content).walk("VEVENT")
    assert response.headers["content-type"].startswith("text/calendar")
    assert {event.decoded("dtstart").isoformat() for event in events} >= {"2026-01-10", "2026-06-10"}
    assert all("/van-ban/" in str(event["url"]) for event in events)
    assert site.http.get(path).content == response.content  # an unchanged calendar stays the same


def test_contacts_and_systems_have_their_source(site):
    found = site.http.get("/api/contacts").json()

    assert "0972.523.518" in [contact["phone"] for contact in found["contacts"]]
    assert any(system["url"].startswith("https://csdl.moet.gov.vn") for system in found["systems"])
    assert site.http.get(found["contacts"][0]["address"]).status_code == 200


@pytest.mark.parametrize(
    ("call", "status"),
    [
        (("GET", "/api/khong-co"), 404),
        (("GET", "/api/documents/9-XX"), 404),
        (("GET", "/api/documents/2607-SGDDT-GDPT/X.99"), 404),
        (("GET", "/api/ask"), 405),
        (("POST", "/api/ask"), 422),
        (("GET", "/api/search?q=a&k=0"), 422),
        (("GET", "/api/deadlines?role=vua"), 422),
    ],
)
def test_a_fault_is_told_in_vietnamese_and_english(site, call, status):
    response = site.http.request(*call)

    told = response.json()
    assert response.status_code == status == told["status"]
    assert response.headers["content-type"] == "application/problem+json"
    assert told["detail"] != told["detail_en"]
    assert told["request_id"] == response.headers["x-request-id"]


def test_a_request_that_is_too_large_is_refused(site):
    announced = site.http.post("/api/ask", json={"question": "a" * 70_000})
    unannounced = site.http.post("/api/ask", content=iter([b"x" * 40_000] * 3), headers={"Content-Type": "application/json"})

    assert (announced.status_code, unannounced.status_code) == (413, 413)
    assert site.ask(DUE)["status"] == "answered"


def test_one_client_cannot_take_all(site):
    """The machine itself is not limited; a client behind the trusted proxy is."""
    calls = [site.http.get("/api/documents", headers={"X-Forwarded-For": "203.0.113.7"}) for _ in range(301)]

    assert calls[0].status_code == 200
    assert calls[-1].status_code == 429
    assert int(calls[-1].headers["retry-after"]) > 0
    assert site.http.get("/api/documents", headers={"X-Forwarded-For": "203.0.113.8"}).status_code == 200
    assert site.http.get("/healthz", headers={"X-Forwarded-For": "203.0.113.7"}).status_code == 200


def test_supervisors_and_prometheus_are_served(site):
    site.ask(DUE)

    assert site.http.get("/healthz").json() == {"status": "ok"}
    assert site.http.get("/readyz").json()["provisions"] > 100
    figures = site.http.get("/metrics").text
    assert 'tracuu_requests_total{method="POST",office="",route="/api/ask",status="200"}' in figures
    assert 'tracuu_answers_total{office="",status="answered"}' in figures
    assert site.http.get("/metrics", headers={"X-Forwarded-For": "8.8.8.8"}).status_code == 403


def test_whoever_only_looks_whether_it_is_there_is_served(site):
    head = site.http.head("/")

    assert (head.status_code, head.content) == (200, b"")


def test_every_answer_has_safe_headers(site):
    for path in ("/", "/api/documents", "/khong-co", "/static/x/base.css"):
        headers = site.http.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert "server" not in headers


def test_the_log_has_ids_and_no_personal_data(site):
    headers = {"X-Request-ID": "ma-cua-toi-1", "X-Forwarded-For": "203.0.113.99"}
    site.http.post("/api/ask", json={"question": "số của cô Bông 0912345678"}, headers=headers)

    (line,) = site.lines_about("ma-cua-toi-1")
    assert (line["route"], line["status"]) == ("/api/ask", 200)
    assert not [line for line in site.log if "203.0.113" in line or "Bông" in line or "0912345678" in line]
