"""The messages of a Zalo Official Account: sending one, and what Zalo's refusals mean for a letter.

Nothing of this was tried against Zalo. A message is counted here and nowhere else, in the person's window or in the month's quota.
"""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Callable
from typing import Any

import aiohttp

from bot.messenger.http import MARK, Connected, Mark, post, unmarked
from bot.messenger.posting import SAYS, Blocked, Later, Letter, NotDelivered, Unreachable, Unwanted
from bot.zalo.quota import Quota
from bot.zalo.tokens import LOG_IN, LoggedOut, Tokens
from bot.zalo.windows import Allowed, Refused, Spent, Windows
from rag.errors import Disconnected, TracuuError

_log = logging.getLogger(__name__)
_CONNECTIONS = 8
_SAY_AGAIN = 6 * 3600.0  # seconds in which the admin is not told the same code again
_PACKAGE = "sub_quota"  # the quota of the account's monthly package
_WRONG_TOKEN = (-216, -220)
_TOO_MANY, _WRONG, _NO_REPLY_LEFT = -32, -201, -311
_BLOCKED = (-217, -218, -244)
_CLOSED = (-213, -230, -232, -305)
_NOT_NOW = (-227, -234)  # the person is not active, or it is night
_ACCOUNT = {-211: "đã hết hạn mức", -221: "OA chưa xác thực", -224: "OA chưa mua gói", -240: "địa chỉ API này đã ngừng"}


