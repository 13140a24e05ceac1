"""Every command of ``tracuu`` with its help, as the command itself prints it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from typer import rich_utils
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command
from typer.testing import CliRunner

from bot.cli import app

WIDTH = 110
"""Columns of the help in the pages."""


@cache
def tree() -> TyperGroup:
    """Return the root of all commands."""
    root = get_command(app)
    assert isinstance(root, TyperGroup)
    return root


def paths(group: TyperGroup | None = None, before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield every command by the words that call it, those below a group behind it."""
    group = tree() if group is None else group
    for name, command in sorted(group.commands.items()):
        yield (*before, name)
        if isinstance(command, TyperGroup):
            yield from paths(command, (*before, name))


def command_at(path: tuple[str, ...]) -> TyperCommand | TyperGroup:
    """Return a command. Raises ``KeyError`` where there is none."""
    found: TyperCommand | TyperGroup = tree()
    for name in path:
        if not isinstance(found, TyperGroup):
            raise KeyError(name)
        found = found.commands[name]
    return found


def help_of(path: tuple[str, ...]) -> str:
    """Return what ``tracuu … --help`` prints in a terminal of ``WIDTH`` columns."""
    before, rich_utils.MAX_WIDTH = rich_utils.MAX_WIDTH, WIDTH
    try:
        printed = CliRunner().invoke(app, [*path, "--help"], prog_name="tracuu", env={"NO_COLOR": "1"})
    finally:
        rich_utils.MAX_WIDTH = before
    return "\n".join(line.rstrip() for line in printed.output.strip().splitlines())


def overview() -> str:
    """Return a list of all commands, each with the first line of its help and a link to the rest."""
    return "\n".join(f"- [`{_called(path)}`](#{_called(path).replace(' ', '-')}): {_first_line(path)}" for path in paths())


def all_help() -> str:
    """Return a section for every command."""
    return "\n\n".join(f"## {_called(path)}\n\n```text\n{help_of(path)}\n```" for path in paths())


def _called(path: tuple[str, ...]) -> str:
    return " ".join(("tracuu", *path))


def _first_line(path: tuple[str, ...]) -> str:
    return " ".join((command_at(path).help or "").partition("\n\n")[0].split())
