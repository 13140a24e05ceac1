"""What released versions wrote is opened by this one: an index, conversations, votes, lessons, people, letters.

Each sample is the corpus and data folder of a small office, made by the version in its name.
"""

from __future__ import annotations

import tarfile
from functools import partial

import pytest

from bot.conversations import Conversations
from bot.journal import Journal
from bot.messenger.mailbox import Mailbox
from bot.people import People
from bot.picks import Picks
from bot.web.turns import Turns
from ingest.options import Options
from ingest.pipeline import ingest
from rag.assistant import Assistant
from rag.errors import IndexDamaged
from rag.storage import State

VERSIONS = ("35ea0e0", "bbbeea9")
ASKED = "phí gửi xe đạp là bao nhiêu"
TAUGHT = "để xe hai bánh trong sân trường hết mấy tiền"


@pytest.fixture(scope="module", params=VERSIONS)
def office(request, repo, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    with tarfile.open(repo / f"tests/data/written-by-{request.param}.tar.xz") as sample:
        sample.extractall(folder, filter="data")
    return folder


def answers(office) -> bool:
    assistant = Assistant(office / "data")
    return all("2.000 đồng" in assistant.ask(question).text for question in (ASKED, TAUGHT))


def test_its_files_of_people_and_of_what_they_asked_are_read(office):
    opened = [kind(State(office / "data")) for kind in (Conversations, Turns, Journal, Picks, People, partial(Mailbox, channel="telegram"))]
    conversations, turns, journal, picks, people, mailbox = opened

    assert conversations.load("telegram:7").to_json() != conversations.load("none").to_json()
    (turn,) = turns.of("talk-1")
    assert (turn.answer["question"], turn.picked, turn.is_told) == (ASKED, 0, True)
    assert turns.shared(turn.id) == turn.alone  # its link still opens, and nothing else does
    (entry,) = journal.entries()
    assert (entry.status, entry.vote, entry.cited) == ("answered", "up", "11/2024/TT-BGDĐT Điều 1")
    assert [suggestion.words for suggestion in journal.suggestions()] == ["Thêm văn bản về thư viện"]
    assert [(pick.question, pick.section) for pick in picks.all(36_500)] == [("gửi xe ở đâu", "Điều 1")]
    person = people.load("telegram:7")
    assert (person.role.key, person.reminded_since) == ("thpt", "2025-10-01")
    mailbox.recover()
    assert mailbox.chats_waiting() == [""]
    assert mailbox.next_update("").body == '{"update_id": 5}'
    assert mailbox.next("7").payload == {"text": "Chào thầy"}
    assert mailbox.reminded("telegram:7") == {"hạn"}
    for each in opened:
        each.close()


def test_its_index_answers_or_says_that_it_must_be_made_anew(office):
    try:
        assert answers(office)
    except IndexDamaged as error:
        assert "tracuu ingest" in str(error)


def test_its_documents_and_lessons_make_a_new_index(office):
    report = ingest(office / "corpus", office / "data", Options(encoder="off"))

    assert (report.documents, report.skipped) == (2, [])
    assert answers(office)
    assert Assistant(office / "data").snapshot.store.document("12/2024/TT-BGDĐT").title == "Về căng tin trường học"
