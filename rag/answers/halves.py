"""Half a question: where one part of it is answered and another is not, the other is named."""

from __future__ import annotations

import re
from dataclasses import replace

from rag.answers.base import Reply
from rag.choosing.evidence import Words, share
from rag.choosing.form import has_form
from rag.finding.search import Searcher
from rag.question.understanding import Question, Term, understand

_PARTS = re.compile(r"\s*(?:[,;?]|\bvà\b|\bvới\b|\brồi\b)\s*")
_BRACKET = re.compile(r"\s*\([^()]*\)|\s+ạ\b")
_REST = "Còn “{part}”: chỗ này không nêu."
_FORMS = ("deadline", "figure", "contact", "who")  # of which a provision that has the form may well tell
_TOLD_SHARE = 0.6  # of a part of the question: that part is answered
_UNTOLD_SHARE = 0.25  # of a part: it is not answered
_LEAST = 2  # words of a part, and topic words of one that is named


def name_the_rest(searcher: Searcher, question: Question, reply: Reply) -> Reply:
    """Return a reply that names the part of the question that its provisions say nothing of, where they answer another part."""
    if len(question.kinds) < 2:
        return reply
    parts = [part for part in _PARTS.split(searcher.spoken(question.text)) if len(part.split()) >= _LEAST]
    asking = [(part, understand(part, searcher.diacritics)) for part in parts]
    asking = [(part, one) for part, one in asking if one.kinds]
    if len(asking) < 2:
        return reply
    zones = [(1.0, Words(reply.text))]
    for finding in reply.findings:
        zones += [(1.0, Words(finding.quote)), *searcher.passage(finding.provision).zones]

    def told(terms: tuple[Term, ...]) -> float:
        return share(terms, zones, searcher.weights)

    own = [(part, tuple(term for term in one.terms if not term.light)) for part, one in asking]
    formed = {part for part, one in asking if any(has_form(one, finding.provision) for finding in reply.findings) and one.kind in _FORMS}
    untold = [part for part, terms in own if len(terms) >= _LEAST and told(terms) <= _UNTOLD_SHARE and part not in formed]
    if len(untold) != 1 or not any(terms and told(terms) >= _TOLD_SHARE for _, terms in own):
        return reply
    return replace(reply, text=f"{reply.text}\n{_REST.format(part=_BRACKET.sub('', untold[0]).strip(' .?!'))}")
