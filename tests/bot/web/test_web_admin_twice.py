"""What an admin agrees to twice, by two clicks, in two tabs or by a reload, is done once, and the second time says so."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from bot.web.admin.jobs import Jobs, Started
from bot.web.problems import Refused
from tests.bot.web.insiders import Browser

NUMBER = "91/KH-HAI"
LETTER = f"Số: {NUMBER}\n\nPhú Hòa, ngày 5 tháng 9 năm 2025\n\nI. Việc\n\n1. Nộp kế hoạch thi đua trước ngày 20/05/2026.\n"


@pytest.fixture
def admin(office):
    browser = Browser(office)
    assert browser.enter() == 303
    return browser


@pytest.fixture
def jobs(office):
    with closing(Jobs(office.data)) as jobs:
        yield jobs


def sent(admin, path, **form):
    """Send a form of a job's page, and return where that leads and what stands there."""
    answer = admin.send(path, **form)
    assert answer.status_code == 303, answer.text
    location = answer.headers["location"].partition("/quan-tri")[2]
    return location, admin.get(location).text


def refused(admin, path, **form):
    """Send a form that is refused, and return what is said."""
    answer = admin.send(path, **form)
    assert answer.status_code == 404
    return answer.text


def noted(admin, action, on):
    """How often the audit has something."""
    log = map(json.loads, admin.get("/nhat-ky/tai-ve?dang=jsonl").text.splitlines())
    return sum(line["times"] for line in log if (line["action"], line["on"]) == (action, on))


def is_done(jobs, id):
    """Wait for the end of a job, which takes long on a busy machine; say whether it went well."""
    while jobs.get(id).under_way:
        time.sleep(0.2)
    return jobs.get(id).state == "done"


def test_what_was_checked_is_added_once_however_often_it_is_agreed_to(admin, office, jobs):
    # given a file that was uploaded and checked
    cookies = "; ".join(f"{name}={value}" for name, value in admin.cookies.items())
    files = [("files", ("kế hoạch.txt", LETTER.encode()))]
    uploaded = office.http.post("/quan-tri/tai-len", data={"csrf": admin.csrf}, files=files, headers={"Cookie": cookies})
    check = uploaded.headers["location"].rpartition("/")[2]
    assert is_done(jobs, check)
    # when it is agreed to in several tabs at once
    csrf = admin.csrf
    with ThreadPoolExecutor(4) as tabs:
        answers = list(tabs.map(lambda _: admin.post(f"/viec/{check}/dong-y", csrf=csrf, **{"take-0": "1"}), range(4)))
    # then all are led to the one job that adds it, and all but one are told that it was asked for before
    assert {answer.status_code for answer in answers} == {303}
    (added,) = (job.id for job in jobs.latest(50) if job.kind == "add" and job.asked["check"] == check)
    places = sorted(answer.headers["location"].rpartition("/")[2] for answer in answers)
    assert places == [added, *[f"{added}?da-co=1"] * 3]
    assert is_done(jobs, added)
    # and a reload of the form says that it is done
    location, told = sent(admin, f"/viec/{check}/dong-y", **{"take-0": "1"})
    assert (location, "đã được đồng ý trước đó và đã xong" in told) == (f"/viec/{added}?da-co=1", True)
    shown = admin.get(f"/viec/{check}").text
    assert ("Đã thêm xong từ lần tải lên này." in shown, f"/viec/{added}" in shown, "/dong-y" in shown) == (True, True, False)
    assert len([job for job in jobs.latest(50) if job.kind == "add" and job.asked["check"] == check]) == 1
    assert noted(admin, "thêm văn bản", "kế hoạch.txt") == 1


def test_what_is_being_added_is_neither_added_again_nor_thrown_away(admin, office, jobs):
    # given files that are being added
    folder = office.data / "uploads" / "00"
    folder.mkdir(parents=True)
    (folder / "a.zip").write_bytes(b"PK")
    card = {"name": "a.zip", "reason": "", "same": False, "replaces": "", "count": 2, "problems": []}
    asked = {"files": [str(folder / "a.zip")]}
    check = jobs.note("check", asked, "quản trị", {"told": "Đã kiểm tra 1 tệp.", "cards": [card]})
    id = jobs._begin("add", asked | {"given": [{}], "left_out": [], "check": check}, "quản trị")
    with jobs.at_work(id):
        # when another tab agrees, or throws them away
        shown = admin.get(f"/viec/{check}").text
        again = sent(admin, f"/viec/{check}/dong-y", **{"take-0": "1"})
        away = sent(admin, f"/viec/{check}/huy")
        # then both are told that it is under way
        assert again[0] == away[0] == f"/viec/{id}?da-co=1"
        assert "đã được đồng ý trước đó và đang làm" in again[1]
        assert ("Các tệp này đang được thêm vào kho." in shown, "/dong-y" in shown) == (True, False)
        assert (folder / "a.zip").exists()
    # and what came to nothing can be agreed to once more, or thrown away
    jobs.end(id, "failed", {"told": "Không thêm được."})
    assert "/dong-y" in admin.get(f"/viec/{check}").text
    assert sent(admin, f"/viec/{check}/huy")[0] == sent(admin, f"/viec/{check}/huy")[0] == "/van-ban"
    assert not folder.exists()
    assert noted(admin, "bỏ tệp tải lên", "a.zip") == 1
    # and then not added any more
    assert "/dong-y" not in admin.get(f"/viec/{check}").text
    assert "Hãy tải" in refused(admin, f"/viec/{check}/dong-y", **{"take-0": "1"})


