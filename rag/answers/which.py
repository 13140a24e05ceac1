"""Which documents are about something."""

from __future__ import annotations

import re

from rag.answers.base import Reply, sentence_with
from rag.answers.statements import STATED_SHARE, statements
from rag.choosing.evidence import Words, share
from rag.documents import Reference
from rag.finding.choice import Candidate
from rag.finding.search import Searcher
from rag.language.kinds import EVERYDAY, typed
from rag.language.text import fold
from rag.question.understanding import Question

_NEAR_BEST_DOCUMENT = 0.08  # of that share: so near to the best one others are told too
_NEAR_IN_LIST = 0.25  # the same, where several are asked for
_MOST = 12
_NAMINGS = 3  # places looked at of those that name a document
_SEVERAL = re.compile(r"\b(?:nhung|cac|liet ke|danh sach|danh muc|toan bo|tat ca|ke ten)\b")


def answer_which(searcher: Searcher, question: Question, candidates: list[Candidate]) -> Reply | None:
    """Return the document(s) that are about what the question says, or ``None``."""
    by_id = {candidate.provision.id: candidate.provision for candidate in candidates}
    numbers = dict.fromkeys(reference.number for reference in searcher.store.records_of(by_id, Reference))
    numbers |= dict.fromkeys(provision.document for provision in by_id.values())
    wanted = _wanted_kinds(question)
    must = question.must
    rest = tuple(term for term in question.terms if term.folded not in ("thong", "tu", "quyet", "van", "cong") or term.typed)
    scored = []
    for number in numbers:
        document = searcher.documents.get(number)
        if document is None or (wanted and fold(document.kind) not in wanted):
            continue
        naming = searcher.references(number)[:_NAMINGS]
        own = [(1.0, Words(document.title)), (0.9, Words(f"{document.kind} {document.issuer}"))]
        own += [(0.9, Words(reference.quote)) for reference, _ in naming]
        bonus = share(must, own, searcher.weights) if must else 0.0
        if must and bonus < STATED_SHARE:
            continue
        zones = [*own, *((0.8, Words(sentence_with(provision, reference.quote))) for reference, provision in naming)]
        scored.append((share(rest, zones, searcher.weights) + bonus, document))
    best = max((score for score, _ in scored), default=0.0)
    near = _NEAR_IN_LIST if _SEVERAL.search(question.said) else _NEAR_BEST_DOCUMENT
    chosen = sorted((pair for pair in scored if pair[0] >= max(STATED_SHARE, best - near)), key=lambda pair: -pair[0])
    return statements(searcher, [document for _, document in chosen[:_MOST]], question) if chosen else None


def _wanted_kinds(question: Question) -> set[str]:
    return {
        kind
        for kind in typed(*EVERYDAY)
        if re.search(
            rf"\b{kind} (?:so )?(?:nao|gi|may|bao nhieu)\b|\b(?:nhung|cac) {kind}\b|^{kind} (?:ve|qui dinh|huong dan|ban hanh|phe duyet)\b",
            question.said,
        )
    }
