"""The login of an Official Account: an access token for a day, and the token that gets the next one.

A refresh token is good once, and brings the next. Losing that one means that a person has to log in again, so one process at a
time renews, notes it before asking, and keeps what it was given before using it. Where a crash left that note, nobody knows
whether the token was used up: it is tried again, and only Zalo's word counts.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import astuple, dataclass, field, replace

import aiohttp

from bot.messenger.posting import Unreachable
from bot.zalo.oauth import App, Denied, Pair, ask
from rag.errors import TracuuError
from rag.storage import Database, State

_log = logging.getLogger(__name__)
NAME = "zalo-oa-login"
FILE = f"{NAME}.sqlite3"
_TABLES = """
CREATE TABLE IF NOT EXISTS login (
    id BIGINT PRIMARY KEY CHECK (id = 1), access TEXT NOT NULL, made DOUBLE PRECISION NOT NULL, expires DOUBLE PRECISION NOT NULL,
    refresh TEXT NOT NULL, is_in_use BIGINT NOT NULL, seed TEXT NOT NULL, refusal TEXT NOT NULL, asked DOUBLE PRECISION NOT NULL
);
"""
_KEEP = (
    "INSERT INTO login VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET access = excluded.access, made = excluded.made, "
    "expires = excluded.expires, refresh = excluded.refresh, is_in_use = excluded.is_in_use, seed = excluded.seed, "
    "refusal = excluded.refusal, asked = excluded.asked"
)
_EARLY = 3600.0  # seconds before the end of an access token to renew it, so that a failure leaves time
_PAUSE = 30.0  # seconds after a failure in which oauth is not asked again
_AGAIN = 3600.0  # the same after Zalo refused a refresh token
_FRESH = 300.0  # seconds for which an access token is too new to be renewed because Zalo refuses it
_LOCK_SECONDS = 60.0
LOG_IN = "Hãy chạy `tracuu zalo-oa-login` trên máy chủ để đăng nhập lại."


@dataclass(frozen=True, slots=True)
class _Login:
    """What is known; ``seed`` is the digest of the setting's token, ``refusal`` what Zalo said of ``refresh`` when ``asked``."""

    access: str = field(default="", repr=False)
    made: float = 0.0
    expires: float = 0.0
    refresh: str = field(default="", repr=False)
    is_in_use: int = 0
    seed: str = ""
    refusal: str = ""
    asked: float = 0.0


class LoggedOut(Unreachable):
    """Zalo gives no token any more until a person has logged in again."""


def opened(state: State) -> Database:
    """Open the store."""
    return state.open(NAME, (_TABLES,), lasting=True)


