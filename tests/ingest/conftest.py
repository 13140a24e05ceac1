"""An office for each test, and ``tracuu`` run in this process, which is fast."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from bot import cli
from tests.ingest.office import CANTEEN, PARKING, Office


@dataclass(frozen=True)
class Result:
    code: int
    out: str
    err: str


@pytest.fixture
def office(tmp_path, monkeypatch) -> Office:
    """Two circulars, not yet indexed."""
    made = Office(tmp_path)
    made.write("11.txt", PARKING)
    made.write("12.txt", CANTEEN)
    for name in ("TRACUU_DATA", "TRACUU_CORPUS", "TRACUU_TODAY"):
        monkeypatch.setenv(name, made.environment[name])
    return made


@pytest.fixture
def tracuu(office, capsys):
    """Run the command on the office in this process."""

    def call(*arguments: object) -> Result:
        capsys.readouterr()
        code = cli.run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Result(code, captured.out, captured.err)

    return call
