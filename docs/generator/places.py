"""Places in the code that a page names: `` `rag/assistant.py` ``, `` `rag/assistant.py: Assistant.ask` ``.

A file that was renamed, or a name that has moved to another file, is put right; what cannot be found is told by ``lost``.
"""

from __future__ import annotations

import ast
import re
import subprocess
from collections import defaultdict
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_FOLDERS = ("bot", "ingest", "rag", "benchmarks")
_PLACE = re.compile(r"(?<=`)((?:bot|ingest|rag|benchmarks|tests|packaging|docs)/[\w/.-]+)(?:: ([\w.]+))?(?=`)")
_DRAWN = re.compile(r"(?<![\w/`.-])((?:bot|ingest|rag)/[\w/]+\.py)()\b")  # in a drawing


def mended(page: str) -> str:
    """Return a page with the places put right that can be."""
    for place in (_PLACE, _DRAWN):
        page = place.sub(lambda found: _now(found[1], found[2] or ""), page)
    return page


def lost(page: str) -> list[str]:
    """Return the places that a page names and that are not there."""
    return [
        f"{file}: {name}".removesuffix(": ")
        for place in (_PLACE, _DRAWN)
        for file, name in place.findall(page)
        if not _is_there(file, name)
    ]


def names_in(file: str) -> set[str]:
    """Return what a module defines: functions, classes, their methods, and what it assigns."""
    return _names(ROOT / file) if file.endswith(".py") and (ROOT / file).is_file() else set()


def _is_there(file: str, name: str) -> bool:
    return (ROOT / file).exists() if not name else name in names_in(file)


def _now(file: str, name: str) -> str:
    """Where a place is now: in the file as it was renamed since, else in the one file that has such a name; else as it was told."""
    if not _is_there(file, name):
        renamed = _renamed_to(file)
        holders = [renamed] if _is_there(renamed, name) else _holders()[name] if name else []
        file = holders[0] if len(holders) == 1 else file
    return f"{file}: {name}".removesuffix(": ")


def _renamed_to(file: str) -> str:
    seen = {file}
    while not (ROOT / file).exists() and (file := _renames().get(file, file)) not in seen:
        seen.add(file)
    return file


@cache
def _renames() -> dict[str, str]:
    """What files were called before, the newest renaming first, as far as the history at hand knows."""
    asked = ("git", "log", "--max-count=300", "--diff-filter=R", "--find-renames", "--name-status", "--format=")
    told = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False).stdout
    found: dict[str, str] = {}
    for _, before, after in (line.split("\t") for line in told.splitlines() if line.count("\t") == 2):
        found.setdefault(before, after)
    return found


@cache
def _files() -> tuple[Path, ...]:
    return tuple(sorted(path for folder in _FOLDERS for path in (ROOT / folder).rglob("*.py")))


@cache
def _holders() -> defaultdict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for path in _files():
        for name in _names(path):
            found[name].append(str(path.relative_to(ROOT)))
    return found


@cache
def _names(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef):
            inner = (part.name for part in node.body if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef))
            found |= {node.name, *(f"{node.name}.{name}" for name in inner)}
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {target.id for target in targets if isinstance(target, ast.Name)}
    return found
