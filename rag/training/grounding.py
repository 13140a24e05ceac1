"""Whether an answer's dates, phones and addresses stand in the documents it cites."""

from __future__ import annotations

from rag.documents import Answer
from rag.index.store import Store
from rag.language.text import normalise
from rag.slots.facts import Fact, facts_in, missing


class Grounding:
    """Holds answers to the text of a store; remembers the documents it has read."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._facts: dict[str, list[Fact]] = {}

    def invented(self, answer: Answer) -> list[str]:
        """Return the figures of the answer and its wording that stand in no document it cites, nor in the question."""
        wording = answer.wording
        cited = {citation.document for citation in (*answer.citations, *(wording.citations if wording else ()))}
        sources = [*_figures(answer.question), *(fact for number in cited for fact in self._of(number))]
        said = f"{answer.text}\n{wording.text if wording else ''}"
        return [fact.text for fact in missing(_figures(said), sources)]

    def _of(self, number: str) -> list[Fact]:
        if number not in self._facts:
            self._facts[number] = _figures("\n".join(provision.whole_text for provision in self._store.of_document(number)))
        return self._facts[number]


def _figures(text: str) -> list[Fact]:
    """The days, phones, links and addresses of a text."""
    facts = facts_in(normalise(text))
    return [fact for fact in facts if fact.kind in ("phone", "link", "email") or (fact.kind == "date" and fact.key[1] and fact.key[2])]
