"""The admin's desk: several files at once, work that is stopped or dies, and what is told without a terminal's words."""

from __future__ import annotations

import ast
import os
import re
import signal
import sqlite3
import time
from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from bot.web.admin.jobs import Jobs
from bot.web.admin.stages import Stage, stage_of
from bot.web.admin.uploads import sweep
from bot.web.admin.versions import differences
from bot.web.plain_words import plainly, told
from rag.documents import Document
from rag.errors import IndexBusy
from tests.bot.web.insiders import ANOTHER, Browser
from tests.bot.web.site import DUE, UNKNOWN, found_in_a_moment

NUMBER = "2607/SGDĐT-GDPT"
JOB = 200_000  # milliseconds that a job may take on a busy machine
LETTER = "Số: {number}\n\nPhú Hòa, ngày 5 tháng 9 năm 2025\n\nI. Việc\n\n1. Nộp kế hoạch {what} trước ngày 20/05/2026.\n"
TERMINAL = ("--", "tracuu ", "TRACUU_", ".yaml", "corpus", "Traceback")
CHECKS = f"questions:\n  - question: {DUE}\n    facts: [ngày không có trong văn bản nào]\n"
ONLY_ON_THE_COMMAND_LINE = ("cli", "printing", "backup", "restoring", "fetch", "official_pages", "writing", "serving")


def uploads(office):
    return [path for path in (office.data / "uploads").glob("*") if path.is_dir()]


def upload(desk, office, *files):
    desk.goto(f"{office.base}/quan-tri/van-ban")
    desk.get_by_label(re.compile("Tệp PDF")).set_input_files(files)
    desk.get_by_role("button", name="Tải lên").click()
    expect(desk.get_by_role("heading", name="Kiểm tra tệp tải lên")).to_be_visible()


def test_every_file_has_its_card_and_the_admin_insists_on_what_the_checks_refuse(desk, office, tmp_path):
    (tmp_path / "một.txt").write_text(LETTER.format(number="81/KH-MOT", what="thi đua"), encoding="utf-8")
    (tmp_path / "hai.txt").write_text(LETTER.format(number="82/KH-HAI", what="ôn tập"), encoding="utf-8")
    (tmp_path / "trùng.txt").write_text(LETTER.format(number="81/KH-MOT", what="khác"), encoding="utf-8")
    (tmp_path / "rỗng.pdf").write_bytes(b"")
    checks = office.corpus / "checks.yaml"

    upload(desk, office, *(tmp_path / name for name in ("một.txt", "hai.txt", "trùng.txt", "rỗng.pdf")))
    expect(desk.get_by_role("status")).to_contain_text("2 tệp thêm được, 2 tệp không thêm được", timeout=JOB)
    found = {name: desk.get_by_role("region", name=name, exact=True) for name in ("một.txt", "hai.txt", "trùng.txt", "rỗng.pdf")}
    expect(found["trùng.txt"]).to_contain_text("Trong lần tải lên này đã có văn bản 81/KH-MOT ở tệp một.txt")
    expect(found["rỗng.pdf"]).to_contain_text("Tệp rỗng.")
    expect(found["một.txt"].get_by_label("Ngày ban hành")).to_have_attribute("type", "date")
    expect(found["một.txt"].get_by_text("tức ngày 05/09/2025")).to_be_visible()  # whatever language the browser has
    assert found["một.txt"].get_by_label("Ngày ban hành").bounding_box()["height"] < 60
    assert not Axe().run(desk).response["violations"]
    found["một.txt"].get_by_label("Trích yếu").fill("Kế hoạch thi đua của trường")
    found["hai.txt"].get_by_label("Thêm tệp này").uncheck()
    try:
        checks.write_text(CHECKS, encoding="utf-8")
        desk.get_by_role("button", name="Thêm vào kho").click()
        expect(desk.get_by_role("alert")).to_contain_text("trả lời sai các câu hỏi kiểm tra", timeout=JOB)
        assert not [word for word in TERMINAL if word in desk.locator("main").inner_text()]
        assert len(uploads(office)) == 2, "what was refused can still be added"
        desk.get_by_role("button", name="Vẫn dùng bản mới").click()
        expect(desk.get_by_role("status")).to_contain_text("Đã thêm văn bản 81/KH-MOT.", timeout=JOB)
    finally:
        checks.unlink()

    assert office.http.get("/api/documents/81-KH-MOT").json()["document"]["title"] == "Kế hoạch thi đua của trường"
    assert office.http.get("/api/documents/82-KH-HAI").status_code == 404
    assert not uploads(office)

    (tmp_path / "mới.txt").write_text(LETTER.format(number="81/KH-MOT", what="sửa lại"), encoding="utf-8")
    upload(desk, office, tmp_path / "mới.txt", office.corpus / "một.txt")
    expect(desk.get_by_role("region", name="mới.txt", exact=True)).to_contain_text("tệp này thay cho tệp cũ", timeout=JOB)
    desk.get_by_role("button", name="Bỏ hết").click()
    expect(desk.get_by_role("heading", name="Thêm văn bản")).to_be_visible()
    assert not uploads(office)


