"""The admin's door, as those see it who may come in and as those do who may not."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from bot.audit import Audit
from bot.cli import run
from bot.settings import Settings
from bot.web.admin.admins import Admins
from bot.web.admin.passwords import hash_of
from rag.errors import TracuuError
from rag.storage import State
from tests.bot.web.insiders import ANOTHER, Browser
from tests.bot.web.site import PASSWORD, Site

OF_BEFORE = """
CREATE TABLE sessions (digest TEXT PRIMARY KEY, csrf TEXT NOT NULL, opened REAL NOT NULL, seen REAL NOT NULL);
CREATE TABLE attempts (client TEXT NOT NULL, at REAL NOT NULL);
INSERT INTO attempts VALUES ('x', 1);
"""


@pytest.fixture(scope="module")
def gate(repo, tmp_path_factory):
    """A service without documents, with the admins' file of the version before; only its door matters."""
    data = tmp_path_factory.mktemp("gate")
    with sqlite3.connect(data / "admin.sqlite3") as before:
        before.executescript(OF_BEFORE)
    site = Site(repo, data, tmp_path_factory.mktemp("nothing"), TRACUU_ADMIN_PASSWORD_HASH=hash_of(PASSWORD), TRACUU_WORKERS="2")
    yield site
    assert site.stop() == 0
    assert not [line for line in site.lines() if line["level"] == "ERROR"]


@pytest.fixture
def owner(gate):
    browser = Browser(gate)
    assert browser.enter() == 303
    return browser


@pytest.fixture
def person(gate, owner):
    """Add an admin, and return the browser in which they are logged in."""
    added = []

    def add(name, role):
        assert owner.send("/nguoi/them", name=name, role=role, password=ANOTHER, again=ANOTHER).status_code == 303
        added.append(name)
        browser = Browser(gate)
        assert browser.enter(ANOTHER, name=name) == 303
        return browser

    yield add
    for name in added:
        owner.send("/nguoi/bo", name=name)


def test_a_flood_of_wrong_passwords_from_elsewhere_keeps_nobody_out(gate):
    def attack(number):
        stranger = Browser(gate, f"198.51.{number // 250}.{number % 250}")
        return [stranger.post("/vao", password=f"sai-{number}", name="quản trị").status_code for _ in range(4)]

    with ThreadPoolExecutor(20) as pool:
        attackers = [pool.submit(attack, number) for number in range(20)]
        meanwhile = Browser(gate, "192.0.2.7").enter()
        statuses = {status for attacker in attackers for status in attacker.result()}

    assert meanwhile == 303
    assert statuses <= {401, 429}
    assert Browser(gate, "192.0.2.8").enter() == 303
    assert Browser(gate).enter() == 303  # on the machine itself


def test_who_was_wrong_waits_longer_each_time_but_a_browser_known_before_does_not(gate, person):
    address = "203.0.113.99"
    known = person("Thu", "edits")
    tries = [Browser(gate, address).post("/vao", password="sai", name="Thu") for _ in range(6)]

    assert [each.status_code for each in tries] == [401, 401, 401, 429, 429, 429]
    assert all(1 <= int(each.headers["retry-after"]) <= 60 for each in tries[3:])
    device = known.cookies["__Host-tracuu-may"]
    back = Browser(gate, address)
    for forged in ("", "x", f"x.{device.partition('.')[2]}", device[:-1] + ("0" if device[-1] != "0" else "1")):
        back.cookies = {"__Host-tracuu-may": forged}
        assert back.post("/vao", password=ANOTHER, name="Thu").status_code == 429
    back.cookies = {"__Host-tracuu-may": device}
    assert back.post("/vao", password=PASSWORD).status_code == 429  # known to another admin
    assert back.post("/vao", password=ANOTHER, name=" THU ").status_code == 303


