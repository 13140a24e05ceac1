"""The admin teaches what was not answered: over HTTP as a browser without scripts does it, and in a browser."""

from __future__ import annotations

import html
import re
import sqlite3
import time
from contextlib import closing

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from bot.picks import Picks
from ingest.bank_files import read_questions
from rag.storage import State
from tests.bot.web.browsers import Browser, conversation_of, turn_ids
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

    def list(self, view="", **wanted):
        return html.unescape(self.get("/cau-hoi", xem=view, **wanted).text)

    def row(self, words, view="", **wanted):
        """What the list says of the question with these words, empty where it has none."""
        rows = re.findall(r"<li>.*?</li>", self.list(view, **wanted), re.DOTALL)
        return next((row for row in rows if words in row), "")


@pytest.fixture
def admin(office):
    return Admin(office)


@pytest.fixture
def picks(office):
    kept = Picks(State(office.data))
    yield kept
    kept.close()


def cited(answer):
    return [made["section"] for made in answer["citations"]]


def test_a_question_is_taught_and_taken_back_without_scripts(office, admin):
    question = f"{ODD} hả bạn"
    before = [office.ask(question)["status"] for _ in range(4)]  # both workers know their answer
    found_in_a_moment(lambda: question in admin.list())
    page = html.unescape(admin.get("/cau-hoi/day", cau=question, tim="báo cáo sơ kết học kì").text)
    place = next(place for place in re.findall(r'name="cho" value="([^"]+)"', page) if place.endswith("|IV.2-2"))
    seen = html.unescape(admin.get("/cau-hoi/day", cau=question, cho=place).text)
    assert "Bây giờ máy trả lời" in seen
    assert "trước ngày 10/01/2026" in seen.partition("Sau khi dạy")[2].partition("Dạy như vậy")[0]
    assert "answered" not in [office.ask(question)["status"] for _ in range(2)]  # to see it changes nothing

    started = time.perf_counter()
    taught = admin.send("day", question=question, place=place)
    answers = [office.ask(question) for _ in range(4)]
    seconds = time.perf_counter() - started

    assert ("answered" in before, taught.status_code) == (False, 303)
    assert [(answer["status"], cited(answer)) for answer in answers] == [("answered", ["IV.2-2", "IV.2"])] * 4
    assert seconds < 30  # on a busy machine
    assert not admin.row(question)
    assert "IV.2-2" in admin.row(question, "day")

    assert admin.send("bo-day", question=question, number=NUMBER).status_code == 303
    assert [office.ask(question)["status"] for _ in range(4)] == before
    assert admin.send("bo-day", question=question, number=NUMBER).status_code == 422


def test_a_document_can_be_taught_not_to_answer(office, admin):
    question = "Hạn nộp báo cáo sơ kết học kì 1 là ngày nào vậy bạn"
    assert office.ask(question)["status"] == "answered"

    admin.send("day", question=question, place=f"{NUMBER}|")

    assert office.ask(question)["status"] == "not_found"
    assert "không trả lời" in admin.row(question, "day")
    admin.send("bo-day", question=question, number=NUMBER)
    assert office.ask(question)["status"] == "answered"


def test_what_was_only_offered_is_listed(office, admin):
    from bot.journal import Journal
    from rag.documents import Answer

    journal = Journal(State(office.data))
    offered = Answer("câu chỉ được gợi ý, gọi 0912345678", "offered", "…", kind="offered", why="không nơi nào có 0912345678")
    journal.note("chi-goi-y", "telegram", "an", offered, 0.1)
    journal.close()

    assert "Chưa chắc" in admin.row("câu chỉ được gợi ý, gọi •••")
    assert "Telegram" in admin.row("câu chỉ được gợi ý")
    assert "Không khẳng định vì: không nơi nào có •••" in admin.row("câu chỉ được gợi ý")
    assert "0912345678" not in admin.list()


def asked(office, question, **more):
    """The id of the answer to a question, and how it was answered."""
    response = office.http.post("/api/ask", json={"question": question, **more})
    return response.headers["X-Answer-Id"], response.json()["status"]


