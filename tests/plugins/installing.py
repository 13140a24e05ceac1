"""Packages as they look when they are installed, the examples and such as are made up on the spot, and the command with them."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

EXAMPLES = Path(__file__).parent


def install(folder: Path, example: str) -> Path:
    """Put an example into ``folder`` as ``pip install --target`` does, only faster; return the folder."""
    told = tomllib.loads((EXAMPLES / example / "pyproject.toml").read_text("utf-8"))
    for module in told["tool"]["setuptools"]["py-modules"]:
        shutil.copy(EXAMPLES / example / f"{module}.py", folder)
    _inform(folder, told["project"]["name"], told["project"]["version"], told["project"]["entry-points"])
    return folder


def write(folder: Path, package: str, group: str, entries: Mapping[str, str], code: str) -> None:
    """Write a package of one module, which is called as itself; ``entries`` name what of the module stands behind them."""
    module = package.replace("-", "_")
    _inform(folder, package, "1.0", {group: {name: f"{module}:{attribute}" for name, attribute in entries.items()}})
    (folder / f"{module}.py").write_text(code, "utf-8")


def _inform(folder: Path, package: str, version: str, groups: Mapping[str, Mapping[str, str]]) -> None:
    information = folder / f"{package.replace('-', '_')}-{version}.dist-info"
    information.mkdir(parents=True)
    (information / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n")
    lines = [f"[{group}]\n" + "".join(f"{name} = {place}\n" for name, place in entries.items()) for group, entries in groups.items()]
    (information / "entry_points.txt").write_text("\n".join(lines))


_RUN = """
import contextlib, io, json, os, sys
from bot.cli import run
told = []
for variables, arguments in json.loads(sys.argv[1]):
    os.environ.update(variables)
    with contextlib.redirect_stdout(io.StringIO()) as said, contextlib.redirect_stderr(said):
        told.append((run(arguments), said.getvalue()))
print(json.dumps(told))
"""


def run(environment: Mapping[str, str], *commands: tuple[Mapping[str, str], Sequence[str]]) -> list[tuple[int, str]]:
    """Run ``tracuu`` several times in one process, which is faster, each time with some variables and arguments.

    Return the exit codes, and what was said on both outputs.
    """
    process = subprocess.run(
        [sys.executable, "-c", _RUN, json.dumps(commands)],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, env=environment, encoding="utf-8", check=True,
    )  # fmt: skip
    return [(code, said) for code, said in json.loads(process.stdout)]