def test_a_name_that_nobody_has_is_answered_as_a_wrong_password(gate, person):
    person("Vân", "reads")

    answers = [Browser(gate, f"203.0.113.{at}").post("/vao", password="sai-mat-khau", name=name) for at, name in ((1, "Vân"), (2, "Vấn"))]

    assert [each.status_code for each in answers] == [401, 401]
    assert answers[0].text.replace("Vân", "Vấn") == answers[1].text
    assert not any("set-cookie" in each.headers for each in answers)


def test_a_session_ends_with_its_password_its_admin_or_all_at_once(gate, owner, person):
    here = person("Lan", "edits")
    there = Browser(gate)
    there.enter(ANOTHER, name="lan")

    wrong = here.send("/tai-khoan/mat-khau", current="khong-phai-the", password=PASSWORD, again=PASSWORD)
    short = here.send("/tai-khoan/mat-khau", current=ANOTHER, password="ngan", again="ngan")
    assert [(wrong.status_code, short.status_code), there.inside] == [(422, 422), True]
    before = dict(here.cookies)
    assert here.send("/tai-khoan/mat-khau", current=ANOTHER, password=PASSWORD, again=PASSWORD).status_code == 303
    assert (here.inside, there.inside) == (True, False)
    here.cookies, now = before, here.cookies
    assert not here.inside  # the session of before the change, too
    here.cookies = now

    assert owner.send("/nguoi/mat-khau", name="Lan", password=ANOTHER, again=ANOTHER).status_code == 303
    assert not here.inside
    here.enter(ANOTHER, name="Lan")
    there.enter(ANOTHER, name="Lan")
    assert here.send("/ra-het").status_code == 303
    assert (here.inside, there.inside) == (False, False)
    here.enter(ANOTHER, name="Lan")
    owner.send("/nguoi/bo", name="Lan")
    owner.send("/nguoi/them", name="Lan", role="owns", password=ANOTHER, again=ANOTHER)
    assert not here.inside  # the name came back, not the session


def test_a_role_reaches_no_further_than_it_says(gate, owner, person):
    reader, editor = person("Người xem", "reads"), person("Người sửa", "edits")
    of_documents = ("/lap-lai", "/quay-lai", "/bo", "/cau-hoi/bo-goi-y")
    of_owners = ("/nguoi/them", "/nguoi/vai-tro", "/nguoi/mat-khau", "/nguoi/bo")
    raised = {"name": "Người xem", "role": "owns", "password": ANOTHER, "again": ANOTHER, "number": "1", "question": "gì"}

    for path in of_documents:
        refused = reader.send(path, **raised)
        assert (refused.status_code, "chỉ được xem" in refused.text) == (403, True), path
    for path in of_owners:
        for browser in (reader, editor):
            refused = browser.send(path, **raised)
            assert (refused.status_code, "vai trò chủ" in refused.text) == (403, True), path
    for browser in (reader, editor):
        assert browser.get("/nguoi").status_code == 403
        assert browser.get("/nhat-ky/tai-ve").status_code == 403
        assert (browser.get("/nhat-ky").status_code, "/quan-tri/nguoi" in browser.get("/nhat-ky").text) == (200, False)
    assert owner.send("/nguoi/vai-tro", name="Người sửa", role="god").status_code == 422
    for forged in ({"csrf": "x"}, {"csrf": editor.csrf}):
        assert owner.post("/nguoi/bo", name="Người sửa", **forged).status_code == 403
    for cookie in ("x", "", editor.cookies["__Host-tracuu"][:-1], "' OR 1=1 --"):
        stranger = Browser(gate)
        stranger.cookies = {"__Host-tracuu": cookie}
        assert stranger.post("/nguoi/bo", name="Người sửa", csrf="x").headers["location"] == "/quan-tri/vao"

    assert owner.send("/nguoi/vai-tro", name="Người xem", role="owns").status_code == 303
    assert reader.get("/nguoi").status_code == 200  # at once, in the same session
    owner.send("/nguoi/vai-tro", name="Người xem", role="reads")
    assert reader.get("/nguoi").status_code == 403