def test_what_is_found_wrong_or_sent_is_listed_with_its_words_and_who_asked(office, admin):
    asker, json = Browser(office), {"Accept": "application/json"}
    page = asker.ask("Hạn nộp báo cáo sơ kết học kì 1 của trường cô Hoa là ngày nào", role="thpt")
    assert 'class="turn answered"' in page.text
    assert asker.vote(turn_ids(page.text)[0], vote="down", reason="thiếu giờ nộp").status_code == 204
    page = asker.ask(f"{ODD} vậy thầy cô", role="mn", conversation=conversation_of(page))
    sent = turn_ids(page.text)[-1]
    assert asker.post("/gui", data={"id": sent, "note": "trường mầm non đang cần"}, headers=json).status_code == 204

    row = found_in_a_moment(lambda: admin.row("Hạn nộp báo cáo sơ kết học kì 1 của trường cô ••• là ngày nào"))
    assert all(words in row for words in ("Sai hoặc thiếu", "thiếu giờ nộp", "Trường THPT", "Trang web", "UBND cấp xã, trường có cấp THPT"))
    assert all(words in admin.row(f"{ODD} vậy thầy cô") for words in ("Người hỏi gửi tới", "trường mầm non đang cần", "Trường mầm non"))
    assert "cô Hoa" not in admin.list()
    assert re.search(r'Câu hỏi cần xem <span class="badge warn">\d+<', html.unescape(admin.get("").text))

    assert admin.row("thiếu giờ nộp", loai="che", tim="HAN NOP")
    assert not admin.row("trường mầm non đang cần", loai="che")
    assert admin.row("trường mầm non đang cần", loai="gui", tim="keo mut")
    opened = html.unescape(admin.get(f"/cau-hoi/{sent}").text)
    assert "Hạn nộp báo cáo sơ kết học kì 1 của trường cô ••• là ngày nào" in opened.partition("Hội thoại</h2>")[2]


def test_what_is_dealt_with_leaves_the_list_until_it_is_asked_again(office, admin):
    question = f"{ODD} trong tháng này"
    id, _ = asked(office, question)
    asked(office, question.upper())
    found_in_a_moment(lambda: "Hỏi 2 lần" in admin.row("TRONG THÁNG NÀY"))

    told = admin.send("xong", id=id, back="ngay=90")

    assert (told.status_code, "ngay=90" in told.headers["location"], "lai=" in told.headers["location"]) == (303, True, True)
    assert not admin.row("TRONG THÁNG NÀY")
    assert "Đưa trở lại" in admin.row("TRONG THÁNG NÀY", "xong")
    asked(office, question)
    assert "hỏi lại sau khi đã xử lý" in found_in_a_moment(lambda: admin.row("trong tháng này"))
    admin.send("xem-lai", id=id)
    assert "Hỏi 3 lần" in admin.row("trong tháng này")
    assert admin.send("xong", id="khong-co").status_code == 404


def test_a_long_list_has_pages_and_a_question_without_words_or_conversation_is_told_as_such(office, admin):
    from bot.journal import Journal
    from rag.documents import Answer, Citation

    journal = Journal(State(office.data))
    for at in range(25):
        journal.note(
            f"dai-{at}", "telegram", "an", Answer(f"danh sách dài câu số {at}", "not_found", "…", kind="not_found"), 0.1, topic="Mục xa"
        )
    answer = Answer("…", "answered", "…", (Citation(NUMBER, "IV.2", 8, "…", "…"),), kind="deadline")
    journal.note("khong-loi", "telegram", "an", answer, 0.1)
    journal.vote("khong-loi", "down", "sai rồi nhé")
    journal.close()

    first, second = (admin.list(tim="danh sach dai", trang=at) for at in (1, 2))

    assert [len(re.findall("<h2>.*danh sách dài câu số", page)) for page in (first, second)] == [20, 5]
    assert "Trang 2 trên 2" in second
    assert len(re.findall("<h2>", admin.list(**{"chu-de": "Mục xa", "trang": 9}))) == 5
    assert all(words in admin.row("sai rồi nhé") for words in ("không được giữ", f"{NUMBER} IV.2"))
    assert "không được giữ" in admin.get("/cau-hoi/khong-loi").text
    assert admin.get("/cau-hoi/chua-tung-co").status_code == 404
    for id in [f"dai-{at}" for at in range(25)]:
        admin.send("xong", id=id)


