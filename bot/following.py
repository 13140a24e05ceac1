"""The store that machines share, where the settings name one: this machine keeps up with it, for every office that it serves."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from bot import settings
from bot.settings import Settings
from rag.errors import TracuuError
from rag.index.published import pointer

if TYPE_CHECKING:
    from rag.index.following import Follower

_log = logging.getLogger(__name__)


def follow() -> None:
    """Keep up with the shared store in the background; without one, nothing is imported."""
    service = settings.of_service()
    if service.store:
        from rag.index.following import keep_up

        keep_up(service.data, lambda: map(_follower, _served(service)))


def follow_now(chosen: Settings) -> None:
    """Do so from what the store has at this moment, unless another process sees to that.

    Raises ``TracuuError`` where there is no index here and none can be had.
    """
    if not chosen.store:
        return
    from rag.index.following import is_alone

    alone = is_alone(settings.of_service().data)
    for each in _answering(chosen):
        if each.store and (alone or not pointer(each.data).exists()) and (trouble := _follower(each).look()):
            if not pointer(each.data).exists():
                raise TracuuError(f"Chưa có chỉ mục ở máy này. {trouble}")
            _log.warning("%s Đang dùng bản đã có ở máy này.", trouble)
    follow()


def store_troubles(chosen: Settings) -> list[str]:
    """Say what is wrong with the shared store, and since when; nothing where nothing is, or where there is no store."""
    if not chosen.store:
        return []
    from rag.index.following import state_of

    states = [state_of(each.data) for each in _answering(chosen)]
    return [f"{state.trouble} (từ {state.since})" for state in states if state.trouble]


def _answering(chosen: Settings) -> list[Settings]:
    """Return whose indexes answer: the own one, and where it is an office's, that of all."""
    return [chosen, *([settings.of_service()] if chosen.office_name else [])]


def _served(service: Settings) -> Iterator[Settings]:
    from bot.offices.settings import of_office, offices_of

    yield service
    for office in offices_of(service):
        if (chosen := of_office(service, office)).store:
            yield chosen


def _follower(chosen: Settings) -> Follower:
    return _opened(chosen.store or "", chosen.data, chosen.encoder)


@cache
def _opened(address: str, data: Path, encoder: str | None) -> Follower:
    from rag.finding.encoder import encoder_name
    from rag.index.following import Follower

    return Follower(address, data, lambda: encoder_name(encoder))
