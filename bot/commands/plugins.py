"""``tracuu plugins``: what installed packages add to the program."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.table import Table

from bot.channels import Channel
from bot.render import open_console
from ingest.readers import readers
from rag.answers.kinds import kinds
from rag.plugins import Plugin


def show(channels: Sequence[Plugin[Channel]]) -> None:
    """Print what other packages add; what is broken has been told of where it was loaded."""
    groups: dict[str, Sequence[Plugin[Any]]] = {"bộ đọc": readers(), "loại câu trả lời": kinds(), "kênh": channels}
    console = open_console()
    table = Table("Loại", "Tên", "Gói", "Phiên bản")
    for kind, known in groups.items():
        for plugin in known:
            if plugin.package:
                table.add_row(kind, plugin.name, plugin.package, plugin.version)
    if table.row_count:
        console.print(table)
    else:
        ours = ", ".join(f"{len(known)} {kind}" for kind, known in groups.items())
        console.print(f"Chưa cài phần mở rộng nào; có sẵn {ours}.")
