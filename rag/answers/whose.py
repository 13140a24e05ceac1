"""Whose documents an answer is from, told where the message names a province that they are not of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from rag.documents import Answer, Document
from rag.finding.search import Searcher
from rag.language.lexicon import provinces
from rag.language.text import data_lines, fold_tokens, syllables, words
from rag.question.said import Said

_TOLD = "Đây là văn bản của {issuer}. Câu hỏi nêu {places}: nếu hỏi cho nơi ấy thì quy định có thể khác."


def told_whose(searcher: Searcher, message: str, answer: Answer) -> Answer:
    """Return an answer with a note on whose documents it cites, where these are of an office and the message names another province.

    A province that the quoted text names too is a matter of these documents, and who names the office's own place as well means that.
    """
    named = _provinces_in(message)
    numbers = [one.document for one in answer.citations] + [one.document for one in answer.related]
    cited = (searcher.documents.get(number) for number in dict.fromkeys(numbers))
    local = [document for document in cited if document is not None and document.office]
    if not named or not local:
        return answer
    own = _folded(_places_of(local))
    if any(f" {place} " in own for place in named):
        return answer
    quoted = _folded(citation.quote for citation in answer.citations)
    others = [name for place, name in named.items() if f" {place} " not in quoted]
    if not others:
        return answer
    told = _TOLD.format(issuer=local[0].issuer or local[0].office, places=", ".join(others))
    return replace(answer, notes=(told, *answer.notes))


def _provinces_in(message: str) -> dict[str, str]:
    """The provinces that a message names: folded words → as they are written. Where marks are typed, they count."""
    said = Said.of(" ".join(words(message)), message)
    typed = f" {' '.join(said.exact if said.marked else said.plain)} "
    named = {name if said.marked else loose: loose for name, loose in provinces().items()}
    found = [" ".join(loose) for wanted, loose in named.items() if f" {' '.join(wanted)} " in typed]
    written = {" ".join(fold_tokens(syllables(line))): line for line in data_lines("provinces.txt")} if found else {}
    return {loose: written[loose] for loose in found}


def _places_of(documents: Iterable[Document]) -> list[str]:
    return [text for document in documents for text in (document.office, document.within, document.issuer)]


def _folded(texts: Iterable[str]) -> str:
    return f" {' '.join(token for text in texts for token in (*fold_tokens(syllables(text)), '·'))} "
