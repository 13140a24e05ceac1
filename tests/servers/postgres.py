"""Real PostgreSQL servers for the tests: a primary, standbys that follow it, kills and promotions.

PostgreSQL does not run as root: where the tests do, it runs as Debian's user ``postgres``.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

_PLACES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
_SECONDS = 60


def missing() -> str:
    """Say why no server can be started here; empty where one can."""
    if not _PLACES:
        return "cần PostgreSQL: apt-get install postgresql"
    return "" if os.geteuid() or shutil.which("runuser") else "PostgreSQL không chạy dưới quyền root, và không có runuser"


class Postgres:
    """One server in a folder of its own; ``durable`` keeps what it promises through ``kill -9``, slower."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.port = port

    @classmethod
    def begin(cls, *, durable: bool = False) -> Postgres:
        """Make a new cluster and start it."""
        server = cls(_place(), free_port())
        _run("initdb", "-D", server.data, "-U", "tracuu", "-A", "trust", "-E", "UTF8", "--locale=C", *(() if durable else ("--no-sync",)))
        server._set("wal_level = replica", "max_wal_senders = 8", "max_connections = 120", "unix_socket_directories = ''")
        if not durable:
            server._set("fsync = off", "synchronous_commit = off", "full_page_writes = off")
        server.start()
        return server

    @property
    def data(self) -> Path:
        """Where its files are."""
        return self.folder / "data"

    def address(self, database: str = "postgres") -> str:
        """Return the URL of one of its databases."""
        return f"postgresql://tracuu@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = f"-p {self.port} -c listen_addresses=127.0.0.1"
        _run("pg_ctl", "-D", self.data, "-l", self.folder / "log", "-o", options, "-w", "-t", str(_SECONDS), "start")

    def stop(self) -> None:
        """End it in order."""
        _run("pg_ctl", "-D", self.data, "-m", "fast", "-w", "stop", check=False)

    def kill(self) -> None:
        """End it and all its processes at once, as a power cut would."""
        family = self._processes()
        _send(family[0], signal.SIGSTOP)  # so that it begets no more
        for one in (family := self._processes()):
            _send(one, signal.SIGKILL)
        while any(map(_is_there, family)):  # their memory is theirs until then
            time.sleep(0.01)
        (self.data / "postmaster.pid").unlink()  # as after a power cut, when nobody has the number any more

    def standby(self, port: int = 0) -> Postgres:
        """Return a server that follows this one and answers what only reads."""
        follower = Postgres(_place(), port or free_port())
        _run("pg_basebackup", "-R", "-c", "fast", "-D", follower.data, "-d", f"host=127.0.0.1 port={self.port} user=tracuu")
        follower.start()
        return follower

    def waits_for_standby(self) -> None:
        """Confirm from now on only what a standby has too: then nothing that was confirmed is lost with this server."""
        for setting in ("synchronous_standby_names = '*'", "synchronous_commit = on"):
            _run("psql", "-q", "-h", "127.0.0.1", "-p", str(self.port), "-U", "tracuu", "postgres", "-c", f"ALTER SYSTEM SET {setting}")
        _run("pg_ctl", "-D", self.data, "reload")

    def pause(self, is_paused: bool) -> None:
        """Let it and its processes stand still, or go on."""
        for one in self._processes():
            _send(one, signal.SIGSTOP if is_paused else signal.SIGCONT)

    def promote(self) -> None:
        """Make a standby the primary."""
        _run("pg_ctl", "-D", self.data, "-w", "promote")

    def create(self, database: str) -> str:
        """Make a database and return its URL."""
        _run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "tracuu", database)
        return self.address(database)

    def remove(self) -> None:
        """End it and delete its files."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _processes(self) -> list[int]:
        pid = int((self.data / "postmaster.pid").read_text().split()[0])
        return [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]

    def _set(self, *lines: str) -> None:
        with (self.data / "postgresql.conf").open("a") as file:
            file.writelines(f"{line}\n" for line in lines)


def failed_over(primary: Postgres, standby: Postgres) -> tuple[Postgres, Postgres]:
    """Kill the primary and make the standby one; return it, and a new standby that follows it where the primary was."""
    primary.kill()
    standby.promote()
    port = primary.port
    primary.remove()
    return standby, standby.standby(port)


def either(*ports: int) -> str:
    """Return the URL of the database ``tracuu`` on whichever of some servers is the primary."""
    hosts = ",".join(f"127.0.0.1:{port}" for port in ports)
    return f"postgresql://tracuu@{hosts}/tracuu?target_session_attrs=read-write"


def free_port() -> int:
    """Return a port on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def _place() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="tracuu-postgres-", dir="/tmp"))
    if not os.geteuid():
        shutil.chown(folder, "postgres", "postgres")
    return folder


def _run(program: str, *arguments: object, check: bool = True) -> None:
    command = [str(_PLACES[0] / program), *map(str, arguments)]
    if not os.geteuid():
        command = ["runuser", "-u", "postgres", "--", *command]
    done = subprocess.run(command, capture_output=program != "pg_ctl", text=True, cwd="/", timeout=2 * _SECONDS, check=False)
    if check and done.returncode:
        raise RuntimeError(f"{program}: {done.stderr or done.returncode}")


def _is_there(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def _send(pid: int, sign: signal.Signals) -> None:
    try:
        os.kill(pid, sign)
    except ProcessLookupError:
        return
