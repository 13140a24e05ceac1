"""What readers are told of doubtful readings of the source: which they are, and whether they are hard to read or no days."""

from __future__ import annotations

from collections.abc import Iterable

from rag.documents import Doubt

_HARD = "Chỗ này trong bản quét khó đọc"
_NO_DAY = "Ngày không có trong lịch"
_CHECK = "{said} ({readings}): hãy đối chiếu với bản gốc."


def doubt_notes(doubts: Iterable[Doubt]) -> list[str]:
    """Return the notes that tell of doubts, each of their kinds once; none of those without a reading."""
    said: dict[str, dict[str, None]] = {_HARD: {}, _NO_DAY: {}}
    for doubt in doubts:
        if doubt.reading:
            said[_NO_DAY if doubt.of_no_day else _HARD][doubt.reading] = None
    return [_CHECK.format(said=each, readings="; ".join(readings)) for each, readings in said.items() if readings]


def says_doubt(notes: Iterable[str]) -> bool:
    """Say whether one of the notes names what is doubtful."""
    return any(note.startswith((_HARD, _NO_DAY)) for note in notes)
