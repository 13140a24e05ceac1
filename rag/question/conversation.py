"""What a conversation remembers: the last question's topic and what was cited, for follow-ups."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass, field, fields

_LOG = logging.getLogger(__name__)


@dataclass(slots=True)
class Conversation:
    """The memory of one conversation; empty at its start.

    ``topic`` has the topic words of the last answered question that had any, whole; ``numbers`` the documents that the last one
    named, ``sections`` the provisions that its answer cited, ``people`` the names it gave; ``asked`` are the last questions.
    ``told`` are the documents of which was said that their school year is over. ``left`` says that something else was asked
    since then, and not answered. ``places`` are those that it is of.
    """

    topic: str = ""
    kind: str = ""
    numbers: list[str] = field(default_factory=list)
    sections: list[str] = field(default_factory=list)
    audience: list[str] = field(default_factory=list)
    people: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    left: bool = False
    places: list[str] = field(default_factory=list)

    def to_json(self) -> str:
        """Return the memory as one JSON line."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Conversation:
        """Read what ``to_json`` wrote, of this version or another: fields that it does not know are left out.

        What is no conversation is read as a new one, which is logged.
        """
        try:
            kept = json.loads(text)
        except ValueError:
            kept = None
        blank = cls()
        names = [each.name for each in fields(cls) if isinstance(kept, dict) and each.name in kept]
        if not isinstance(kept, dict) or not all(_is_like(kept[name], getattr(blank, name)) for name in names):
            _LOG.warning("a conversation of %d characters could not be read; it begins anew", len(text))
            return blank
        return cls(**{name: kept[name] for name in names})


def _is_like(value: object, blank: object) -> bool:
    """Whether a value is of the type of an empty field; lists are of text."""
    return type(value) is type(blank) and (not isinstance(value, list) or all(isinstance(one, str) for one in value))
