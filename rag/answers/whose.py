"""Whose documents an answer is from, told where the message names a province that they are not of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from rag.documents import Answer, Document
from rag.finding.search import Searcher
from rag.language.lexicon import provinces, provinces_written
from rag.language.text import folded_line, words
from rag.question.said import Said

_TOLD = "Đây là văn bản của {issuer}. Câu hỏi nêu {places}: nếu hỏi cho nơi ấy thì quy định có thể khác."


def told_whose(searcher: Searcher, message: str, answer: Answer) -> Answer:
    """Return an answer with a note on whose documents it cites, where these are of an office and the message names another province.

    A province that the quoted text names too is a matter of these documents, and who names the office's own place as well means that.
    """
    if not (named := _provinces_in(message)) or not (local := _of_offices(searcher, answer)):
        return answer
    own = [folded_line(text) for document in local for text in (document.office, document.within, document.issuer)]
    quoted = [folded_line(citation.quote) for citation in answer.citations]
    others = [name for place, name in named.items() if not _is_in(place, quoted)]
    if not others or any(_is_in(place, own) for place in named):
        return answer
    told = _TOLD.format(issuer=local[0].issuer or local[0].office, places=", ".join(others))
    return replace(answer, notes=(told, *answer.notes))


def _of_offices(searcher: Searcher, answer: Answer) -> list[Document]:
    """The documents of an office that an answer cites, or that a refusal names as the nearest."""
    numbers = [one.document for one in answer.citations] + [one.document for one in answer.related]
    cited = (searcher.documents.get(number) for number in dict.fromkeys(numbers))
    return [document for document in cited if document is not None and document.office]


def _provinces_in(message: str) -> dict[str, str]:
    """The provinces that a message names: folded words → as they are written. Where marks are typed, they count."""
    said = Said.of(" ".join(words(message)), message)
    typed = f" {' '.join(said.exact if said.marked else said.plain)} "
    found = [loose for name, loose in provinces().items() if f" {' '.join(name if said.marked else loose)} " in typed]
    return {" ".join(loose): provinces_written()[loose] for loose in found}


def _is_in(place: str, lines: Iterable[str]) -> bool:
    return any(f" {place} " in line for line in lines)
