"""Several offices in one service: each answers from its own documents, all from the library, none from another's."""

from __future__ import annotations

import io
import shutil
import stat
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from bot import settings
from bot.assistant import assistant_of
from bot.cli import run
from bot.offices.registry import Office, Registry, corpus_of, data_of
from bot.offices.settings import of_office, offices_of
from bot.web.admin.passwords import hash_of
from rag.errors import SettingError
from rag.finding.joined import Joined
from rag.index.published import newest
from rag.storage import open_blobs
from tests.bot import telegram_server
from tests.bot.several import DRUMS, DUE
from tests.bot.telegram_bot import BotProcess

TOKEN = "123456:bi-mat-cua-bot"


@pytest.fixture
def service(tmp_path, monkeypatch):
    """An empty service, by its settings."""
    for name in [name for name in settings.os.environ if name.startswith(settings.PREFIX)]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("TRACUU_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("TRACUU_CORPUS", str(tmp_path / "corpus"))
    monkeypatch.setenv("TRACUU_OFFICE_NAME", "")  # put back after whatever ``--office`` set
    return tmp_path


@pytest.fixture
def two(offices_data, monkeypatch):
    """The service with two offices and a library; what asks each of them."""
    data, corpus = offices_data
    monkeypatch.setenv("TRACUU_DATA", str(data))
    monkeypatch.setenv("TRACUU_CORPUS", str(corpus))
    monkeypatch.setenv("TRACUU_TODAY", "2026-01-03")
    monkeypatch.setenv("TRACUU_OFFICE_NAME", "")  # put back after whatever ``--office`` set
    service = settings.of_service()
    return {office.name: assistant_of(of_office(service, office)) for office in offices_of(service)}


def documents_in(answer):
    return {citation.document for citation in answer.citations}


def test_an_office_answers_from_its_own_document(two):
    answers = {name: assistant.ask(DUE) for name, assistant in two.items()}

    assert {name: answer.status for name, answer in answers.items()} == {"quang-ninh": "answered", "binh-son": "answered"}
    assert documents_in(answers["quang-ninh"]) == {"2607/SGDĐT-GDPT"}
    assert documents_in(answers["binh-son"]) == {"1422/SGDĐT-CNTT"}
    assert "10/01/2026" in answers["quang-ninh"].text
    assert "12/01/2026" in answers["binh-son"].text


def test_all_answer_from_the_library_which_is_open_once(two):
    answers = [assistant.ask(DRUMS) for assistant in two.values()]

    assert [documents_in(answer) for answer in answers] == [{"88/2024/TT-BGDĐT"}] * 2
    joined = [assistant.searcher() for assistant in two.values()]
    assert all(isinstance(searcher, Joined) for searcher in joined)
    assert joined[0].shared is joined[1].shared


def test_nothing_of_another_office_is_found_or_listed(two):
    for name, other in (("quang-ninh", "1422/SGDĐT-CNTT"), ("binh-son", "2607/SGDĐT-GDPT")):
        assistant = two[name]

        hits = assistant.search("báo cáo dữ liệu học bạ số ký số chuyển đổi số", 100)

        assert hits
        assert other not in {hit.document for hit in hits}
        assert other not in assistant.searcher().documents
        assert not assistant.searcher().store.of_document(other)
        assert other not in documents_in(assistant.ask(f"Văn bản {other} quy định gì?"))


def test_what_is_asked_of_another_office_is_told_where_to_ask(two):
    asked = two["binh-son"].ask("Hạn nộp báo cáo của tỉnh Quảng Ninh là ngày nào?")
    around = two["quang-ninh"].ask("Em ở Bình Sơn, hạn nộp báo cáo học kì 1 là khi nào?")
    own = two["binh-son"].ask("Em ở Bình Sơn, hạn nộp báo cáo học kì 1 là khi nào?")

    assert (asked.status, asked.citations) == ("not_found", ())
    assert asked.text.endswith("Sở GDĐT tỉnh Quảng Ninh có trang hỏi đáp riêng."), (
        "at a host of its own, a path of the service leads nowhere"
    )
    assert (around.status, around.citations) == ("not_found", ())
    assert "https://hoidap.binhson.edu.vn" in around.text
    assert documents_in(own) == {"1422/SGDĐT-CNTT"}


def test_the_library_tells_what_holds_of_a_document_that_an_office_only_names(two):
    answer = two["binh-son"].ask("Thông tư 47/2024/TT-BTC còn hiệu lực không?")

    assert "thay thế bởi 12/2025/TT-BTC" in answer.text
    shelf = two["binh-son"].shelf()
    named = shelf.documents["47/2024/TT-BTC"]
    assert (named.present, shelf.validity(named.number, settings.of_service().today)) == (False, "replaced")


def test_a_provision_of_the_library_is_read_as_the_library_has_it(two):
    joined = two["binh-son"].searcher()

    found = joined.store.section("88/2024/TT-BGDĐT", "Điều 2.1")

    assert found is not None
    parent = joined.store.provision(found.parent)
    assert (parent.document, parent.section) == (found.document, "Điều 2")
    assert found in joined.store.children(parent.id)
    assert joined.store.documents_of([found.id, 0]) == {0: "1422/SGDĐT-CNTT", found.id: "88/2024/TT-BGDĐT"}
    assert joined.passage_of(found.id).provision == found


def test_an_office_without_documents_answers_from_the_library(two, offices_data, tmp_path, monkeypatch):
    data = shutil.copytree(offices_data[0], tmp_path / "data")
    monkeypatch.setenv("TRACUU_DATA", str(data))
    service = settings.of_service()

    assistant = assistant_of(of_office(service, Office("moi", "Trường THCS Mới")))

    assert documents_in(assistant.ask(DRUMS)) == {"88/2024/TT-BGDĐT"}
    assert assistant.ask(DUE).status != "answered"


def test_a_damaged_library_takes_no_answer_from_an_office(two, offices_data, tmp_path, monkeypatch):
    data = shutil.copytree(offices_data[0], tmp_path / "data")
    for store in data.glob("snapshots/*/store.sqlite"):
        store.write_bytes(b"hong")
    monkeypatch.setenv("TRACUU_DATA", str(data))
    service = settings.of_service()

    assistant = assistant_of(of_office(service, Registry.of(service).get("binh-son")))

    assert documents_in(assistant.ask(DUE)) == {"1422/SGDĐT-CNTT"}
    assert assistant.ask(DRUMS).status != "answered"


def test_offices_are_added_shown_changed_and_removed(service, capsys):
    assert run(["office", "add", "ha-giang", "--name", "Sở GDĐT tỉnh Hà Giang", "--place", "tỉnh Hà Giang"]) == 0
    assert run(["office", "set", "ha-giang", f"TELEGRAM_TOKEN={TOKEN}", "llm_seconds=5", "--host", "hoidap.hagiang.edu.vn"]) == 0
    capsys.readouterr()
    assert run(["office", "show", "ha-giang"]) == 0
    shown = capsys.readouterr().out
    assert run(["office", "list"]) == 0
    listed = capsys.readouterr().out

    assert "TRACUU_TELEGRAM_TOKEN=(đã đặt, không in ra)" in shown
    assert "TRACUU_LLM_SECONDS=5" in shown
    assert TOKEN not in shown + listed
    assert "https://hoidap.hagiang.edu.vn và /o/ha-giang/" in listed.replace("\n", "")
    assert stat.S_IMODE((service / "data/offices.sqlite3").stat().st_mode) == 0o600

    document = corpus_of(service / "corpus", "ha-giang") / "1.md"
    document.write_text("x", encoding="utf-8")
    assert run(["office", "remove", "ha-giang"]) == 0
    assert document.exists()
    capsys.readouterr()
    assert run(["office", "list"]) == 0
    assert "Hà Giang" not in capsys.readouterr().out


def test_the_library_that_all_share_is_told_of_with_an_office(two, capsys):
    library = newest(settings.of_service().data)

    assert run(["office", "show", "quang-ninh"]) == 0
    shown = capsys.readouterr().out
    assert run(["--office", "quang-ninh", "status"]) == 0
    status = capsys.readouterr().out

    told = f"Thư viện chung: bản {library.id}, lập lúc {library.created} (hôm nay): 3 văn bản, {library.counts['provisions']} điều khoản."
    assert told in shown
    assert told in status
    assert "2607/SGDĐT-GDPT" in status


def test_a_library_that_is_missing_damaged_or_behind_the_store_is_told_of(service, capsys, monkeypatch):
    run(["office", "add", "ha-giang", "--name", "Sở GDĐT tỉnh Hà Giang"])
    capsys.readouterr()

    def shown() -> str:
        assert run(["office", "show", "ha-giang"]) == 0
        return capsys.readouterr().out

    missing = shown()
    (service / "data/current").write_text("20261127T000000Z-aaaaaa", encoding="utf-8")
    damaged = shown()
    monkeypatch.setenv("TRACUU_STORE", str(service / "kho"))
    behind = shown()

    assert "Thư viện chung chưa có văn bản nào" in missing
    assert "Thư viện chung không dùng được" in damaged and "20261127T000000Z-aaaaaa" in damaged
    assert f"{service / 'kho'}" in behind


def test_what_two_set_at_once_is_both_kept_and_an_address_is_given_once(service):
    first, second = (Registry.of(settings.of_service()) for _ in range(2))
    first.add(Office("ha-giang", "Sở GDĐT tỉnh Hà Giang"))
    began = threading.Event()

    def slowly(office: Office) -> Office:
        began.set()
        time.sleep(0.2)
        return replace(office, settings={**office.settings, "telegram_token": TOKEN})

    with ThreadPoolExecutor() as beside:
        setting = beside.submit(first.change, "ha-giang", slowly)
        began.wait(10)
        second.change("ha-giang", lambda office: replace(office, settings={**office.settings, "llm_seconds": "5"}))
        setting.result()

    assert second.get("ha-giang").settings == {"telegram_token": TOKEN, "llm_seconds": "5"}
    first.close()
    second.close()


def test_data_goes_only_where_the_name_is_typed_again(service, capsys, monkeypatch):
    run(["office", "add", "ha-giang", "--name", "Sở GDĐT tỉnh Hà Giang"])
    corpus, data = corpus_of(service / "corpus", "ha-giang"), data_of(service / "data", "ha-giang")
    data.mkdir(parents=True)

    monkeypatch.setattr("builtins.input", lambda prompt: "ha giang")
    assert run(["office", "remove", "ha-giang", "--purge"]) == 2
    assert "Chưa xóa gì" in capsys.readouterr().err
    assert (corpus.exists(), data.exists()) == (True, True)

    monkeypatch.setattr("builtins.input", lambda prompt: "ha-giang")
    assert run(["office", "remove", "ha-giang", "--purge"]) == 0
    assert (corpus.exists(), data.exists()) == (False, False)


def test_a_purge_takes_what_the_shared_store_has_and_can_be_given_again_where_something_is_left(service, tmp_path, capsys, monkeypatch):
    # given an office whose files lie in a shared store too, and of which one folder cannot be deleted
    monkeypatch.setenv("TRACUU_STORE", str(tmp_path / "store"))
    run(["office", "add", "ha-giang", "--name", "Sở GDĐT tỉnh Hà Giang"])
    shared = tmp_path / "store/offices/ha-giang"
    open_blobs(str(shared)).put(_file(tmp_path))
    data = data_of(service / "data", "ha-giang")
    data.mkdir(parents=True)
    monkeypatch.setattr("builtins.input", lambda prompt: "ha-giang")
    with monkeypatch.context() as full:
        full.setattr("shutil.rmtree", _denied)
        assert run(["office", "remove", "ha-giang", "--purge"]) == 2
    # when it is purged again
    assert run(["office", "remove", "ha-giang", "--purge"]) == 0
    # then nothing is left, in the store either
    assert not data.exists()
    assert list(open_blobs(str(shared)).list()) == []


def _file(folder: Path) -> Path:
    (folder / "file").write_bytes(b"x")
    return folder / "file"


def _denied(path: Path) -> None:
    raise PermissionError(13, "Permission denied", str(path))


def test_a_purge_that_nobody_confirms_says_so(service, capsys, monkeypatch):
    run(["office", "add", "ha-giang", "--name", "Sở GDĐT tỉnh Hà Giang"])
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    capsys.readouterr()

    assert run(["office", "remove", "ha-giang", "--purge"]) == 130

    assert "cần người gõ câu trả lời" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["add", "Hà Giang", "--name", "x"], "chữ thường không dấu"),
        (["add", "../x", "--name", "x"], "chữ thường không dấu"),
        (["add", "x"], "Thiếu tên đầy đủ"),
        (["add", "x", "--name", "x", "--host", "https://x.vn"], "không có https://"),
        (["add", "x", "--name", "x", "--path", "a/b"], "Đường dẫn"),
        (["add", "co-roi", "--name", "x"], "Đã có đơn vị"),
        (["add", "x", "--name", "x", "--path", "co-roi"], "đã là của đơn vị “co-roi”"),
        (["show", "khong-co"], "Không có đơn vị “khong-co”. Các đơn vị đang có: co-roi"),
        (["set", "co-roi", "DATA=/tmp"], "của cả máy chủ"),
        (["set", "co-roi", "DATABASE=postgresql://may/ten"], "của cả máy chủ"),
        (["set", "co-roi", "KHONG_CO=1"], "Không có thiết lập"),
        (["set", "co-roi", "LLM_SECONDS=nhanh"], "Biến TRACUU_LLM_SECONDS của đơn vị co-roi"),
        (["set", "co-roi", "TELEGRAM_TOKEN"], "thiếu dấu ="),
        (["set", "co-roi", "ADMIN_PASSWORD_HASH=mật-khẩu-của-tôi"], "không phải mật khẩu đã băm"),
        (["set", "co-roi"], "Không có gì để đổi"),
    ],
)
def test_what_cannot_be_is_refused_in_a_line(service, capsys, arguments, told):
    run(["office", "add", "co-roi", "--name", "Có rồi"])
    capsys.readouterr()

    assert run(["office", *arguments]) == 2

    line = capsys.readouterr().err
    assert told in line
    assert line.count("\n") == 1


