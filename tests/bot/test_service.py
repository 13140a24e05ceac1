"""The one door: what all channels stand on, over a real index."""

from __future__ import annotations

import asyncio
import os
import shutil
import threading
import time
from datetime import UTC, date, datetime, timedelta

import pytest

from bot import service as door
from bot import settings
from bot.assistant import assistant_of
from bot.service import Service
from bot.settings import Settings
from rag.assistant import Assistant
from rag.errors import IndexMissing
from rag.index.published import pointer
from rag.index.snapshot import SnapshotReader
from rag.question.conversation import Conversation

DEADLINE = "Mật khẩu tài khoản quản trị bao lâu phải đổi một lần?"
NEW = Conversation()


@pytest.fixture(scope="module")
def data(example_index, tmp_path_factory):
    """An index of one's own, to be published anew."""
    folder = tmp_path_factory.mktemp("service")
    shutil.copytree(example_index, folder, dirs_exist_ok=True)
    return folder


@pytest.fixture
def service(data):
    service = Service.open(Settings(data=data, today=date(2025, 11, 1)))
    yield service
    service.close()


@pytest.fixture
def asked(monkeypatch):
    """The questions that were computed, and not remembered."""
    questions, real = [], Assistant.ask

    def counted(self, question, *given, **more):
        questions.append(question)
        return real(self, question, *given, **more)

    monkeypatch.setattr(Assistant, "ask", counted)
    return questions


def publish(data):
    """Let the index look as if it was published anew."""
    later = pointer(data).stat().st_mtime_ns + 1_000_000_000
    os.utime(pointer(data), ns=(later, later))


def ask(service, *questions):
    async def one_after_the_other():
        return [await service.ask(question, NEW) for question in questions]

    return asyncio.run(one_after_the_other())


def test_what_many_ask_at_once_is_answered_once_and_each_has_a_conversation_of_their_own(service, asked):
    async def at_once():
        return await asyncio.gather(*(service.ask(DEADLINE, NEW) for _ in range(20)))

    answered = asyncio.run(at_once())

    assert asked == [DEADLINE]
    assert len({each.answer.text for each in answered}) == 1
    assert len({id(each.after) for each in answered}) == 20
    assert NEW.to_json() == Conversation().to_json()


def test_answers_are_remembered_by_least_recent_use(service, asked, monkeypatch):
    monkeypatch.setattr(door, "_KNOWN", 2)
    service = Service.open(service.settings)

    ask(service, "giá vàng?", "giá đô?", "giá vàng?", "giá bạc?", "giá vàng?", "giá đô?")

    assert asked == ["giá vàng?", "giá đô?", "giá bạc?", "giá đô?"]


def test_another_index_and_what_is_taught_are_asked_anew(service, data, asked):
    bank = data / "bank/current"
    before = bank.stat()

    ask(service, DEADLINE, DEADLINE)
    publish(data)
    ask(service, DEADLINE)
    os.utime(bank, ns=(before.st_atime_ns, before.st_mtime_ns + 1_000_000_000))
    ask(service, DEADLINE)

    assert asked == [DEADLINE] * 3


def test_a_missing_index_is_told_and_not_remembered(service, tmp_path, data):
    service = Service.open(Settings(data=tmp_path / "data"))
    with pytest.raises(IndexMissing):
        service.make_ready()
    with pytest.raises(IndexMissing):
        ask(service, DEADLINE)

    shutil.copytree(data, tmp_path / "data", dirs_exist_ok=True)

    assert ask(service, DEADLINE)[0].answer.citations


def test_search_tells_the_same_on_the_loop_and_in_a_thread(service):
    found = asyncio.run(service.search("mật khẩu", 3))

    assert (found.question, len(found.hits)) == ("mật khẩu", 3)
    assert found.seconds > 0
    assert [hit.section for hit in service.search_here("mật khẩu", 3).hits] == [hit.section for hit in found.hits]


def test_no_index_is_opened_where_the_event_loop_runs(service, data, monkeypatch):
    opened, real = [], SnapshotReader._open

    def noted(self):
        opened.append(threading.get_ident())
        return real(self)

    monkeypatch.setattr(SnapshotReader, "_open", noted)

    async def handled():
        for _ in range(2):
            await service.in_use.catch_up()
            assert service.in_use.shelf().documents
            assert service.in_use.searcher().store.documents()
            await service.ask(DEADLINE, NEW)
            await service.search(DEADLINE, 1)
            publish(data)
            service.version()
            assert service.in_use.searcher()
        return threading.get_ident()

    loop = asyncio.run(handled())
    assert opened
    assert loop not in opened


