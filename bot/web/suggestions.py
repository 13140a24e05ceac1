"""Questions to begin with, for each kind of asker; only such as the index in use answers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.examples import Examples
from bot.memo import Memo
from bot.people import ROLES, Role
from bot.records import deadlines
from bot.service import Service
from rag.language.text import squeeze

_SHOWN = 4
_LONGEST = 90


class Suggestions:
    """Finds the suggestions, by asking: once for each role, on each day and of each index. For the event loop of ``service``."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._examples = Examples(service.assistant)
        self._memo: Memo[list[str]] = Memo(len(ROLES) + 1, lambda found: True)

    async def of(self, role: str) -> list[str]:
        """Return a few questions for somebody of this role (a key of ``ROLES``), or for anybody. Raises what ``Service.ask`` raises."""
        today = self._service.today()
        return await self._memo.get((self._service.version(), today, role), lambda: self._service.run(self._choose, role, today))

    def _choose(self, role: str, today: date) -> list[str]:
        if not role:
            return self._examples.get(_SHOWN)
        meant = ROLES[role]
        answered = (question for question in self._candidates(meant, today) if self._answers(question, meant))
        own = list(dict.fromkeys(answered))
        return list(dict.fromkeys([*own[: _SHOWN - 1], *self._examples.get(_SHOWN)]))[:_SHOWN]

    def _candidates(self, role: Role, today: date) -> Iterator[str]:
        for due in deadlines(self._service.shelf(), today, role)[:3]:
            what = squeeze(due.deadline.what)
            if len(what) < _LONGEST and due.deadline.who:
                yield f"Hạn {what[:1].lower()}{what[1:]} là ngày nào?"
        yield f"Nhiệm vụ của {role.who} là gì?"
        yield f"{role.who[:1].upper()}{role.who[1:]} phải báo cáo những gì?"

    def _answers(self, question: str, role: Role) -> bool:
        return self._service.assistant.ask(question, audience=role.audience).status == "answered"
