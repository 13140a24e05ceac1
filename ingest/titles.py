"""Which paragraph is the title of an annex, chapter or article, or goes on with one."""

from __future__ import annotations

import re

from rag.language.kinds import DIRECTING, any_of

_KIND = f"(?:{any_of(*DIRECTING, 'Hướng dẫn', 'Thông báo', 'Chương trình', 'Quy chế', 'Tờ trình', 'Văn bản')})"
ATTACHED = re.compile(rf"^(?:\(\s*(?:được )?(?:ban hành |đính )?kèm theo\s|(?:ban hành |đính )?kèm theo\s+{_KIND}\b)", re.I)
"""``(Ban hành kèm theo Quyết định …)``: stands under the title of an annex or of an act that another document issues."""
ACT_TITLE = re.compile(r"^(quy chế|quy định|điều lệ|chương trình|quy trình|đề án|kế hoạch|hướng dẫn|danh mục|nội quy)\b", re.IGNORECASE)
_ENCLOSED = re.compile(
    r"^(?:danh sách|danh mục|biểu|bảng|lịch|mẫu|phiếu|đề cương|thống kê|tổng hợp|báo cáo|thời khóa biểu|thời khoá biểu|ma trận|phân công"
    r"|dự toán|kế hoạch|chương trình|nội dung|thể lệ|quy chế|quy định|hướng dẫn|bộ tiêu chí|bộ chỉ số|đơn|giấy)\b",
    re.IGNORECASE,
)
"""What is sent with a letter, behind its signatures."""
TITLE_LIMIT = 250
"""Characters; a longer paragraph is text."""
_NAME_WORDS = 5  # of a person
_LETTERHEAD = re.compile(r"^(?:CỘNG H|ĐỘC LẬP|ĐẠI HỌC|TRƯỜNG|UBND|ỦY BAN|BỘ |SỞ |PHÒNG |TÊN )")
_CAPITALS_LIMIT = 200
_LONG_CAPITALS = 500
_VALUE = re.compile(r":\s[^:]*\d")
_REACH = 4  # paragraphs between the title of what is attached and the note that says so


def looks_like_title(text: str) -> bool:
    """Say whether ``text`` is short and ends like no sentence, and tells no value (``Lệ phí: 35.000 đồng``)."""
    return len(text) < TITLE_LIMIT and not text.endswith((".", ";", ":", ",")) and not _VALUE.search(text)


def may_follow(lines: list[str]) -> bool:
    """Say whether a node with this text so far can still get its title: nothing, or the note of what it belongs to."""
    return not lines or (len(lines) == 1 and bool(ATTACHED.match(lines[0])))


def is_title_line(text: str, heading: str) -> bool:
    """Say whether a line under ``Chương I`` or ``Phụ lục 2`` is its title, or, in capitals like ``heading``, goes on with it."""
    if text.startswith("|") or ATTACHED.match(text):
        return False
    if not heading:
        return len(text) < (_LONG_CAPITALS if text.isupper() else TITLE_LIMIT)
    return heading.isupper() and text.isupper() and len(text) < _CAPITALS_LIMIT and not _LETTERHEAD.match(text)


def titles_attached(texts: list[str], at: int) -> bool:
    """Say whether an act or list that the document issues begins: its title, and below it ``(Ban hành kèm theo …)``."""
    text = texts[at]
    if not _could_be_title(text) or not (ACT_TITLE.match(text) or (text.isupper() and _ENCLOSED.match(text)) or _is_long_capitals(text)):
        return False
    for following in texts[at + 1 : at + 1 + _REACH]:
        if ATTACHED.match(following):
            return True
        if following.startswith("|") or following.endswith((".", ";", ":")):
            return False
    return False


def titles_enclosure(text: str) -> bool:
    """Say whether a line behind the signatures is the title of something enclosed that nothing announces."""
    return text.isupper() and _could_be_title(text) and bool(_ENCLOSED.match(text))


def _could_be_title(text: str) -> bool:
    return len(text) <= TITLE_LIMIT and not text.startswith("|") and not text.endswith((".", ";", ":", ","))


def _is_long_capitals(text: str) -> bool:
    return text.isupper() and len(text.split()) > _NAME_WORDS and not _LETTERHEAD.match(text)