def test_names_and_passwords_that_will_not_do_are_refused_in_a_sentence(owner, person):
    person("Mai", "reads")
    for name, password, why in (
        ("mai", ANOTHER, "Đã có người quản trị"),
        ("quan tri", ANOTHER, "dành riêng"),
        ("máy chủ (dòng lệnh)", ANOTHER, "Tên cần"),
        ("=1+1", ANOTHER, "Tên cần"),
        ("Nga", "ngan", "ít nhất 10 ký tự"),
    ):
        refused = owner.send("/nguoi/them", name=name, role="edits", password=password, again=password)
        assert (refused.status_code, why in refused.text) == (422, True), name
    apart = owner.send("/nguoi/them", name="Nga", role="edits", password=ANOTHER, again=PASSWORD)
    assert "không giống nhau" in apart.text
    assert 'value="Nga"' in apart.text  # what was typed is not lost
    assert ANOTHER not in apart.text


def test_the_last_owner_stays(tmp_path):
    admins = Admins(Settings(data=tmp_path, admin_password_hash=None))
    with pytest.raises(TracuuError, match="đầu tiên"):
        admins.add("Lan", "edits", PASSWORD)
    admins.add("Hoa", "owns", PASSWORD)
    admins.add("Lan", "edits", PASSWORD)

    for change in (lambda: admins.remove("hoa"), lambda: admins.set_role("Hoa", "reads")):
        with pytest.raises(TracuuError, match="người chủ cuối cùng"):
            change()
    assert [(admin.name, admin.role) for admin in admins.all()] == [("Hoa", "owns"), ("Lan", "edits")]
    admins.set_role("Lan", "owns")
    admins.remove("Hoa")
    admins.close()


def test_the_log_tells_who_did_what_and_harms_no_spreadsheet(gate, owner, person):
    person("Tú", "reads")
    Browser(gate, "203.0.113.200").post("/vao", password="sai", name="mat-khau-go-nham-o")
    with closing(Audit(State(gate.data))) as audit:
        audit.add("=cmd|' /C calc'!A0", "-2+3", '@SUM(A1)\n"x",<b>')

    table = owner.get("/nhat-ky/tai-ve?dang=csv")
    assert table.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(table.content.decode("utf-8-sig"))))
    assert ["'=cmd|' /C calc'!A0", "'-2+3", '\'@SUM(A1) "x",<b>'] in [row[1:4] for row in rows]
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
    lines = [json.loads(line) for line in owner.get("/nhat-ky/tai-ve?dang=jsonl").text.splitlines()]
    told = {(line["who"], line["action"], line["on"]) for line in lines}
    assert {
        ("quản trị", "thêm người quản trị", "Tú (đọc)"),
        ("Tú", "đăng nhập", ""),
        ("người lạ", "đăng nhập không được", ""),
    } <= told
    assert "mat-khau-go-nham-o" not in json.dumps(lines)
    page = owner.get("/nhat-ky?nguoi=Tú").text
    assert "<b>" not in owner.get("/nhat-ky?viec=-2%2B3").text.partition("<table")[2].partition("</table")[0]
    assert ("thêm người quản trị" in page.partition("<table")[2], "đăng nhập" in page.lower()) == (False, True)


def test_another_password_in_the_settings_ends_what_the_one_before_opened(repo, gate, owner):
    """Also across a restart; and the log tells which settings are otherwise, never what they are."""
    assert owner.inside
    another = hash_of(ANOTHER)
    changed = {"TRACUU_ADMIN_PASSWORD_HASH": another, "TRACUU_KEEP_DAYS": "99"}

    restarted = Site(repo, gate.data, gate.corpus, **changed)
    try:
        browser = Browser(restarted)
        browser.cookies = owner.cookies
        assert not browser.inside
        assert browser.enter(ANOTHER) == 303
        settings = browser.get("/nhat-ky?viec=đổi thiết lập").text
        assert [name in settings for name in (*changed, "TRACUU_TODAY", another, "99<")] == [True, True, False, False, False]
        assert not list(gate.data.glob("admin.sqlite3.hong-*"))  # what the version before wrote is no damage
    finally:
        assert restarted.stop() == 0


