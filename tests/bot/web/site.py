"""The service as a process of its own, asked over HTTP."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import threading
import time

import httpx

from tests.bot.command import COMMAND

PASSWORD = "mat-khau-thu-nghiem"
DUE = "han nop bao cao so ket hk1"
UNKNOWN = "đội nào vô địch bóng đá thế giới năm ngoái"
LINE = re.compile(r"http://\S+")


def found_in_a_moment(look):
    """Return what ``look`` finds, which may be written a moment after it was answered."""
    for _ in range(100):
        if found := look():
            return found
        time.sleep(0.1)
    raise AssertionError("it was not written")


class Site:
    """``tracuu serve`` on a free port, on 3 January 2026, a week before the first deadline; ``log`` is its standard error."""

    def __init__(self, repo, data, corpus, **variables: str) -> None:
        environment = os.environ | {
            "PYTHONPATH": str(repo),
            "TRACUU_DATA": str(data),
            "TRACUU_CORPUS": str(corpus),
            "TRACUU_TODAY": "2026-01-03",
            "TRACUU_WORKERS": "1",
            **variables,
        }
        self.data, self.corpus, self.environment = data, corpus, environment
        self.log: list[str] = []
        pipe = subprocess.PIPE
        self._process = subprocess.Popen([*COMMAND, "serve", "--port", "0"], env=environment, stdout=pipe, stderr=pipe, text=True)
        self.pid = self._process.pid
        self._reading = threading.Thread(target=self._read, daemon=True)
        self._reading.start()
        self.said = self._process.stdout.readline()
        self.base = LINE.search(self.said).group()
        self.http = httpx.Client(base_url=self.base, timeout=60)
        self._wait()

    def _read(self) -> None:
        self.log += iter(self._process.stderr.readline, "")

    def _wait(self) -> None:
        """Until it answers at all; whether it is ready is for the tests to ask."""
        for _ in range(300):
            try:
                self.http.get("/healthz")
                return
            except httpx.TransportError:
                assert self._process.poll() is None, "".join(self.log)
                time.sleep(0.1)
        raise AssertionError("the service did not start")

    def ask(self, question: str, **more: str) -> dict:
        response = self.http.post("/api/ask", json={"question": question, **more})
        assert response.status_code == 200, response.text
        return response.json()

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run ``tracuu`` on the same data."""
        return subprocess.run([*COMMAND, *arguments], env=self.environment, capture_output=True, text=True, timeout=120, check=False)

    def lines(self) -> list[dict]:
        """The lines of the log so far."""
        return [json.loads(line) for line in self.log]

    def lines_about(self, request: str) -> list[dict]:
        """The lines about one request."""
        return found_in_a_moment(lambda: [line for line in self.lines() if line.get("request") == request])

    def stop(self) -> int:
        self.http.close()
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        code = self._process.wait(40)
        self._reading.join()
        return code
