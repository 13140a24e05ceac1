"""Which files of the program make what is kept, so that this is made anew when one of them changes, and only then.

They are found by following what each module imports or names in a string, and the data files that it names; the ``__init__.py`` of a
package counts where something is imported from the package itself. ``python -m ingest.code_version`` prints all that make what
``tracuu ingest`` publishes, for ``make run``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

READING = ("ingest.chunks", "ingest.readers.page_child")
"""Where a file, or a page of it, becomes what is kept of it."""
INDEXING = ("ingest.contents", "rag.index.making")
"""Where what is kept of the files becomes an index."""
_BANKING = ("ingest.banking",)
_HERE = Path(__file__).resolve()
_ROOT = _HERE.parents[1]
_DATA = ("ingest/data", "rag/data")
_IMPORT = re.compile(r"^[ \t]*(?:import ((?:ingest|rag)[\w.]*)|from ((?:ingest|rag)[\w.]*) import (\([^)]*\)|.*))", re.MULTILINE)
_IN_STRING = re.compile(r"[\"']((?:ingest|rag)(?:\.\w+)+)")


@cache
def code_version(modules: tuple[str, ...]) -> str:
    """Return a name for the code of these modules and all that it imports: another name may mean another result."""
    digest = hashlib.sha256()
    for path in files_behind(modules):
        digest.update(path.relative_to(_ROOT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def files_behind(modules: tuple[str, ...]) -> list[Path]:
    """Return the files of these modules, of all that they import within the program, and the data that one of these names."""
    found: dict[Path, str] = {}
    waiting = list(modules)
    while waiting:
        path = _file_of(waiting.pop())
        if path and path not in found and path != _HERE:  # which names modules of all kinds
            found[path] = path.read_text(encoding="utf-8")
            waiting += _imported(found[path])
    text = "\n".join(found.values())
    data = [path for folder in _DATA for path in (_ROOT / folder).rglob("*") if path.is_file() and path.name in text]
    return sorted([*found, *data])


def _file_of(module: str) -> Path | None:
    path = _ROOT.joinpath(*module.split("."))
    return next((file for file in (path / "__init__.py", path.with_suffix(".py")) if file.is_file()), None)


def _imported(text: str) -> Iterator[str]:
    """Yield every module of the program that a text may import: what is taken from a module may be one too."""
    yield from _IN_STRING.findall(text)
    for whole, module, names in _IMPORT.findall(text):
        yield whole or module
        yield from (f"{module}.{name}" for name in re.findall(r"\w+", names))


if __name__ == "__main__":
    for path in files_behind(READING + INDEXING + _BANKING):
        print(path.relative_to(_ROOT))
