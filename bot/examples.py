"""Example questions that the index in use answers, for the first screen of a channel."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.chat import WELCOME
from rag.assistant import Assistant
from rag.documents import Contact, Deadline, System
from rag.language.text import squeeze

_LONGEST = 90


class Examples:
    """The examples; asked anew only when another index is published."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._version = ""
        self._found: list[str] = []

    def get(self, count: int = 3) -> list[str]:
        """Return at most ``count`` questions, each of another kind where there are enough."""
        version = self._assistant.version
        if version != self._version:
            self._found = self._choose(count)
            self._version = version
        return self._found

    def _choose(self, count: int) -> list[str]:
        chosen: dict[str, str] = {}
        for question in self._candidates():
            answer = self._assistant.ask(question)
            if answer.status == "answered":
                chosen.setdefault(answer.kind, question)
            if len(chosen) == count:
                break
        return list(chosen.values())

    def _candidates(self) -> Iterator[str]:
        yield from re.findall(r"^  - [^:]+:\s+(.+\?)$", WELCOME, re.MULTILINE)
        store = self._assistant.shelf().store
        for deadline in store.records(Deadline)[:20]:
            if deadline.date and len(deadline.what) < _LONGEST:
                yield f"Hạn {squeeze(deadline.what)[:1].lower()}{squeeze(deadline.what)[1:]} là ngày nào?"
        for contact in store.records(Contact)[:20]:
            if contact.role:
                yield f"Liên hệ ai về {contact.role.lower()}?"
        for system in store.records(System)[:20]:
            if len(system.name) > 3:
                yield f"Địa chỉ {system.name} là gì?"
        for document in [document for document in store.documents() if document.present][:20]:
            yield f"{document.name} về việc gì?"
