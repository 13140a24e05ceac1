"""What a language model adds to answers, asked for beside everything else: a slow model delays nobody's answer."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Generator
from contextlib import aclosing, closing
from dataclasses import dataclass, replace
from threading import Event, Thread

from rag.assistant import Assistant
from rag.documents import Answer
from rag.errors import TracuuError
from rag.question.audience import Audience
from rag.question.conversation import Conversation

_log = logging.getLogger("tracuu.wordings")
_AT_ONCE = 4  # nearly all of the time they wait for the model


@dataclass(frozen=True, slots=True)
class Grown:
    """What takes the place of an answer that was given: the same with a wording, or an answer where there was none.

    ``after`` is the conversation after it.
    """

    answer: Answer
    after: Conversation

    @property
    def bare(self) -> Grown:
        """The same without a wording."""
        return replace(self, answer=replace(self.answer, wording=None))


Keep = Callable[[Grown], Awaitable[None]]


class Growing:
    """An answer that a model may add to, for one reader; ``seconds`` is the longest that it is waited for."""

    def __init__(self, given: Answer, seconds: float) -> None:
        self._given = given
        self._until = asyncio.get_running_loop().time() + seconds
        self._pieces: asyncio.Queue[tuple[Grown | None, bool]] = asyncio.Queue()

    def put(self, grown: Grown | None, is_last: bool = False) -> None:
        """Tell the reader what may be shown so far; ``None`` is what was given."""
        self._pieces.put_nowait((grown, is_last))

    async def read(self) -> AsyncIterator[Grown]:
        """Yield what may be shown in place of what was shown before, as it comes; ends within the time limit."""
        shown: Grown | None = None
        is_last = False
        while not is_last:
            try:
                async with asyncio.timeout_at(self._until):
                    grown, is_last = await self._pieces.get()
            except TimeoutError:
                grown, is_last = shown and shown.bare, True
            if grown and grown.answer != (shown.answer if shown else self._given):
                shown = grown
                yield grown

    async def last(self) -> Answer:
        """Return what there is to show in the end, within the time limit."""
        answers = [self._given] + [grown.answer async for grown in self.read()]
        return answers[-1]


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
        """Have a model add to ``given``, the answer to ``question`` in the conversation as it was ``before``; does not wait for it.

        ``keep`` is called with another answer before its reader is told, and with the wording in the end, whether somebody
        reads them or not. ``None`` where there is nothing to add.
        """
        if not self._assistant.has_more(given, before.topic):
            return None
        conversation = Conversation.from_json(before.to_json())
        growing = Growing(given, self._seconds)

        until = time.monotonic() + self._seconds

        def follow() -> Generator[Grown]:
            shown = given
            answers = self._assistant.stream(question, conversation, audience, until=until)
            if next(answers).text != given.text:
                return  # a newer index says something else
            for answer in answers:
                shown = replace(shown, wording=answer.wording) if answer.status == shown.status else answer
                yield Grown(shown, Conversation.from_json(conversation.to_json()))

        task = asyncio.create_task(self._write(growing, given, follow, keep))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return growing

    def close(self) -> None:
        """Give up what is under way."""
        for task in self._tasks:
            task.cancel()

    async def _write(self, growing: Growing, given: Answer, follow: Callable[[], Generator[Grown]], keep: Keep | None) -> None:
        last: Grown | None = None
        is_whole = False
        try:
            async with asyncio.timeout(self._seconds):
                await self._free.acquire()
            try:
                async with aclosing(_in_thread(follow)) as coming:
                    async for grown in coming:
                        if keep and grown.answer.status != (last.answer if last else given).status:
                            await keep(grown)
                        growing.put(grown)
                        last = grown
            finally:
                self._free.release()
            is_whole = True
            if keep and last and last.answer.wording:
                await keep(last)
        except TimeoutError:
            _log.info("Mô hình ngôn ngữ đang bận: câu trả lời để nguyên.")
        except TracuuError as error:
            _log.warning("Mô hình ngôn ngữ không thêm được gì cho câu trả lời: %s", error)
        finally:
            growing.put(last if is_whole else last and last.bare, is_last=True)


async def _in_thread(work: Callable[[], Generator[Grown]]) -> AsyncGenerator[Grown, None]:
    """Yield what ``work`` does in a thread that nobody waits for when the program ends; it ends after what is no longer read."""
    loop = asyncio.get_running_loop()
    done: asyncio.Queue[Grown | Exception | None] = asyncio.Queue()
    stopped = Event()

    def tell(piece: Grown | Exception | None) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(done.put_nowait, piece)

    def run() -> None:
        try:
            with closing(work()) as coming:
                for grown in coming:
                    tell(grown)
                    if stopped.is_set():
                        break
            tell(None)
        except Exception as error:  # handed to who waits
            tell(error)

    Thread(target=run, name="wording", daemon=True).start()
    try:
        while (piece := await done.get()) is not None:
            if isinstance(piece, Exception):
                raise piece
            yield piece
    finally:
        stopped.set()
