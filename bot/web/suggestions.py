"""Questions to begin with, for each kind of asker; only such as the index in use answers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.examples import Examples
from bot.people import ROLES, Role
from bot.records import deadlines
from rag.assistant import Assistant
from rag.language.text import squeeze

_SHOWN = 4
_LONGEST = 90


class Suggestions:
    """Finds the suggestions, by asking."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._examples = Examples(assistant)

    def get(self, role: str, today: date) -> list[str]:
        """Return a few questions for somebody of this role (a key of ``ROLES``), or for anybody."""
        return self._choose(ROLES[role], today) if role else self._examples.get(_SHOWN)

    def _choose(self, role: Role, today: date) -> list[str]:
        answered = (question for question in self._candidates(role, today) if self._answers(question, role))
        own = list(dict.fromkeys(answered))
        return list(dict.fromkeys([*own[: _SHOWN - 1], *self._examples.get(_SHOWN)]))[:_SHOWN]

    def _candidates(self, role: Role, today: date) -> Iterator[str]:
        for due in deadlines(self._assistant.shelf(), today, role)[:3]:
            what = squeeze(due.deadline.what)
            if len(what) < _LONGEST and due.deadline.who:
                yield f"Hạn {what[:1].lower()}{what[1:]} là ngày nào?"
        yield f"Nhiệm vụ của {role.who} là gì?"
        yield f"{role.who[:1].upper()}{role.who[1:]} phải báo cáo những gì?"

    def _answers(self, question: str, role: Role) -> bool:
        return self._assistant.ask(question, audience=role.audience).status == "answered"
