"""Which documents a question names: by number, by the name of a law, by ``công văn này``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Protocol

from rag.documents import Document
from rag.language.numbers import KINDS, parse_number
from rag.language.text import fold, fold_tokens, syllables
from rag.question.mentions import NumberMention
from rag.question.understanding import Question, Term

_THIS = re.compile(r"\b(?:cong van|van ban|huong dan|ke hoach|quyet dinh)(?: chi dao| huong dan)? nay\b")
ABOUT = re.compile(r"\b(?:ban hanh|ki|ve viec|hieu luc|trich yeu|so hieu|so may|so bao nhieu|ai ban hanh|co quan nao)\b")


class Named(Protocol):
    """What knows documents by their names: ``documents`` by number, ``laws`` by the name that each can be called by."""

    @property
    def documents(self) -> dict[str, Document]: ...

    @property
    def laws(self) -> list[tuple[str, Document]]: ...


def resolve(known: Named, question: Question) -> list[Document]:
    """Return the known documents that the question's numbers mean, each once; several where a number is ambiguous."""
    found: dict[str, Document] = {}
    for mention in question.mentions.numbers:
        fitting = [document for document in known.documents.values() if _fits(mention, document)]
        for document in _by_issuer(fitting, question) or fitting:
            found[document.number] = document
    if not question.mentions.numbers:
        found |= _by_title(known, question) or _this_one(known, question)
    return list(found.values())


def names_of_laws(documents: Iterable[Document]) -> list[tuple[str, Document]]:
    """Return the laws that can be called by name (``luat giao duc``), folded."""
    found = []
    for document in documents:
        if document.title and (kind := fold(document.kind)) in ("luat", "bo luat"):
            title = " ".join(fold_tokens(syllables(document.title))).removeprefix("ve ")
            found.append((title if title.startswith(kind) else f"{kind} {title}", document))
    return found


def _by_title(known: Named, question: Question) -> dict[str, Document]:
    """``Luật Giáo dục``: a law called by its name instead of its number."""
    asked = f" {question.said} "
    found = {document.number: document for name, document in known.laws if f" {name} " in asked}
    longest = max((len(document.title) for document in found.values()), default=0)
    return {number: document for number, document in found.items() if len(document.title) == longest}


def _this_one(known: Named, question: Question) -> dict[str, Document]:
    """``công văn này ban hành ngày nào``: the directive that all else hangs on."""
    if not _THIS.search(question.folded) or not ABOUT.search(question.folded) or len(question.terms) > 4:
        return {}
    loaded = [
        document
        for document in known.documents.values()
        if document.present and fold(document.kind) not in ("luat", "bo luat", "nghi dinh")
    ]
    root = max(loaded, key=lambda document: (document.issued, document.number), default=None)
    return {root.number: root} if root else {}


def without_titles(question: Question, documents: list[Document]) -> Question:
    """Drop the law's own name and year from the topic: what is asked is the rest."""
    if not documents or question.mentions.numbers:
        return question
    terms = list(question.terms)
    for document in documents:
        terms = _without_run(terms, fold_tokens(syllables(document.title)))
        number = parse_number(document.number)
        years = {document.issued[:4], number.year if number else ""}
        terms = [term for term in terms if term.folded not in years and term.folded != fold(document.kind)]
    return replace(question, terms=tuple(terms))


def _without_run(terms: list[Term], name: list[str]) -> list[Term]:
    """Drop the first run of terms that is the name of a law (its first word, ``luật`` or ``về``, may be missing)."""
    for run in (name, name[1:]):
        for start in range(len(terms) - len(run) + 1):
            if run and [term.folded for term in terms[start : start + len(run)]] == run:
                return terms[:start] + terms[start + len(run) :]
    return terms


def _fits(mention: NumberMention, document: Document) -> bool:
    number = parse_number(document.number)
    if number is None or number.serial != mention.serial:
        return False
    if mention.symbol:
        return set(mention.symbol) <= set(number.symbol) and mention.year in ("", number.year)
    years = {number.year, document.issued[:4]} - {""}
    if mention.year and mention.year not in years:
        return False
    codes = {code for code, kind in KINDS.items() if fold(kind) == fold(document.kind)} | set(number.symbol)
    if fold(document.kind) == "cong van" or not codes & set(KINDS):
        codes.add("cv")
    if fold(document.kind) in ("luat", "bo luat"):
        codes.add("l")
    return not mention.kind or mention.kind in codes


def _by_issuer(documents: list[Document], question: Question) -> list[Document]:
    """``nghị quyết 71 của Chính phủ`` is not the one of the Bộ Chính trị."""
    if len(documents) < 2:
        return documents
    asked = " " + question.folded + " "
    return [document for document in documents if document.issuer and " ".join(fold_tokens(syllables(document.issuer)))[:14] in asked]
