"""Which paragraph is the title of an annex, chapter or article, or goes on with one."""

from __future__ import annotations

import re

ATTACHED = re.compile(r"^\(?\s*(?:Ban hành )?kèm theo\s+(?:Quyết định|Thông tư|Nghị định|Nghị quyết|Công văn)", re.I)
"""``(Ban hành kèm theo Quyết định …)``: stands under the title of an annex or of an act that another document issues."""
ACT_TITLE = re.compile(r"^(quy chế|quy định|điều lệ|chương trình|quy trình|đề án|kế hoạch|hướng dẫn|danh mục|nội quy)\b", re.IGNORECASE)
TITLE_LIMIT = 250
"""Characters; a longer paragraph is text."""
_LETTERHEAD = re.compile(r"^(?:CỘNG H|ĐỘC LẬP|ĐẠI HỌC|TRƯỜNG|UBND|ỦY BAN|BỘ |SỞ |PHÒNG |TÊN )")
_CAPITALS_LIMIT = 200


def looks_like_title(text: str) -> bool:
    """Say whether ``text`` is short and ends like no sentence."""
    return len(text) < TITLE_LIMIT and not text.endswith((".", ";", ":", ","))


def may_follow(text: str) -> bool:
    """Say whether a node with this text so far can still get its title: nothing, or the note of what it belongs to."""
    return not text or (bool(ATTACHED.match(text)) and "\n" not in text)


def is_title_line(text: str, heading: str) -> bool:
    """Say whether a line under ``Chương I`` or ``Phụ lục 2`` is its title, or, in capitals like ``heading``, goes on with it."""
    if text.startswith("|") or ATTACHED.match(text):
        return False
    if not heading:
        return len(text) < TITLE_LIMIT
    return heading.isupper() and text.isupper() and len(text) < _CAPITALS_LIMIT and not _LETTERHEAD.match(text)