def test_statistics_speak_in_sentences_until_there_is_enough_for_charts(office, admin):
    def moved(seconds, condition):
        with closing(sqlite3.connect(office.data / "journal.sqlite3", timeout=20)) as file, file:
            file.execute(f"UPDATE questions SET asked = asked + ? WHERE asked {condition}", (seconds, time.time() - 10**7))

    def statistics():
        return html.unescape(admin.get("/thong-ke", ngay=7).text)

    moved(-2 * 10**7, "> ?")  # as if nothing had been asked for months
    try:
        assert "Chưa có câu hỏi nào trong 7 ngày qua" in statistics()
        asked(office, "hạn nộp báo cáo sơ kết học kì 1", role="thcs")
        page = found_in_a_moment(lambda: "có 1 câu hỏi" in (page := statistics()) and page)
        assert "<svg viewBox" not in page
        assert "Người hỏi: Trường THCS: 1 câu" in page
        assert "%" not in page.partition("<h1>")[2]
        for _ in range(5):
            asked(office, ODD, role="xa")
        page = found_in_a_moment(lambda: "1 trên 6 câu" in (page := statistics()) and page)
        assert "Nên dạy trước" in page
        assert re.search(r"Xã, phường<svg.*?<td class=\"count\">5</td><td class=\"count\">5</td>", page, re.DOTALL)
    finally:
        moved(2 * 10**7, "< ?")


def test_what_people_picked_takes_effect_only_when_an_admin_accepts_it(office, admin, picks):
    question = f"{ODD} đấy"
    picks.add(f"{question}, gọi 0912345678", NUMBER, "IV.2-2")
    picks.add(question, NUMBER, "IV.2-2")
    assert f"{question}, gọi •••" in admin.list("chon")
    assert "0912345678" not in admin.list("chon")
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
    for path in ("day", "bo-day", "bo-goi-y", "xong", "xem-lai"):
        form = {"question": ODD, "place": f"{NUMBER}|IV.2", "number": NUMBER, "id": "1"}
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

    for page in (admin.get("/cau-hoi", xem="chon").text, admin.get("/cau-hoi/day", cau=harm).text):
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
    desk.get_by_role("button", name=re.compile("Chọn .*gạch đầu dòng thứ 2")).first.click()
    expect(desk.get_by_role("heading", name="Sau khi dạy")).to_be_visible()
    chosen = desk.url.removeprefix(office.base)
    for path in ("/quan-tri/cau-hoi", "/quan-tri/cau-hoi?xem=chon", "/quan-tri/thong-ke?ngay=90", chosen):
        desk.goto(office.base + path)
        found = Axe().run(desk).response["violations"]
        assert not [(fault["id"], fault["nodes"][0]["html"]) for fault in found], path
    desk.get_by_role("button", name="Dạy như vậy").press("Enter")

    expect(desk.get_by_role("status")).to_contain_text("có hiệu lực ngay")
    assert office.ask(question)["status"] == "answered"
    desk.get_by_role("link", name="Người hỏi tự chọn").click()
    desk.get_by_role("button", name=f"Bỏ gợi ý cho câu “{ODD} ấy”").click()
    desk.get_by_role("link", name="Đã dạy").click()
    desk.get_by_role("button", name=f"Bỏ điều đã dạy về câu “{question}”").click()
    expect(desk.get_by_role("status")).to_contain_text("Đã bỏ")
    assert question not in [entry.question for entry in read_questions(office.corpus / "questions" / "taught.yaml")]
