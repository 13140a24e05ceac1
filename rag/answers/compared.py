"""Two things set side by side (``THCS với THPT khác gì nhau``): both are told, and what the text does not tell of is named."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from rag.answers.agreement import asked, told_apart
from rag.answers.base import Reply
from rag.documents import Document
from rag.finding.choice import Candidate
from rag.finding.documents_named import COMPARES
from rag.finding.search import Searcher
from rag.language.numbers import parse_number
from rag.language.text import normalise
from rag.question.mentions import NumberMention
from rag.question.understanding import Question
from rag.slots.named import Named, sides, tells_of
from rag.slots.tokens import tokens

Say = Callable[[Candidate], Reply]
_SIDES_TOLD = 3  # sides of a comparison
_NOT_FOUND = "{document}: tôi chưa tìm được chỗ nói rõ việc này."
_COMPARED_SHARE = 0.5  # of the question, in what another document or the provision beside says


def both_sides(searcher: Searcher, question: Question, candidates: Sequence[Candidate], reply: Reply, say: Say) -> Reply:
    """Return a reply with what other candidates ``say`` of the sides that it does not tell of."""
    supposed = asked(searcher, question)
    wanted = sides(supposed.row)
    missing = [side for side in wanted if not _tells(side, reply.text, *(finding.quote for finding in reply.findings))]
    if not missing or len(missing) == len(wanted):
        return reply
    told = {finding.provision.id for finding in reply.findings}
    lines, findings, left = [reply.text], list(reply.findings), []
    for side in missing[:_SIDES_TOLD]:
        other = next(
            (one for one in candidates if one.provision.id not in told and _tells(side, one.provision.text, *one.provision.headings)), None
        )
        if other is None:
            left.append(supposed.called(side.called.split()))
            continue
        more = say(other)
        lines.append(more.text)
        findings += more.findings
        told.add(other.provision.id)
    both = replace(reply, text="\n".join(lines), findings=tuple(findings))
    return told_apart(both, left)


def both_documents(searcher: Searcher, question: Question, documents: Sequence[Document], reply: Reply, say: Say) -> Reply:
    """Return a reply with what each other document that the question names says of the same."""
    told = {finding.provision.document for finding in reply.findings}
    if len(documents) < 2 or not told & {document.number for document in documents}:
        return reply
    lines, findings = [reply.text], list(reply.findings)
    for document in (document for document in documents if document.present and document.number not in told):
        parsed = parse_number(document.number)
        mention = (
            NumberMention(document.number, parsed.serial, parsed.year, "", parsed.symbol) if parsed else NumberMention(document.number, "")
        )
        alone = replace(question, mentions=replace(question.mentions, numbers=(mention,)))
        found = [
            one
            for one in searcher.choose(alone).candidates
            if one.provision.document == document.number and one.coverage >= _COMPARED_SHARE
        ]
        if not found:
            lines.append(_NOT_FOUND.format(document=document.name))
            continue
        more = say(found[0])
        lines.append(f"{document.name}: {more.text}")
        findings += more.findings
    return replace(reply, text="\n".join(lines), findings=tuple(findings))


def with_sibling(question: Question, candidates: Sequence[Candidate], reply: Reply, say: Say) -> Reply:
    """Return a reply to a comparison with what the next likely provision says, where it stands beside the first."""
    if len(candidates) < 2 or not COMPARES.search(question.said) or len({one.provision.id for one in reply.findings}) > 2:
        return reply
    first, other = candidates[:2]
    if other.provision.parent != first.provision.parent or other.coverage < _COMPARED_SHARE:
        return reply
    more = say(other)
    return replace(reply, text=f"{reply.text}\n{more.text}", findings=(*reply.findings, *more.findings))


def _tells(side: Named, *texts: str) -> bool:
    return any(tells_of(side, tokens(normalise(text))) for text in texts)
