"""One update being handled: who it is from, and what is said in reply. Each channel says it in its own way."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from functools import cached_property

from bot.messenger import texts
from bot.messenger.desk import Buttons, Desk
from bot.messenger.mailbox import Menu, Place
from bot.messenger.posting import Letter
from bot.messenger.replies import Heard
from bot.messenger.runs import Run, Text
from bot.people import Person


class Exchange(ABC):
    """What handlers get. Nothing is said before the handler is through: what it says is kept first, then sent."""

    words: str
    """What was written, as far as it is words to us."""
    replied_words: str
    """The words of the message that this one replies to."""
    prompt: str | None
    """What this answers of what we asked for in writing (``ask_back``); ``None`` where it does not."""
    is_private: bool
    """Whether nobody else reads this chat."""

    # What a channel may put in its own words; ``{name}`` is the bot's, ``{what}`` what is done in private.
    try_words = texts.TRY
    help_words = texts.HELP
    private_only = texts.PRIVATE_ONLY
    sends_files = False
    """Whether ``send_file`` sends anything in this channel."""

    def __init__(self, desk: Desk, update_id: str, chat: str, user: str) -> None:
        self.desk = desk
        self.update_id = update_id
        self.chat = chat
        self.user = user
        self.letters: list[Letter] = []
        self.places: list[Place] = []
        self.menus: dict[str, Menu] = {}
        self.afterwards: list[Callable[[], object]] = []
        self.heard: Heard | None = None
        """What is answered, in a channel where that can be edited and replied to."""

    @property
    @abstractmethod
    def id(self) -> str:
        """What votes on the answer are kept under, within the channel; short."""

    @property
    def journal_id(self) -> str:
        """What the answer is kept under in the journal."""
        return self.in_journal(self.id)

    def in_journal(self, id: str) -> str:
        """Return what the journal calls the answer of this channel that has this ``id``."""
        return f"{self.desk.channel}:{id}"

    @cached_property
    def person(self) -> Person:
        """Who the update is from, as far as they told us; where others read along, that is no matter of theirs."""
        return self.desk.service.kept.people.load(self.person_id) if self.is_private else Person(self.person_id)

    @property
    def person_id(self) -> str:
        """What the stores call them."""
        return f"{self.desk.channel}:{self.user}"

    @property
    def alias(self) -> str:
        """What logs and statistics call them."""
        return self.desk.service.kept.people.alias(self.person_id)

    @property
    def conversation_id(self) -> str:
        """What their conversation in this chat is called."""
        return f"{self.desk.channel}:{self.chat}@{self.person_id}"

    @property
    def goes_on_with(self) -> str:
        """What the conversation is called that a question goes on with."""
        return self.conversation_id

    @property
    def topic_id(self) -> str:
        """What the conversation is called as it stands behind this answer; empty where nobody can come back to it."""
        return self.topic_of(self.heard) if self.heard else ""

    def topic_of(self, heard: Heard) -> str:
        """Return what the conversation is called as it stood behind the answer to what was heard; it is that person's."""
        return f"{self.desk.channel}:{heard.chat}#{heard.message}@{heard.person}"

    @property
    def behind_command(self) -> str:
        """What stands behind a command, on its line or below."""
        return " ".join(self.words.split(maxsplit=1)[1:]).strip()

    @property
    def rows(self) -> Buttons:
        """The buttons under the message whose button was pressed."""
        return []

    @abstractmethod
    def say(self, text: Iterable[Run], buttons: Buttons | None = None, places: Iterable[Place] = (), *, late: bool = False) -> None:
        """Say something, in as many messages as it takes; the buttons stand under the last.

        What comes ``late`` shows which message it belongs to: others may have come in between.
        """

    @abstractmethod
    def ask_back(self, text: Iterable[Run], placeholder: str, prompt: str = "") -> None:
        """Say something that waits for a written reply, which comes back with its ``prompt``."""

    @abstractmethod
    def show(self, page: Text, buttons: Buttons, places: Iterable[Place] = ()) -> None:
        """Put a page (text that fits one message) in the place of the message whose button was pressed, else below."""

    @abstractmethod
    def put_page(self, page: Text, buttons: Buttons, places: Iterable[Place] = ()) -> None:
        """Say a page (text that fits one message) below."""

    @abstractmethod
    def set_buttons(self, buttons: Buttons) -> None:
        """Put other buttons under the message whose button was pressed."""

    @abstractmethod
    def take_away(self) -> bool:
        """Delete the message whose button was pressed; ``False`` where the channel no longer allows it."""

    @abstractmethod
    def toast(self, words: str = "", alert: bool = False) -> None:
        """Take the press of a button, with a line that is worth nothing later."""

    @abstractmethod
    async def show_typing(self) -> None:
        """Show that an answer is being made; never raises what the network does."""

    @abstractmethod
    def later(self) -> Exchange:
        """Return an exchange that says something more about the same update."""

    def send_file(self, name: str, content: bytes, caption: str) -> None:
        """Send a file, in a channel that ``sends_files``."""
        raise NotImplementedError(name)

    def show_text(self, text: Iterable[Run]) -> None:
        """Put a short text without buttons in the place of the message whose button was pressed."""
        self.show(list(text), [])
