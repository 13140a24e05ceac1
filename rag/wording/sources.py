"""The numbered provisions that a model may use: what the answer cites, and what stands around and below it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rag.answers.base import Finding, citation
from rag.documents import Answer, Citation, Contact, Deadline, Provision
from rag.finding.leads import leads_of
from rag.finding.search import Searcher
from rag.question.understanding import Question
from rag.slots.source import Source

_MOST_TEXT = 3000
_MOST_OF_OFFERED = 1500
_MOST = 8
_MORE = 4
_NEARLY = 0.75


@dataclass(frozen=True)
class Numbered:
    """A provision as the model and the checks get it, and as readers see it cited."""

    source: Source
    citation: Citation


def sources_of(searcher: Searcher, answer: Answer, question: Question) -> list[Numbered]:
    """Return the provisions that an answer cites, and those that answer the question nearly as well; each once, at most eight."""
    found: dict[int, Numbered] = {}
    for made in answer.citations:
        provision = _at(searcher, made.document, made.section, made.quote)
        if provision is not None and provision.id not in found and len(found) < _MOST:
            found[provision.id] = Numbered(_source(searcher, provision, made.quote), made)
    known = searcher.taught(question) or searcher.choose(question)
    for candidate in known.candidates[:_MORE]:
        provision = candidate.provision
        if candidate.coverage >= _NEARLY and not any(_is_one_within(provision, one.citation) for one in found.values()):
            found.setdefault(provision.id, numbered(searcher, provision))
    return list(found.values())[:_MOST]


def _is_one_within(provision: Provision, cited: Citation) -> bool:
    """Whether one of the two stands in the other: ``IV.1`` in ``IV``, but not ``IV.10`` in ``IV.1``."""
    outer, inner = sorted((provision.section, cited.section), key=len)
    return provision.document == cited.document and inner.startswith(outer) and not inner[len(outer) : len(outer) + 1].isalnum()


def numbered(searcher: Searcher, provision: Provision) -> Numbered:
    """Return a provision as a source of its own."""
    return Numbered(_source(searcher, provision), citation(searcher, Finding("", provision)))


def sources_of_offer(searcher: Searcher, answer: Answer, offered: Sequence[Provision]) -> list[Numbered]:
    """Return what an answer offers, each with its citation, cut to what is needed to pick one."""
    return [
        Numbered(_source(searcher, provision, made.quote, _MOST_OF_OFFERED), made)
        for provision, made in zip(offered, answer.citations, strict=True)
    ]


def _at(searcher: Searcher, document: str, section: str, quote: str) -> Provision | None:
    """The provision with a section path that has the quote: a part and its closing paragraph share their path."""
    there = [provision for provision in searcher.store.of_document(document) if provision.section == section]
    return next((provision for provision in reversed(there) if quote in provision.whole_text), there[0] if there else None)


def _source(searcher: Searcher, provision: Provision, quote: str = "", most: int = _MOST_TEXT) -> Source:
    below = [provision.text, *(note.text for note in provision.footnotes), *_texts_below(searcher, provision)]
    text = "\n".join(dict.fromkeys(part for part in below if part))
    if len(text) > most:
        start = text[:most].rsplit(" ", 1)[0]
        text = start if quote in text[:most] else f"{quote}\n{start}"
    return Source(text or provision.heading, context_of(searcher, provision), _records(searcher, provision))


def _records(searcher: Searcher, provision: Provision) -> tuple[Deadline | Contact, ...]:
    """The deadlines and contacts of a provision, of what it stands in as one of a row, and of what stands below it."""
    ids = dict.fromkeys([provision.outer, provision.id, *_below(searcher, provision.id)])
    return (*searcher.store.records_of(ids, Deadline), *searcher.store.records_of(ids, Contact))


def _below(searcher: Searcher, id: int) -> list[int]:
    return [below for child in searcher.store.children(id) for below in (child.id, *_below(searcher, child.id))]


def context_of(searcher: Searcher, provision: Provision) -> str:
    """Return what stands around a provision: its document, headings, the sentences it goes on from, its place."""
    document = searcher.documents[provision.document]
    issued = f" ngày {'/'.join(reversed(document.issued.split('-')))}" if document.issued else ""
    called = f"{document.kind} số {document.number}" if document.numbered else document.name
    name = f"{called}{issued} của {document.issuer}: {document.title}".strip()
    context = [
        name,
        *provision.headings,
        *(lead.text for lead in leads_of(searcher.store, provision)),
        provision.heading,
        searcher.label(provision),
    ]
    return "\n".join(dict.fromkeys(part for part in context if part))


def _texts_below(searcher: Searcher, provision: Provision) -> Iterable[str]:
    for child in searcher.store.children(provision.id):
        if not child.inline:
            yield "\n".join(part for part in (child.heading, child.text) if part)
            yield from _texts_below(searcher, child)