def test_work_is_stopped_without_javascript_and_nothing_stays_of_it(desk, office, shared, chromium):
    cookies = desk.context.storage_state()
    with chromium.new_context(java_script_enabled=False, storage_state=cookies, viewport={"width": 390, "height": 800}) as context:
        page = context.new_page()
        upload(page, office, shared / "pdf/trap/4998-QD-BGDDT-english-ocr-layer.pdf")
        expect(page.get_by_role("status")).to_contain_text("Đang đọc 4998-QD-BGDDT-english-ocr-layer.pdf", timeout=JOB)
        page.get_by_role("button", name="Dừng").click()
        expect(page.get_by_role("alert")).to_contain_text("Đã dừng theo yêu cầu", timeout=JOB)

    assert found_in_a_moment(lambda: not uploads(office))
    assert office.ask(DUE)["status"] == "answered"


def test_a_job_whose_process_died_says_so(desk, office, shared):
    upload(desk, office, shared / "pdf/trap/4998-QD-BGDDT-english-ocr-layer.pdf")
    id = desk.url.rpartition("/")[2]
    (pid,) = sqlite3.connect(office.data / "jobs.sqlite3").execute("SELECT pid FROM tasks WHERE id = ?", (id,)).fetchone()

    os.kill(pid, signal.SIGKILL)

    expect(desk.get_by_role("alert")).to_contain_text("bị ngắt giữa chừng", timeout=JOB)
    assert not uploads(office)
    desk.goto(f"{office.base}/quan-tri")
    expect(desk.get_by_role("row", name=re.compile("bị ngắt giữa chừng"))).to_contain_text("không làm được")


def test_documents_are_found_while_one_types_and_nothing_sounds_like_a_terminal(desk, office):
    desk.goto(f"{office.base}/quan-tri/van-ban")
    desk.get_by_label("Xem").select_option("nhac")
    desk.get_by_label("Tìm văn bản").fill("thông tư 27")
    expect(desk.locator("[data-found]").get_by_role("status")).to_contain_text("khớp với “thông tư 27”")
    assert all("27" in row.inner_text() for row in desk.locator("[data-found] tbody tr").all())

    for path in ("", "/van-ban", "/quay-lai", "/sua?so=2607/SGDĐT-GDPT", "/bo?so=2607/SGDĐT-GDPT"):
        desk.goto(f"{office.base}/quan-tri{path}")
        assert not Axe().run(desk).response["violations"], path
        said = desk.locator("main").inner_text()
        assert not [word for word in (*TERMINAL, str(office.data)) if word in said], path
        assert desk.locator("pre").count() == 0


def test_a_reader_sees_everything_and_is_offered_no_change(office):
    owner, reader = Browser(office), Browser(office)
    owner.enter()
    owner.send("/nguoi/them", name="Người đọc", role="reads", password=ANOTHER, again=ANOTHER)
    reader.enter(ANOTHER, name="Người đọc")
    asked = office.http.post("/api/ask", json={"question": UNKNOWN}).headers["X-Answer-Id"]
    found_in_a_moment(lambda: UNKNOWN in reader.get("/cau-hoi").text)
    card = {"name": "a.zip", "reason": "", "same": False, "replaces": "", "count": 2, "problems": []}
    jobs = Jobs(office.data)
    checked = jobs.note("check", {"files": [str(office.data / "a.zip")]}, "quản trị", {"told": "Đã kiểm tra 1 tệp.", "cards": [card]})
    removed = jobs.note("remove", {}, "quản trị", {"told": "Đã bỏ.", "kept": ["a.zip"]})
    jobs.close()
    of_document = f"so={NUMBER}"
    pages = ("", "/van-ban", f"/sua?{of_document}", f"/bo?{of_document}", "/quay-lai", f"/viec/{checked}", f"/viec/{removed}")
    of_questions = ("", "?xem=xong", "?xem=chon", "?xem=day", f"/{asked}", f"/day?cau={DUE}&cho={NUMBER}|IV.2")

    for path in (*pages, *(f"/cau-hoi{path}" for path in of_questions), "/thong-ke", "/nhat-ky"):
        shown = reader.get(path)
        forms = re.findall(r'<form[^>]*method="post"[^>]*action="([^"]+)"', shown.text)
        assert (shown.status_code, forms) == (200, ["/quan-tri/ra"]), path
        assert "formaction" not in shown.text, path
    of_work = [f"/viec/{checked}/{what}" for what in ("dong-y", "huy", "dung", "van-lam")] + [f"/viec/{removed}/dua-lai"]
    of_teaching = [f"/cau-hoi/{what}" for what in ("xong", "xem-lai", "day", "bo-day", "bo-goi-y")]
    form = {"number": NUMBER, "document": NUMBER, "id": asked, "question": UNKNOWN, "place": f"{NUMBER}|IV.2", "take-0": "1"}
    assert reader.send("/tai-len").status_code == 403
    for path in ("/sua", "/bo", "/quay-lai", "/lap-lai", *of_work, *of_teaching):
        refused = reader.send(path, **form)
        assert (refused.status_code, "chỉ được xem" in refused.text) == (403, True), path
    assert owner.send("/nguoi/bo", name="Người đọc").status_code == 303
    assert not reader.inside


