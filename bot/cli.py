"""The ``tracuu`` command: ask, search, chat, and the admins' verbs.

Standard output holds the answer, standard error what went wrong. Exit codes: 0 done, 1 done with documents skipped,
2 an error and nothing changed, 75 a service out of reach (start again), 130 stopped by Ctrl-C, 141 the reader of our output went away.
"""

from __future__ import annotations

import io
import json
import os
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table
from typer.exceptions import TyperException

from bot import settings
from bot.cli_admins import admins
from bot.cli_moving import moving
from bot.cli_nodes import nodes
from bot.cli_zalo import zalo_login
from bot.evals import evals
from bot.offices.cli import offices
from bot.render import open_console, print_as_it_comes, search_json, to_json
from bot.stats import stats
from bot.training import training
from bot.vietnamese import VietnameseTyper, usage_error
from ingest.cli import admin
from ingest.cli_backup import safekeeping
from ingest.cli_corpus import shelf
from ingest.cli_editing import editing
from ingest.cli_questions import lessons, questions
from ingest.cli_work import listing, working
from rag.documents import Answer
from rag.errors import AnswerFailed, DatabaseAway, Disconnected, TracuuError

if TYPE_CHECKING:
    from rag.assistant import Assistant
    from rag.question.conversation import Conversation

_DISCONNECTED = os.EX_TEMPFAIL
OFFICE = f"{settings.PREFIX}OFFICE_NAME"
"""The variable that ``--office`` sets."""
app = VietnameseTyper(help="Tra Cứu: hỏi đáp về văn bản giáo dục, câu trả lời nào cũng kèm nguồn trích dẫn.")

Question = Annotated[list[str] | None, typer.Argument(metavar="[CÂU_HỎI]", help="Câu hỏi, gõ có dấu hay không dấu đều được.")]
AsJson = Annotated[
    bool,
    typer.Option(
        "--json",
        help="In ra JSON; không kèm câu hỏi thì đọc từng dòng của đầu vào chuẩn, mỗi dòng một câu hỏi.",
    ),
]


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


@app.command()
def ask(
    question: Question = None,
    as_json: AsJson = False,
    chat: Annotated[
        bool, typer.Option("--chat", help="Các dòng là những lượt của một cuộc hội thoại; dòng trống mở hội thoại mới.")
    ] = False,
    plain: Annotated[bool, typer.Option("--plain", help="Chỉ câu trả lời trích nguồn, không dùng mô hình ngôn ngữ.")] = False,
) -> None:
    """Hỏi một câu, nhận câu trả lời kèm trích dẫn."""
    from bot.assistant import open_assistant

    if question is not None:
        assistant = open_assistant()
        if as_json:
            _put_json(to_json(assistant.ask(_joined(question), plain=plain)))
        else:
            print_as_it_comes(assistant.stream(_joined(question), plain=plain), open_console())
    elif as_json:
        if not _answer_lines(open_assistant(), chat, plain):
            raise typer.Exit(1)
    else:
        raise TracuuError('Thiếu câu hỏi. Ví dụ: tracuu ask "hạn nộp báo cáo?". Để trò chuyện, hãy chạy: tracuu chat')


def _answer_lines(assistant: Assistant, chat: bool, plain: bool) -> bool:
    """Answer every line of standard input; in a chat, an empty line starts a new conversation and prints nothing.

    A line that meets a fault of the program says so, and the others go on. Return whether there was none.
    """
    from rag.question.conversation import Conversation

    conversation: Conversation | None = Conversation() if chat else None
    failed = 0
    for line in _lines():
        if chat and not line.strip():
            conversation = Conversation()
            continue
        try:
            answer = assistant.ask(line, conversation, plain=plain)
        except AnswerFailed as error:
            failed += 1
            _fail(_with_place(error))
            answer = Answer(line, "not_found", str(error))
        _put_json(to_json(answer))
    return not failed


@app.command()
def search(
    question: Question = None,
    as_json: AsJson = False,
    k: Annotated[int, typer.Option("-k", min=1, metavar="SỐ", help="Nhiều nhất bao nhiêu kết quả.")] = 10,
) -> None:
    """Tìm các điều khoản gần câu hỏi nhất, không trả lời."""
    if question is None and not as_json:
        raise TracuuError('Thiếu câu hỏi. Ví dụ: tracuu search "hạn nộp báo cáo"')
    from bot.assistant import open_assistant

    assistant = open_assistant()
    if as_json:
        if question is not None:
            _put_json(_search_json(assistant, _joined(question), k))
        elif not _search_lines(assistant, k):
            raise typer.Exit(1)
        return
    console = open_console()
    hits = assistant.search(_joined(question or []), k)
    for rank, hit in enumerate(hits, 1):
        console.print(f"{rank}. {hit.label}", style="bold", soft_wrap=True)
        console.print(f"   {' '.join(hit.text.split())}", soft_wrap=True)
    if not hits:
        console.print("Không tìm thấy điều khoản nào.")


def _search_lines(assistant: Assistant, k: int) -> bool:
    """Search for every line of standard input; one that meets a fault has no results. Return whether there was none."""
    failed = 0
    for line in _lines():
        try:
            found = _search_json(assistant, line, k)
        except AnswerFailed as error:
            failed += 1
            _fail(_with_place(error))
            found = {"question": line, "results": [], "error": str(error), "seconds": 0.0}
        _put_json(found)
    return not failed


