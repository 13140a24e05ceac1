"""What an admin says of a document: the facts that can be corrected, and how their values are checked."""

from __future__ import annotations

from datetime import date

Given = dict[str, str]
"""Some of ``FIELDS`` (an empty value: it has none), and ``url``."""
FIELDS = {
    "number": "số hiệu",
    "kind": "loại",
    "issuer": "cơ quan ban hành",
    "issued": "ngày ban hành",
    "title": "trích yếu",
    "effective": "ngày hiệu lực",
}
_DAYS = ("issued", "effective")


def wrong_days(said: Given) -> list[str]:
    """Return the fields whose value should be a day (ISO) and is none."""
    return [name for name in _DAYS if said.get(name) and not _is_day(said[name])]


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False
