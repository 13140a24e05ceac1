"""The ``tracuu`` command: ask, search, chat, and the admins' verbs.

Standard output holds the answer, standard error what went wrong. Exit codes: 0 done, 1 done with documents skipped,
2 an error and nothing changed, 75 a service out of reach (start again), 130 stopped by Ctrl-C, 141 the reader of our output went away.
"""

from __future__ import annotations

import io
import logging
import os
import sys
from functools import cache
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from typer.exceptions import TyperException
from typer.main import get_command

from bot import settings, settings_reading
from bot.channels import mount
from bot.commands.admins import admins
from bot.commands.asking import ANSWERING
from bot.commands.backup import safekeeping
from bot.commands.corpus import shelf
from bot.commands.editing import editing
from bot.commands.evals import evals
from bot.commands.faults import fail, place_of, with_place
from bot.commands.index import admin
from bot.commands.moving import moving
from bot.commands.nodes import nodes
from bot.commands.offices import offices
from bot.commands.questions import lessons, questions
from bot.commands.training import training
from bot.commands.work import listing, working
from bot.loading import load_settings
from bot.render import open_console
from bot.stats import stats
from bot.vietnamese import VietnameseTyper, usage_error
from rag.errors import DatabaseAway, Disconnected, TracuuError

if TYPE_CHECKING:
    from pydantic_settings import BaseSettings

_DISCONNECTED = os.EX_TEMPFAIL
_command_of = cache(get_command)  # put together once, however many commands this process runs
OFFICE = f"{settings.PREFIX}OFFICE_NAME"
"""The variable that ``--office`` sets."""
app = VietnameseTyper(help="Tra Cứu: hỏi đáp về văn bản giáo dục, câu trả lời nào cũng kèm nguồn trích dẫn.")


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    office: Annotated[
        str,
        typer.Option("--office", metavar="ĐƠN_VỊ", help="Làm việc với một đơn vị mà `tracuu office add` đã thêm; để trống: cả máy chủ."),
    ] = "",
) -> None:
    """Choose the office, for this process and those that it starts; show the help when no command is given."""
    if office:
        os.environ[OFFICE] = office
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


for _verb in ANSWERING:
    app.command()(_verb)


@app.command("settings")
def show_settings() -> None:
    """Liệt kê các biến thiết lập, giá trị mặc định và ý nghĩa."""
    table = Table("Biến môi trường", "Mặc định", "Đang dùng", "Ý nghĩa")
    _add_rows(table, load_settings(), settings.describe())
    for channel in _CHANNELS:
        if kind := channel.value.settings:
            _add_rows(table, settings_reading.read(kind), settings_reading.describe(kind))
    open_console().print(table)


def _add_rows(table: Table, current: BaseSettings, described: list[tuple[str, str, str]]) -> None:
    values = current.model_dump()
    for variable, default, meaning in described:
        value = values[variable.removeprefix(settings.PREFIX).lower()]
        table.add_row(variable, default or "(trống)", "(trống)" if value is None else str(value), meaning)


@app.command()
def plugins() -> None:
    """Liệt kê các phần mở rộng đã cài: bộ đọc tệp, loại câu trả lời, kênh."""
    from bot.commands.plugins import show

    show(_CHANNELS)


app.add_typer(evals)
app.add_typer(stats)
app.add_typer(admin)
app.add_typer(nodes)
app.add_typer(shelf)
app.add_typer(editing)
app.add_typer(safekeeping)
app.add_typer(lessons)
app.add_typer(questions, name="questions")
app.add_typer(training)
app.add_typer(working)
app.add_typer(listing, name="jobs")
app.add_typer(admins, name="admin")
app.add_typer(offices, name="office")
app.add_typer(moving)
if logging.lastResort:  # which writes to standard error: what is left out is told whatever else a command logs
    logging.getLogger("rag.plugins").addHandler(logging.lastResort)
_CHANNELS = mount(app)


def main() -> None:
    """Run the command line and leave with its exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code; every error is one line on standard error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        code = _command_of(app)(arguments, prog_name="tracuu", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except KeyboardInterrupt:
        return 130
    except typer.Abort:  # the end of the input, where an answer was asked for
        return fail("Đã thôi: câu hỏi ấy cần người gõ câu trả lời.", 130)
    except TyperException as error:
        context = getattr(error, "ctx", None)
        return fail(usage_error(error.format_message(), context.command_path if context else "tracuu"))
    except (DatabaseAway, Disconnected) as error:
        return fail(str(error), _DISCONNECTED)
    except TracuuError as error:
        return fail(with_place(error))
    except (BrokenPipeError, SystemExit):  # Typer turns the first into the second
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 141
    except OSError as error:
        return fail(f"Máy từ chối đọc hoặc ghi {error.filename or ''} ({error.strerror or error}).")
    except Exception as error:
        return fail(f"Lỗi trong chương trình, hãy báo cho người phụ trách: {place_of(error)}: {error}")
