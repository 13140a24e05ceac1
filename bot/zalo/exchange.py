"""A message of Zalo's being handled, and what is said in reply: few and short plain texts, for each one counts against a quota."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.messenger import texts as shared
from bot.messenger.answers import button_label
from bot.messenger.desk import Buttons, Desk
from bot.messenger.exchange import Exchange
from bot.messenger.mailbox import Place
from bot.messenger.posting import SAYS, Letter, NotDelivered
from bot.messenger.runs import Run, Text, pieces, plain, words_in
from bot.zalo import choices, texts
from bot.zalo.choices import Option, options, told
from bot.zalo.incoming import Message
from bot.zalo.quota import Quota

_MENU_LASTS = timedelta(hours=24)
_PROMPT_LASTS = timedelta(minutes=10)
_ROOM = 500  # characters that the choices below a page may take
_ALWAYS = "0"  # what is written to take a prompt back
_PROMPTED = "?"

Typing = Callable[[str], Awaitable[None]]


def size(text: Text) -> int:
    """Return how long a text is for Zalo: UTF-16 units, the strictest reading of its 2,000 characters."""
    return len(words_in(text).encode("utf-16-le")) // 2


@dataclass(frozen=True, slots=True)
class Zalo:
    """Puts words into letters (see ``Voice``) of a channel of Zalo's; ``quota`` is where every message counts
    against one, ``typing`` shows that sign where the channel has one."""

    channel: str
    limit: int
    quota: Quota | None = None
    typing: Typing | None = None
    is_brief: bool = True
    has_buttons: bool = False

    @property
    def is_short(self) -> bool:
        """Whether only what is needed should go out."""
        return self.quota is not None and self.quota.is_scarce(time.time())

    def pieces(self, text: Iterable[Run], spare: int = 0) -> list[Text]:
        """Return a text in pieces that each fit one message with ``spare`` characters, and its choices, left."""
        return pieces(text, max(self.limit - spare - min(_ROOM, self.limit // 4), self.limit // 4), size)

    def letters(self, chat: str, text: Iterable[Run], buttons: Buttons = []) -> list[Letter]:  # noqa: B006 (never changed)
        """Return a text as letters, with the choices below the last."""
        return self.letters_with(chat, text, told(options(buttons)))

    def letters_with(self, chat: str, text: Iterable[Run], below: str) -> list[Letter]:
        """Return a text as letters, with ``below`` under the last."""
        below = f"\n\n{below}" if below else ""
        whole = [*text]
        room = self.limit - size([plain(below)])
        parts = pieces(whole, self.limit if size(whole) > self.limit else room, size)
        if parts and size(parts[-1]) > room:
            parts[-1:] = pieces(parts[-1], room, size)
        said = [words_in(part) for part in parts]
        return [Letter(chat, SAYS, {"text": words + (below if at == len(said) else "")}) for at, words in enumerate(said, 1)]


class ZaloExchange(Exchange):
    """An exchange over a message. Pressing a button is writing its key; what would change a message is said anew, or not at all."""

    try_words = texts.TRY
    private_only = texts.PRIVATE_ONLY

    def __init__(self, desk: Desk, zalo: Zalo, update_id: str, message: Message) -> None:
        super().__init__(desk, update_id, message.chat, message.user)
        self.zalo = zalo
        self.message = message
        self.words = message.text
        self.replied_words = ""
        self.is_private = not message.is_group
        self.help_words = texts.HELP + (texts.GROUP if zalo.typing else "")
        self.options = choices.unkept(desk.mailbox.menu(self.chat, _MENU_LASTS))
        prompt = desk.mailbox.menu(self.chat, _PROMPT_LASTS).prompt
        mine = f"{_PROMPTED}{self.user} "
        self.prompt = prompt.removeprefix(mine) if prompt.startswith(mine) else None
        self._said: list[Option] | None = None  # below the last message of this exchange
        self._put_in_place = False
        self._before = self.options
        self._asked = ""
        self._note = ""
        self._is_urgent = False

    @property
    def id(self) -> str:
        """A short name made of the update's, which is long."""
        return hashlib.blake2b(self.update_id.encode(), digest_size=6).hexdigest()

    @property
    def rows(self) -> Buttons:
        """What may be chosen at the moment."""
        return [[(option.label, option.data)] for option in self.options]

    def say(self, text: Iterable[Run], buttons: Buttons | None = None, places: Iterable[Place] = (), *, late: bool = False) -> None:
        """Say something, in as many messages as it takes; what is only added to an answer is left out where messages are scarce."""
        if self.zalo.is_short and buttons and all(data == choices.TAKES_AWAY for row in buttons for _, data in row):
            return
        about = [plain(texts.ABOUT.format(words=button_label(self.words)))] if late else []
        self._put([*about, *text], options(buttons or []))
        self.places += places

    def ask_back(self, text: Iterable[Run], placeholder: str, prompt: str = "") -> None:
        """Say something that waits for a written reply: the person's next message, unless it is a choice or a command."""
        self._put([*text, plain(texts.NEXT)], [])
        self._asked = f"{_PROMPTED}{self.user} {prompt}"

    def show(self, page: Text, buttons: Buttons, places: Iterable[Place] = ()) -> None:
        """Say a page that takes the place of what was chosen from: with no buttons, nothing more may be chosen."""
        self.put_page(page, buttons, places)
        self._put_in_place = True

    def put_page(self, page: Text, buttons: Buttons, places: Iterable[Place] = ()) -> None:
        """Say a page."""
        self._put(page, options(buttons))
        self.places += places

    def set_buttons(self, buttons: Buttons) -> None:
        """Let something else be chosen; it is told with the line that the press gets."""
        self._before = options(buttons, self.options)

    def take_away(self) -> bool:
        """Zalo deletes nothing."""
        return False

    def toast(self, words: str = "", alert: bool = False) -> None:
        """Take a choice; the line is said where nothing else is, and repeats no choice."""
        if words and words not in [option.label for option in self.options]:
            self._note, self._is_urgent = texts.STALE if words == shared.STALE else words, alert

    async def show_typing(self) -> None:
        """Show that an answer is being made, as long as there are plenty of messages."""
        if self.zalo.typing is None or self.zalo.is_short:
            return
        try:
            await self.zalo.typing(self.chat)
        except NotDelivered:
            return  # worth nothing by the time it could be shown again

    def later(self) -> ZaloExchange:
        """Return an exchange that says something more about the same message."""
        return _Later(self.desk, self.zalo, self.update_id, self.message)

    def settle(self) -> None:
        """Make up what is kept with what was said: before the exchange is finished."""
        new = [option for option in self._before if option not in self.options and not option.is_sign]
        if not self.letters and self._note and (self._is_urgent or not self.zalo.is_short):
            self.letters = self.zalo.letters_with(self.chat, [plain(self._note)], told(new))
        menu = self._before
        if self._said is not None:
            menu = choices.after(self._said, [] if self._put_in_place and not self._said else self._before)
        if menu != self.options or self._asked or self.prompt is not None:
            self.menus[self.chat] = choices.kept(menu, self._asked)

    def _put(self, text: Iterable[Run], given: Sequence[Option]) -> None:
        self.letters += self.zalo.letters_with(self.chat, text, told(given))
        self._said, self._put_in_place = list(given), False

    @property
    def takes_back(self) -> bool:
        """Whether the message takes back that something is written down."""
        return self.prompt is not None and self.words.strip() == _ALWAYS


class _Later(ZaloExchange):
    """What is said later is delivered at once, without a ``settle``."""

    def _put(self, text: Iterable[Run], given: Sequence[Option]) -> None:
        super()._put(text, given)
        if given:
            self.settle()