def test_a_command_for_no_office_that_there_is_does_nothing(service, capsys):
    assert run(["--office", "khong-co", "status"]) == 2
    assert "Không có đơn vị “khong-co”" in capsys.readouterr().err


def test_an_office_has_nobody_elses_bots_people_and_keys(service, monkeypatch):
    monkeypatch.setenv("TRACUU_TELEGRAM_TOKEN", TOKEN)
    monkeypatch.setenv("TRACUU_ADMIN_PASSWORD_HASH", hash_of("mot hai ba bon"))
    monkeypatch.setenv("TRACUU_LLM_SECONDS", "7")
    office = Office("ha-giang", "Sở", "tỉnh Hà Giang", settings={"zalo_token": "999:x"})

    found = of_office(settings.of_service(), office)

    assert (found.telegram_token, found.admin_password_hash) == (None, None)
    assert found.zalo_token is not None
    assert (found.llm_seconds, found.office, found.office_name) == (7, "tỉnh Hà Giang", "ha-giang")
    assert (found.data, found.state.office) == (service / "data/offices/ha-giang", "ha-giang")
    with pytest.raises(SettingError, match="của đơn vị ha-giang"):
        of_office(settings.of_service(), Office("ha-giang", "Sở", settings={"zalo_chars": "1"}))


