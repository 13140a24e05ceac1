"""Search nodes as processes of their own: the command that an admin starts."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

KEY = "khoa-cua-cac-may"
_COMMAND = [sys.executable, "-c", "from bot.cli import main; main()", "search-node", "--port", "0"]


class Node:
    """One search node on the shard in the data folder ``data``."""

    def __init__(self, data: Path, key: str = KEY) -> None:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("TRACUU_")}
        environment |= {"TRACUU_DATA": str(data), "TRACUU_NODE_KEY": key, "OMP_NUM_THREADS": "1"}
        self.process = subprocess.Popen(_COMMAND, env=environment, stdout=subprocess.PIPE, text=True, encoding="utf-8")

    @property
    def address(self) -> str:
        """Where it answers; waits until it does."""
        if not hasattr(self, "_address"):
            assert self.process.stdout
            line = self.process.stdout.readline()
            self._address = next(word for word in line.split() if word.startswith("http://"))
        return self._address

    def stop(self) -> None:
        """Let it go on only after ``go_on``, with all connections as they are."""
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()


def started(pieces: Path, shards: int, replicas: int) -> list[list[Node]]:
    """Start so many nodes for each of the shards below ``pieces``."""
    return [[Node(pieces / str(shard)) for _ in range(replicas)] for shard in range(shards)]


def setting(nodes: list[list[Node]]) -> str:
    """TRACUU_SEARCH_NODES for them."""
    return ",".join("|".join(node.address for node in replicas) for replicas in nodes)
