"""A service of many machines, on one: PostgreSQL and a standby, a bucket behind a wire, serving nodes, an office that publishes."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import httpx

from tests.ingest.office import COMMAND, PARKING, Office, circular
from tests.servers.postgres import Postgres, either, failed_over, free_port
from tests.servers.s3 import S3
from tests.servers.wire import Wire

FEE = "phí gửi xe đạp là bao nhiêu"
READY_SECONDS = 240.0


class Node:
    """``tracuu serve`` with a data folder of its own, as on a machine of its own."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._environment = environment | {"TRACUU_DATA": str(folder), "TRACUU_WORKERS": "1"}
        folder.mkdir(parents=True, exist_ok=True)
        self.start()

    @property
    def log(self) -> str:
        """What it has said so far."""
        return (self.folder / "serve.log").read_text(encoding="utf-8")

    def start(self) -> None:
        """Start it and do not wait."""
        with (self.folder / "serve.log").open("ab") as log:
            command = [*COMMAND, "serve", "--port", str(self.port)]
            self.process = subprocess.Popen(command, env=self._environment, stdout=log, stderr=log, start_new_session=True)

    def wait(self) -> None:
        """Wait until it can answer. Raises ``AssertionError`` with its log."""
        end = time.monotonic() + READY_SECONDS
        while time.monotonic() < end:
            try:
                if httpx.get(f"{self.url}/readyz", timeout=5).status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            time.sleep(0.2)
        raise AssertionError(self.log[-3000:])

    def ready(self) -> dict[str, Any]:
        """Return what it says of itself."""
        return dict(httpx.get(f"{self.url}/readyz", timeout=10).json())

    def ask(self, question: str) -> dict[str, Any]:
        """Return its answer."""
        answer = httpx.post(f"{self.url}/api/ask", json={"question": question}, timeout=20)
        answer.raise_for_status()
        return dict(answer.json())

    def send(self, sign: signal.Signals) -> None:
        """Send it and its workers a signal."""
        os.killpg(self.process.pid, sign)

    def kill(self) -> None:
        """End it as a power cut would."""
        self.send(signal.SIGKILL)
        self.process.wait(10)

    def stop(self) -> None:
        """End it in order."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(40)


class Service:
    """All of it; ``fee`` is what the office published last for parking a bicycle, in thousands."""

    def __init__(self, folder: Path, nodes: int = 3) -> None:
        self.primary = Postgres.begin(durable=True)
        self.primary.create("tracuu")
        self.standby = self.primary.standby()
        self.s3 = S3()
        self.s3.bucket("tracuu")
        self.wire = Wire(self.s3.port)
        self.office = Office(folder / "office")
        self.environment = os.environ | {
            "PYTHONPATH": self.office.environment["PYTHONPATH"],
            **self.s3.environment,
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.wire.port}",
            "TRACUU_DATABASE": either(self.primary.port, self.standby.port),
            "TRACUU_STORE": "s3://tracuu/thu",
            "TRACUU_TODAY": "2025-11-01",
            "TRACUU_QUESTIONS_PER_MINUTE": "100000",
            "TRACUU_REQUESTS_PER_MINUTE": "100000",
        }
        self.office.environment = {**self.office.environment, **self.environment, "TRACUU_DATA": str(self.office.data)}
        self.fee = 1
        for number in range(11):
            tasks = (f"Việc {n}: Việc thứ {n} của trường trong tháng {number + 1}." for n in range(8))
            self.office.write(f"v{number}.txt", circular(f"{number + 1}/2023/TT-BGDĐT", *tasks, title="quy định về trực nhật"))
        done = self.publish()
        assert done.returncode == 0, done.stderr
        self.nodes = [Node(folder / f"node-{number}", self.environment) for number in range(nodes)]
        for node in self.nodes:
            node.wait()

    def publish(self) -> subprocess.CompletedProcess[str]:
        """Publish another fee."""
        self.next_fee()
        return self.office.run("ingest")

    def next_fee(self) -> None:
        """Write another fee into the corpus of the office."""
        self.fee += 1
        self.office.write("11.txt", PARKING.replace("2.000", f"{self.fee}.000"))

    def second_office(self) -> Office:
        """Return another machine that publishes the same corpus."""
        other = Office(self.office.corpus.parent.parent / f"office-{time.monotonic_ns()}")
        shutil.copytree(self.office.corpus, other.corpus, dirs_exist_ok=True)
        other.environment = {**self.office.environment, "TRACUU_DATA": str(other.data), "TRACUU_CORPUS": str(other.corpus)}
        return other

    def fail_over(self) -> None:
        """Kill the primary, make the standby one, and let a new standby follow it where the primary was."""
        self.primary, self.standby = failed_over(self.primary, self.standby)

    def close(self) -> None:
        """End everything."""
        for node in self.nodes:
            if node.process.poll() is None:
                node.kill()
        self.wire.close()
        self.s3.stop()
        self.standby.remove()
        self.primary.remove()
