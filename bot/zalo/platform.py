"""The connection to the Zalo Bot Platform: its calls, and what its refusals mean for a letter.

Nothing of this was tried against Zalo; what public sources leave open is read the cautious way: a letter is kept, not dropped.
The token stands in every address, so no exception that could quote one is passed on.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import Any

import aiohttp
from yarl import URL

from bot.messenger.http import MARK, WAIT, Connected, Mark, post, unmarked
from bot.messenger.posting import Blocked, Later, Letter, NotDelivered, Otherwise, Unreachable, Unwanted
from rag.errors import SettingError

_CONNECTIONS = 8
_TOKEN = re.compile(r"[\w:.~-]+", re.ASCII)
_LATER = 5.0  # seconds to wait where Zalo asks to wait, but not how long: a guess
_LONGEST = 3600.0  # seconds, whatever Zalo asks for
_NO_UPDATES, _TOO_MANY = 408, 429
_WRONG_TOKEN = (401, 403, 404)
_METHODS = ("sendMessage", "sendChatAction")
_MARKS = re.compile(r"\*\*|__|^#{1,4} |\\(?=[*_`#\\])", re.MULTILINE)  # of Zalo's markdown: what plain text does without


@dataclass(frozen=True, slots=True)
class Bot:
    """The bot as Zalo knows it; people mention it in groups by one of its names."""

    id: str
    name: str
    account: str


class Refused(Exception):
    """Zalo itself says no, with a code; ``wait`` is for how many seconds, where it says so."""

    def __init__(self, code: int, reason: str, wait: float | None) -> None:
        super().__init__(f"{code} {reason}".strip())
        self.code = code
        self.wait = wait


class Platform(Connected):
    """The bot's calls, within ``async with``. Raises ``SettingError``."""

    def __init__(self, api: str, token: str) -> None:
        if not _TOKEN.fullmatch(token):
            raise SettingError("TRACUU_ZALO_TOKEN không có dạng một mã bot Zalo (số:chuỗi). Hãy chép lại mã từ Zalo Bot Creator.")
        super().__init__(api, _CONNECTIONS)
        self._token = token

    async def me(self) -> Bot:
        """Return who the bot is. Raises ``SettingError`` for a wrong token, ``NotDelivered`` where Zalo cannot be asked."""
        result = await self._ask("getMe", {})
        if not isinstance(result, dict):
            raise Unreachable("Zalo trả lời getMe theo một dạng lạ")
        return Bot(*(_word(result.get(name)) for name in ("id", "display_name", "account_name")))

    async def updates(self, seconds: int) -> list[dict[str, Any]]:
        """Return what came, old and new, having waited for it so long. Raises as ``me`` does."""
        try:
            result = await self._call("getUpdates", {"timeout": str(seconds)}, WAIT + seconds)
        except Refused as error:
            if error.code == _NO_UPDATES:
                return []
            raise _complaint(error) from None
        return [update for update in (result if isinstance(result, list) else [result]) if isinstance(update, dict) and update]

    async def set_webhook(self, url: str, secret: str) -> None:
        """Let Zalo bring what comes to an address, with a secret in the header. Raises as ``me`` does."""
        await self._ask("setWebhook", {"url": url, "secret_token": secret})

    async def delete_webhook(self) -> None:
        """Let Zalo keep what comes until it is asked for; also where it did already. Raises as ``me`` does."""
        await self._ask("deleteWebhook", {})

    async def send(self, letter: Letter) -> None:
        """Deliver a letter. Raises ``NotDelivered``."""
        if letter.method not in _METHODS:
            raise Unwanted(f"Zalo không có {letter.method}")
        try:
            await self._call(letter.method, {"chat_id": letter.chat} | letter.payload, mark=MARK.get() or unmarked)
        except Refused as error:
            raise await self._meaning(letter, error) from None

    async def _meaning(self, letter: Letter, error: Refused) -> NotDelivered:
        """Say what a refusal means for a letter."""
        if error.code in _WRONG_TOKEN and not await self._is_known():
            return Unreachable(str(error))  # it is the bot that Zalo does not take, not the chat
        if error.code == _TOO_MANY:
            return Later(_LATER if error.wait is None else error.wait)
        if error.code == _NO_UPDATES or error.code >= 500:
            return Unreachable(str(error))
        if error.code == 403:
            return Blocked(str(error))
        if error.code == 400 and "parse_mode" in letter.payload:
            payload = {name: value for name, value in letter.payload.items() if name != "parse_mode"}
            payload["text"] = _MARKS.sub("", str(payload.get("text", "")))
            return Otherwise(replace(letter, payload=payload), str(error))
        return Unwanted(str(error))

    async def _is_known(self) -> bool:
        try:
            await self.me()
        except (SettingError, NotDelivered):
            return False
        return True

    async def _ask(self, method: str, given: dict[str, Any]) -> Any:  # noqa: ANN401
        """Make a call that is no letter."""
        try:
            return await self._call(method, given)
        except Refused as error:
            raise _complaint(error) from None

    async def _call(self, method: str, given: dict[str, Any], seconds: float = WAIT, mark: Mark = unmarked) -> Any:  # noqa: ANN401
        """Make a call and return its result. Raises ``Refused`` or ``Unreachable``, and then takes the mark back."""
        assert self._session
        url = URL(f"{self._api}/bot{self._token}/{method}", encoded=True)
        return await post(self._session, url, method, _result, mark, seconds, json=given)


def _complaint(error: Refused) -> Exception:
    """Say what the refusal of a call that is no letter means."""
    if error.code in _WRONG_TOKEN:
        return SettingError("Zalo không nhận TRACUU_ZALO_TOKEN. Hãy chép lại mã từ Zalo Bot Creator.")
    if error.code == _TOO_MANY:
        return Later(_LATER if error.wait is None else error.wait)
    return Unreachable(str(error))


def _result(response: aiohttp.ClientResponse, body: bytes) -> Any:  # noqa: ANN401
    """Return what a response brings; only what is Zalo's own word counts as refused, not the page of a proxy on the way."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise Unreachable(f"trả lời {response.status} không phải của Zalo")
    if told.get("ok") is True and response.status == 200:
        return told.get("result")
    if told.get("ok") is not False:
        if "event_name" in told and response.status == 200:  # an update without its envelope
            return told
        raise Unreachable(f"trả lời {response.status} theo một dạng lạ")
    code = told.get("error_code")
    if not isinstance(code, int) or isinstance(code, bool):
        code = response.status if response.status != 200 else 400
    raise Refused(code, _word(told.get("description"))[:200], _seconds(response.headers.get("Retry-After", "")))


def _seconds(text: str) -> float | None:
    return min(float(text), _LONGEST) if re.fullmatch(r"\d{1,9}", text, re.ASCII) else None


def _word(value: object) -> str:
    """Return a name or id, which some send as a number."""
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
