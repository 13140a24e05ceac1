from __future__ import annotations

import re
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.journal import Journal
from bot.people import ROLES, People, concerns
from rag.documents import Answer, Citation, Deadline
from rag.storage import State


@pytest.fixture
def people(state):
    return People(state)


def due(who: str, to: str = "Sở GDĐT") -> Deadline:
    return Deadline("báo cáo", who, to, "10/01/2026", "2026-01-10", "", 1, "")


def test_role_and_reminders_survive_a_restart(people, state):
    people.set_role("telegram:1", "thpt")
    people.set_reminders("telegram:1", "2026-01-01")

    kept = People(state).load("telegram:1")
    assert (kept.role, kept.reminded_since, kept.audience) == (ROLES["thpt"], "2026-01-01", {"school", "trung học phổ thông"})


def test_nobody_is_kept_who_chose_nothing(people):
    people.seen("telegram:1")

    assert people.load("telegram:1").role is None
    assert people.wanting_reminders("telegram") == []


def test_of_who_wants_no_messages_only_that_they_had_reminders_is_kept(people):
    people.set_reminders("telegram:1", "2026-01-01")
    for id in ("telegram:1", "telegram:2"):
        people.stop_reminders(id)

    assert people.wanting_reminders("telegram") == []
    assert people.was_stopped("telegram:1") and not people.was_stopped("telegram:2")
    people.set_reminders("telegram:1", "")  # they chose so themselves
    assert not people.was_stopped("telegram:1")


def test_an_alias_stays_the_same_and_says_nothing(people, state):
    assert people.alias("telegram:1") == People(state).alias("telegram:1") != people.alias("telegram:2")
    assert re.fullmatch("[0-9a-f]{12}", people.alias("telegram:1"))


def test_two_installations_give_different_aliases(people, tmp_path):
    assert people.alias("telegram:1") != People(State(tmp_path / "other")).alias("telegram:1")


def test_who_has_not_been_seen_for_long_is_forgotten(people, monkeypatch):
    people.set_role("telegram:1", "xa")
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 100 * 86400)
    people.set_role("telegram:2", "xa")

    assert people.prune(timedelta(days=90)) == 1
    assert people.load("telegram:1").role is None


@pytest.mark.parametrize(
    ("who", "to", "roles"),
    [
        ("UBND cấp xã, trường có cấp THPT, trung tâm giáo dục thường xuyên", "Sở GDĐT", {"thpt", "gdtx", "xa"}),
        ("Phòng Giáo dục phổ thông", "Bộ GDĐT", {"so"}),
        ("các trường mầm non", "", {"mn"}),
        ("các cơ sở giáo dục", "", {"thpt", "thcs", "th", "mn", "gdtx"}),
        ("cơ sở giáo dục phổ thông", "", {"thpt", "thcs", "th"}),
        ("", "", set(ROLES)),
    ],
)
def test_a_deadline_concerns_those_whom_it_names(who, to, roles):
    assert {key for key, role in ROLES.items() if concerns(due(who, to), role)} == roles
    assert concerns(due(who, to), None)


# --- the journal ---


@pytest.fixture
def journal(state):
    return Journal(state)


ANSWERED = Answer("câu đã trả lời", "answered", "Có.", (Citation("1/A", "II", 1, "…", "…"),), kind="deadline")
REFUSED = Answer("câu bị từ chối", "not_found", "Không.", kind="not_found")


def test_only_questions_without_a_sure_answer_are_kept_in_full(journal):
    journal.note("a", "telegram", "an", ANSWERED, 0.01)
    journal.note("b", "telegram", "an", REFUSED, 0.02)
    journal.note("c", "telegram", "an", replace(ANSWERED, question="câu chưa chắc", status="offered", kind="offered"), 0.03)

    kept = [(entry.question, entry.cited) for entry in journal.entries()]
    assert kept == [("", "1/A II"), ("câu bị từ chối", ""), ("câu chưa chắc", "1/A II")]
    assert [journal.question(id) for id in ("a", "c", "never noted")] == ["", "câu chưa chắc", ""]


def test_an_answer_is_noted_once(journal):
    for _ in range(2):
        journal.note("a", "telegram", "an", ANSWERED, 0.01)

    assert len(journal.entries()) == 1


def test_what_is_answered_after_all_is_counted_once_as_answered(journal):
    journal.note("a", "telegram", "an", REFUSED, 0.01)
    journal.vote("a", "up")

    journal.change("a", ANSWERED)
    journal.change("never noted", ANSWERED)

    (entry,) = journal.entries()
    assert (entry.status, entry.kind, entry.cited, entry.question, entry.vote) == ("answered", "deadline", "1/A II", "", "up")


def test_a_vote_on_an_unknown_answer_is_refused(journal):
    assert not journal.vote("a", "up")


def test_somebody_is_forgotten_with_everything_they_wrote(journal):
    journal.note("a", "telegram", "an", REFUSED, 0.01)
    journal.note("b", "telegram", "bình", REFUSED, 0.01)
    journal.suggest("c", "telegram", "an", "góp ý")

    journal.forget("an")

    assert [entry.who for entry in journal.entries()] == ["bình"]
    assert journal.suggestions() == []


def test_what_is_old_goes(journal, monkeypatch):
    journal.note("a", "telegram", "an", REFUSED, 0.01)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 86400)
    journal.note("b", "telegram", "an", REFUSED, 0.01)

    assert journal.prune(timedelta(hours=12)) == 1
    assert [entry.id for entry in journal.entries()] == ["b"]
