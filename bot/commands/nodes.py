"""``tracuu cut`` and ``tracuu search-node``: a library too large for one machine."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.loading import load_settings
from bot.vietnamese import VietnameseTyper
from rag.errors import SettingError

nodes = VietnameseTyper()


@nodes.command("cut")
def cut(
    shards: Annotated[int, typer.Argument(min=1, metavar="SỐ_PHẦN", help="Chia thành bao nhiêu phần.")],
    into: Annotated[Path, typer.Option("--into", metavar="THƯ_MỤC", help="Nơi ghi: head cho máy trả lời, 0, 1 … cho từng máy tìm kiếm.")],
) -> None:
    """Chia chỉ mục đang dùng cho nhiều máy: mỗi phần một thư mục dữ liệu riêng. Có TRACUU_SEARCH_NODES thì ingest tự chia."""
    from rag.index.cutting import cut as cut_index
    from rag.index.snapshot import SnapshotReader

    name = cut_index(SnapshotReader(load_settings().data).get(), into, shards, lambda line: print(line, file=sys.stderr))
    print(f"Đã chia bản {name} thành {shards} phần trong {into}.")


@nodes.command("search-node")
def search_node(
    host: Annotated[str, typer.Option(metavar="ĐỊA_CHỈ", help="Nghe ở địa chỉ này; chỉ nên là mạng nội bộ.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, metavar="CỔNG", help="Nghe ở cổng này.")] = 9001,
) -> None:
    """Giữ một phần của thư viện (TRACUU_DATA) và tìm trong đó cho các máy trả lời, cho đến khi dừng bằng Ctrl-C."""
    from rag.index.serving import serve

    chosen = load_settings()
    if not chosen.node_key:
        raise SettingError("Hãy đặt TRACUU_NODE_KEY, giống nhau trên mọi máy giữ và hỏi thư viện.")
    serve(
        chosen.data,
        chosen.node_key.get_secret_value(),
        host,
        port,
        lambda address: print(f"Phần thư viện đang chạy ở {address} (dừng: Ctrl-C)", flush=True),
    )
