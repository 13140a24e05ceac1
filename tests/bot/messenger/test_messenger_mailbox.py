"""What a mailbox promises, in SQLite and in PostgreSQL: each update handled once, each letter sent once, whoever does it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.messenger.mailbox import Mailbox, Menu, Place, Update
from bot.messenger.posting import SAYS, Letter

CHAT = "5"


@pytest.fixture
def mailbox(state):
    mailbox = Mailbox(state, "telegram")
    yield mailbox
    mailbox.close()


def says(text: str) -> Letter:
    return Letter(CHAT, SAYS, {"text": text})


def next_text(mailbox: Mailbox) -> str:
    letter = mailbox.next(CHAT)
    return letter.payload["text"] if letter else ""


def leads_from(mailbox: Mailbox, term: int) -> None:
    """Let somebody lead: in a shared mailbox the session that does writes this itself."""
    mailbox._database.run("INSERT INTO leaders VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET term = excluded.term", term)


def test_what_comes_twice_is_kept_once_and_waits_in_its_order(mailbox):
    came = [mailbox.receive(Update(id, chat, "{}")) for id, chat in (("a", CHAT), ("b", "6"), ("c", CHAT), ("a", CHAT))]

    assert came == [True, True, True, False]
    assert mailbox.chats_waiting() == [CHAT, "6"]
    assert mailbox.next_update(CHAT).id == "a"
    assert mailbox.waiting("a", CHAT) == ["{}"]


def test_an_update_is_done_once_whoever_else_was_at_it(mailbox):
    mailbox.receive(Update("a", CHAT, "{}"))
    place = Place("1/CV", "I")

    first = mailbox.commit([says("một")], [place], done="a", menus={CHAT: Menu((("Một", "1"),), "?")})
    second = mailbox.commit([says("hai")], [Place("2/CV", "II")], done="a")

    assert (first, second) == (True, False)
    assert next_text(mailbox) == "một"
    assert mailbox.place(place.key) == place and mailbox.place(Place("2/CV", "II").key) is None
    assert mailbox.menu(CHAT, timedelta(days=1)).choices == (("Một", "1"),)
    assert mailbox.next_update(CHAT) is None and not mailbox.receive(Update("a", CHAT, "{}"))


def test_a_reminder_is_given_once_and_its_words_with_it(mailbox):
    first = mailbox.commit([says("nhắc")], reminded=[("telegram:5", "7|x")])
    second = mailbox.commit([says("nhắc nữa")], reminded=[("telegram:5", "3|y"), ("telegram:5", "7|x")])

    assert (first, second) == (True, False)
    assert mailbox.reminded("telegram:5") == {"7|x"}
    mailbox.drop(mailbox.next(CHAT).id)
    assert mailbox.next(CHAT) is None


def test_a_crash_is_counted_only_in_the_chat_that_is_taken_over(mailbox):
    for id, chat in (("a", CHAT), ("b", "6")):
        mailbox.receive(Update(id, chat, "{}"))
        mailbox.begin(id, True)

    mailbox.recover(CHAT)

    assert [mailbox.next_update(chat).crashes for chat in (CHAT, "6")] == [1, 0]


def test_letters_leave_in_order_and_only_in_the_newest_term(mailbox):
    mailbox.commit([says("một"), says("hai")])
    first = mailbox.next(CHAT)

    assert mailbox.leaves(first.id, 1) and mailbox.next(CHAT).leaving == 1
    leads_from(mailbox, 2)
    assert not mailbox.leaves(first.id, 1), "a leader of before may send nothing"
    assert not mailbox.leaves(first.id, 2), "what left under another leader leaves no more"
    assert mailbox.settle() == 1
    assert next_text(mailbox) == "hai"
    assert mailbox.leaves(mailbox.next(CHAT).id, 2)


def test_a_refused_letter_that_was_taken_for_sent_comes_back_into_its_place(mailbox):
    mailbox.commit([says("một"), says("hai")])
    letter = mailbox.next(CHAT)
    mailbox.leaves(letter.id, 1)
    leads_from(mailbox, 2)
    mailbox.settle()

    mailbox.stays(letter, 1)

    assert next_text(mailbox) == "một"
    mailbox.drop(mailbox.next(CHAT).id)
    assert next_text(mailbox) == "hai"


def test_a_refused_letter_that_was_deleted_meanwhile_stays_deleted(mailbox):
    mailbox.commit([says("một")])
    letter = mailbox.next(CHAT)
    mailbox.leaves(letter.id, 1)
    mailbox.forget("telegram:5", [CHAT])

    mailbox.stays(letter, 1)

    assert mailbox.next(CHAT) is None


def test_what_is_no_new_message_is_done_again_after_a_change_of_leaders(mailbox):
    mailbox.commit([Letter(CHAT, "deleteMessage", {"message_id": 3})])
    mailbox.leaves(mailbox.next(CHAT).id, 1)

    assert mailbox.settle() == 0
    assert mailbox.next(CHAT).leaving == 0


def test_nothing_that_is_said_in_a_transaction_stays_where_it_fails(mailbox):
    with pytest.raises(RuntimeError), mailbox._database.transaction():
        mailbox.receive(Update("a", CHAT, "{}"))
        raise RuntimeError

    assert mailbox.chats_waiting() == []
