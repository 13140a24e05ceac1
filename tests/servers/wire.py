"""A wire between a program and a server that can be cut: refuses, stops in the middle of an answer, or says nothing."""

from __future__ import annotations

import socket
import threading
from contextlib import closing, suppress

from tests.servers.postgres import free_port

_PART = 16_384  # bytes
_ASKED_EVERY = 0.2  # seconds


class Wire:
    """Passes on what comes to its ``port``; ``refusing``, ``silent`` and ``cut_after`` (bytes of an answer) say what goes wrong."""

    def __init__(self, to: int) -> None:
        self.port = free_port()
        self.refusing = False
        self.silent = False
        self.cut_after: int | None = None
        self._to = to
        self._closed = False
        self._listening = socket.create_server(("127.0.0.1", self.port), backlog=256)
        self._listening.settimeout(_ASKED_EVERY)
        threading.Thread(target=self._accept, daemon=True).start()

    def heal(self) -> None:
        """Pass on everything again."""
        self.refusing, self.silent, self.cut_after = False, False, None

    def close(self) -> None:
        """Pass on nothing any more."""
        self._closed = True

    def _accept(self) -> None:
        with closing(self._listening):
            while not self._closed:
                with suppress(TimeoutError):
                    client, _ = self._listening.accept()
                    threading.Thread(target=self._pass, args=(client,), daemon=True).start()

    def _pass(self, client: socket.socket) -> None:
        if self.refusing:
            _reset(client)
            return
        with suppress(OSError), closing(client), closing(socket.create_connection(("127.0.0.1", self._to))) as server:
            threading.Thread(target=self._copy, args=(client, server, False), daemon=True).start()
            self._copy(server, client, True)

    def _copy(self, source: socket.socket, target: socket.socket, is_answer: bool) -> None:
        passed = 0
        with suppress(OSError):
            source.settimeout(_ASKED_EVERY)
            while not self._closed and not self.refusing:
                try:
                    part = source.recv(_PART)
                except TimeoutError:
                    continue
                if not part:
                    break
                if self.silent:
                    continue
                if is_answer and self.cut_after is not None and passed + len(part) > self.cut_after:
                    target.sendall(part[: max(0, self.cut_after - passed)])
                    break
                passed += len(part)
                target.sendall(part)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


def _reset(client: socket.socket) -> None:
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    client.close()
