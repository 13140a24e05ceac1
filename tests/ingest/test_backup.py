"""``tracuu backup`` and ``restore``: an office comes back as it was, and nothing else is ever put in its place."""

from __future__ import annotations

import resource
import shutil
import sqlite3
import stat
import zipfile

import pytest

from bot.conversations import Conversations
from bot.journal import Journal
from bot.offices.registry import Office as Registered
from bot.offices.registry import Registry
from bot.people import People
from ingest.bank_files import write_questions
from ingest.exchange import decide, finish_restore, staging
from ingest.options import Options
from ingest.pipeline import ingest
from rag.assistant import Assistant
from rag.index.bank import BankEntry
from rag.question.conversation import Conversation
from rag.storage import State
from tests.ingest.office import CANTEEN, PARKING, Office, circular

ASKED = "phí gửi xe đạp là bao nhiêu"
TAUGHT = "để xe hai bánh trong sân hết mấy tiền"
SHOP = circular("13/2024/TT-BGDĐT", "Giờ bán: Cửa hàng sách mở cửa từ 7 giờ.")


@pytest.fixture(scope="module")
def indexed(tmp_path_factory):
    """The corpus and the data folder of an office, indexed and taught."""
    made = Office(tmp_path_factory.mktemp("office"))
    made.write("11.txt", PARKING)
    made.write("12.txt", CANTEEN)
    write_questions(made.corpus / "questions/taught.yaml", [BankEntry(TAUGHT, "11/2024/TT-BGDĐT", ("Điều 1",), "taught", "admin")])
    ingest(made.corpus, made.data, Options(encoder="off"))
    return made


@pytest.fixture
def running(indexed, office, monkeypatch):
    """An office at work, its files of conversations, people and statistics open and written to."""
    monkeypatch.setenv("TRACUU_ENCODER", "off")
    monkeypatch.setenv("TRACUU_OFFICE", "tỉnh Bình Sơn")
    monkeypatch.setenv("TRACUU_TELEGRAM_TOKEN", "777:ma-bi-mat")
    monkeypatch.setenv("TRACUU_API_KEYS", "truong-a:" + "0" * 64)
    shutil.copytree(indexed.corpus, office.corpus, dirs_exist_ok=True)
    shutil.copytree(indexed.data, office.data)
    conversation = Conversation()
    answer = Assistant(office.data).ask(ASKED, conversation)
    office.conversations, office.journal, office.people = (
        Conversations(State(office.data)),
        Journal(State(office.data)),
        People(State(office.data)),
    )
    office.conversations.save("telegram:7", conversation)
    office.journal.note("1", "web", "ai-do", answer, 0.1)
    office.journal.vote("1", "up")
    office.people.set_role("telegram:7", "thpt")
    yield office
    for opened in (office.conversations, office.journal, office.people):
        opened.close()


@pytest.fixture
def saved(running, tracuu, tmp_path):
    """The file that a backup of it wrote."""
    file = tmp_path / "usb" / "sao lưu.zip"
    file.parent.mkdir()
    assert tracuu("backup", file).code == 0
    return file


def as_it_was(office) -> bool:
    """Whether the question, the lesson, the conversation, the vote and the person are there."""
    assistant = Assistant(office.data)
    conversations, journal, people = Conversations(State(office.data)), Journal(State(office.data)), People(State(office.data))
    try:
        assert "2.000 đồng" in assistant.ask(ASKED).text
        assert "2.000 đồng" in assistant.ask(TAUGHT).text
        assert conversations.load("telegram:7").to_json() != Conversation().to_json()
        assert [entry.vote for entry in journal.entries()] == ["up"]
        assert people.load("telegram:7").role.key == "thpt"
    finally:
        for opened in (conversations, journal, people):
            opened.close()
    return True


def offices_of(running) -> list[Registered]:
    registry = Registry(State(running.data))
    try:
        return registry.all()
    finally:
        registry.close()


def files_in(folder) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_what_was_deleted_comes_back_and_answers(running, saved, tracuu):
    corpus = files_in(running.corpus)
    for folder in (running.corpus, running.data):
        shutil.rmtree(folder)

    result = tracuu("restore", saved)

    assert result.code == 0, result.err
    assert as_it_was(running)
    assert files_in(running.corpus) == corpus
    assert tracuu("ingest").out.startswith("Không có gì thay đổi")


def test_secrets_stay_out_and_are_named(running, saved, tracuu):
    with zipfile.ZipFile(saved) as archive:
        content = b"".join(archive.read(name) for name in archive.namelist())
        settings = archive.read("data/settings.env").decode()

    assert b"777:ma-bi-mat" not in content
    assert b"truong-a" not in content
    assert "TRACUU_OFFICE='tỉnh Bình Sơn'" in settings
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    again = tracuu("backup", saved, "--force")
    assert again.code == 0
    assert "TRACUU_TELEGRAM_TOKEN" in again.out
    assert "TRACUU_API_KEYS" in again.out


