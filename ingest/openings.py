"""Where the body of a letter begins: behind its letterhead, the address, the title and what it is based on."""

from __future__ import annotations

import re

from ingest.titles import TITLE_LIMIT

_ADDRESS = re.compile(r"^Kính gửi\b", re.I)
_LISTED = re.compile(r"^[-–—+•*]")
_LETTERHEAD = re.compile(
    r"^(?:Số\s*:|V/v\b|Về việc\b|Cộng h|Độc lập\b|Trích yếu|\(?\s*(?:ban hành )?kèm theo\b"
    r"|.{2,60}, ngày\b.{0,20}\btháng\b.{0,20}\bnăm\b.{0,8}$)",
    re.I,
)
_BASIS = re.compile(r"^(?:Căn cứ|Theo|Xét|Thực hiện)\b.*[;,]$")
_SENTENCE_END = re.compile(r"[.;:!?/…][”\"’')\]]*$")
_ADDRESSED_WITHIN = 30  # paragraphs


def body_start(texts: list[str], limit: int, *, numbered: bool) -> int | None:
    """Return which of the first ``limit`` paragraphs begins the body; ``None`` where they only open what follows.

    ``numbered`` says that the first numbered provision stands at ``limit``: one paragraph that announces it
    (``… cụ thể như sau:``) is no body.
    """
    start = _behind_address(texts[: min(limit, _ADDRESSED_WITHIN)])
    while start < limit and not _is_said(texts[start]):
        start += 1
    if start >= limit or (numbered and start == limit - 1 and texts[start].endswith(":")):
        return None
    return start


def _behind_address(texts: list[str]) -> int:
    at = next((at for at, text in enumerate(texts) if _ADDRESS.match(text)), None)
    if at is None:
        return 0
    at += 1
    while at < len(texts) and (_LISTED.match(texts[at]) or texts[at - 1].endswith((";", ":"))):
        at += 1
    return at


def _is_said(text: str) -> bool:
    """A sentence of the body, not a line of the letterhead, a title, or a basis (``Căn cứ …;``)."""
    if text.startswith("|") or text.isupper() or _LETTERHEAD.match(text) or _BASIS.match(text) or _ADDRESS.match(text):
        return False
    return bool(_SENTENCE_END.search(text)) or len(text) > TITLE_LIMIT