def test_an_index_that_is_gone_is_told_where_it_is_needed_and_comes_back(service, data):
    async def looked():
        kept = pointer(data).read_bytes()
        pointer(data).unlink()
        try:
            await service.in_use.catch_up()
        finally:
            pointer(data).write_bytes(kept)
        with pytest.raises(IndexMissing):
            service.in_use.shelf()
        await service.in_use.catch_up()
        return service.in_use.shelf()

    assert asyncio.run(looked()).documents


def test_stores_are_opened_once_however_many_threads_ask_first(service):
    barrier, found = threading.Barrier(8), []

    def look():
        barrier.wait()
        found.append(service.kept)

    threads = [threading.Thread(target=look) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 8
    assert len(set(map(id, found))) == 1


def test_the_terminal_opens_no_store(service, data):
    list(service.stream(DEADLINE))

    assert service._kept is None


def test_whatever_a_channel_kept_is_pruned_by_one_rule(service, monkeypatch):
    kept = service.kept
    long_ago = time.time() - timedelta(days=1000).total_seconds()
    monkeypatch.setattr(time, "time", lambda: long_ago)
    for channel in ("web", "telegram"):
        service.note(f"{channel}:1", channel, "ai", ask(service, DEADLINE)[0])
        kept.conversations.save(f"{channel}:1@{channel}:1", Conversation(topic="cũ"))
    kept.people.set_role("telegram:1", "thpt")
    monkeypatch.undo()
    service.note("web:2", "web", "ai", ask(service, DEADLINE)[0])
    kept.people.set_role("telegram:2", "thpt")

    service.prune()

    assert [entry.id for entry in kept.journal.entries()] == ["web:2"]
    assert kept.conversations.load("web:1@web:1").topic == ""
    assert [kept.people.load(f"telegram:{number}").role is not None for number in (1, 2)] == [False, True]


def test_a_conversation_is_gone_on_with_as_long_as_the_settings_say(service, monkeypatch):
    now = time.time()
    for id, minutes in (("an", 50), ("bình", 70)):
        monkeypatch.setattr(time, "time", lambda ago=minutes: now - 60 * ago)
        service.kept.conversations.save(id, Conversation(topic="mật khẩu"))
    monkeypatch.undo()

    assert [service.conversation(id).topic for id in ("an", "bình")] == ["mật khẩu", ""]


def test_nothing_of_a_person_stays_once_they_are_forgotten(service):
    kept, person = service.kept, "telegram:7"
    answered = ask(service, "giá vàng?")[0]
    service.note("telegram:7", "telegram", kept.people.alias(person), answered)
    kept.conversations.save(f"telegram:7@{person}", answered.after)
    kept.people.set_role(person, "thpt")
    kept.picks.add("giá vàng?", "1/CV", "1")

    kept.forget_person(person)

    assert not kept.journal.asked_by(kept.people.alias(person))
    assert not kept.journal.entry("telegram:7")
    assert kept.people.load(person).role is None
    assert not kept.picks.all(1)


def test_offices_that_are_opened_at_once_share_one_library(data, tmp_path, monkeypatch):
    service = Settings(data=data, today=date(2025, 11, 1))
    monkeypatch.setattr(settings, "of_service", lambda: service)
    made, real, others = [], Assistant.__init__, threading.Event()

    def slowly(self, folder, **more):
        if folder == data:
            made.append(self)
            others.wait(0.05)
        real(self, folder, **more)

    monkeypatch.setattr(Assistant, "__init__", slowly)
    office = service.model_copy(update={"data": tmp_path, "office_name": "truong-a"})
    threads = [threading.Thread(target=assistant_of, args=(office,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(made) == 1


@pytest.mark.parametrize(("zone", "has_passed"), [("Asia/Ho_Chi_Minh", True), ("UTC", False)])
def test_the_day_is_that_of_the_people_who_ask_wherever_the_machine_stands(directive_index, monkeypatch, zone, has_passed):
    class Evening(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime(2026, 1, 10, 18, tzinfo=UTC).astimezone(tz)

    monkeypatch.setattr("bot.clock.datetime", Evening)
    monkeypatch.delenv("TRACUU_TODAY", raising=False)
    chosen = settings.made({"data": directive_index, "timezone": zone})

    answer = assistant_of(chosen).ask("Trường nộp báo cáo sơ kết học kì 1 trước ngày nào?")

    assert any("đã qua" in note for note in answer.notes) == has_passed