def test_the_secrets_of_offices_stay_out_and_are_named_and_the_offices_are_kept(running, tracuu, tmp_path):
    registry = Registry(State(running.data))
    registry.add(Registered("alpha", "Sở GDĐT Alpha", settings={"telegram_token": "888:ma-rieng", "llm_seconds": "5"}))
    registry.close()

    result = tracuu("backup", tmp_path / "b.zip")

    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        assert b"888:ma-rieng" not in b"".join(archive.read(name) for name in archive.namelist())
    assert "TRACUU_TELEGRAM_TOKEN của đơn vị alpha" in result.out.replace("\n", " ")
    assert tracuu("restore", tmp_path / "b.zip").code == 0
    assert offices_of(running)[0].settings["telegram_token"] == "888:ma-rieng", "what this machine has stays"
    (running.data / "offices.sqlite3").unlink()
    assert tracuu("restore", tmp_path / "b.zip").code == 0
    assert [(office.title, office.settings) for office in offices_of(running)] == [("Sở GDĐT Alpha", {"llm_seconds": "5"})]


def test_a_backup_is_overwritten_only_where_that_is_wanted(running, saved, tracuu):
    before = saved.read_bytes()

    refused = tracuu("backup", saved)

    assert refused.code == 2
    assert "--force" in refused.err
    assert saved.read_bytes() == before
    assert tracuu("backup", saved, "--force").code == 0


def test_what_is_there_is_kept_and_a_running_service_sees_what_was_put_back(running, saved, tracuu):
    running.write("11.txt", PARKING.replace("2.000", "9.000"))
    running.write("13.txt", SHOP)
    tracuu("ingest")
    running.journal.vote("1", "down")
    running.people.forget("telegram:7")

    preview = tracuu("restore", saved, "--dry-run")
    unchanged = (running.corpus / "13.txt").exists(), running.journal.entries()[0].vote
    result = tracuu("restore", saved)

    assert "- 13/2024/TT-BGDĐT" in preview.out
    assert unchanged == (True, "down")
    assert result.code == 0, result.err
    assert as_it_was(running)
    assert running.journal.entries()[0].vote == "up"
    (kept,) = (running.data / "trash").glob("*-restore")
    assert str(kept) in result.out
    assert (kept / "corpus/13.txt").read_text(encoding="utf-8") == SHOP
    assert sqlite3.connect(kept / "data/journal.sqlite3").execute("SELECT vote FROM questions").fetchall() == [("down",)]
    assert not [path for path in running.corpus.iterdir() if path.name.startswith(".")]


def cut(file):
    file.write_bytes(file.read_bytes()[:-200])


def flipped(file):
    content = bytearray(file.read_bytes())
    content[200] ^= 1
    file.write_bytes(content)


def changed(file):
    with zipfile.ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content.replace(b"2.000", b"8.000") if name == "corpus/11.txt" else content)


def with_member(name, mode=0):
    def put_in(file):
        with zipfile.ZipFile(file) as archive:
            members = {each: archive.read(each) for each in archive.namelist()}
        with zipfile.ZipFile(file, "w") as archive:
            for each, content in members.items():
                known = b'"files": {', f'"files": {{"{name}": [1, "{"0" * 64}"],'.encode()
                archive.writestr(each, content.replace(*known) if each == "manifest.json" else content)
            member = zipfile.ZipInfo(name)
            member.external_attr = mode << 16
            archive.writestr(member, b"x")

    return put_in


HARMS = {
    "cut": cut,
    "flipped": flipped,
    "changed": changed,
    "no archive": lambda file: file.write_bytes(b"%PDF-1.7 nothing"),
    "above": with_member("corpus/../../thoat.txt"),
    "absolute": with_member("/etc/thoat.txt"),
    "index": with_member("data/current"),
    "link": with_member("corpus/lien-ket.txt", stat.S_IFLNK | 0o777),
    "hidden": with_member("corpus/.restore/new/x.txt"),
}


def test_a_file_that_is_not_as_it_was_written_changes_nothing(running, saved, tracuu, tmp_path):
    before = files_in(running.corpus), running.current
    for what, harm in HARMS.items():
        harmed = shutil.copy(saved, tmp_path / "hỏng.zip")
        harm(harmed)

        result = tracuu("restore", harmed)

        assert result.code == 2, what
        assert "Không dùng được tệp sao lưu" in result.err, what
        assert "Không có gì thay đổi" in result.err.splitlines()[-1], what
        assert (files_in(running.corpus), running.current) == before, what
        assert not (running.data / ".restore").exists(), what
    assert not list(tmp_path.rglob("thoat.txt"))
    assert as_it_was(running)


