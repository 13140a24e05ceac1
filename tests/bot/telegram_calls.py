"""What a call of the Bot API must be like, and what Telegram reads in it; what it does not take is ``Refused``."""

from __future__ import annotations

import json
import re
from typing import Any

from tests.bot.telegram_html import BadText, check_length, parse

_RIGHTS = (
    "can_be_edited is_anonymous can_manage_chat can_delete_messages can_manage_video_chats can_restrict_members can_promote_members "
    "can_change_info can_invite_users can_post_stories can_edit_stories can_delete_stories"
)
MEMBERS: dict[str, dict[str, Any]] = {"administrator": dict.fromkeys(_RIGHTS.split(), False), "kicked": {"until_date": 0}}
"""What a membership holds besides its status."""


class Refused(Exception):
    """An error as the Bot API tells it."""

    def __init__(self, code: int, description: str, parameters: dict[str, Any] | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.parameters = parameters


def value(name: str, text: str) -> Any:
    """A parameter as it came in a form."""
    if name in ("text", "inline_query_id", "callback_query_id"):
        return text
    return json.loads(text) if text[:1] in "[{" else text


def known(given: dict[str, Any], names: str) -> None:
    """Refuse parameters that a method does not have."""
    if strange := set(given) - set(names.split()):
        raise Refused(400, f"Bad Request: unknown parameters {strange}")


def text(given: dict[str, Any]) -> str:
    """The text of a message as people see it."""
    try:
        shown = parse(given.get("text", ""), given.get("parse_mode", ""))
        check_length(shown, given.get("text", ""))
    except BadText as error:
        raise Refused(400, f"Bad Request: {error}") from None
    return shown.strip()


def file(given: Any) -> tuple[str, bytes]:
    """The name and content of a file that is uploaded."""
    if not isinstance(given, tuple) or not given[0] or not given[1]:
        raise Refused(400, "Bad Request: there is no document in the request")
    return given


def buttons(given: dict[str, Any]) -> list[tuple[str, str]]:
    """The buttons of a message: label and data."""
    markup = given.get("reply_markup") or {}
    rows = markup.get("inline_keyboard", [])
    found = [(button["text"], button.get("callback_data", "")) for row in rows for button in row]
    for label, data in found:
        if not label.strip() or not 1 <= len(data.encode()) <= 64:
            raise Refused(400, "Bad Request: BUTTON_DATA_INVALID")
    if any(len(row) > 8 for row in rows) or len(found) > 100:
        raise Refused(400, "Bad Request: REPLY_MARKUP_TOO_LONG")
    return found


def entities(text: str) -> list[dict[str, Any]]:
    """The commands and mentions of a text, as Telegram marks them."""
    found = [("bot_command", match) for match in re.finditer(r"(?<!\S)/\w+(?:@\w+)?", text)]
    found += [("mention", match) for match in re.finditer(r"(?<!\w)@\w{4,}", text)]
    return [
        {
            "type": kind,
            "offset": len(text[: match.start()].encode("utf-16-le")) // 2,
            "length": len(match.group().encode("utf-16-le")) // 2,
        }
        for kind, match in found
    ]