def test_admins_are_managed_on_the_command_line_and_that_is_logged(monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("TRACUU_DATA", str(tmp_path))

    def admin(*arguments, typed=""):
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{typed}\n"))
        return run(["admin", *arguments])

    done = [
        admin("add", "Lan", typed=PASSWORD),  # nobody owns yet
        admin("add", "Hoa", "--role", "chủ", typed=PASSWORD),
        admin("add", "Lan", typed=PASSWORD),
        admin("role", "lan", "doc"),
        admin("password", "Lan", typed="ngan"),
        admin("password", "Lan", typed=ANOTHER),
        admin("list"),
        admin("remove", "Lan"),
        admin("remove", "Hoa"),  # the last owner
    ]

    assert done == [2, 0, 0, 0, 2, 0, 0, 0, 2]
    assert re.search(r"Lan\s*│\s*đọc", capsys.readouterr().out)
    with closing(Audit(State(tmp_path))) as audit:
        entries = audit.entries()[::-1]
    wanted = [*["thêm người quản trị"] * 2, "đổi vai trò", "đặt lại mật khẩu", "bỏ người quản trị"]
    assert [entry.action for entry in entries] == wanted
    assert all(entry.who.startswith("máy chủ (dòng lệnh), ") for entry in entries)


def test_an_owner_lets_somebody_in_who_finds_the_way(page, gate):
    def look(path):
        page.goto(f"{gate.base}/quan-tri{path}")
        for width in (390, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)
            found = Axe().run(page).response["violations"]
            assert not [(fault["id"], fault["nodes"][0]["html"]) for fault in found], (path, width)

    look("/vao")
    expect(page.get_by_label("Tên đăng nhập")).to_have_count(0)  # nobody has a name yet: one password, one field
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    page.get_by_role("link", name="Người quản trị").click()
    form = page.locator("form", has=page.get_by_role("button", name="Thêm", exact=True))
    form.get_by_label("Tên đăng nhập").fill("Thầy Bình")
    form.get_by_label("Vai trò").select_option("reads")
    form.get_by_label(re.compile("^Mật khẩu")).fill(ANOTHER)
    form.get_by_label("Gõ lại mật khẩu").fill(ANOTHER)
    form.get_by_role("button", name="Thêm").click()
    expect(page.get_by_role("status")).to_contain_text("Đã thêm Thầy Bình, vai trò đọc")
    page.get_by_text("Sửa hoặc bỏ").click()
    for path in ("/nguoi", "/nhat-ky", "/tai-khoan"):
        look(path)
    page.get_by_role("button", name="Đăng xuất", exact=True).click()

    look("/vao")
    page.get_by_label("Tên đăng nhập").fill("thầy bình")
    page.get_by_label("Mật khẩu").fill(ANOTHER)
    page.get_by_role("button", name="Đăng nhập").click()
    page.get_by_role("link", name="Thầy Bình").click()
    look("/tai-khoan")
    expect(page.get_by_role("link", name="Người quản trị")).to_have_count(0)
    page.get_by_role("button", name="Đăng xuất mọi thiết bị").click()
    page.get_by_label("Mật khẩu").fill(PASSWORD)  # the one password goes on as before, without a name
    page.get_by_role("button", name="Đăng nhập").click()
    page.goto(f"{gate.base}/quan-tri/nguoi")
    page.get_by_text("Sửa hoặc bỏ").click()
    page.get_by_text("Bỏ Thầy Bình…").click()
    expect(page.get_by_text("Thầy Bình bị đăng xuất ngay")).to_be_visible()
    page.get_by_role("button", name="Bỏ Thầy Bình").click()
    expect(page.get_by_role("status")).to_contain_text("Đã bỏ Thầy Bình")
