"""Whether an answer's dates, phones and addresses stand in the documents it cites."""

from __future__ import annotations

from rag.documents import Answer
from rag.index.store import Store
from rag.numbers import DATE, EMAIL, LINK, PHONE
from rag.text import squeeze

_FIGURES = (DATE, PHONE, LINK, EMAIL)


class Grounding:
    """Holds answers to the text of a store; remembers the documents it has read."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._texts: dict[str, str] = {}

    def invented(self, answer: Answer) -> list[str]:
        """Return the figures of the answer's text that stand verbatim in no document it cites, nor in the question."""
        cited = {citation.document for citation in answer.citations}
        sources = [squeeze(answer.question), *(self._text(number) for number in cited)]
        found = (squeeze(match.group()) for figure in _FIGURES for match in figure.finditer(answer.text))
        return [figure for figure in found if not any(figure in source for source in sources)]

    def _text(self, number: str) -> str:
        if number not in self._texts:
            self._texts[number] = squeeze("\n".join(provision.whole_text for provision in self._store.of_document(number)))
        return self._texts[number]
