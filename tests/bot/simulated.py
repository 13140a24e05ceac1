"""What the simulated services share: a server in a thread, faults on demand, waiting for what happens."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import tornado.httpserver
import tornado.netutil
import tornado.web


@dataclass(slots=True)
class Fault:
    """What happens to the next ``times`` calls of a method, after ``skip`` good ones, in ``chat`` only where given."""

    method: str
    kind: str
    times: int = 1
    skip: int = 0
    chat: str = ""
    seconds: float = 1.0


@dataclass
class Simulated:
    """A service at ``url``, from ``start`` to ``close``; ``refused`` is what the program should never have asked for."""

    refused: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def start(self, routes: list[Any]) -> None:
        """Begin to answer."""
        self._changed = threading.Condition()
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(routes, ready), daemon=True)
        self._thread.start()
        assert ready.wait(10)

    def close(self) -> None:
        """Stop the server."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def wait_for(self, condition: Callable[[], bool], seconds: float = 30.0) -> None:
        """Wait until something holds; it is looked at after every call of the bot's, and now and then."""
        end = time.monotonic() + seconds
        with self._changed:
            while not condition():
                assert time.monotonic() < end, f"không xảy ra sau {seconds} giây; từ chối: {self.refused}"
                self._changed.wait(0.05)

    def notify(self) -> None:
        """Wake whoever waits."""
        with self._changed:
            self._changed.notify_all()

    def fault_for(self, method: str, chat: str = "") -> Fault | None:
        """The fault that this call meets."""
        for fault in self.faults:
            if fault.method == method and fault.times > 0 and fault.chat in ("", chat):
                if fault.skip > 0:
                    fault.skip -= 1
                else:
                    fault.times -= 1
                    return fault
        return None

    def do_beside(self, work: Any) -> None:
        """Run a coroutine of the server's beside its requests; from any thread."""
        asyncio.run_coroutine_threadsafe(work, self._loop)

    def _run(self, routes: list[Any], ready: threading.Event) -> None:
        self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self._loop)
        sockets = tornado.netutil.bind_sockets(0, "127.0.0.1")
        self.port = sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._http = tornado.httpserver.HTTPServer(tornado.web.Application(routes, log_function=lambda handler: None))
        self._http.add_sockets(sockets)
        self._loop.call_soon(ready.set)
        self._loop.run_forever()
