"""The admin teaches what was not answered: over HTTP as a browser without scripts does it, and in a browser."""

from __future__ import annotations

import html
import re
import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from bot.picks import Picks
from ingest.questions import read_questions
from tests.bot.web.site import PASSWORD, found_in_a_moment

NUMBER = "2607/SGDĐT-GDPT"
ODD = "Mua kẹo mút cho lớp tôi ở chỗ nào rẻ nhất"


class Admin:
    """Somebody logged in whose browser runs no scripts."""

    def __init__(self, office):
        self._http = office.http
        entered = office.http.post("/quan-tri/vao", data={"password": PASSWORD})
        self._inside = {"Cookie": entered.headers["set-cookie"].split(";")[0]}
        self._csrf = re.search(r'name="csrf" value="([^"]+)"', self.get("").text).group(1)

    def get(self, path, **given):
        return self._http.get(f"/quan-tri{path}", headers=self._inside, params=given or None)

    def send(self, path, **form):
        return self._http.post(f"/quan-tri/cau-hoi/{path}", headers=self._inside, data={"csrf": self._csrf, **form})

    def list(self):
        return html.unescape(self.get("/cau-hoi").text)


@pytest.fixture
def admin(office):
    return Admin(office)


@pytest.fixture
def picks(office):
    kept = Picks(office.data)
    yield kept
    kept.close()


def cited(answer):
    return [made["section"] for made in answer["citations"]]


def test_a_question_is_taught_and_taken_back_without_scripts(office, admin):
    question = f"{ODD} hả bạn"
    before = [office.ask(question)["status"] for _ in range(4)]  # both workers know their answer
    found_in_a_moment(lambda: question in admin.list())
    page = html.unescape(admin.get("/cau-hoi/day", cau=question, tim="báo cáo sơ kết học kì").text)
    place = next(place for place in re.findall(r'name="place" value="([^"]+)"', page) if place.endswith("|IV.2-2"))

    started = time.perf_counter()
    taught = admin.send("day", question=question, place=place)
    answers = [office.ask(question) for _ in range(4)]
    seconds = time.perf_counter() - started

    assert ("answered" in before, taught.status_code) == (False, 303)
    assert [(answer["status"], cited(answer)) for answer in answers] == [("answered", ["IV.2-2", "IV.2"])] * 4
    assert seconds < 30  # on a busy machine
    assert re.search(rf"{question}.*đã dạy", admin.list())

    assert admin.send("bo-day", question=question, number=NUMBER).status_code == 303
    assert [office.ask(question)["status"] for _ in range(4)] == before
    assert admin.send("bo-day", question=question, number=NUMBER).status_code == 422


def test_a_document_can_be_taught_not_to_answer(office, admin):
    question = "Hạn nộp báo cáo sơ kết học kì 1 là ngày nào vậy bạn"
    assert office.ask(question)["status"] == "answered"

    admin.send("day", question=question, place=f"{NUMBER}|")

    assert office.ask(question)["status"] == "not_found"
    assert "không trả lời" in admin.list()
    admin.send("bo-day", question=question, number=NUMBER)
    assert office.ask(question)["status"] == "answered"


def test_what_was_only_offered_is_listed(office, admin):
    from bot.journal import Journal
    from rag.documents import Answer

    journal = Journal(office.data)
    journal.note("chi-goi-y", "telegram", "an", Answer("câu chỉ được gợi ý, gọi 0912345678", "offered", "…", kind="offered"), 0.1)
    journal.close()

    page = admin.list()

    assert "câu chỉ được gợi ý, gọi •••" in page.partition("Chỉ gợi ý, chưa trả lời chắc")[2].partition("Bị đánh giá")[0]
    assert "0912345678" not in page


def test_what_people_picked_takes_effect_only_when_an_admin_accepts_it(office, admin, picks):
    question = f"{ODD} đấy"
    picks.add(f"{question}, gọi 0912345678", NUMBER, "IV.2-2")
    picks.add(question, NUMBER, "IV.2-2")
    page = admin.list()
    assert "0912345678" not in page
    assert office.ask(question)["status"] != "answered"

    admin.send("bo-goi-y", question=f"{question}, gọi •••")
    accepted = admin.send("day", question=question, place=f"{NUMBER}|IV.2-2", picked="true")

    assert accepted.status_code == 303
    assert cited(office.ask(question))[0] == "IV.2-2"
    assert picks.all(30) == []
    admin.send("bo-day", question=question, number=NUMBER)


