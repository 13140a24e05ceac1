"""The command line in Vietnamese: Typer's own help words and usage errors, which it has in English only."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

# No "<list[str]>" and "<bool>" beside every parameter; an option says what it takes by its metavar.
TyperArgument.display_type_rich = lambda self, ctx: None  # type: ignore[method-assign]
TyperOption.display_type_rich = lambda self, ctx: self.metavar  # type: ignore[method-assign]

_ERRORS = (
    (r"No such command '(.*)'\.", "Không có lệnh “{}”"),
    (r"No such option: (\S+)", "Không có tùy chọn “{}”"),
    (r"Missing argument '(.*?)'", "Thiếu tham số {}"),
    (r"Missing option '(.*?)'", "Thiếu tùy chọn {}"),
    (r"Missing command", "Thiếu tên lệnh"),
    (r"Got unexpected extra argument\(s\) \((.*)\)", "Thừa tham số: {} (câu hỏi có dấu cách phải đặt trong ngoặc kép)"),
    (r"Option '(.*)' requires an argument", "Tùy chọn {} cần một giá trị"),
    (r"Option '(.*)' does not take a value", "Tùy chọn {} không nhận giá trị"),
    (r"Invalid value for '(.*?)': (?:File|Path|Directory) '(.*)' does not exist", "Không có tệp “{1}” ({0})"),
    (r"Invalid value for '(.*?)': ", "Giá trị của {} không dùng được"),
)


def usage_error(message: str, command: str) -> str:
    """Return Typer's English usage error as one Vietnamese line that names the help to read.

    ``command`` is the command path as typed, such as ``tracuu ask``.
    """
    for pattern, vietnamese in _ERRORS:
        if found := re.search(pattern, message, re.DOTALL):
            reason = vietnamese.format(*found.groups())
            break
    else:
        reason = "Lệnh viết không đúng"
    return f"{reason}. Xem cách dùng: {command} --help"


class _Vietnamese:
    """The places where Typer writes English."""

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401
        from typer import rich_utils  # a fifth of the start of a command that prints no help

        rich_utils.ARGUMENTS_PANEL_TITLE = "Tham số"
        rich_utils.OPTIONS_PANEL_TITLE = "Tùy chọn"
        rich_utils.COMMANDS_PANEL_TITLE = "Lệnh"
        rich_utils.DEFAULT_STRING = "[mặc định: {}]"
        rich_utils.REQUIRED_LONG_STRING = "[bắt buộc]"
        super().format_help(ctx, formatter)  # type: ignore[misc]

    def get_usage(self, ctx: Any) -> str:  # noqa: ANN401
        usage: str = super().get_usage(ctx)  # type: ignore[misc]
        return usage.replace("Usage:", "Cách dùng:", 1)

    def get_help_option(self, ctx: Any) -> Any:  # noqa: ANN401
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help = "Xem hướng dẫn này."
        return option


class VietnameseCommand(_Vietnamese, TyperCommand):
    """A command whose help, usage and errors are read in Vietnamese."""


class _Group(_Vietnamese, TyperGroup):
    pass


class VietnameseTyper(typer.Typer):
    """A Typer application whose help, usage and errors are read in Vietnamese."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401
        super().__init__(
            cls=_Group,
            add_completion=False,
            options_metavar="[TÙY CHỌN]",
            subcommand_metavar="LỆNH [THAM SỐ]...",
            pretty_exceptions_enable=False,
            **options,
        )

    def command(self, name: str | None = None, **options: Any) -> Callable[[Any], Any]:  # noqa: ANN401
        return super().command(name, **{"cls": VietnameseCommand, "options_metavar": "[TÙY CHỌN]", **options})
