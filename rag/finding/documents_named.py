"""Which documents a question names: by number, by the name of a law, by ``công văn này``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from rag.documents import Document
from rag.language.kinds import OF_SYMBOL
from rag.language.numbers import parse_number
from rag.language.text import fold, fold_tokens, syllables
from rag.question.mentions import NumberMention
from rag.question.understanding import Question, Term

_THIS = re.compile(r"\b(?:cong van|van ban|huong dan|ke hoach|quyet dinh)(?: chi dao| huong dan)? nay\b")
COMPARES = re.compile(r"\bkhac (?:nhau|gi|the nao|cho nao|o)\b|\bgiong nhau\b|\bgiong .{0,30}khong\b|\bso voi\b")
_PUT_IN_FORCE = ("de an", "quy che", "chuong trinh", "khung", "ke hoach")
_NO_NAME = frozenset(("quy", "qui", "dinh", "ve", "viec", "ban", "hanh", "huong", "dan", "phe", "duyet", "trien", "khai", "thuc", "hien"))
_NAMES = 3  # words of a title in a row that name a document
_INITIALS = 4
_ISSUER_WORDS = 3  # of an issuer's name at least: ``Bộ`` and ``hội đồng`` are the heads of many
_Words = tuple[str, ...]
ABOUT = re.compile(
    r"\b(?:ap dung (?:luon )?tu|chay luon tu|ban hanh|ki|ve viec|hieu luc|trich yeu|so hieu|so may|so bao nhieu|ai ban hanh|co quan nao)\b"
)


@dataclass(frozen=True, slots=True)
class _Call:
    """What documents are called by in everyday words: their kind, what they put in force, their issuer, the words of their title."""

    kind: _Words
    puts: tuple[_Words, ...]
    issuer: _Words
    title: _Words
    year: str


class Names:
    """What the documents of an index are called by, put in order once: a library has too many to go through for every question."""

    def __init__(self, documents: Mapping[str, Document]) -> None:
        self.documents = documents
        self.laws = names_of_laws(documents.values())
        self.of_serial: dict[str, list[Document]] = {}
        self.calls: dict[_Call, list[Document]] = {}
        for document in documents.values():
            if number := parse_number(document.number) if document.numbered else None:
                self.of_serial.setdefault(number.serial, []).append(document)
            if document.present:
                self.calls.setdefault(_call_of(document), []).append(document)

    @cached_property
    def root(self) -> Document | None:
        """The directive that all else hangs on: the newest that is no law."""
        loaded = (one for of in self.calls.values() for one in of if fold(one.kind) not in ("luat", "bo luat", "nghi dinh"))
        return max(loaded, key=lambda document: (document.issued, document.number), default=None)


def resolve(known: Names, question: Question) -> list[Document]:
    """Return the known documents that the question's numbers mean, each once; several where a number is ambiguous."""
    found: dict[str, Document] = {}
    for mention in question.mentions.numbers:
        fitting = [
            document for document in known.of_serial.get(mention.serial, ()) if mention.text == document.number or _fits(mention, document)
        ]
        if (same := known.documents.get(mention.text)) and same not in fitting:
            fitting.append(same)
        for document in _by_issuer(fitting, question) or fitting:
            found[document.number] = document
    if question.mentions.numbers:
        return list((found | (_by_title(known, question) if COMPARES.search(question.said) else {})).values())
    if not found:
        found |= _by_title(known, question) or _this_one(known, question) or _in_everyday_words(known, question)
    return list(found.values())


def _call_of(document: Document) -> _Call:
    title = fold_tokens(syllables(document.title))
    return _Call(
        tuple(fold_tokens(syllables(document.kind))),
        tuple(tuple(kind.split()) for kind in _PUT_IN_FORCE if _has_run(title, kind.split())),
        tuple(fold_tokens(syllables(document.issuer))),
        tuple(word for word in title if word not in _NO_NAME),
        document.issued[:4] if document.kind == "Luật" else "",
    )


def names_of_laws(documents: Iterable[Document]) -> list[tuple[str, Document]]:
    """Return the laws that can be called by name (``luat giao duc``), folded."""
    found = []
    for document in documents:
        if document.title and (kind := fold(document.kind)) in ("luat", "bo luat"):
            title = " ".join(fold_tokens(syllables(document.title))).removeprefix("ve ")
            found.append((title if title.startswith(kind) else f"{kind} {title}", document))
    return found


def _by_title(known: Names, question: Question) -> dict[str, Document]:
    """``Luật Giáo dục``: a law called by its name instead of its number."""
    asked = f" {question.said} "
    found = {document.number: document for name, document in known.laws if f" {name} " in asked}
    longest = max((len(document.title) for document in found.values()), default=0)
    return {number: document for number, document in found.items() if len(document.title) == longest}