def test_nothing_is_left_on_a_server_of_an_office_that_was_purged(service, postgres, monkeypatch):
    monkeypatch.setenv("TRACUU_DATABASE", postgres)
    for name in ("so", "so-hai"):
        run(["office", "add", name, "--name", "Sở"])
        run(["--office", name, "admin", "list"])
    monkeypatch.setattr("builtins.input", lambda prompt: "so")
    monkeypatch.setenv("TRACUU_OFFICE_NAME", "")

    assert run(["office", "remove", "so", "--purge"]) == 0

    with psycopg.connect(postgres) as connection:
        schemas = {name for (name,) in connection.execute("SELECT nspname FROM pg_namespace")}
    assert "so_hai__admin" in schemas
    assert not [name for name in schemas if name.startswith("so__")]


def test_every_machine_knows_the_offices_that_a_server_keeps(service, postgres, monkeypatch):
    monkeypatch.setenv("TRACUU_DATABASE", postgres)
    run(["office", "add", "ha-giang", "--name", "Sở GDĐT tỉnh Hà Giang"])

    monkeypatch.setenv("TRACUU_DATA", str(service / "other-machine"))

    registry = Registry.of(settings.of_service())
    assert [office.title for office in registry.all()] == ["Sở GDĐT tỉnh Hà Giang"]
    assert not list(service.rglob("offices.sqlite3"))


