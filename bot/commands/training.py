"""``tracuu train-encoder``: learns an encoder of one's own from the texts at hand, without any labelled question."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.loading import load_settings
from bot.render import open_console
from bot.vietnamese import VietnameseTyper
from rag.errors import TracuuError

if TYPE_CHECKING:
    from rag.training.pairs import Article

training = VietnameseTyper()


@training.command("train-encoder")
def train_encoder(
    folder: Annotated[Path, typer.Argument(metavar="THƯ_MỤC", help="Nơi ghi bộ mã hóa; TRACUU_ENCODER=THƯ_MỤC thì dùng nó.")],
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[TỆP.jsonl...]", help="Tuyển tập để học, mỗi dòng một điều; để trống thì học từ chỉ mục đang dùng."),
    ] = None,
    steps: Annotated[int, typer.Option(min=1, metavar="SỐ", help="Số bước học; 900 bước mất chừng 25 phút trên hai nhân.")] = 900,
    seed: Annotated[int, typer.Option(metavar="SỐ", help="Hạt giống: cùng văn bản, cùng hạt giống thì ra cùng bộ mã hóa.")] = 0,
) -> None:
    """Học một bộ mã hóa từ chính các văn bản, không cần mạng và không cần câu hỏi mẫu."""
    missing = [str(file) for file in files or [] if not file.is_file()]
    if missing:
        raise TracuuError(f"Không có tệp {', '.join(missing)}.")
    if folder.exists() and not folder.is_dir():
        raise TracuuError(f"{folder} là một tệp; cần một thư mục để ghi bộ mã hóa.")
    try:
        from rag.training.encoder import Training, train
    except ModuleNotFoundError as error:
        from rag.finding.encoder import TO_INSTALL

        raise TracuuError(f"Máy chưa có {error.name}. {TO_INSTALL}.") from error

    articles = _of_files(files) if files else _of_index()
    console = open_console()
    console.print(f"Học từ {len(articles)} điều khoản.")
    try:
        train(articles, Training(steps=steps, seed=seed), folder, console.print)
    except ValueError as error:
        raise TracuuError(f"Không học được: {error}.") from error
    console.print(f"Đã ghi {folder}. Để dùng: đặt TRACUU_ENCODER={folder} rồi chạy: tracuu ingest", soft_wrap=True)


def _of_files(files: list[Path]) -> list[Article]:
    from ingest.collection import read_collection
    from rag.training.pairs import Article

    provisions = [provision for file in files for provision in read_collection(file)[1]]
    return [Article(provision.document, provision.heading, provision.text) for provision in provisions]


def _of_index() -> list[Article]:
    from rag.documents import Provision
    from rag.index.snapshot import SnapshotReader
    from rag.training.pairs import Article

    store = SnapshotReader(load_settings().data).get().store
    provisions = store.provisions(range(store.count(Provision))).values()
    searched = (provision for provision in provisions if not provision.inline and provision.text)
    return [Article(p.document, " ".join((*p.headings, p.heading)), p.whole_text) for p in searched]
