"""Footnotes of a page laid in type: a small raised number in the text and the note at the foot of the page."""

from __future__ import annotations

import re
from dataclasses import replace

from ingest.readers.lines import Line, Word

_NUMBER = re.compile(r"\d{1,3}")
_SMALL = 0.8


def mark_footnotes(lines: list[Line]) -> list[Line]:
    """Return the lines with ``[^n]`` for marks and ``[^n]:`` before notes, where both stand on this page."""
    notes = _note_starts(lines)
    if not notes:
        return lines
    first = min(notes)
    marks = {word.text for line in lines[:first] for word in line.words if _is_mark(word, line)}
    wanted = {index: number for index, number in notes.items() if number in marks}
    result = []
    for index, line in enumerate(lines):
        if index in wanted:
            head = replace(line.words[0], text=f"[^{wanted[index]}]:", size=line.size)
            rest = [replace(line.words[1], glued=False), *line.words[2:]] if len(line.words) > 1 else []
            result.append(Line([head, *rest]))
        elif index < first and any(_is_mark(w, line) and w.text in wanted.values() for w in line.words):
            result.append(Line([_as_mark(w) if _is_mark(w, line) and w.text in wanted.values() else w for w in line.words]))
        else:
            result.append(line)
    return result


def _note_starts(lines: list[Line]) -> dict[int, str]:
    """Index of each line that begins with a small raised number, in the last part of the page."""
    found: dict[int, str] = {}
    for index in range(len(lines) // 3, len(lines)):
        line = lines[index]
        if len(line.words) > 1 and _is_mark(line.words[0], line):
            found[index] = line.words[0].text
    return found


def _is_mark(word: Word, line: Line) -> bool:
    return bool(_NUMBER.fullmatch(word.text)) and word.size < _SMALL * line.size and word.middle < (line.top + line.bottom) / 2


def _as_mark(word: Word) -> Word:
    return replace(word, text=f"[^{word.text}]", glued=True)
