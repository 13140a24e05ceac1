"""What a conversation remembers: the last question's topic and what was cited, for follow-ups."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field


@dataclass(slots=True)
class Conversation:
    """The memory of one conversation; empty at its start.

    ``topic`` is the last question that was answered, as whole words; ``numbers`` the documents it named,
    ``sections`` the provisions that its answer cited, ``people`` the names it gave; ``asked`` are the last questions. ``told``
    are the documents of which was said that their school year is over.
    """

    topic: str = ""
    kind: str = ""
    numbers: list[str] = field(default_factory=list)
    sections: list[str] = field(default_factory=list)
    audience: list[str] = field(default_factory=list)
    people: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def to_json(self) -> str:
        """Return the memory as one JSON line."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Conversation:
        """Read what ``to_json`` wrote."""
        return cls(**json.loads(text))
