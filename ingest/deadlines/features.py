"""What is seen of a time that a text names, to tell whether it is the last day of a duty (``ingest.deadlines.duty``).

Words stand in their exact form, figures as ``0``: those nearest to the time with their places, the others in bags of
the clause before it, what follows, the lead of its list, the headings above, the titles of its table's columns. Beside
them: the direction of the time, and the classes of words that tell duties, events and states (``rag/data/duties.txt``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.deadlines.clauses import CLOCK, MAIN_VERBS, YEAR_ALONE
from ingest.deadlines.parties import is_actor, recipient, subject
from rag.language.text import canonical
from rag.slots.duties import Clause
from rag.slots.moments import Moment

_WORD = re.compile(r"[^\W\d_]+|\d+|[^\w\s]")
_CLASSES = ("hand", "submit", "finish", "do", "demand", "free", "state", "past", "amount", "event", "yearly", "when", "deadline", "window")
_NEAR = 3
_REACH = 12
_NAME = 100  # characters
_DONE = re.compile(r"(?<!\w)(?:đã|chưa|từng)\s[^,;]*$", re.IGNORECASE)
_GOES_ON = re.compile(rf"\s+(?:{MAIN_VERBS}|trở)(?!\w)", re.IGNORECASE)
_FIGURE = re.compile(r"\d+")
_YEAR_ALONE = re.compile(rf"{YEAR_ALONE.pattern}|^\d{{4}}$", re.IGNORECASE)  # "2026": a cell of a table


@dataclass(frozen=True, slots=True)
class Dated:
    """A time ``when`` with what stands around it; in a table ``title`` is that of its column, ``titles`` are the others'.

    ``due_elsewhere``: another column of its row is the one of last days, and has one.
    """

    when: str
    moment: Moment
    before: str
    after: str
    lead: str = ""
    headings: tuple[str, ...] = ()
    title: str = ""
    titles: tuple[str, ...] = ()
    is_bracketed: bool = False
    is_quoted: bool = False
    tells_duty: bool = False
    due_elsewhere: bool = False


def words_of(text: str) -> list[str]:
    """Return the words and marks of a text in their exact form, figures as ``0``."""
    return ["0" if found[0].isdigit() else canonical(found) for found in _WORD.findall(text)]


def features_of(dated: Dated) -> frozenset[str]:
    """Return the names of what is seen of a time."""
    return frozenset(_features(dated))


def _features(dated: Dated) -> Iterator[str]:
    slots = list(_slots(dated))
    of_row = "/row" if dated.title else ""  # what tells in a table is not what tells in a sentence
    yield from (name + of_row for name in slots)
    before, after = words_of(dated.before), words_of(dated.after)
    yield from (f"b-{at}={word}" for at, word in enumerate(reversed(before[-_NEAR:]), 1))
    yield from (f"a+{at}={word}" for at, word in enumerate(after[:_NEAR], 1))
    yield from _bag("b", before[-_REACH:])
    yield from _bag("a", after[:_REACH])
    yield f"first={' '.join(before[:2])}"
    yield from _bag("l", words_of(dated.lead)[-_REACH:])
    yield from _bag("h", words_of(dated.headings[-1] if dated.headings else ""))
    yield from _bag("t", words_of(dated.title))
    yield from (f"o:{word}" for title in dated.titles for word in words_of(title))
    classes = [*_classes(dated), *_parties(dated)]
    yield from (name + of_row for name in classes)
    yield from (f"{slots[0]}&{name}" for name in classes)


def _slots(dated: Dated) -> Iterator[str]:
    moment = dated.moment
    sort = "row" if dated.title else "bare" if len(dated.before.split()) < 2 else "clause"
    yield f"{sort}/{moment.direction}{'/firm' if moment.firm else ''}{'/every' if moment.every else ''}"
    yield f"sort={sort}"
    yield f"direction={moment.direction}"
    cue = words_of(_FIGURE.split(dated.when)[0])
    yield f"cue={' '.join(cue[:4])}"
    yield from (f"w:{word}" for word in set(words_of(dated.when)))
    seen = {
        "a duty by rule": dated.tells_duty, "no duty by rule": not dated.tells_duty, "firm": moment.firm,
        "every": moment.every, "tailed": moment.tailed, "day": bool(moment.day),
        "clock": bool(CLOCK.search(dated.when)), "year alone": bool(_YEAR_ALONE.search(dated.when)),
        "bracketed": dated.is_bracketed, "quoted": dated.is_quoted, "ends": not dated.after.strip(" .;,"),
        "colon": dated.before.rstrip().endswith(":"), "comma": dated.before.rstrip().endswith(","), "opens": not dated.before.strip(),
    }  # fmt: skip
    yield from (f"is {name}" for name, holds in seen.items() if holds)


def _classes(dated: Dated) -> Iterator[str]:
    """The classes of words in each place; ``N``: in the nearest place above the time that has any."""
    places = {"A": dated.after, "T": dated.title, "B": dated.before, "L": dated.lead, "H": " ".join(dated.headings[-1:])}
    nearest = ""
    for place, text in places.items():
        clause = Clause(text)
        spans = [(start, name) for name in _CLASSES for start, _ in clause.spans(name)]
        names = sorted({name for _, name in spans})
        yield from (f"{place}.{name}" for name in names)
        if not spans:
            yield f"{place}.none"
            continue
        start = (min if place == "A" else max)(start for start, _ in spans)
        yield from (f"{place}.next={name}" for at, name in spans if at == start)
        if place in "BLH" and not nearest:
            nearest = place
            yield from (f"N.{name}" for name in names)


def _parties(dated: Dated) -> Iterator[str]:
    """Whether somebody acts, somebody receives, something is a condition."""
    seen = {
        "B acts": subject(dated.before), "B opens with one who acts": is_actor(dated.before[:_NAME]),
        "A acts": subject(dated.after.strip(" ,")), "A opens with one who acts": is_actor(dated.after.strip(" ,")[:_NAME]),
        "L acts": is_actor(dated.lead), "H acts": dated.headings and is_actor(dated.headings[-1]),
        "receives": recipient(dated.before + dated.when + dated.after), "conditional": _in_condition(dated.before),
        "due elsewhere": dated.due_elsewhere, "done": _DONE.search(dated.before), "goes on": _GOES_ON.match(dated.after),
    }  # fmt: skip
    yield from (f"is {name}" for name, holds in seen.items() if holds)


def _in_condition(before: str) -> bool:
    """``nếu nộp hồ sơ trước ngày …``: nothing closes the condition before the time."""
    found = [start for start, _ in Clause(before).spans("when")]
    return bool(found) and not re.search(r",\s|(?<!\w)thì(?!\w)", before[found[-1] :])


def _bag(place: str, words: Sequence[str]) -> Iterator[str]:
    yield from (f"{place}:{word}" for word in words)
    yield from (f"{place}:{one} {two}" for one, two in pairwise(words))
