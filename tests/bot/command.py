"""The command as a process: how to start it, and what the tests read of its output."""

from __future__ import annotations

import json
import subprocess
import sys

COMMAND = [sys.executable, "-c", "from bot.cli import main; main()"]
DEADLINE = "Dữ liệu giáo viên, nhân viên phải nhập xong trước mấy giờ ngày nào?"
UNKNOWN = "đội nào vô địch bóng đá thế giới năm ngoái"


def started(environment, *arguments: str) -> subprocess.Popen[bytes]:
    """The command under way, its three streams as pipes."""
    pipe = subprocess.PIPE
    return subprocess.Popen([*COMMAND, *arguments], env=environment, stdin=pipe, stdout=pipe, stderr=pipe)


def the_error(result) -> str:
    """The one line on standard error of a run that failed."""
    lines = result.stderr.decode().splitlines()
    assert result.returncode == 2
    assert len(lines) == 1
    assert "Traceback" not in lines[0]
    return lines[0]


def objects(result) -> list[dict]:
    return [json.loads(line) for line in result.stdout.decode().splitlines()]
