"""The door for what others add: the entry points of installed packages, and our own built-ins through the same loader.

A package names what it adds in its ``pyproject.toml`` and is installed beside Tra Cứu; nothing else has to be set::

    [project.entry-points."tracuu.answer_kinds"]
    pages = "tracuu_pages:Pages"

The groups are ``tracuu.answer_kinds`` (``rag.answers.kinds``), ``tracuu.readers`` and ``tracuu.channels``.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import Generic, TypeVar

T = TypeVar("T")
_MOST_SAID = 300  # characters of what went wrong
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Plugin(Generic[T]):
    """What stands behind an entry point: ``value``, from ``module``.

    ``package`` is the installed package that brings it, in this ``version``; both are empty for a built-in.
    """

    name: str
    value: T
    module: str
    package: str = ""
    version: str = ""


def load(group: str, built_in: Mapping[str, str], usable: Callable[[object], T]) -> list[Plugin[T]]:
    """Return the built-ins in their order, and behind them what installed packages add to ``group``, by package and name.

    ``built_in`` says by name where ours stand (``module:attribute``). ``usable`` returns what it is given as one of the kind that
    the group is for, and raises ``TypeError`` with the reason where it is none. A package's that cannot be imported, is not usable
    or has a name that is taken is left out with one warning that names the package; whatever is wrong with one of ours is raised.
    """
    ours = [EntryPoint(name, place, group) for name, place in built_in.items()]
    found = [Plugin(entry.name, usable(entry.load()), entry.module) for entry in ours]
    for entry in _of_packages(group):
        package = _package_of(entry)
        try:
            if entry.name in {known.name for known in found}:
                raise ValueError("tên này đã có")
            version = entry.dist.version if entry.dist is not None else ""
            found.append(Plugin(entry.name, usable(entry.load()), entry.module, package, version))
        except (Exception, SystemExit) as error:  # a module may do anything on import
            told = _one_line(str(error))
            _log.warning("Bỏ qua phần mở rộng %s của gói %s (%s): %s: %s", entry.name, package, group, type(error).__name__, told)
    return found


def _of_packages(group: str) -> Iterator[EntryPoint]:
    yield from sorted(entry_points(group=group), key=lambda entry: (_package_of(entry), entry.name))


def _package_of(entry: EntryPoint) -> str:
    return entry.dist.name if entry.dist is not None else ""


def _one_line(text: str) -> str:
    """What a package says, without what moves the cursor of a terminal."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text[:_MOST_SAID]).split())