class Tokens:
    """The tokens; ``seed`` is the first refresh token, of the settings, and ``tell`` tells the admin a line."""

    def __init__(self, state: State, app: App, seed: str, tell: Callable[[str], None], clock: Callable[[], float] = time.time) -> None:
        self._state = state
        self._file = None if state.server else state.folder / FILE
        self._private()  # before SQLite makes it: the files beside it get the same rights
        self._database = opened(state)
        self._app = app
        self._seed = seed
        self._tell = tell
        self._clock = clock
        self._quiet = 0.0
        self._failed = Unreachable()
        self._unkept: _Login | None = None
        self._take_seed()

    async def access(self, session: aiohttp.ClientSession, refused: str = "") -> str:
        """Return a token that Zalo takes, and another than one it ``refused``. Raises ``Unreachable`` or ``LoggedOut``."""
        try:
            login = self._login()
            if self._is_good(login, refused, _EARLY):
                return login.access
            try:
                return await self._renewed(session, refused)
            except Unreachable as error:
                if not self._is_good(login, refused):
                    raise
                _log.warning("Chưa gia hạn được đăng nhập Zalo OA, dùng tiếp mã đang có: %s", error)
                return login.access
        except TracuuError as error:
            raise Unreachable(str(error)) from error

    async def log_in(self, session: aiohttp.ClientSession, code: str, verifier: str) -> None:
        """Begin anew with the code of a permission. Raises ``TracuuError``."""
        try:
            async with self._alone():
                self._must_be_kept()
                pair = await ask(session, self._app, {"grant_type": "authorization_code", "code": code, "code_verifier": verifier})
                if not pair.refresh:
                    raise Unreachable("oauth không đưa refresh token")
                self._take(pair, _Login(seed=_digest(self._seed)))
        except (Unreachable, Denied) as error:
            raise TracuuError(f"Chưa đăng nhập được Zalo OA ({error}). Hãy chạy lại lệnh; mã code chỉ dùng được trong 10 phút.") from None
        if self._unkept:
            raise TracuuError(f"Không giữ được đăng nhập Zalo OA vào {self._file or 'cơ sở dữ liệu'}. Hãy kiểm tra rồi đăng nhập lại.")

    def close(self) -> None:
        """Give the file back."""
        self._database.close()

    def _is_good(self, login: _Login, refused: str, early: float = 0.0) -> bool:
        return login.access not in ("", refused) and login.expires - early > self._clock()

    async def _renewed(self, session: aiohttp.ClientSession, refused: str) -> str:
        if self._clock() < self._quiet:
            raise type(self._failed)(*self._failed.args)
        try:
            async with self._alone():
                self._take_seed()
                login = self._login()  # another process may have renewed it meanwhile
                return login.access if self._is_good(login, refused, _EARLY) else await self._renew(session, login, refused)
        except Unreachable as error:
            self._quiet, self._failed = self._clock() + _PAUSE, error
            raise

    async def _renew(self, session: aiohttp.ClientSession, login: _Login, refused: str) -> str:
        """Use the refresh token; alone."""
        now = self._clock()
        self._must_be_kept()
        if not login.refresh:
            self._tell(f"Chưa đăng nhập Zalo OA. {LOG_IN}")
            raise LoggedOut("chưa đăng nhập Zalo OA")
        if login.refusal and 0 <= now - login.asked < _AGAIN:
            raise self._logged_out(login, refused, login.refusal)
        if login.access and login.access == refused and 0 <= now - login.made < _FRESH:
            raise Unreachable("Zalo không nhận cả mã vừa cấp")
        self._database.run("UPDATE login SET is_in_use = 1, asked = ?", now)
        try:
            pair = await ask(session, self._app, {"grant_type": "refresh_token", "refresh_token": login.refresh})
        except Denied as error:
            self._database.run("UPDATE login SET refusal = ?", str(error))
            why = " sau một lần gia hạn bị ngắt giữa chừng" if login.is_in_use else ""
            left = max(login.expires - now, 0) / 3600 if login.access != refused else 0
            self._tell(f"Zalo không gia hạn đăng nhập của OA{why} ({error}); mã đang có còn dùng được {left:.0f} giờ. {LOG_IN}")
            raise self._logged_out(login, refused, str(error)) from None
        self._take(pair, login)
        return pair.access

    def _logged_out(self, login: _Login, refused: str, why: str) -> LoggedOut:
        """Believe that neither token is good, where Zalo ``refused`` the one that was left."""
        if login.access == refused:
            self._database.run("UPDATE login SET expires = 0")
        return LoggedOut(f"Zalo không gia hạn đăng nhập ({why})")

    def _take(self, pair: Pair, before: _Login) -> None:
        """Keep a new pair, in memory where the file will not."""
        now = self._clock()
        refresh = pair.refresh or before.refresh
        self._keep(_Login(pair.access, now, now + pair.seconds, refresh, seed=before.seed))

    def _keep(self, login: _Login) -> None:
        try:
            self._database.run(_KEEP, *astuple(login))
            self._database.scrub()
            self._private()
            self._unkept = None
        except TracuuError as error:
            if self._unkept is None:
                self._tell(f"Đăng nhập Zalo OA vừa gia hạn chỉ ở trong bộ nhớ, đừng tắt bot trước khi sửa: {error}")
            self._unkept = login

    def _login(self) -> _Login:
        if self._unkept:
            self._keep(self._unkept)
        return self._unkept or self._row()

    def _row(self) -> _Login:
        rows = self._database.rows("SELECT access, made, expires, refresh, is_in_use, seed, refusal, asked FROM login")
        return _Login(*rows[0]) if rows else _Login()

    def _take_seed(self) -> None:
        """Take the token of the settings where it is another than before; one from before a login by hand is not another."""
        if not self._seed or self._unkept:
            return
        with self._database.transaction(alone=True):
            login = self._row()
            if _digest(self._seed) != login.seed and (login.seed or login.refusal or not login.refresh):
                new = replace(_Login(), refresh=self._seed, seed=_digest(self._seed))
                self._database.run(_KEEP, *astuple(new))

    def _must_be_kept(self) -> None:
        if self._database.trouble or self._unkept:
            raise Unreachable(f"không xin mã mới khi không giữ được: {self._database.trouble or self._file}")

    def _private(self) -> None:
        """Let nobody else read the file."""
        if self._file is None:
            return
        with contextlib.suppress(OSError):  # the database tells of a file that cannot be used
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._file.touch(0o600)
            self._file.chmod(0o600)

    @contextlib.asynccontextmanager
    async def _alone(self) -> AsyncIterator[None]:
        """Be the only one that renews, among all processes. Another lock each time: one lets its holder in again."""
        lock = self._state.lock(NAME)
        if not await asyncio.to_thread(lock.acquire, _LOCK_SECONDS):
            raise Unreachable("một tiến trình khác đang gia hạn đăng nhập Zalo OA")
        try:
            yield
        finally:
            lock.release()  # here: those who wait for it may hold every thread


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest() if token else ""
