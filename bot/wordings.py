"""What a language model says of answers, asked for beside everything else: a slow model delays nobody's answer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from threading import Thread

from rag.assistant import Assistant
from rag.audience import Audience
from rag.conversation import Conversation
from rag.documents import Answer, Wording
from rag.errors import TracuuError

_log = logging.getLogger("tracuu.wordings")
_AT_ONCE = 4  # nearly all of the time they wait for the model
Keep = Callable[[Wording], Awaitable[None]]


class Growing:
    """A wording on its way, for one reader."""

    def __init__(self, seconds: float) -> None:
        self._until = asyncio.get_running_loop().time() + seconds
        self._pieces: asyncio.Queue[tuple[Wording | None, bool]] = asyncio.Queue()

    def put(self, wording: Wording | None, is_last: bool = False) -> None:
        """Tell the reader what may be shown so far."""
        self._pieces.put_nowait((wording, is_last))

    async def read(self) -> AsyncIterator[Wording | None]:
        """Yield what may be shown so far, ``None`` where what was shown may no longer be; ends within the time limit."""
        shown: Wording | None = None
        is_last = False
        while not is_last:
            try:
                async with asyncio.timeout_at(self._until):
                    wording, is_last = await self._pieces.get()
            except TimeoutError:
                wording, is_last = None, True
            if wording != shown:
                shown = wording
                yield wording

    async def last(self) -> Wording | None:
        """Return what there is to show in the end, within the time limit."""
        shown = [wording async for wording in self.read()]
        return shown[-1] if shown else None


class Wordings:
    """Asks the writer of ``assistant``, a few at once; ``seconds`` is the longest that a reader waits."""

    def __init__(self, assistant: Assistant, seconds: float) -> None:
        self._assistant = assistant
        self._seconds = seconds
        self._free = asyncio.Semaphore(_AT_ONCE)
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(
        self, question: str, before: Conversation, audience: frozenset[Audience], given: Answer, keep: Keep | None = None
    ) -> Growing | None:
        """Have ``given``, the answer to ``question`` in the conversation as it was ``before``, put into words; does not wait for it.

        ``keep`` is called with what comes of it, whether somebody reads it or not. ``None`` where there is nothing to put into words.
        """
        if given.status != "answered":
            return None
        conversation = Conversation.from_json(before.to_json())
        growing = Growing(self._seconds)

        def follow() -> Wording | None:
            wording = None
            for answer in self._assistant.stream(question, conversation, audience):
                if answer.text != given.text:
                    return None  # a newer index says something else
                wording = answer.wording
                tell(growing.put, wording)
            return wording

        tell = _teller(asyncio.get_running_loop())
        task = asyncio.create_task(self._write(growing, follow, keep))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return growing

    def close(self) -> None:
        """Give up what is under way."""
        for task in self._tasks:
            task.cancel()

    async def _write(self, growing: Growing, follow: Callable[[], Wording | None], keep: Keep | None) -> None:
        wording = None
        try:
            async with asyncio.timeout(self._seconds):
                await self._free.acquire()
            try:
                wording = await _in_thread(follow)
            finally:
                self._free.release()
            if wording and keep:
                await keep(wording)
        except TimeoutError:
            _log.info("Mô hình ngôn ngữ đang bận: câu trả lời không có phần diễn đạt.")
        except TracuuError as error:
            _log.warning("Không có phần diễn đạt của mô hình ngôn ngữ: %s", error)
        finally:
            growing.put(wording, is_last=True)


async def _in_thread(work: Callable[[], Wording | None]) -> Wording | None:
    """Run ``work`` in a thread that nobody waits for when the program ends."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Wording | None] = loop.create_future()
    tell = _teller(loop)

    def run() -> None:
        try:
            tell(_settle, done, work(), None)
        except Exception as error:  # handed to who waits
            tell(_settle, done, None, error)

    Thread(target=run, name="wording", daemon=True).start()
    return await done


def _settle(done: asyncio.Future[Wording | None], wording: Wording | None, error: Exception | None) -> None:
    if done.done():  # nobody waits any more
        return
    if error is None:
        done.set_result(wording)
    else:
        done.set_exception(error)


def _teller(loop: asyncio.AbstractEventLoop) -> Callable[..., None]:
    """Return what has the loop call something, from another thread, as long as the loop is there."""

    def tell(act: Callable[..., object], *given: object) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(act, *given)

    return tell
