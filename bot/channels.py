"""The channels: the ways in which people and programs reach the service, ours and those of installed packages."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, Protocol, runtime_checkable
from uuid import uuid4

import typer
from typer.main import get_command_name, get_group

from bot.settings_reading import ChannelSettings
from rag.plugins import Plugin, load

if TYPE_CHECKING:
    from bot.service import Service
    from rag.documents import Answer

GROUP = "tracuu.channels"
_OURS = {name: f"bot.commands.channels:{name.replace('-', '_')}" for name in ("telegram", "zalo", "zalo-oa", "web", "mcp")}


@runtime_checkable
class Channel(Protocol):
    """A way to the service: an object, or a module, named by an entry point of the group ``tracuu.channels``.

    It is imported by every ``tracuu``, so what is slow to import belongs into the verb. A verb opens the service
    (``bot.service.Service``), brings questions to it and answers back until it is stopped by Ctrl-C or SIGTERM, and returns its exit
    code, 0 where there is none. An error of ``rag.errors`` that it raises is told in one line: exit code 2, or 75 for ``Disconnected``
    and ``DatabaseAway``, after which a supervisor starts it again; Ctrl-C is 130.
    """

    @property
    def verbs(self) -> typer.Typer:
        """Its verbs of ``tracuu``. One with a name that there is already is refused, ours come first."""

    @property
    def settings(self) -> type[ChannelSettings] | None:
        """Its own ``TRACUU_…`` variables, which ``tracuu settings`` lists; a verb reads them by ``bot.settings_reading.read``."""


class Told(NamedTuple):
    """An answer, and what the journal calls it: by that ``service.kept.journal.vote`` knows what is thought of it."""

    id: str
    answer: Answer


async def ask(service: Service, channel: str, person: str, question: str) -> Told:
    """Answer what a person of a channel asks next: in their conversation, for their role, noted in the journal.

    ``person`` is their lasting name, which begins with the channel's and a colon; by it all is found that a person may want forgotten.
    Raises what ``Service.ask`` raises, ``AnswerFailed`` where only this question met a fault, and ``DatabaseAway``.
    """
    id, conversation = uuid4().hex, f"{channel}@{person}"
    before, asker = await service.run(lambda: (service.conversation(conversation), service.kept.people.load(person)))
    given = await service.ask(question, before, asker.audience)

    await service.run(service.keep, id, channel, asker, given, [conversation])
    return Told(id, given.answer)


def mount(app: typer.Typer) -> list[Plugin[Channel]]:
    """Add the verbs of all channels to ``tracuu``, which has all its others, and return the channels, ours first."""
    others = list(app.registered_groups)
    channels = load(GROUP, _OURS, _usable(_names(app)))
    for channel in channels:
        app.add_typer(channel.value.verbs)
    app.registered_groups = [*app.registered_groups[len(others) :], *others]  # in its help, behind what asks
    return channels


def _names(app: typer.Typer) -> set[str]:
    """What its verbs are called; its commands are not made for that, which takes longer."""
    names = {command.name or get_command_name(command.callback.__name__) for command in app.registered_commands if command.callback}
    for group in app.registered_groups:
        assert group.typer_instance
        names |= {str(group.name)} if isinstance(group.name, str) else _names(group.typer_instance)
    return names


def _usable(taken: set[str]) -> Callable[[object], Channel]:
    """Return what lets channels pass of which each brings verbs of its own."""

    def usable(found: object) -> Channel:
        if not isinstance(found, Channel) or not isinstance(found.verbs, typer.Typer):
            raise TypeError("thiếu verbs (typer.Typer) hoặc settings")
        if found.settings is not None and not issubclass(found.settings, ChannelSettings):
            raise TypeError("settings phải là một lớp con của ChannelSettings, hoặc None")
        if not (own := set(get_group(found.verbs).commands)):  # made here, so that what is wrong with one is seen here
            raise ValueError("verbs không có lệnh nào")
        if both := taken.intersection(own):
            raise ValueError(f"lệnh {', '.join(sorted(both))} đã có")
        taken.update(own)
        return found

    return usable
