"""What is known of the library that all offices of a service share: which index, how old, what is in it, what is wrong."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from bot.assistant import nodes_of
from bot.settings import Settings
from rag.errors import IndexMissing, TracuuError
from rag.index.snapshot import Snapshot, SnapshotReader

NO_LIBRARY = "Thư viện chung chưa có văn bản nào; mỗi đơn vị chỉ trả lời từ văn bản của mình."


class Library(NamedTuple):
    """A line on the library, empty where none can be opened, and a line for each thing that is wrong; in Vietnamese."""

    told: str
    wrong: list[str]


def library_now(service: Settings) -> Library:
    """Return how the library of a service stands on this machine."""
    try:
        snapshot = SnapshotReader(service.data, nodes_of(service)).get()
        told, wrong = _told(snapshot, service), [*filter(None, [snapshot.warning]), *snapshot.parts.missing()]
    except IndexMissing:
        told, wrong = "", [NO_LIBRARY]
    except TracuuError as error:
        told, wrong = "", [f"Thư viện chung không dùng được: {error}"]
    if service.store:
        from rag.index.following import look_at

        line, is_well = look_at(service.store, service.data)
        wrong += [] if is_well else [line]
    return Library(told, wrong)


def _told(snapshot: Snapshot, service: Settings) -> str:
    info = snapshot.info
    days = (service.clock.today() - datetime.fromisoformat(info.created).astimezone(service.clock.zone).date()).days
    age = f"{days} ngày trước" if days > 0 else "hôm nay"
    documents = sum(document.present for document in snapshot.store.documents())
    return f"Thư viện chung: bản {info.id}, lập lúc {info.created} ({age}): {documents} văn bản, {info.counts['provisions']} điều khoản."
