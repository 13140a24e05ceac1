"""The kinds of documents (``Thông tư``, ``Công văn`` …): which symbol says which, and those that people and texts name.

Where a pattern wants more than these, it names what it adds; that every kind stands alone on a line above a title is known to
the readers of documents (``ingest/data/kinds.txt``).
"""

from __future__ import annotations

from rag.language.text import fold

OF_SYMBOL = {
    "qd": "Quyết định",
    "tt": "Thông tư",
    "ttlt": "Thông tư liên tịch",
    "nd": "Nghị định",
    "nq": "Nghị quyết",
    "kh": "Kế hoạch",
    "ct": "Chỉ thị",
    "tb": "Thông báo",
    "hd": "Hướng dẫn",
    "bc": "Báo cáo",
    "ttr": "Tờ trình",
    "cd": "Công điện",
    "vbhn": "Văn bản hợp nhất",
    "l": "Luật",
    "pl": "Pháp lệnh",
    "qc": "Quy chế",
}
"""The kind that the folded symbol in a document's number says (``131/QĐ-TTg``)."""
ENCLOSING = ("Thông tư", "Quyết định", "Kế hoạch", "Nghị quyết", "Nghị định", "Công văn")
"""What others are issued with (``ban hành kèm theo …``)."""
DIRECTING = (*ENCLOSING, "Chỉ thị")
"""What offices direct by."""
LAWS = ("Bộ luật", "Luật", "Pháp lệnh")
"""What is passed."""
NUMBERED = (*DIRECTING, *LAWS, "Thông tư liên tịch", "Thông báo", "Hướng dẫn")
"""What bears a number and is referred to."""
EVERYDAY = (*DIRECTING, "Luật")
"""What people who ask call documents by."""


def any_of(*kinds: str) -> str:
    """Return kinds as the inside of a group of a pattern, the longest first: ``Thông tư liên tịch`` is no ``Thông tư``."""
    return "|".join(sorted(kinds, key=len, reverse=True))


def typed(*kinds: str) -> tuple[str, ...]:
    """Return kinds without diacritics, in small letters, as questions are looked at."""
    return tuple(map(fold, kinds))