def test_who_insists_is_led_to_what_is_under_way_and_told_that_it_is_not_forced(admin, jobs):
    # given what failed for the admin's questions, and was agreed to once more
    check = jobs.note("check", {"files": ["a.zip"]}, "quản trị", {"told": "Đã kiểm tra 1 tệp.", "cards": []})
    asked = {"files": ["a.zip"], "given": [{}], "left_out": [], "check": check}
    failed, id = jobs._begin("add", asked, "quản trị"), jobs._begin("add", asked, "quản trị")
    jobs.end(failed, "failed", {"told": "Chưa đạt.", "insist": True})
    insisted = "vẫn dùng bản chỉ mục mới dù chưa đạt", "Thêm văn bản vào kho"
    before = noted(admin, *insisted)
    with jobs.at_work(id):
        # when somebody insists on the first
        location, told = sent(admin, f"/viec/{failed}/van-lam")
        plain = admin.get(f"/viec/{id}?da-co=1").text
    # then nothing is done twice, nothing is noted, and where to insist is said
    assert (location, noted(admin, *insisted) - before) == (f"/viec/{id}?da-co=1&con-xet=1", 0)
    assert ("hãy chọn “Vẫn dùng bản mới” ở trang này" in told, "ở trang này" in plain) == (True, False)
    # and once that has failed, it is forced by whoever insists first
    jobs.end(id, "failed", {"told": "Chưa đạt.", "insist": True})
    forced = jobs._begin("add", asked | {"force": True}, "quản trị")
    with jobs.at_work(forced):
        assert sent(admin, f"/viec/{id}/van-lam")[0] == f"/viec/{forced}?da-co=1"
    assert noted(admin, *insisted) == before
    # and what was given up is forced no more
    jobs.end(forced, "failed", {"told": "Chưa đạt.", "insist": True})
    assert sent(admin, f"/viec/{check}/huy")[0] == "/van-ban"
    assert "đã được bỏ nên không thêm được nữa" in refused(admin, f"/viec/{forced}/van-lam")
    assert noted(admin, *insisted) == before


def test_what_is_asked_for_once_more_or_stopped_too_late_is_not_noted(admin, jobs):
    id = jobs._begin("remove", {"number": NUMBER}, "quản trị")
    with jobs.at_work(id):
        assert sent(admin, "/bo", number=NUMBER)[0] == f"/viec/{id}?da-co=1"
    jobs.end(id, "failed", {"told": "Không bỏ được."})
    before = noted(admin, "dừng việc đang làm", "Bỏ văn bản khỏi kho")

    assert sent(admin, f"/viec/{id}/dung")[0] == f"/viec/{id}"

    assert noted(admin, "bỏ văn bản", NUMBER) == 0
    assert noted(admin, "dừng việc đang làm", "Bỏ văn bản khỏi kho") == before


@pytest.fixture
def no_process(monkeypatch):
    monkeypatch.setattr("subprocess.Popen", lambda *command, **given: type("Process", (), {"pid": 0, "wait": lambda self: 0})())


def test_of_one_who_adds_and_one_who_gives_up_at_once_one_is_refused(tmp_path, no_process):
    with closing(Jobs(tmp_path)) as one, closing(Jobs(tmp_path)) as other, ThreadPoolExecutor(2) as tabs:

        def is_added(check):
            try:
                return one.start("add", {"files": ["a.zip"], "check": check}).is_new
            except Refused as error:
                assert "đã được bỏ" in error.detail
                return False

        for _ in range(20):
            check = one.note("check", {"files": ["a.zip"]}, "quản trị", {"cards": []})
            added, given_up = tabs.submit(is_added, check), tabs.submit(other.give_up, check)
            assert added.result() is not given_up.result()
            assert is_added(check) is other.give_up(check) is False


def test_the_same_work_is_started_once_while_it_is_under_way_and_an_index_as_often_as_it_is_wanted(jobs, no_process):
    removal = {"number": NUMBER, "force": True}

    first, second = jobs.start("remove", removal), jobs.start("remove", removal)
    jobs.end(first.id, "failed", {"told": "Chưa bỏ được."})
    third = jobs.start("remove", removal)
    indexed = jobs.start("ingest", {}), jobs.start("ingest", {})
    for id in (third.id, *(each.id for each in indexed)):
        jobs.end(id, "stopped", {})

    assert (first.is_new, second) == (True, Started(first.id, is_new=False))
    assert (third.is_new, third.id != first.id, [each.is_new for each in indexed]) == (True, True, [True, True])
