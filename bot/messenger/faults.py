"""What goes wrong: into the log and to the admin's chat, never to the people who ask; the token and their words into neither."""

from __future__ import annotations

import logging
import sys
import time
import traceback
from contextlib import suppress

from bot.messenger import texts
from bot.messenger.desk import Desk
from bot.messenger.exchange import Exchange
from bot.messenger.runs import bold, plain
from rag.errors import AnswerFailed, TracuuError

_log = logging.getLogger(__name__)
_SAME_AGAIN = 600.0  # seconds in which the admin is not told of the same fault twice
_FRAMES = 1500  # characters of a traceback


class Redacting(logging.Formatter):
    """Writes ``<token>`` for each token, wherever it stands: in messages, arguments, addresses, tracebacks."""

    def __init__(self, *tokens: str) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._secrets = [secret for token in tokens for secret in (token, token.partition(":")[2]) if secret]

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record, without the tokens."""
        return self.clean(super().format(record))

    def clean(self, text: str) -> str:
        """Return a text without the tokens."""
        for secret in self._secrets:
            text = text.replace(secret, "<token>")
        return text


def start_log(*tokens: str) -> Redacting:
    """Log to standard error; the libraries only speak when something is wrong."""
    formatter = Redacting(*tokens)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for name in ("aiohttp", "httpx", "httpcore", "telegram", "asyncio"):
        logging.getLogger(name).setLevel(logging.WARNING)
    return formatter


class FaultDesk:
    """Handles what no handler caught; ``formatter`` keeps secrets out of what the admin is told."""

    def __init__(self, desk: Desk, formatter: Redacting) -> None:
        self._desk = desk
        self._formatter = formatter
        self._told: dict[str, float] = {}

    def on_error(self, exchange: Exchange, error: Exception, *, can_say: bool) -> None:
        """Log an error, tell the admin, and the asker, where one ``can_say`` it, a plain sentence; the update is then done."""
        frames = _frames(error)
        _log.error("Lỗi khi xử lý tin %s: %s\n%s", exchange.update_id, _name(error), frames)
        exchange.toast(texts.TROUBLE, alert=True)
        if can_say:
            exchange.say([plain(texts.TROUBLE)])
        self._tell_admin(error, frames)
        if not isinstance(error, TracuuError):
            self._desk.do_beside(self._look_again())

    def give_up(self, exchange: Exchange, *, can_say: bool) -> None:
        """An update at which the program died more than once: answer it with an apology instead of trying for ever."""
        _log.error("Bỏ tin %s: chương trình đã dừng nhiều lần khi xử lý", exchange.update_id)
        if can_say:
            exchange.say([plain(texts.TROUBLE)])

    async def _look_again(self) -> None:
        """Read the whole index: a damaged one may be what nobody foresaw."""
        with suppress(TracuuError):  # without an index, the next question says so
            await self._desk.service.run(self._desk.service.look_again)

    def _tell_admin(self, error: Exception, frames: str) -> None:
        name, now = _name(error), time.monotonic()
        if now - self._told.get(name, -_SAME_AGAIN) < _SAME_AGAIN:
            return
        self._told = {known: at for known, at in self._told.items() if now - at < _SAME_AGAIN} | {name: now}
        foreseen = isinstance(error, TracuuError) and not isinstance(error, AnswerFailed)
        text = f"\n{name}" if foreseen else f"\n{name}\n\n{frames[-_FRAMES:]}"
        self._desk.tell_admin([bold("Lỗi trong bot"), plain(self._formatter.clean(text))])


def _name(error: Exception) -> str:
    """What an error is; the words of one that nobody foresaw may be those of a question, so they are left out."""
    return f"{type(error).__name__}: {error}" if isinstance(error, TracuuError) else type(error).__name__


def _frames(error: BaseException) -> str:
    """Return the places in the program that led to an error, without what they were given."""
    found: list[str] = []
    cause: BaseException | None = error
    while cause is not None:
        found.insert(0, "".join(traceback.format_tb(cause.__traceback__)) + type(cause).__name__)
        cause = cause.__cause__ or cause.__context__
    return "\n".join(found)
