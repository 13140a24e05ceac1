"""The command with an index of the made-up directive."""

from __future__ import annotations

import os
import subprocess

import pytest

from tests.bot.command import COMMAND


@pytest.fixture
def environment(repo, example_index):
    return os.environ | {"PYTHONPATH": str(repo), "TRACUU_DATA": str(example_index), "TRACUU_TODAY": "2025-11-01"}


@pytest.fixture
def tracuu(environment, tmp_path):
    """Run ``tracuu`` in an empty folder; bytes in, bytes out."""

    def call(*arguments: str | bytes, stdin: bytes = b"", **variables: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [*COMMAND, *arguments],
            input=stdin,
            capture_output=True,
            env=environment | variables,
            cwd=tmp_path,
            timeout=120,
            check=False,
        )

    return call