def _in_everyday_words(known: Names, question: Question) -> dict[str, Document]:
    """``công văn của Bộ về khung năng lực số``, ``luật bvdlcn``: what a loaded document is, with words of its title in a row.

    Of several, the one that most words name; none where two are named as well.
    """
    asked = question.said.split()
    worth: dict[_Call, tuple[bool, int]] = {}
    for call in known.calls:
        if kinds := [kind for kind in (call.kind, *call.puts) if kind and _has_run(asked, kind)]:
            run = _longest_run(asked, call.title)
            if run >= _NAMES or _issued_by(asked, kinds, call.issuer) or (call.year and call.year in asked):
                worth[call] = (call.kind in kinds, run)
    best = [document for call, named in worth.items() if named == max(worth.values()) for document in known.calls[call]]
    return {best[0].number: best[0]} if len(best) == 1 else {}


def _issued_by(asked: list[str], kinds: Sequence[_Words], whole: _Words) -> bool:
    """``đề án (của) Thủ tướng``, ``công văn của Bộ``: whose it is, right behind what it is."""
    issuer = whole[:2]
    whose = issuer[:1] if issuer[:1] in (("bo",), ("so",)) else issuer
    return bool(whose) and any(_has_run(asked, [*kind, *of, *whose]) for kind in kinds for of in (["cua"], [])[: 1 + (len(whose) > 1)])


def _has_run(words: Sequence[str], run: Sequence[str]) -> bool:
    size, sought = len(run), list(run)
    return run[0] in words and any(list(words[at : at + size]) == sought for at in range(len(words) - size + 1))


def _longest_run(asked: list[str], title: _Words) -> int:
    """How many words of a title stand in a row in a question; initials (``bvdlcn``) count as the words they stand for."""
    initials = "".join(word[0] for word in title)
    short = max((len(word) for word in asked if len(word) >= _INITIALS and word in initials), default=0)
    best, last = short, [0] * (len(title) + 1)
    for word in (word for word in asked if word not in _NO_NAME):
        last = [0, *(last[at] + 1 if word == other else 0 for at, other in enumerate(title))]
        best = max(best, *last)
    return best


def _this_one(known: Names, question: Question) -> dict[str, Document]:
    """``công văn này ban hành ngày nào``: the directive that all else hangs on."""
    if not _THIS.search(question.folded) or not ABOUT.search(question.folded) or len(question.terms) > 4:
        return {}
    return {known.root.number: known.root} if known.root else {}


def without_titles(question: Question, documents: list[Document]) -> Question:
    """Drop the law's own name and year from the topic: what is asked is the rest."""
    if not documents or question.mentions.numbers:
        return question
    terms = list(question.terms)
    for document in documents:
        terms = _without_run(terms, fold_tokens(syllables(document.title)))
        number = parse_number(document.number) if document.numbered else None
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
    number = parse_number(document.number) if document.numbered else None
    if number is None or number.serial != mention.serial:
        return False
    if mention.symbol:
        return set(mention.symbol) <= set(number.symbol) and mention.year in ("", number.year)
    years = {number.year, document.issued[:4]} - {""}
    if mention.year and mention.year not in years:
        return False
    codes = {code for code, kind in OF_SYMBOL.items() if fold(kind) == fold(document.kind)} | set(number.symbol)
    if fold(document.kind) == "cong van" or not codes & set(OF_SYMBOL):
        codes.add("cv")
    if fold(document.kind) in ("luat", "bo luat"):
        codes.add("l")
    return not mention.kind or mention.kind in codes


def _by_issuer(documents: list[Document], question: Question) -> list[Document]:
    """``nghị quyết 71 của Chính phủ`` is not the one of the Bộ Chính trị.

    Of two that both stand in the question, the longer name is meant: ``Ủy ban nhân dân tỉnh Nam Định`` is no other province's.
    """
    if len(documents) < 2:
        return documents
    asked = question.folded.split()
    worth = {document.number: _shared_head(fold_tokens(syllables(document.issuer)), asked) for document in documents}
    most = max(worth.values())
    return [document for document in documents if most and worth[document.number] == most]


def _shared_head(issuer: list[str], asked: list[str]) -> int:
    """How many words of an issuer's name, from its first on, stand in a row in the question; 0 for too few to be its name."""
    longest = max((size for size in range(len(issuer), 0, -1) if _has_run(asked, issuer[:size])), default=0)
    return longest if longest >= min(_ISSUER_WORDS, len(issuer)) else 0
