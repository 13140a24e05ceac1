"""``tracuu serve``: takes the port, prints the address, runs the workers until it is stopped."""

from __future__ import annotations

import os
import socket
import sys
import tempfile
from pathlib import Path

import uvicorn
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess

from bot.audit import note_start
from bot.connections import PatientProtocol
from bot.following import follow
from bot.loading import load_settings
from bot.web.limits import Limits
from bot.web.logs import log_to_stderr
from bot.web.shared import SHARED, TABLE
from bot.workers import processes_of
from rag.errors import TracuuError

_GRACE = 30  # seconds that requests under way have to end
_BACKLOG = 2048


def serve(host: str | None = None, port: int | None = None) -> int:
    """Serve until SIGTERM or Ctrl-C; requests under way are ended first. Raises ``TracuuError`` when the port is taken.

    Returns the exit code: 0 when it was stopped, 1 when the workers cannot start, which a supervisor may try again.
    """
    chosen = load_settings()
    if chosen.llm:
        from bot.assistant import assistant_of

        assistant_of(chosen)  # a model that cannot be used is said here, once, and not by every worker
    listening = _listen(host or chosen.web_listen, chosen.web_port if port is None else port)
    note_start(chosen)
    follow()
    count = processes_of(chosen)
    config = uvicorn.Config(
        "bot.web.app:create",
        factory=True,
        workers=count,
        http=PatientProtocol,
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips=chosen.trusted_proxies,
        timeout_graceful_shutdown=_GRACE,
        timeout_keep_alive=15,
        backlog=_BACKLOG,
    )
    log_to_stderr()
    print(f"Tra Cứu đang chạy ở {_address(listening)} (dừng: Ctrl-C)", flush=True)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # the workers share the cores already
    with tempfile.TemporaryDirectory(prefix="tracuu-") as folder:
        os.environ[SHARED] = folder
        Limits.prepare(Path(folder) / TABLE)
        workers = Multiprocess(config, sockets=[listening])
        workers.run()  # a lone worker too: one that dies is replaced
    if any(process.exitcode == STARTUP_FAILURE for process in workers.processes):
        print("Trang web không khởi động được; lý do ở các dòng log ngay trên.", file=sys.stderr)
        return 1
    return 0


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listening = socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        raise TracuuError(
            f"Không nghe được ở {host} cổng {port} ({error.strerror or error}). Hãy chọn cổng khác: tracuu serve --port 8080"
        ) from error
    listening.set_inheritable(True)
    return listening


def _address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    if host in ("0.0.0.0", "::"):
        host = "localhost"
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"
