"""A child process with limits on memory and on silence, for work on files from outside.

Such a file can hang a parser, eat all memory or crash it; then the child dies, and the message says so. A child goes on
to the next file: starting one takes longer than reading most of them.

It is a module that calls ``answer_all`` when run. It gets one JSON object a line and prints messages, one a line too. It
ends with its parent, whatever kills that: the parent holds the other end of its terminal, and when that is gone, the
system hangs up on the child and on every program that it runs.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import json
import os
import resource
import select
import signal
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import SimpleQueue
from threading import Lock
from typing import IO, Any, TypeVar

from rag.errors import ReadError, ReadStopped

T = TypeVar("T")
Message = dict[str, Any]
Say = Callable[[Message], None]

MEMORY = 3 * 1024**3
"""Address space of a child, in bytes."""
SILENCE = 120.0
"""Seconds without a message after which a child is taken for hung."""
_limits_taken = False
_TRY = "nếu lần sau vẫn vậy, hãy mở tệp, lưu lại hoặc chia nhỏ rồi thêm lại"


class Child:
    """A process that works on files, one after the other, until it is closed."""

    def __init__(self, module: str, memory: int = MEMORY) -> None:
        root = str(Path(__file__).resolve().parents[1])
        search = os.pathsep.join([root, *filter(None, [os.environ.get("PYTHONPATH")])])
        environment = os.environ | {"PYTHONPATH": search, "OMP_THREAD_LIMIT": "1", "OPENBLAS_NUM_THREADS": "1"}
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the child)
        self._hold, terminal = os.openpty()
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-m", module, str(memory), str(terminal)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._log,
                env=environment,
                start_new_session=True,
                pass_fds=(terminal,),
            )
        finally:
            os.close(terminal)

    def ask(self, asked: Message, name: str, silence: float, hear: Callable[[Message], T | None]) -> T:
        """Ask for work on the file of this name; return the first thing that ``hear`` makes of its messages.

        Raises what ``hear`` raises, and ``ReadStopped``, after which the child is of no use any more.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with contextlib.suppress(BrokenPipeError):  # it died; then it will say nothing
            self._process.stdin.write(json.dumps(asked).encode() + b"\n")
            self._process.stdin.flush()
        for message in _messages(self._process.stdout, silence, name):
            if (heard := hear(message)) is not None:
                return heard
        error = ReadStopped(f"Không đọc được {name}: bộ đọc đã dừng vì tệp hỏng hoặc đòi quá nhiều bộ nhớ; {_TRY}.")
        self._log.seek(0)
        error.add_note(self._log.read()[-4000:].decode(errors="replace"))
        raise error

    def close(self) -> None:
        """End the process and all that it runs."""
        with contextlib.suppress(ProcessLookupError):  # it may have ended by itself
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._log):
            assert stream is not None
            with contextlib.suppress(BrokenPipeError):
                stream.close()
        os.close(self._hold)


class SharedChild:
    """The one child of this process that runs a module."""

    def __init__(self, module: str) -> None:
        self._module = module
        self._lock = Lock()
        self._child: Child | None = None
        self._owner = 0
        atexit.register(self.close)

    def ask(self, asked: Message, name: str, silence: float, hear: Callable[[Message], T | None]) -> T:
        """See ``Child.ask``."""
        with self._lock:
            if self._child is None or self._owner != os.getpid():  # a process that was forked has no part in it
                self._child, self._owner = Child(self._module), os.getpid()
            try:
                return self._child.ask(asked, name, silence, hear)
            except ReadStopped:
                self.close()
                raise
            except (ReadError, Unwritable):
                raise
            except BaseException:  # stopped half-way: what it still says would be taken for the next file's
                self.close()
                raise

    def close(self) -> None:
        """End the child, if there is one."""
        if self._child is not None and self._owner == os.getpid():
            self._child.close()
        self._child = None


class Children:
    """Several children that run a module, of which each of as many threads borrows one; closed in the end."""

    def __init__(self, module: str, number: int) -> None:
        self._all = [SharedChild(module) for _ in range(number)]
        self._free: SimpleQueue[SharedChild] = SimpleQueue()
        for child in self._all:
            self._free.put(child)

    def __enter__(self) -> Children:
        return self

    def __exit__(self, *_: object) -> None:
        for child in self._all:
            child.close()
            atexit.unregister(child.close)

    def ask(self, asked: Message, name: str, silence: float, hear: Callable[[Message], T | None]) -> T:
        """See ``Child.ask``."""
        child = self._free.get()
        try:
            return child.ask(asked, name, silence, hear)
        finally:
            self._free.put(child)


class Unwritable(OSError):
    """The child could not write what it made."""


def _messages(stream: IO[bytes], silence: float, name: str) -> Iterator[Message]:
    """Yield the child's messages until it closes the stream."""
    buffer = b""
    deadline = time.monotonic() + silence
    while True:
        ready, _, _ = select.select([stream], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            raise ReadStopped(f"Không đọc được {name}: quá {silence:.0f} giây mà không đọc thêm được gì; {_TRY}.")
        chunk = os.read(stream.fileno(), 1 << 20)
        if not chunk:
            return
        buffer += chunk
        while b"\n" in buffer:
            line, buffer = buffer.split(b"\n", 1)
            yield json.loads(line)
            deadline = time.monotonic() + silence


def in_child() -> bool:
    """Say whether this process is such a child, and needs no other for what is read in no time."""
    return _limits_taken


def answer_all(answer: Callable[[Message, Say], None]) -> None:
    """Be the child: take on its limits, and answer what the parent asks for as long as it is there."""
    global _limits_taken  # of the process, as its limits are
    _limits_taken = True
    memory, terminal = map(int, sys.argv[1:3])
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # which the end of the parent sends; under nohup it would be ignored
    fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # nothing but messages goes to the parent

    def say(message: Message) -> None:
        out.write(json.dumps(message, ensure_ascii=False, default=str, skipkeys=True) + "\n")
        out.flush()

    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for line in sys.stdin.buffer:
        answer(json.loads(line), say)
