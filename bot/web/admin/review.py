"""The questions that an admin should look at: refused, only offered, found wrong, sent by the asker; those alike as one."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass
from functools import lru_cache

from fastapi import Request

from bot.journal import Entry
from bot.nameless import HIDDEN, nameless
from bot.people import ROLES
from bot.web.state import service_of
from ingest.teaching import Teacher
from rag.errors import IndexDamaged, IndexMissing
from rag.finding.taught import Words, as_typed

DAY = 86_400
USUAL = 30  # days
TROUBLES: dict[str, tuple[str, Callable[[Entry], bool]]] = {
    "gui": ("Người hỏi gửi tới", lambda entry: entry.sent > 0),
    "che": ("Sai hoặc thiếu", lambda entry: entry.vote == "down"),
    "tu-choi": ("Không trả lời được", lambda entry: entry.status == "not_found"),
    "chua-chac": ("Chưa chắc", lambda entry: entry.status == "offered"),
}
"""What may be the matter with an answer: what it is called, and whether it is so."""
CHANNELS = {"web": "Trang web, API", "telegram": "Telegram", "zalo": "Zalo", "zalo_oa": "Zalo OA", "openai": "API kiểu OpenAI"}
_WAIT = 5.0  # seconds for another builder


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the page lists it: all the times that somebody asked it, the latest last.

    ``question`` is empty where its words were not kept; ``again``: it was dealt with, and asked once more since.
    """

    question: str
    entries: tuple[Entry, ...]
    again: bool = False

    @property
    def latest(self) -> Entry:
        """The last time."""
        return self.entries[-1]

    @property
    def troubles(self) -> list[str]:
        """What is the matter with it, as keys of ``TROUBLES``."""
        return [key for key, (_, is_so) in TROUBLES.items() if any(map(is_so, self.entries))]

    @property
    def channels(self) -> list[str]:
        """Where it was asked."""
        return list(dict.fromkeys(CHANNELS.get(entry.channel, entry.channel) for entry in self.entries))

    @property
    def roles(self) -> list[str]:
        """Who asked, as far as they said."""
        return list(dict.fromkeys(ROLES[entry.role].name for entry in self.entries if entry.role in ROLES))

    @property
    def said(self) -> list[str]:
        """What the askers said of the answers: the reasons of their votes, their notes to the admin."""
        return list(dict.fromkeys(words for entry in self.entries for words in (entry.reason, entry.note) if words))

    @property
    def why(self) -> list[str]:
        """Why nothing was claimed in reply, without what would name somebody."""
        return list(dict.fromkeys(_nameless(entry.why) for entry in self.entries if entry.why))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which questions the admin wants to see; what is empty does not matter."""

    days: int = USUAL
    trouble: str = ""
    topic: str = ""
    words: str = ""
    done: bool = False

    def has(self, asked: Asked) -> bool:
        """Say whether a question is one of them."""
        typed, wanted = " ".join(as_typed(asked.question)), " ".join(as_typed(self.words))
        return (
            (not self.trouble or self.trouble in asked.troubles)
            and (not self.topic or any(entry.topic == self.topic for entry in asked.entries))
            and wanted in typed
        )


def asked_of(entries: Iterable[Entry], taught: Set[Words], *, done: bool = False) -> list[Asked]:
    """Return questions, the one asked last first: those that wait for an admin, or those that one was through with.

    A question whose words are ``taught`` waits for nobody.
    """
    alike: dict[tuple[str, ...], list[Entry]] = {}
    for entry in entries:
        typed = typed_of(entry)
        if typed not in taught:
            alike.setdefault(typed or ("", entry.id), []).append(entry)
    found = []
    for group in alike.values():
        if kept := tuple(entry for entry in group if bool(entry.done) == done):
            found.append(Asked(_nameless(kept[-1].question), kept, again=not done and len(kept) < len(group)))
    return sorted(found, key=lambda asked: -asked.latest.asked)


def typed_of(entry: Entry) -> Words:
    """Return the words by which a question is known, without what would name somebody; none where they were not kept."""
    return _typed(entry.question)


@lru_cache(maxsize=20_000)  # every page behind the door counts what waits
def _typed(question: str) -> Words:
    return as_typed(askable(question))


_nameless = lru_cache(maxsize=20_000)(nameless)


def askable(question: str) -> str:
    """Return a question as it can be taught: nobody's name or number in it, nor a sign that there was one."""
    return " ".join(nameless(question).replace(HIDDEN, " ").split())


def alike(request: Request, id: str) -> tuple[Entry | None, list[Entry]]:
    """Return a noted question, and with it all that wait or are done and are typed alike; ``None`` where it is not noted."""
    entry = service_of(request).kept.journal.entry(id)
    if entry is None:
        return None, []
    typed = typed_of(entry)
    others = service_of(request).kept.journal.troubled() if typed else []
    return entry, [other for other in others if typed_of(other) == typed] or [entry]


def waiting(request: Request) -> int:
    """Return how many questions wait for an admin."""
    entries = service_of(request).kept.journal.troubled(time.time() - USUAL * DAY)
    return len(asked_of(entries, taught_words(request)))


def taught_words(request: Request) -> set[Words]:
    """Return the words of every question that is answered as it was taught; one on a document that is gone is not."""
    try:
        parts = service_of(request).searcher().questions
    except (IndexMissing, IndexDamaged):  # the page says so; nothing is answered at all
        return set()
    return {as_typed(entry.question) for part in parts for entry in part.entries if entry.by == "taught" and not entry.after}


def teacher_of(request: Request) -> Teacher:
    """Return what teaches the assistant."""
    return service_of(request).teacher(_WAIT)