@pytest.mark.parametrize(
    ("question", "place", "reason"),
    [
        (ODD, f"{NUMBER}|IX.9", "Gần nhất:"),
        (ODD, "9/KHONG-CO|I", "Không có văn bản"),
        (ODD, "vớ vẩn", "Không có văn bản"),
        ("  ", f"{NUMBER}|IV.2", "Câu hỏi trống"),
        ("a" * 1001, f"{NUMBER}|IV.2", "1001 ký tự"),
    ],
)
def test_what_cannot_be_taught_is_said_on_the_page(admin, question, place, reason):
    answer = admin.send("day", question=question, place=place)

    assert answer.status_code == 422
    assert reason in html.unescape(answer.text)


def test_only_an_admin_teaches_with_a_form_of_ours(office, admin):
    for path in ("day", "bo-day", "bo-goi-y"):
        form = {"question": ODD, "place": f"{NUMBER}|IV.2", "number": NUMBER}
        assert office.http.post(f"/quan-tri/cau-hoi/{path}", data={"csrf": "x", **form}).status_code == 303  # to the login
        assert admin.send(path, **form | {"csrf": "x"}).status_code == 403
    assert office.http.get("/quan-tri/cau-hoi/day").headers["location"] == "/quan-tri/vao"
    assert office.ask(ODD)["status"] != "answered"


def test_a_damaged_file_is_named_on_the_page_and_nothing_is_lost(office, admin):
    file = office.corpus / "questions" / "taught.yaml"
    kept = file.read_text(encoding="utf-8") if file.exists() else None
    file.write_text("- 3", encoding="utf-8")
    try:
        assert "taught.yaml" in admin.list()
        assert "taught.yaml" in html.unescape(admin.send("day", question=ODD, place=f"{NUMBER}|IV.2").text)
        assert file.read_text(encoding="utf-8") == "- 3"
    finally:
        file.write_text(kept or "", encoding="utf-8")


def test_what_a_question_holds_is_never_executed(admin, picks):
    harm = "<img src=x onerror=alert(1)> \" onfocus='alert(2)"
    picks.add(harm, NUMBER, "IV.2")

    for page in (admin.get("/cau-hoi").text, admin.get("/cau-hoi/day", cau=harm).text):
        assert "<img src=x" not in page
        assert "&lt;img src=x onerror=alert(1)&gt; &#34; onfocus=&#39;alert(2)" in page
    picks.drop(harm)


def test_in_a_browser(desk, office, picks):
    question = f"{ODD} nhỉ"
    office.ask(question)
    picks.add(f"{ODD} ấy", NUMBER, "IV.2")
    found_in_a_moment(lambda: desk.goto(f"{office.base}/quan-tri/cau-hoi") and desk.get_by_text(question).count())

    desk.get_by_role("link", name=f"Dạy câu “{question}”").click()
    desk.get_by_label("Tìm chỗ trả lời").fill("báo cáo sơ kết học kì")
    desk.get_by_role("button", name="Tìm", exact=True).click()
    for path in ("/quan-tri/cau-hoi", desk.url.removeprefix(office.base)):
        desk.goto(office.base + path)
        found = Axe().run(desk).response["violations"]
        assert not [(fault["id"], fault["nodes"][0]["html"]) for fault in found if fault["impact"] in ("serious", "critical")], path
    desk.get_by_role("button", name=re.compile("Chọn .*gạch đầu dòng thứ 2")).first.click()

    expect(desk.get_by_role("status")).to_contain_text("có hiệu lực ngay")
    assert office.ask(question)["status"] == "answered"
    desk.get_by_role("button", name=f"Bỏ gợi ý cho câu “{ODD} ấy”").click()
    desk.get_by_role("button", name=f"Bỏ điều đã dạy về câu “{question}”").click()
    expect(desk.get_by_role("status")).to_contain_text("Đã bỏ")
    assert question not in [entry.question for entry in read_questions(office.corpus / "questions" / "taught.yaml")]