class _Failed(Exception):
    """Zalo itself says no, with a code."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{code} {reason}".strip())
        self.code = code


class OfficialAccount(Connected):
    """The account's post office, within ``async with``; ``tell`` tells the admin a line, ``pause`` is how long to wait after -32.

    Without ``pays``, what is not a free reply is not sent.
    """

    def __init__(
        self,
        api: str,
        tokens: Tokens,
        windows: Windows,
        quota: Quota,
        tell: Callable[[str], None],
        *,
        pays: bool,
        pause: float,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(api, _CONNECTIONS)
        self._tokens = tokens
        self._windows = windows
        self._quota = quota
        self._tell = tell
        self._pays = pays
        self._pause = pause
        self._clock = clock
        self._quiet = 0.0
        self._told: dict[int, float] = {}
        self._failing = 0.0  # since when nothing is taken; 0 where something was

    async def log_in(self) -> None:
        """Have a token that is good. Raises ``Unreachable`` or ``LoggedOut``."""
        assert self._session
        await self._tokens.access(self._session)

    async def look(self, patience: float) -> None:
        """Renew the login where it is time. Raises ``Disconnected`` where it has ended, or where nothing was taken for so many seconds."""
        try:
            await self.log_in()
        except LoggedOut as error:
            raise Disconnected(f"Official Account không còn đăng nhập ({error}): bot dừng. {LOG_IN}") from None
        except Unreachable as error:
            self._fails()
            _log.warning("Chưa có mã để gửi qua Zalo OA (%s)", error)
        if self._failing and self._clock() - self._failing > patience:
            raise Disconnected(f"Đã {patience:.0f} giây không gửi được qua Zalo OA: bot dừng. Hãy xem lại mạng.")

    async def send(self, letter: Letter) -> None:
        """Deliver a letter. Raises ``NotDelivered``."""
        try:
            await self._send(letter)
        except Unreachable:
            self._fails()
            raise

    async def _send(self, letter: Letter) -> None:
        if letter.method != SAYS:
            raise Unwanted(f"Zalo OA không có {letter.method}")
        if (wait := self._quiet - self._clock()) > 0:  # Zalo counts for the account, not for each person
            raise Later(wait)
        try:
            self._check(letter.chat)
            try:
                data = await self._posted(letter)
            except _Failed as error:
                raise self._meaning(letter.chat, error) from None
        except TracuuError as error:
            raise Unreachable(str(error)) from error
        self._failing = 0.0
        try:
            self._count(letter.chat, data)
        except TracuuError as error:  # it has gone out; only the count is missing
            _log.warning("%s", error)

    def _fails(self) -> None:
        self._failing = self._failing or self._clock()

    def _check(self, user: str) -> None:
        """Raise ``Unwanted`` for what Zalo will not take, or for what costs money that may not be spent."""
        now = self._clock()
        verdict = self._windows.may_send(user, now)
        if isinstance(verdict, Allowed):
            return
        if isinstance(verdict, Refused) or not self._pays:
            raise Unwanted(verdict.reason)
        if self._quota.is_spent(now):
            raise Unwanted("đã hết hạn mức tin của tháng")

    async def _posted(self, letter: Letter) -> dict[str, Any]:
        """Send a letter; once more with a new token where Zalo does not take the old one."""
        assert self._session
        mark = MARK.get() or unmarked
        token = await self._tokens.access(self._session)
        try:
            return await self._post(letter, token, mark)
        except _Failed as error:
            if error.code not in _WRONG_TOKEN:
                raise
        return await self._post(letter, await self._tokens.access(self._session, refused=token), mark)

    async def _post(self, letter: Letter, token: str, mark: Mark) -> dict[str, Any]:
        """Make the call. Raises ``_Failed`` or ``Unreachable``, and then takes the mark back."""
        assert self._session
        body = {"recipient": {"user_id": letter.chat}, "message": letter.payload}
        url = f"{self._api}/v3.0/oa/message/cs"
        return await post(self._session, url, "message/cs", _data, mark, json=body, headers={"access_token": token})

    def _meaning(self, user: str, error: _Failed) -> NotDelivered:
        """Say what a refusal means for a letter, and believe it of the person's window."""
        code = error.code
        if code not in _WRONG_TOKEN:
            self._failing = 0.0
        if code == _TOO_MANY:
            self._quiet = self._clock() + self._pause
            return Later(self._pause)
        if code in _WRONG_TOKEN:
            return Unreachable(str(error))
        if code in _BLOCKED or code in _CLOSED:
            self._windows.forget(user)
            return Blocked(str(error)) if code in _BLOCKED else Unwanted(str(error))
        if code == _NO_REPLY_LEFT:
            self._windows.no_reply_left(user)
        elif code != _WRONG and code not in _NOT_NOW:
            self._say(code, f"Zalo OA từ chối một tin ({error}): {_ACCOUNT.get(code, 'lỗi chưa biết')}.")
        return Unwanted(str(error))

    def _count(self, user: str, data: dict[str, Any]) -> None:
        """Count what went out, by Zalo's word where it gives it."""
        now, spent = self._clock(), _spent(data)
        if not self._windows.sent(user, now, spent):
            return
        if spent and spent.kind == _PACKAGE and spent.remain is not None and spent.total:
            news = self._quota.believe(spent.remain, spent.total, now)
        else:
            news = self._quota.count(now)
        if news:
            self._tell(news)

    def _say(self, code: int, line: str) -> None:
        now = self._clock()
        if now - self._told.get(code, -_SAY_AGAIN) >= _SAY_AGAIN:
            self._told[code] = now
            self._tell(line)


def _data(response: aiohttp.ClientResponse, body: bytes) -> dict[str, Any]:
    """Return what a response brings; only what is Zalo's own word counts as refused, not the page of a proxy on the way."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        told = None
    code = _number(told.get("error")) if isinstance(told, dict) else None
    if not isinstance(told, dict) or code is None or response.status >= 500:
        raise Unreachable(f"trả lời {response.status} không phải của Zalo")
    if code:
        raise _Failed(code, " ".join(str(told.get("message", "")).split())[:200])
    data = told.get("data")
    return data if isinstance(data, dict) else {}


def _spent(data: dict[str, Any]) -> Spent | None:
    quota = data.get("quota")
    if not isinstance(quota, dict) or not isinstance(quota.get("quota_type"), str):
        return None
    return Spent(quota["quota_type"], _number(quota.get("remain")), _number(quota.get("total")))


def _number(value: object) -> int | None:
    """Return a whole number, which some write as text."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    return int(value) if re.fullmatch(r"-?\d{1,12}", str(value), re.ASCII) else None
