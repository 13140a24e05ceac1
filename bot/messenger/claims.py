"""Several processes, on any machines, that run one bot over PostgreSQL.

Each has a session of its own with the server, and what is a process's is an advisory lock of its session: the lead, and every chat
whose updates it handles. Where a process dies, its session ends and with it its locks; where it falls silent, frozen or cut off,
the others end its session. After a change of the primary all sessions are new, and everything is free for whoever is there.

So a process can still be at work on what is no longer its own, and may not know. What it does then has no effect: an update is
done only once, and a letter leaves only in the newest leader's term (both in the mailbox).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from typing import Any

import psycopg
from psycopg import conninfo

from bot.messenger.crew import Crew, Delivers, Handles, Work
from bot.messenger.side_by_side import until_one_ends
from rag.errors import DatabaseAway, Disconnected
from rag.storage.postgres_server import server_at

_log = logging.getLogger(__name__)
_BEAT = 1.0  # seconds between two signs of life
_SILENT = 6  # seconds without one after which a session is ended
_AGAIN = 0.5  # seconds until the next try to reach the server
_AT_ONCE = 16  # chats that a process handles; the rest is left to the others
_CONNECTING: dict[str, str | int | None] = {
    "connect_timeout": 2,
    "target_session_attrs": "read-write",
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 2,
    "tcp_user_timeout": 4000,
}
_END_SILENT = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s AND datname = current_database() "
    f"AND pid <> pg_backend_pid() AND state_change < clock_timestamp() - interval '{_SILENT} s'"
)
_LEAD = "SELECT pg_try_advisory_lock(hashtext(%s || ' lead'))"
_NEXT_TERM = "INSERT INTO {}.leaders VALUES (1, 2) ON CONFLICT (one) DO UPDATE SET term = leaders.term + 1 RETURNING term"
# The list is made, in order, before any lock is tried; then each is tried until one is got.
_CLAIM = (
    "WITH waiting AS MATERIALIZED (SELECT chat, min(number) AS first FROM {}.updates WHERE body IS NOT NULL AND chat <> ALL(%s) "
    "GROUP BY chat ORDER BY first LIMIT 1000) "
    "SELECT chat FROM waiting WHERE pg_try_advisory_lock(hashtext(%s), hashtext(chat)) LIMIT 1"
)
_GIVE_BACK = "SELECT pg_advisory_unlock(hashtext(%s), hashtext(chat)) FROM unnest(%s::text[]) AS chat"
Session = psycopg.AsyncConnection[Any]


class Claims(Crew):
    """The processes of the bot whose mailbox is in ``schema``; one ends itself after ``patience`` seconds without the server."""

    is_shared = True

    def __init__(self, url: str, schema: str, patience: float) -> None:
        self._name = f"tracuu {schema}"[:63]
        self._url = conninfo.make_conninfo(url, **self._settings(url))
        self._server = server_at(url)
        self._schema = schema
        self._sessions_ended = 0
        self._patience = patience
        self.term = 0
        self._chats: set[str] = set()
        self._to_give_back: list[str] = []
        self._has_news = False
        self._woken = asyncio.Event()
        self._leads, self._follows = asyncio.Event(), asyncio.Event()
        self._follows.set()

    @property
    def is_leading(self) -> bool:
        """Whether this process is the one that leads, as far as it knows."""
        return self._leads.is_set()

    @property
    def interruptions(self) -> int:
        """Return how often this process was cut off from what the others wrote."""
        return self._sessions_ended + self._server.times_away

    def begin(self, handling: Handles, delivery: Delivers) -> None:
        """Name who handles and who delivers when it is this process's turn."""
        self._handling = handling
        self._delivery = delivery

    async def attend(self) -> None:
        """Keep a session with the server, a new one where it ends. Raises ``Disconnected`` when the patience ends."""
        heard = time.monotonic()
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(self._url, autocommit=True) as session:
                    await self._begun(session)
                    while True:
                        await self._turn(session)
                        heard = time.monotonic()
            except (psycopg.Error, DatabaseAway, TimeoutError) as error:
                if time.monotonic() - heard > self._patience:
                    seconds, kind = f"{self._patience:.0f}", type(error).__name__
                    raise Disconnected(f"Đã {seconds} giây không dùng được cơ sở dữ liệu PostgreSQL ({kind}): bot dừng.") from None
            finally:
                self._let_go()
            await asyncio.sleep(_AGAIN)

    async def while_leading(self, work: Work) -> None:
        """Do ``work`` from each time that this process begins to lead until it does no longer. Raises what it raises."""
        while True:
            await self._leads.wait()
            await until_one_ends(work(), self._stands_back())

    def has(self, chat: str) -> bool:
        """Say whether this session has claimed the updates of a chat."""
        return chat in self._chats

    def give_back(self, chat: str) -> None:
        """Leave a chat to whoever is free."""
        if chat in self._chats:
            self._chats.discard(chat)
            self._to_give_back.append(chat)
            self._woken.set()

    def tell(self) -> None:
        """Tell all processes, this one too, that there is something to handle or to send."""
        self._has_news = True
        self._woken.set()

    def _settings(self, url: str) -> dict[str, str | int | None]:
        given = conninfo.conninfo_to_dict(url)
        return {name: value for name, value in _CONNECTING.items() if name not in given} | {"application_name": self._name}

    async def _stands_back(self) -> None:
        await self._follows.wait()

    async def _begun(self, session: Session) -> None:
        session.add_notify_handler(lambda _: self._woken.set())
        await session.execute(f"LISTEN {self._schema}")
        self._delivery.check()
        self._looked = 0.0

    def _let_go(self) -> None:
        """Have nothing any more: the session has ended."""
        if self.is_leading:
            _log.info("Tiến trình này thôi dẫn")
        self._sessions_ended += 1
        self._leads.clear()
        self._follows.set()
        self._chats.clear()
        self._to_give_back.clear()

    async def _turn(self, session: Session) -> None:
        """Do what there is to do among the processes, then wait for news, not longer than the others want to wait for a sign."""
        self._woken.clear()
        async with asyncio.timeout(_SILENT):
            await self._say(session)
            if time.monotonic() - self._looked >= _BEAT:
                self._looked = time.monotonic()
                await session.execute(_END_SILENT, (self._name,))
                if not self.is_leading:
                    await self._try_to_lead(session)
            await self._claim(session)
        if self.is_leading:
            self._delivery.look()
        await self._news(session)

    async def _say(self, session: Session) -> None:
        if self._to_give_back:
            given, self._to_give_back = self._to_give_back, []
            await session.execute(_GIVE_BACK, (self._schema, given))
        if self._has_news:
            self._has_news = False
            await session.execute("SELECT pg_notify(%s, '')", (self._schema,))

    async def _try_to_lead(self, session: Session) -> None:
        if not (await _row(session, _LEAD, self._schema))[0]:
            return
        self.term = (await _row(session, _NEXT_TERM.format(self._schema)))[0]
        _log.info("Tiến trình này dẫn từ bây giờ: hỏi tin và gửi tin")
        self._follows.clear()
        self._leads.set()
        self._delivery.resume()

    async def _claim(self, session: Session) -> None:
        while len(self._handling.chats) < _AT_ONCE:
            row = await _row(session, _CLAIM.format(self._schema), list(self._handling.chats | self._chats), self._schema)
            if row is None:
                return
            self._chats.add(row[0])
            self._handling.kick(row[0])

    async def _news(self, session: Session) -> None:
        """Wait until there is news: from this process, or from another over the session."""
        loop, socket = asyncio.get_running_loop(), session.fileno()
        loop.add_reader(socket, self._woken.set)
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_BEAT):
                    await self._woken.wait()
        finally:
            loop.remove_reader(socket)


async def _row(session: Session, query: str, *values: object) -> Any:  # noqa: ANN401
    return await (await session.execute(query, values)).fetchone()
