"""``tracuu worker`` does the work of the queue; ``tracuu jobs`` shows it."""

from __future__ import annotations

import sys
from contextlib import closing
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from bot.audit import by_command
from bot.loading import load_settings
from bot.render import open_console
from bot.vietnamese import VietnameseTyper
from rag.errors import SettingError, TracuuError

if TYPE_CHECKING:
    from ingest.work.queue import Queue
    from ingest.work.watching import Figures, Job

working = VietnameseTyper()
listing = VietnameseTyper(help="Xem các việc trong hàng đợi; làm lại, bỏ việc.", invoke_without_command=True)
_BUILD = (sys.executable, "-c", "from bot.cli import main; main()", "ingest")
_LONGEST = 160  # letters of a reason in the list

Which = Annotated[list[int] | None, typer.Argument(metavar="[SỐ...]", help="Số của các việc, như tracuu jobs liệt kê.")]


@working.command("worker")
def worker(
    concurrency: Annotated[
        int | None,
        typer.Option("--concurrency", min=1, metavar="SỐ", help="Làm nhiều nhất bao nhiêu việc cùng lúc; mặc định: mỗi lõi một việc."),
    ] = None,
) -> None:
    """Làm các việc trong hàng đợi (đọc trang quét, lập chỉ mục) cho đến khi dừng bằng Ctrl-C; cần TRACUU_DATABASE."""
    from ingest.readers.ocr import MISSING, available
    from ingest.work.worker import benched, slots, work

    chosen = load_settings()
    if not available():
        raise TracuuError(f"Máy này chưa đọc được trang quét: {MISSING}.")
    count = concurrency or slots()
    cache = chosen.data / "cache" if (chosen.data / "cache").is_dir() else None
    build = _BUILD if chosen.corpus.is_dir() else ()
    with closing(open_queue(patient=True)) as queue, benched(queue, cache, build) as bench:
        print(f"Bộ đọc đang đợi việc, mỗi lúc nhiều nhất {count} (dừng: Ctrl-C)", flush=True)
        work(bench, count)


@listing.callback()
def jobs(
    context: typer.Context,
    every: Annotated[bool, typer.Option("--all", help="Cả những việc đã xong, đã bỏ.")] = False,
) -> None:
    """Liệt kê các việc trong hàng đợi."""
    if context.invoked_subcommand is not None:
        return
    from ingest.work import watching

    with closing(open_queue()) as queue:
        found, figures = watching.jobs(queue, every=every), watching.figures(queue)
    if found:
        open_console().print(_table(found))
    print(summary(figures))


@listing.command("retry")
def retry(ids: Which = None, every: Annotated[bool, typer.Option("--all", help="Mọi việc không làm được.")] = False) -> int:
    """Làm lại các việc không làm được."""
    from ingest.work import watching

    with closing(open_queue()) as queue:
        done = watching.again(queue, _chosen(queue, ids, every))
    _note("làm lại việc trong hàng đợi", done)
    print(f"Đưa lại vào hàng đợi {len(done)} việc." if done else "Không có việc nào như vậy là không làm được.")
    return 0 if done else 1


@listing.command("cancel")
def cancel(ids: Which = None, every: Annotated[bool, typer.Option("--all", help="Mọi việc đang đợi và đang làm.")] = False) -> int:
    """Bỏ các việc đang đợi; việc đang làm thì dừng sau trang đang đọc."""
    from ingest.work import watching

    with closing(open_queue()) as queue:
        done = watching.cancel(queue, _chosen(queue, ids, every))
    _note("bỏ việc trong hàng đợi", done)
    print(f"Bỏ {len(done)} việc." if done else "Không có việc nào như vậy đang đợi hay đang làm.")
    return 0 if done else 1


def open_queue(*, patient: bool = False) -> Queue:
    """Open the queue of the settings. Raises ``SettingError`` where they name no server, ``DatabaseAway``; ``patient``: rather waits."""
    chosen = load_settings()
    if chosen.database is None:
        raise SettingError(
            "Hàng đợi cần PostgreSQL: hãy đặt TRACUU_DATABASE (xem: tracuu settings). Không có thì tracuu ingest tự đọc mọi trang."
        )
    server = chosen.database.get_secret_value()
    from ingest.work.ahead import patiently
    from ingest.work.queue import Queue

    def opened() -> Queue:
        return Queue.open(server, chosen.sources, chosen.office_name)

    return patiently(opened, lambda line: print(line, file=sys.stderr, flush=True)) if patient else opened()


def summary(figures: Figures) -> str:
    """Say in one line how the queue stands."""
    counts = f"Đang làm {figures.of('doing')}, đang đợi {figures.of('todo')}, không làm được {figures.of('failed')} việc"
    if not figures.workers:
        return f"{counts}; không có bộ đọc nào đang chạy (tracuu worker)."
    return f"{counts}; {figures.workers} bộ đọc đang chạy, {figures.slots} việc cùng lúc."


def _note(what: str, done: list[Job]) -> None:
    if done:
        by_command(what, ", ".join(dict.fromkeys(f"{job.title} {job.about}".strip() for job in done)))


def _chosen(queue: Queue, ids: list[int] | None, every: bool) -> list[Job]:
    from ingest.work import watching

    if bool(ids) == every:
        raise TracuuError("Hãy cho biết số của các việc (xem: tracuu jobs), hoặc --all.")
    found = watching.jobs(queue, every=True, most=1_000_000)
    if unknown := sorted(set(ids or []) - {job.id for job in found}):
        raise TracuuError(f"Không có việc số {', '.join(map(str, unknown))}. Xem các việc: tracuu jobs --all")
    return [job for job in found if every or job.id in (ids or [])]


def _table(found: list[Job]) -> Table:
    from ingest.work.watching import lasting

    table = Table("Số", "Việc", "Văn bản", "Trang", "Tình trạng", "Lần", "Tuổi", "Ghi chú")
    for job in found:
        state = f"{job.state_name} sau {lasting(job.waits)}" if job.waits else job.state_name
        told = job.line[:_LONGEST] or (f"đang làm ở {job.worker}" if job.state == "doing" else "")
        table.add_row(str(job.id), job.title, job.about, job.page_range, state, str(job.attempts), lasting(job.age), told)
    return table
