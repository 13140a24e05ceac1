"""What goes wrong: into the log and to the admin's chat, never to the people who ask; the token into neither."""

from __future__ import annotations

import logging
import sys
import time
import traceback
from contextlib import suppress

from telegram import Update
from telegram.error import Conflict, TelegramError

from bot.telegram import texts
from bot.telegram.html import LIMIT, bold, messages, plain
from bot.telegram.mailbox import Letter
from bot.telegram.turn import Desk, Turn
from rag.errors import AnswerFailed, TracuuError

_log = logging.getLogger(__name__)
_SAME_AGAIN = 600.0  # seconds in which the admin is not told of the same fault twice
_FRAMES = 1500  # characters of a traceback


class Redacting(logging.Formatter):
    """Writes ``<token>`` for the token, wherever it stands: in messages, arguments, addresses, tracebacks."""

    def __init__(self, token: str) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._token = token
        self._secret = token.partition(":")[2] or token

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record, without the token."""
        return self.clean(super().format(record))

    def clean(self, text: str) -> str:
        """Return a text without the token."""
        return text.replace(self._token, "<token>").replace(self._secret, "<token>")


def start_log(token: str) -> Redacting:
    """Log to standard error; the libraries only speak when something is wrong."""
    formatter = Redacting(token)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for name in ("aiohttp", "httpx", "httpcore", "telegram", "tornado", "asyncio"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # Its retries are told by us, in one line each and without a traceback.
    logging.getLogger("telegram.ext.Updater").setLevel(logging.CRITICAL)
    logging.getLogger("telegram.ext.AIORateLimiter").setLevel(logging.CRITICAL)
    return formatter


class FaultDesk:
    """Handles what no handler caught."""

    def __init__(self, desk: Desk, formatter: Redacting) -> None:
        self._desk = desk
        self._formatter = formatter
        self._told: dict[str, float] = {}

    async def on_error(self, update: object, error: Exception | None) -> None:
        """Log an error, tell the admin, and the asker a plain sentence; the update is then done."""
        assert error
        if not isinstance(update, Update):
            self._on_polling_error(error)
            return
        _log.error("Lỗi khi xử lý cập nhật %d", update.update_id, exc_info=error)
        turn = Turn(self._desk, update)
        if update.callback_query:
            turn.toast(texts.TROUBLE, alert=True)
        elif update.effective_message:
            turn.say([plain(texts.TROUBLE)])
        turn.letters += self._letters_to_admin(error)
        self._desk.finish(turn)
        if not isinstance(error, TracuuError):
            with suppress(TracuuError):  # without an index, the next question says so
                self._desk.assistant.look_again()  # a damaged one may be what nobody foresaw

    def give_up(self, update: Update) -> None:
        """An update at which the program died more than once: answer it with an apology instead of trying for ever."""
        _log.error("Bỏ cập nhật %d: chương trình đã dừng nhiều lần khi xử lý", update.update_id)
        turn = Turn(self._desk, update)
        if update.effective_message and turn.is_private:
            turn.say([plain(texts.TROUBLE)])
        self._desk.finish(turn)

    def _on_polling_error(self, error: Exception) -> None:
        if isinstance(error, Conflict):
            _log.error("Một tiến trình khác đang dùng cùng TRACUU_TELEGRAM_TOKEN: chỉ được chạy một")
        elif isinstance(error, TelegramError):
            _log.warning("Chưa nhận được tin từ Telegram (%s): thử lại", error)
        else:
            _log.error("Lỗi khi nhận tin", exc_info=error)

    def _letters_to_admin(self, error: Exception) -> list[Letter]:
        admin = self._desk.settings.admin_chat
        name = f"{type(error).__name__}: {error}"
        now = time.monotonic()
        if not admin or now - self._told.get(name, -_SAME_AGAIN) < _SAME_AGAIN:
            return []
        self._told = {known: at for known, at in self._told.items() if now - at < _SAME_AGAIN} | {name: now}
        foreseen = isinstance(error, TracuuError) and not isinstance(error, AnswerFailed)
        frames = "" if foreseen else "".join(traceback.format_exception(error))[-_FRAMES:]
        text = [bold("Lỗi trong bot"), plain(self._formatter.clean(f"\n{name}\n\n{frames}"))]
        return [Letter(admin, "sendMessage", {"text": messages(text, LIMIT)[0], "parse_mode": "HTML"})]
