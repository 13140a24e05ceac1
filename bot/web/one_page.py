"""What of a summary is printed: as much as one sheet of paper holds, what is still to be done first."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace

from bot.web.summaries import Duty, Summary

_LINES = 55  # of an A4 sheet as ``lists.css`` prints a summary, without its head and foot
_COLUMNS = {"when": 17, "what": 50, "whom": 24, "place": 20}  # characters in a line of each column
_ACROSS = 105  # characters in a line of the page
_RULES = 0.4  # of a line: what a row takes besides its text
_HEADING = 1.6


def one_page(summary: Summary) -> Summary:
    """Return a summary in which the duties that one sheet has no room for are not printed; on a screen all are shown."""
    room = _LINES - _besides(summary)
    dated = [duty for _, duties in summary.duties for duty in duties]
    coming, past = ([duty for duty in dated if (duty.days or 0) >= 0], [duty for duty in dated if (duty.days or 0) < 0])
    left_out: set[int] = set()
    for duty in (*coming, *summary.recurring, *reversed(past)):
        room -= _height(duty)
        if room < 0:
            left_out.add(id(duty))

    def fitted(duties: Iterable[Duty]) -> list[Duty]:
        return [replace(duty, is_printed=id(duty) not in left_out) for duty in duties]

    groups = [(whom, fitted(duties)) for whom, duties in summary.duties]
    return replace(summary, duties=groups, recurring=fitted(summary.recurring), unprinted=len(left_out))


def _besides(summary: Summary) -> float:
    """The lines that everything but the duties takes."""
    listed = [*summary.people, *summary.tools, *summary.chapters]
    named = sum(len(f"{basis.number} ({basis.place.page}); ") for basis in summary.bases)
    named_by = sum(len(listed.label) + 2 for _, listed in summary.named[:12])
    parts = [summary.duties, summary.recurring, summary.people, summary.tools, summary.chapters, summary.bases, summary.named]
    headings = sum(_HEADING + (1 if part in (summary.duties, summary.recurring) else 0) for part in parts if part)
    doubts = sum(len(person.doubts) for person in summary.people) + sum(len(tool.doubts) for tool in summary.tools)
    return headings + doubts + len(summary.duties) + len(listed) * 1.1 + math.ceil(named / _ACROSS) + math.ceil(named_by / _ACROSS)


def _height(duty: Duty) -> float:
    cells = {"when": duty.when, "what": duty.what, "whom": duty.whom, "place": duty.place.label}
    lines = {name: math.ceil(len(text) / _COLUMNS[name]) for name, text in cells.items()}
    lines["when"] += duty.days is not None
    lines["what"] += len(duty.doubts)
    return max(lines.values()) + _RULES