def _search_json(assistant: Assistant, question: str, k: int) -> dict[str, Any]:
    start = time.perf_counter()
    hits = assistant.search(question, k)
    return search_json(question, hits, time.perf_counter() - start)


@app.command()
def chat() -> None:
    """Trò chuyện ngay trong cửa sổ dòng lệnh."""
    from bot.assistant import open_assistant
    from bot.chat import converse

    converse(open_assistant())


@app.command()
def telegram() -> None:
    """Chạy bot Telegram (cần TRACUU_TELEGRAM_TOKEN) cho đến khi dừng bằng Ctrl-C."""
    from bot.telegram.app import run

    run()


@app.command()
def zalo() -> None:
    """Chạy bot Zalo (cần TRACUU_ZALO_TOKEN) cho đến khi dừng bằng Ctrl-C."""
    from bot.zalo.app import run

    run()


@app.command("zalo-oa")
def zalo_oa() -> None:
    """Chạy bot của Zalo Official Account (cần các biến TRACUU_ZALO_OA_…) cho đến khi dừng bằng Ctrl-C."""
    from bot.zalo.oa_app import run

    run()


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(metavar="ĐỊA_CHỈ", help="Nghe ở địa chỉ này thay cho TRACUU_WEB_LISTEN.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, metavar="CỔNG", help="Nghe ở cổng này thay cho TRACUU_WEB_PORT.")] = None,
) -> int:
    """Mở trang web và API cho đến khi dừng bằng Ctrl-C."""
    from bot.web.serve import serve as run_server

    return run_server(host, port)


@app.command()
def mcp() -> None:
    """Phục vụ trợ lý AI qua giao thức MCP trên đầu vào, đầu ra chuẩn, cho đến khi đầu vào đóng."""
    from bot.mcp.standard import serve as serve_mcp

    serve_mcp()


@app.command("hash-password")
def hash_password() -> None:
    """Băm mật khẩu của trang quản trị cho TRACUU_ADMIN_PASSWORD_HASH."""
    from bot.web.admin.passwords import ask_new, hash_of

    print(hash_of(ask_new()))


@app.command("api-key")
def api_key(name: Annotated[str, typer.Argument(metavar="TÊN", help="Khóa này của ai, như “truong-a”.")]) -> None:
    """Tạo một khóa API: in ra khóa để giao, và mã băm để thêm vào TRACUU_API_KEYS."""
    from bot.web.keys import new_key

    key, kept = new_key(name)
    print(f"Khóa (giao cho người dùng, không xem lại được): {key}")
    print(f"Thêm vào TRACUU_API_KEYS: {kept}")


@app.command("settings")
def show_settings() -> None:
    """Liệt kê các biến thiết lập, giá trị mặc định và ý nghĩa."""
    current = settings.load().model_dump()
    table = Table("Biến môi trường", "Mặc định", "Đang dùng", "Ý nghĩa")
    for variable, default, meaning in settings.describe():
        value = current[variable.removeprefix(settings.PREFIX).lower()]
        table.add_row(variable, default or "(trống)", "(trống)" if value is None else str(value), meaning)
    open_console().print(table)


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
app.add_typer(zalo_login)
app.add_typer(moving)


def _joined(question: list[str]) -> str:
    """Words typed without quotes are one question; bytes that are not UTF-8 become ``�``."""
    return os.fsencode(" ".join(question)).decode("utf-8", "replace")


def _lines() -> Iterator[str]:
    """Yield the lines of standard input as they come, without their ends."""
    for raw in sys.stdin.buffer:
        yield raw.decode("utf-8", "replace").removeprefix("\ufeff").rstrip("\r\n")


def _put_json(value: dict[str, Any]) -> None:
    print(json.dumps(value, ensure_ascii=False), flush=True)


def main() -> None:
    """Run the command line and leave with its exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code; every error is one line on standard error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        code = app(arguments, prog_name="tracuu", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except KeyboardInterrupt:
        return 130
    except TyperException as error:
        context = getattr(error, "ctx", None)
        return _fail(usage_error(error.format_message(), context.command_path if context else "tracuu"))
    except (DatabaseAway, Disconnected) as error:
        return _fail(str(error), _DISCONNECTED)
    except TracuuError as error:
        return _fail(_with_place(error))
    except (BrokenPipeError, SystemExit):  # Typer turns the first into the second
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 141
    except OSError as error:
        return _fail(f"Máy từ chối đọc hoặc ghi {error.filename or ''} ({error.strerror or error}).")
    except Exception as error:
        return _fail(f"Lỗi trong chương trình, hãy báo cho người phụ trách: {_place(error)}: {error}")


def _with_place(error: TracuuError) -> str:
    """What went wrong, with the place of its cause in the program where it was a fault of that."""
    return f"{error} ({_place(error.__cause__)})" if isinstance(error, AnswerFailed) and error.__cause__ else str(error)


def _place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)[-1:]
    where = "".join(f" ở {Path(frame.filename).name}:{frame.lineno}" for frame in frames)
    return f"{type(error).__name__}{where}"


def _fail(message: str, code: int = 2) -> int:
    print(" ".join(message.split()), file=sys.stderr)
    return code