def test_a_backup_of_which_no_index_can_be_made_changes_nothing(running, saved, tracuu):
    running.write("checks.yaml", "questions: [{question: phí gửi xe đạp là bao nhiêu, facts: [7.000 đồng]}]")
    assert tracuu("backup", saved, "--force").code == 0
    (running.corpus / "checks.yaml").unlink()
    running.write("12.txt", CANTEEN.replace("6 giờ", "5 giờ"))
    tracuu("ingest")
    before = files_in(running.corpus), running.current

    result = tracuu("restore", saved)

    assert (result.code, files_in(running.corpus), running.current) == (2, *before)
    assert "checks.yaml" in result.err


def test_a_full_disk_leaves_no_file_that_looks_like_a_backup(running, tmp_path):
    target = tmp_path / "usb" / "b.zip"
    target.parent.mkdir()

    result = running.run("backup", target, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)))

    assert result.returncode == 2
    assert "Không sao lưu được" in result.stderr.splitlines()[-1]
    assert list(target.parent.iterdir()) == []


def test_a_damaged_database_and_a_link_are_named_and_the_rest_is_kept(running, tracuu, tmp_path):
    (running.data / "picks.sqlite3").write_bytes(b"hong" * 2000)
    (running.corpus / "ngoài.txt").symlink_to("/etc/passwd")

    result = tracuu("backup", tmp_path / "b.zip")

    assert result.code == 1
    assert "data/picks.sqlite3: bị hỏng" in result.out
    assert "corpus/ngoài.txt: là liên kết" in result.out
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        assert "data/journal.sqlite3" in archive.namelist()
        assert "corpus/ngoài.txt" not in archive.namelist()


def test_a_backup_goes_neither_into_the_corpus_nor_over_another_file(running, tracuu, tmp_path):
    other = tmp_path / "bảng điểm.xlsx"
    other.write_bytes(b"PK")

    for target in (running.corpus / "b.zip", other, tmp_path):
        assert tracuu("backup", target).code == 2
    assert other.read_bytes() == b"PK"


class Killed(BaseException):
    """The process ends here."""


def test_a_restore_stopped_at_any_moment_is_finished_by_whoever_comes_next(tmp_path, monkeypatch):
    def there() -> dict[str, bytes]:
        return {name: content for name, content in files_in(tmp_path).items() if "trash" not in name}

    rename, finished, moment = type(tmp_path).rename, None, 0
    while finished is None:
        # given something old, and something unpacked and decided
        for folder in ("corpus", "data"):
            shutil.rmtree(tmp_path / folder, ignore_errors=True)
        corpus, data = tmp_path / "corpus", tmp_path / "data"
        for folder, content in ((corpus, b"old"), (staging(corpus), b"new")):
            (folder / "questions").mkdir(parents=True)
            for name in ("1.txt", f"{content.decode()}.txt", "questions/taught.yaml"):
                (folder / name).write_bytes(content)
        for folder, content in ((data, b"old"), (staging(data), b"new")):
            (folder / "extra").mkdir(parents=True)
            (folder / "extra/a.jsonl").write_bytes(content)
            with sqlite3.connect(folder / "journal.sqlite3") as database:
                database.execute(f"CREATE TABLE t AS SELECT '{content.decode()}' AS word")
        decide(data)
        left = iter(range(moment))

        # when it is killed at one moment after the other
        def at_most(path, target, left=left):
            if next(left, None) is None:
                raise Killed
            return rename(path, target)

        monkeypatch.setattr(type(tmp_path), "rename", at_most)
        try:
            finished = finish_restore(corpus, data, lambda line: None)
        except Killed:
            monkeypatch.setattr(type(tmp_path), "rename", rename)
            assert finish_restore(corpus, data, lambda line: None)
        monkeypatch.setattr(type(tmp_path), "rename", rename)

        # then all is new, all old is kept, and nothing is left to do
        assert {name: content for name, content in there().items() if not name.endswith("sqlite3")} == {
            "corpus/1.txt": b"new", "corpus/new.txt": b"new", "corpus/questions/taught.yaml": b"new", "data/extra/a.jsonl": b"new",
        }  # fmt: skip
        assert sqlite3.connect(data / "journal.sqlite3").execute("SELECT word FROM t").fetchall() == [("new",)]
        kept = [path.read_bytes() for path in (data / "trash").rglob("*") if path.is_file() and path.suffix != ".sqlite3"]
        assert kept == [b"old"] * 4
        moment += 1
    assert moment > 6
