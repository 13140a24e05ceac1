"""The verbs of ``tracuu`` that answer: ask, search, chat. With ``--json`` they speak to programs, a line at a time."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.commands.explaining import Explain, answer_json, print_explained
from bot.commands.faults import fail, with_place
from bot.loading import load_settings
from bot.render import open_console, print_as_it_comes, search_json, to_json
from rag.documents import Answer
from rag.errors import AnswerFailed, TracuuError

if TYPE_CHECKING:
    from bot.service import Service
    from rag.question.conversation import Conversation

Question = Annotated[list[str] | None, typer.Argument(metavar="[CÂU_HỎI]", help="Câu hỏi, gõ có dấu hay không dấu đều được.")]
AsJson = Annotated[
    bool,
    typer.Option(
        "--json",
        help="In ra JSON; không kèm câu hỏi thì đọc từng dòng của đầu vào chuẩn, mỗi dòng một câu hỏi.",
    ),
]


def ask(
    question: Question = None,
    as_json: AsJson = False,
    chat: Annotated[
        bool, typer.Option("--chat", help="Các dòng là những lượt của một cuộc hội thoại; dòng trống mở hội thoại mới.")
    ] = False,
    plain: Annotated[bool, typer.Option("--plain", help="Chỉ câu trả lời trích nguồn, không dùng mô hình ngôn ngữ.")] = False,
    explain: Explain = False,
) -> None:
    """Hỏi một câu, nhận câu trả lời kèm trích dẫn."""
    if chat and (question is not None or not as_json):
        raise TracuuError("--chat chỉ đi cùng --json và những dòng của đầu vào chuẩn. Để trò chuyện, hãy chạy: tracuu chat")
    if question is not None:
        service = _service()
        if explain and not as_json:
            print_explained(service, _joined(question))
        elif as_json:
            _put_json(answer_json(service, _joined(question), plain=plain, explain=explain))
        else:
            print_as_it_comes(service.stream(_joined(question), plain=plain), open_console())
    elif as_json:
        if not _answer_lines(_service(), chat, plain, explain):
            raise typer.Exit(1)
    else:
        raise TracuuError('Thiếu câu hỏi. Ví dụ: tracuu ask "hạn nộp báo cáo?". Để trò chuyện, hãy chạy: tracuu chat')


def search(
    question: Question = None,
    as_json: AsJson = False,
    k: Annotated[int, typer.Option("-k", min=1, metavar="SỐ", help="Nhiều nhất bao nhiêu kết quả.")] = 10,
) -> None:
    """Tìm các điều khoản gần câu hỏi nhất, không trả lời."""
    if question is None and not as_json:
        raise TracuuError('Thiếu câu hỏi. Ví dụ: tracuu search "hạn nộp báo cáo"')
    service = _service()
    if as_json:
        if question is not None:
            _put_json(search_json(service.search_here(_joined(question), k)))
        elif not _search_lines(service, k):
            raise typer.Exit(1)
        return
    console = open_console()
    hits = service.search_here(_joined(question or []), k).hits
    for rank, hit in enumerate(hits, 1):
        console.print(f"{rank}. {hit.label}", style="bold", soft_wrap=True)
        console.print(f"   {' '.join(hit.text.split())}", soft_wrap=True)
    if not hits:
        console.print("Không tìm thấy điều khoản nào.")


def chat() -> None:
    """Trò chuyện ngay trong cửa sổ dòng lệnh."""
    from bot.chat import converse

    converse(_service())


ANSWERING: tuple[Callable[..., None], ...] = (ask, search, chat)
"""The verbs, for ``bot.cli`` to mount before all others."""


def _service() -> Service:
    """Return the service, ready: what is wrong with the index is said before any question is read."""
    from bot.service import Service

    service = Service.open(load_settings())
    service.make_ready()
    return service


def _answer_lines(service: Service, chat: bool, plain: bool, explain: bool) -> bool:
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
            answer = answer_json(service, line, conversation, plain=plain, explain=explain)
        except AnswerFailed as error:
            failed += 1
            fail(with_place(error))
            answer = to_json(Answer(line, "not_found", str(error)))
        _put_json(answer)
    return not failed


def _search_lines(service: Service, k: int) -> bool:
    """Search for every line of standard input; one that meets a fault has no results. Return whether there was none."""
    failed = 0
    for line in _lines():
        try:
            found = search_json(service.search_here(line, k))
        except AnswerFailed as error:
            failed += 1
            fail(with_place(error))
            found = {"question": line, "results": [], "error": str(error), "seconds": 0.0}
        _put_json(found)
    return not failed


def _joined(question: list[str]) -> str:
    """Words typed without quotes are one question; bytes that are not UTF-8 become ``�``."""
    return os.fsencode(" ".join(question)).decode("utf-8", "replace")


def _lines() -> Iterator[str]:
    """Yield the lines of standard input as they come, without their ends."""
    for raw in sys.stdin.buffer:
        yield raw.decode("utf-8", "replace").removeprefix("\ufeff").rstrip("\r\n")


def _put_json(value: dict[str, Any]) -> None:
    print(json.dumps(value, ensure_ascii=False), flush=True)
