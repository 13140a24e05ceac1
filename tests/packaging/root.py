"""A Debian system of the test's own to install in: a fresh one, or a view of this machine that keeps what is written to itself."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from configparser import ConfigParser
from pathlib import Path

# Mounts vanish with the process that made them, so each command makes its own. $1 the root, $2 what lies under it, $3 where things
# are written, $4 libraries outside of it.
_MOUNT = """
if [ "$2" != "$1" ]; then mount -t overlay overlay -o "lowerdir=$2,upperdir=$3/up,workdir=$3/work" "$1"; else mount --bind "$1" "$1"; fi
mount -t proc -o subset=pid,hidepid=invisible proc "$1/proc" && mount --rbind /dev "$1/dev" && mount -t tmpfs tmpfs "$1/run" || exit 125
[ -z "$4" ] || { mkdir -p "$1/opt/libraries" && mount --bind "$4" "$1/opt/libraries"; } || exit 125
"""
# As systemd does with ProtectSystem=strict, PrivateTmp, StateDirectory= and ReadWritePaths=.
_CLOSE = """
for kept in $5; do mount --bind "$1$kept" "$1$kept"; done
mount -t tmpfs tmpfs "$1/tmp" && mount -o remount,bind,ro "$1" || exit 125
"""
_PARTS = ("--mount", "--pid", "--fork", "--kill-child")
# MemoryDenyWriteExecute, where the kernel (6.3) lets a process ask for it: PR_SET_MDWE.
_DENY = "import ctypes, os, sys; ctypes.CDLL(None).prctl(65, 1, 0, 0, 0); os.execvp(sys.argv[1], sys.argv[1:])"
_AS_SERVICE = ("setpriv", "--reuid=tracuu", "--regid=tracuu", "--init-groups", "--no-new-privs", "--inh-caps=-all", "--bounding-set=-all")


def missing() -> str:
    """Say why nothing can be installed here; empty where it can."""
    if os.geteuid():
        return "chỉ root thử cài được gói Debian"
    tools = [tool for tool in ("dpkg-deb", "unshare", "setpriv", "systemd-analyze") if not shutil.which(tool)]
    return f"thử cài gói Debian cần {', '.join(tools)}" if tools else ""


class Root:
    """A system under ``folder``; ``lower``: what it looks like before anything is written, where that is another one."""

    def __init__(self, folder: Path, lower: Path | None = None, libraries: Path | None = None) -> None:
        self.place = folder / "root"
        for name in ("root", "up", "work"):
            (folder / name).mkdir(exist_ok=True)
        self._written = folder / "up" if lower else self.place
        self._arguments = [str(self.place), str(lower or self.place), str(folder), str(libraries or "")]

    def run(self, *command: str, alone: bool = False, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a command of root; ``alone``: without any network."""
        parts = (*_PARTS, "--net") if alone else _PARTS
        run = ["unshare", *parts, "sh", "-c", _MOUNT + 'root=$1; shift 4; exec chroot "$root" "$@"', "sh", *self._arguments, *command]
        place = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", **environment}
        return subprocess.run(run, env=place, capture_output=True, text=True, check=False)

    def put(self, file: Path) -> str:
        """Copy a file into the system and return where it is there."""
        (self._written / "root").mkdir(exist_ok=True)
        shutil.copy(file, self._written / "root")
        return f"/root/{file.name}"

    def service(self, name: str, *, writes: Sequence[str] = ("/var/lib/tracuu",), **environment: str) -> subprocess.Popen[str]:
        """Start what a unit starts, as its user, in its folder, with its settings and within (most of) its bounds."""
        unit = self.unit(name)
        script = f"set -a; . {unit['EnvironmentFile']}; cd {unit['WorkingDirectory']}; exec {unit['ExecStart']}"
        inside = _MOUNT + _CLOSE + 'root=$1; shift 5; chroot "$root" "$@"; exit $?'  # sh stays, to take all with it when it is killed
        run = ["unshare", *_PARTS, "sh", "-c", inside, "sh", *self._arguments, " ".join(writes)]
        settings = [f"{key}={value}" for key, value in environment.items()]
        as_service = ["env", "-i", "PATH=/usr/bin:/bin", *settings, *_AS_SERVICE, "/usr/bin/python3", "-c", _DENY, "sh", "-c", script]
        return subprocess.Popen([*run, *as_service], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def unit(self, name: str) -> dict[str, str]:
        """Return what the section [Service] of a unit says, with what all of them have in common."""
        folder = "/usr/lib/systemd/system"
        parser = ConfigParser(strict=False, interpolation=None)
        parser.optionxform = str  # type: ignore[assignment,method-assign]
        parser.read_string(self.run("sh", "-c", f"cat {folder}/{name} {folder}/tracuu-.service.d/*.conf").stdout)
        return dict(parser["Service"])
