"""What a question is about, in words that people know: for statistics over all channels."""

from __future__ import annotations

from bot.reading import heading_of
from rag.documents import Answer
from rag.index.store import Store
from rag.language.text import squeeze


def topic_of(store: Store, answer: Answer) -> str:
    """Return the nearest heading of what an answer cites first, or else of what is nearest to the question.

    Where no heading stands above it, the title of its document; empty where nothing is near. Raises ``IndexDamaged``.
    """
    places = answer.citations or answer.related
    if answer.status == "chat" or not places:
        return ""
    number, section = places[0].document, places[0].section
    heading = heading_of(store, number, section)
    if heading:
        return heading
    document = store.document(number)
    return squeeze(document.title or document.called) if document else ""