def test_too_many_files_and_what_is_not_there_are_told_in_a_sentence(desk, office, tmp_path):
    files = [tmp_path / f"{at}.txt" for at in range(21)]
    for file in files:
        file.write_text("Số: 1/KH", encoding="utf-8")
    desk.goto(f"{office.base}/quan-tri/van-ban")
    csrf = desk.locator("input[name=csrf]").first.input_value()
    desk.get_by_label(re.compile("Tệp PDF")).set_input_files(files)
    desk.get_by_role("button", name="Tải lên").click()
    expect(desk.locator("[data-upload] .told")).to_contain_text("Đã chọn 21 tệp; mỗi lần tối đa 20 tệp.")

    cookies = "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in desk.context.cookies())
    sent = [("files", (file.name, file.read_bytes())) for file in files]
    refused = office.http.post("/quan-tri/tai-len", data={"csrf": csrf}, files=sent, headers={"Cookie": cookies})
    assert (refused.status_code, "mỗi lần tối đa 20 tệp" in refused.text) == (422, True)
    for path in ("/viec/khong-co", "/sua", "/van-ban?trang=abc", "/sua?so=1/KHONG-CO", "/thong-ke?ngay=9999"):
        page = office.http.get(f"/quan-tri{path}", headers={"Cookie": cookies})
        assert (page.status_code in (404, 422), "Về trang quản trị" in page.text, "should" in page.text) == (True, True, False), path


def test_what_differs_between_two_indexes_is_told_by_document():
    kept = Document("1/KH", title="Kế hoạch", source="a.txt", checksum="a")
    old = Document("2/TB", title="Thông báo", source="b.txt", checksum="b")
    gone = Document("3/QĐ", title="Quyết định", source="c.txt", checksum="c")
    now = [kept, old, gone]
    then = [replace(kept, title="Kế hoạch năm"), replace(old, number="20/TB"), Document("4/CV", title="Công văn", source="d.txt")]

    found = differences(now, then)

    assert (found.gone, found.back) == ([("3/QĐ", "Quyết định")], [("4/CV", "Công văn")])
    assert [(number, fields) for number, _, fields in sorted(found.changed)] == [
        ("1/KH", [("trích yếu", "Kế hoạch", "Kế hoạch năm")]),
        ("2/TB", [("số hiệu", "2/TB", "20/TB")]),
    ]
    assert not differences(now, now)


def test_uploads_that_were_forgotten_go_after_a_day(tmp_path):
    for name, age in (("old", 90_000), ("new", 60)):
        folder = tmp_path / "uploads" / name
        folder.mkdir(parents=True)
        (folder / "a.pdf").write_bytes(b"%PDF")
        os.utime(folder, (time.time() - age,) * 2)

    sweep(tmp_path)

    assert [path.name for path in (tmp_path / "uploads").iterdir()] == ["new"]


@pytest.mark.parametrize(
    ("line", "stage"),
    [
        ("Đọc b.pdf: trang 3/174", Stage("Đang đọc tệp 2/2: b.pdf, trang 3/174", 2, 2)),
        ("Tính vector 1024/3000", Stage("Đang lập phần tìm theo nghĩa: 1024/3000", 1024, 3000)),
        (
            "Chỉ mục đang được lập bởi tiến trình 7 trên máy x; đang đợi tiến trình đó xong…",
            Stage("Đang đợi một việc khác trên chỉ mục xong"),
        ),
    ],
)
def test_progress_is_told_as_a_stage(line, stage):
    assert stage_of(line, ["a.pdf", "b.pdf"]) == stage


def test_no_message_for_admins_sends_them_to_a_terminal(repo):
    messages = [
        text
        for folder in ("ingest", "rag")
        for file in sorted((repo / folder).rglob("*.py"))
        if not file.name.startswith(ONLY_ON_THE_COMMAND_LINE)
        for text in _texts(file)
        if "tracuu " in text and "`" not in text
    ]

    assert len(messages) > 8
    assert not [plain for plain in map(plainly, messages) if "tracuu " in plain and "--force" not in plain]
    assert plainly("Không đọc được /srv/kho/a.txt: hỏng.") == "Không đọc được a.txt: hỏng."
    assert "tiến trình" not in told(IndexBusy("Chỉ mục đang được lập bởi tiến trình 7 trên máy x."))


def _texts(file):
    """The strings of a module that are no docstrings, with X for what is filled in."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    inner = {part for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    docs = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "X" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in inner and node not in docs:
            yield node.value