def test_the_bot_of_an_office_has_its_own_token_and_answers_from_its_documents(telegram, offices_data, tmp_path, monkeypatch):
    # given a copy of the service, where one office has a token, and the environment has that of somebody else
    data = shutil.copytree(offices_data[0], tmp_path / "data")
    monkeypatch.setenv("TRACUU_DATA", str(data))
    monkeypatch.setenv("TRACUU_CORPUS", str(offices_data[1]))
    assert run(["office", "set", "binh-son", f"TELEGRAM_TOKEN={telegram_server.TOKEN}"]) == 0
    monkeypatch.setenv("TRACUU_TELEGRAM_TOKEN", "1:cua-nguoi-khac")

    # when people write to it
    with closing_bot(telegram, data) as bot:
        due, drums, there = (telegram.answer_to(4711, text).text for text in (DUE, DRUMS, "hạn nộp báo cáo của Quảng Ninh?"))

    # then it answers as the office does, and keeps what was said with the office
    assert "12/01/2026" in due
    assert "24 trống" in drums
    assert "Sở GDĐT tỉnh Quảng Ninh có trang hỏi đáp riêng" in there
    assert (data_of(data, "binh-son") / "people.sqlite3").exists()
    assert not (data / "people.sqlite3").exists()
    assert "Traceback" not in bot.log


@contextmanager
def closing_bot(telegram, data):
    """The bot of Bình Sơn."""
    bot = BotProcess(telegram, data, TRACUU_OFFICE_NAME="binh-son", TRACUU_TELEGRAM_TOKEN="1:cua-nguoi-khac", TRACUU_TODAY="2026-01-03")
    yield bot
    assert bot.stop() == 0
