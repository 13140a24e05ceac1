"""What is kept of people and of what they asked, the same for every channel: one way to forget, one way to prune."""

from __future__ import annotations

from datetime import timedelta

from bot.conversations import Conversations
from bot.journal import Journal
from bot.people import People
from bot.picks import Picks
from bot.settings import Settings
from ingest.lessons import Lessons


class Kept:
    """The stores, open; threads and processes share them, each guards its own connection.

    ``silence`` is how long a conversation waits for its next question, ``for_long`` how long notes are kept; ``lessons`` is what all
    machines are taught, where they share a server.
    """

    def __init__(self, chosen: Settings) -> None:
        self.conversations = Conversations(chosen.state)
        self.people = People(chosen.state)
        self.journal = Journal(chosen.state)
        self.picks = Picks(chosen.state, chosen.clock.today)
        self.lessons = Lessons.shared(chosen.state)
        self.silence = timedelta(minutes=chosen.conversation_minutes)
        self.for_long = timedelta(days=chosen.keep_days)
        self._for_people = timedelta(days=chosen.keep_people_days)

    def prune(self) -> None:
        """Delete what is older than the settings allow: conversations that nobody can go on with, notes and picks, people. Blocks."""
        self.conversations.prune(self.silence)
        self.journal.prune(self.for_long)
        self.picks.prune(self.for_long)
        self.people.prune(self._for_people)

    def forget_person(self, person: str) -> None:
        """Delete everything about a person, and what was picked for their questions. Blocks."""
        alias = self.people.alias(person)
        for question in self.journal.asked_by(alias):
            self.picks.drop(question)
        self.journal.forget(alias)
        self.conversations.forget_person(person)
        self.people.forget(person)

    def forget_conversation(self, id: str) -> None:
        """Delete a conversation that nobody's person is known of, and what the journal has of it. Blocks."""
        self.journal.forget(self.people.alias(id))
        self.conversations.forget(id)

    def close(self) -> None:
        """Give the files back."""
        for store in (self.conversations, self.people, self.journal, self.picks):
            store.close()
