"""Packages of this working tree, and a system to install them in."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from tests.packaging.root import Root, missing

LIBRARIES = os.environ.get("TEST_DEB_LIBRARIES", "")
"""What `make test-deb` has built for the package; without it, the package borrows the libraries that run these tests."""

BORROWED = Path(pytest.__file__).parent.parent
_PARTS = ("bot", "ingest", "rag", "packaging", "docs")


@pytest.fixture(scope="session")
def machine() -> None:
    """A machine on which a package can be installed."""
    if reason := missing():
        pytest.skip(reason)


@pytest.fixture(scope="session")
def package(machine, repo, tmp_path_factory) -> Callable[[str], Path]:
    """Build the package of this working tree, with a small corpus, as the version asked for."""
    libraries = Path(LIBRARIES).resolve() if LIBRARIES else _borrowed(tmp_path_factory.mktemp("libraries"))

    @cache
    def build(version: str) -> Path:
        tree = tmp_path_factory.mktemp("tree")
        for part in _PARTS:
            shutil.copytree(repo / part, tree / part, ignore=shutil.ignore_patterns("__pycache__"))
        (tree / "corpus").mkdir()
        shutil.copy(repo / "tests/data/1422-SGDDT-CNTT.md", tree / "corpus")
        for page in ("README.md", "CHANGELOG.md"):
            shutil.copy(repo / page, tree)
        project = (repo / "pyproject.toml").read_text("utf-8")
        (tree / "pyproject.toml").write_text(re.sub("(?m)^version = .*", f'version = "{version}"', project), "utf-8")
        (tree / "ingest/__init__.py").write_text(f'"""Reads documents as version {version} does."""\n', "utf-8")
        subprocess.run([tree / "packaging/build", libraries], check=True, capture_output=True)
        [built] = (tree / "build").glob("*.deb")
        return built

    return build


def _borrowed(folder: Path) -> Path:
    """An environment of Debian's Python that takes the libraries from /opt/libraries."""
    made = subprocess.run(["/usr/bin/python3", "-m", "venv", "--without-pip", folder], check=False, capture_output=True)
    mine = f"lib/python3.{sys.version_info.minor}/site-packages"
    if made.returncode or not (folder / mine).is_dir():
        pytest.skip("Python của Debian khác bản với Python đang chạy bộ kiểm tra (make test-deb thử được)")
    (folder / mine / "borrowed.pth").write_text(f"/opt/libraries\n{BORROWED}\n")  # there in the system, here while it is built
    return folder


@pytest.fixture(scope="session")
def root(machine, package, tmp_path_factory) -> Root:
    """A fresh Debian for `make test-deb`, a view of this machine otherwise: both without a trace of the program."""
    folder = tmp_path_factory.mktemp("system")
    if not LIBRARIES:
        made = Root(folder, Path("/"), BORROWED)
    else:
        made = Root(folder)
        _bootstrap(made.place, package("0"))
    if made.run("true").returncode:
        pytest.skip("máy này không cho gắn (mount) một hệ thống riêng để thử")
    return made


def _bootstrap(place: Path, package: Path) -> None:
    """Make a Debian of nothing but what the package says it needs, from the mirrors of this machine."""
    if not shutil.which("mmdebstrap"):
        pytest.skip("cần mmdebstrap: apt-get install mmdebstrap")
    needed = subprocess.run(["dpkg-deb", "-f", package, "Depends"], check=True, capture_output=True, text=True).stdout
    names = ",".join(sorted({"systemd", *(re.sub(r"\(.*?\)", "", name).strip() for name in needed.split(","))}))
    sources = [path for path in (Path("/etc/apt/sources.list"), *Path("/etc/apt/sources.list.d").glob("debian.*")) if path.is_file()]
    suite = subprocess.run(["sh", "-c", ". /etc/os-release; echo $VERSION_CODENAME"], check=True, capture_output=True, text=True).stdout
    run = ["mmdebstrap", "--variant=minbase", f"--include={names}", suite.strip(), place, *sources]
    made = subprocess.run(run, check=False, capture_output=True, text=True)
    if made.returncode:
        pytest.skip(f"không dựng được một Debian mới: {made.stderr.strip().splitlines()[-1]}")
