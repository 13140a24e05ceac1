"""What an admin says of a document: the facts that can be corrected, and how their values are checked."""

from __future__ import annotations

from datetime import date
from typing import get_args

from rag.documents import CHANGED, Validity

Given = dict[str, str]
"""Some of ``FIELDS`` and ``STANDING`` (an empty value: it has none), and ``url``."""
FIELDS = {
    "number": "số hiệu",
    "kind": "loại",
    "issuer": "cơ quan ban hành",
    "issued": "ngày ban hành",
    "title": "trích yếu",
    "effective": "ngày hiệu lực",
}
STANDING = {"validity": "hiệu lực", "validity_by": "văn bản quyết định hiệu lực", "expires": "ngày hết hiệu lực"}
"""What holds of a document whatever the texts say of one another; empty: as they say."""
SOURCE = "validity_source"
"""Where ``STANDING`` is known from."""
_DAYS = ("issued", "effective", "expires")


def words_of(said: Given) -> list[str]:
    """Return what people call that of which something is said."""
    return [word for name, word in (FIELDS | STANDING).items() if name in said]


def wrong_days(said: Given) -> list[str]:
    """Return the fields whose value should be a day (ISO) and is none."""
    return [name for name in _DAYS if said.get(name) and not _is_day(said[name])]


def wrong_standing(said: Given) -> str:
    """Return in a sentence what is wrong with what is said by ``STANDING``; empty where nothing is."""
    validity = said.get("validity", "")
    if validity and validity not in get_args(Validity):
        return "Hiệu lực phải là một trong các mục của danh sách."
    if said.get("validity_by") and validity not in CHANGED:
        return "Đã ghi số hiệu văn bản sửa đổi, thay thế thì hãy chọn hiệu lực là đã sửa đổi, đã bị thay thế hoặc đã hết hiệu lực."
    if said.get("expires") and validity not in CHANGED:
        return "Đã ghi ngày hết hiệu lực thì hãy chọn hiệu lực là đã sửa đổi, đã bị thay thế hoặc đã hết hiệu lực."
    return ""


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False
