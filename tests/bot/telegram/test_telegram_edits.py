"""Questions that are changed, doubled or come at once: each gets its answer, and one answer."""

from __future__ import annotations

import itertools
from datetime import timedelta
from types import SimpleNamespace

import pytest

from bot.messenger.mailbox import Mailbox, Update
from bot.messenger.posting import SAYS, Letter
from bot.messenger.replies import Heard
from bot.telegram.incoming import Incoming
from tests.bot.telegram_server import NAME

DEADLINE = "bao giờ nộp báo cáo sơ kết học kì 1?"
CONTACT = "Cần hỗ trợ cơ sở dữ liệu ngành thì gọi ai?"
FAR = "tuyển phi hành gia bay lên sao hỏa"
_numbers = itertools.count(800)


@pytest.fixture
def user(bot):
    return next(_numbers)


# --- edits ---


def test_an_edit_replaces_its_answer(telegram, user):
    answer = telegram.answer_to(user, FAR)
    telegram.says(user, DEADLINE, edit=telegram.last_message_of(user))
    telegram.wait_for(lambda: answer.edits > 0)

    assert "10/01/2026" in answer.text
    assert telegram.to(user) == [answer]
    assert "Xem nguyên văn" in [label for label, _ in answer.buttons]


def test_an_edit_that_changes_no_word_does_nothing(telegram, user):
    answer = telegram.answer_to(user, DEADLINE)
    telegram.says(user, DEADLINE, edit=telegram.last_message_of(user))
    telegram.answer_to(user, "/help")

    assert (answer.edits, len(telegram.to(user))) == (0, 2)


def test_an_answer_that_is_no_longer_there_is_given_anew(telegram, user):
    answer = telegram.answer_to(user, FAR)
    telegram._messages.pop((user, answer.id))
    question = telegram.last_message_of(user)
    again = telegram.answer_to(user, DEADLINE, edit=question)
    telegram.refused.remove("editMessageText: Bad Request: message to edit not found")

    assert "10/01/2026" in again.text and again.reply_to == question


def test_a_question_that_waits_is_answered_as_it_was_edited(telegram, user):
    message = telegram._message(user, user) | {"text": FAR}
    edited = message | {"text": DEADLINE, "edit_date": message["date"]}
    telegram.push_together(telegram.update("message", message), telegram.update("edited_message", edited))
    telegram.wait_for(lambda: bool(telegram.to(user)))
    telegram.answer_to(user, "/help")

    answer, _ = telegram.to(user)
    assert "10/01/2026" in answer.text and answer.edits == 0


# --- two at once ---


def test_two_questions_get_two_answers_in_order(telegram, user):
    telegram.says(user, DEADLINE)
    telegram.says(user, CONTACT)
    telegram.wait_for(lambda: len(telegram.to(user)) == 2)

    first, second = telegram.to(user)
    assert "10/01/2026" in first.text and "0983.691.800" in second.text


@pytest.mark.parametrize("between", ["\n", " "])
def test_two_questions_in_a_message_are_both_answered(telegram, user, between):
    answer = telegram.answer_to(user, f"{DEADLINE}{between}{CONTACT}").text

    assert answer.startswith("1. ") and f"\n2. {CONTACT}" in answer
    assert "10/01/2026" in answer and "0983.691.800" in answer


def test_a_number_that_was_used_before_loses_nothing(state):
    kept: list[Update] = []
    mailbox = Mailbox(state, "telegram")
    taking = SimpleNamespace(take=lambda update: kept.append(update) if mailbox.receive(update) else None)
    incoming = Incoming(SimpleNamespace(username=NAME, id=1), SimpleNamespace(mailbox=mailbox), taking)

    def message(id: int, text: str):
        chat = {"id": 5, "type": "private"}
        return {"update_id": 7, "message": {"message_id": id, "date": 1, "chat": chat, "text": text}}

    for update in (message(1, "hạn nộp"), message(1, "hạn nộp"), message(2, "hạn nộp"), message(3, "hạn khác")):
        incoming.take(update)

    assert len(kept) == 3 and len({update.id for update in kept}) == 3


# --- the mailbox ---


def heard(revises: bool = False):
    return Heard("5", "10", "telegram:5", "x", revises)


def told(*texts: str):
    return [Letter("5", SAYS, {"text": text}) for text in texts]


def deliver(mailbox: Mailbox, ids: list[str]):
    """Deliver what waits as Telegram would, and return what was done: method, words, and the message in whose place."""
    done = []
    while (letter := mailbox.next("5")) is not None:
        done.append((letter.method, letter.payload.get("text", ""), letter.instead))
        mailbox.arrived(letter, letter.instead or ids.pop(0))
    return done


def test_parts_that_are_too_many_are_deleted_and_parts_that_lack_are_said(state):
    mailbox = Mailbox(state, "telegram")
    mailbox.commit(told("a", "b"), heard=heard())
    deliver(mailbox, ["101", "102"])
    mailbox.commit(told("c"), heard=heard(revises=True))
    fewer = deliver(mailbox, [])
    mailbox.commit(told("d", "e"), heard=heard(revises=True))

    assert fewer == [(SAYS, "c", "101"), ("deleteMessage", "", "102")]
    assert deliver(mailbox, ["103"]) == [(SAYS, "d", "101"), (SAYS, "e", "")]


def test_an_edit_takes_the_place_of_what_was_not_said_yet(state):
    mailbox = Mailbox(state, "telegram")
    mailbox.commit(told("a"), heard=heard())
    mailbox.commit(told("b"), heard=heard(revises=True))

    assert deliver(mailbox, ["101"]) == [(SAYS, "b", "")]


def test_a_letter_on_its_way_is_edited_once_it_is_there(state):
    mailbox = Mailbox(state, "telegram")
    mailbox.commit(told("a"), heard=heard())
    mailbox.leaves(mailbox.next("5").id, 1)
    mailbox.commit(told("b"), heard=heard(revises=True))

    assert deliver(mailbox, ["101"]) == [(SAYS, "a", ""), (SAYS, "b", "101")]


def test_what_arrives_after_it_was_forgotten_is_not_noted(state):
    mailbox = Mailbox(state, "telegram")
    mailbox.commit(told("a"), heard=heard())
    letter = mailbox.next("5")
    mailbox.forget("telegram:5", ["5"])
    mailbox.arrived(letter, "101")
    mailbox.prune(timedelta(days=1), timedelta(days=1))

    assert mailbox.replies.answered_by("5", "101") is None
