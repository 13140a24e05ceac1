"""``tracuu chat``: a conversation in the terminal."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

from bot.render import open_console, print_as_it_comes
from rag.errors import AnswerFailed
from rag.question.conversation import Conversation

if TYPE_CHECKING:
    from bot.service import Service

PROMPT = "Bạn hỏi: "
WELCOME = """Tra Cứu trả lời từ các văn bản đã nạp và luôn kèm nguồn. Gõ có dấu hay không dấu đều được. Ví dụ:
  - thời hạn:        Hạn nộp báo cáo sơ kết học kì I là ngày nào?
  - đầu mối:         Cần hỗ trợ cơ sở dữ liệu ngành thì gọi ai, số nào?
  - hệ thống, mẫu:   Địa chỉ trang cơ sở dữ liệu ngành là gì?
  - số liệu:         Thu không dùng tiền mặt phải đạt bao nhiêu phần trăm?
  - nhiệm vụ:        Trường nhận học sinh từ tỉnh khác chuyển về thì làm thế nào?
  - văn bản:         QĐ 4725 về việc gì?
Hỏi tiếp được, như “còn trường mầm non?”. /moi: hội thoại mới · /giup: xem lại hướng dẫn · /thoat: ra (hoặc Ctrl-D)."""
FAREWELL = "Tạm biệt!"


def converse(service: Service) -> None:
    """Answer what is typed until ``/thoat`` or the end of input; without a terminal, no prompt is shown."""
    console = open_console()
    interactive = sys.stdin.isatty()
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")
    if interactive:
        import readline  # noqa: F401 (gives input() line editing and a history)
    console.print(WELCOME)
    console.print()
    conversation = Conversation()
    while (line := _read(interactive)) is not None:
        match line.strip():
            case "":
                continue
            case "/thoat":
                break
            case "/moi":
                conversation = Conversation()
                console.print("Đã mở hội thoại mới.")
            case "/giup":
                console.print(WELCOME)
            case command if command.startswith("/"):
                console.print(f"Không có lệnh {command}. Có: /moi, /giup, /thoat.")
            case question:
                try:
                    print_as_it_comes(service.stream(question, conversation), console)
                except AnswerFailed as error:
                    console.print(str(error))
        console.print()
    if interactive:
        console.print(FAREWELL)


def _read(interactive: bool) -> str | None:
    """Return the next line, ``None`` at the end of input."""
    if not interactive:
        return sys.stdin.readline() or None
    try:
        return input(PROMPT)
    except EOFError:
        print()
        return None
