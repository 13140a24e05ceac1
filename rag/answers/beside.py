"""What is told beside the likeliest provision: the other side, whose the number is, where else it is named."""

from __future__ import annotations

from dataclasses import replace

from rag.answers.agreement import SAYS, kept_apart, named_elsewhere
from rag.answers.base import Reply
from rag.answers.compared import both_documents, both_sides, with_sibling
from rag.answers.order import in_order
from rag.answers.provisions import answer_provision
from rag.documents import Document
from rag.finding.choice import Candidate, Choice
from rag.finding.search import Searcher
from rag.language.numbers import EMAIL, LINK, PHONE
from rag.question.understanding import Question

_KEY_SHARE = 0.5  # of what is asked, in another provision that has a number or mailbox
_LOOKED_AT = 3


def with_what_is_asked(searcher: Searcher, question: Question, reply: Reply) -> Reply:
    """Tell, beside whose number or mailbox a question gives, what it asks about where that has another one (``gửi về đây đúng không?``)."""
    mentions = question.mentions
    if "yesno" not in question.kinds or not (mentions.phones or mentions.emails or mentions.links):
        return reply
    told = {finding.provision.outer for finding in reply.findings}
    found = in_order(searcher, question, searcher.choose(question)).candidates
    other = next((one for one in found[:_LOOKED_AT] if one.coverage >= _KEY_SHARE and _has_key(one.provision.whole_text)), None)
    if other is None or other.provision.outer in told:
        return reply
    said = answer_provision(searcher, replace(question, kind="general"), [other])
    return replace(reply, text=f"{SAYS}{reply.text.removeprefix(SAYS)}\n{said.text}", findings=(*reply.findings, *said.findings))


def _has_key(text: str) -> bool:
    return any(pattern.search(text) for pattern in (PHONE, EMAIL, LINK))


def told_of_all(searcher: Searcher, question: Question, choice: Choice, reply: Reply) -> Reply:
    """Say what the provision does not name, unless another one that is about the question names it: then both are told."""
    apart = kept_apart(searcher, question, reply)
    other = named_elsewhere(searcher, question, choice.candidates) if apart is not reply and "yesno" in question.kinds else None
    if other is None or other.provision.id in {finding.provision.id for finding in reply.findings}:
        return apart
    said = answer_provision(searcher, question, [other])
    return replace(reply, text=f"{reply.text}\n{said.text}", findings=(*reply.findings, *said.findings))


def compared(searcher: Searcher, question: Question, documents: list[Document], choice: Choice, reply: Reply) -> Reply:
    """Tell of both what is set side by side."""

    def say(other: Candidate) -> Reply:
        return answer_provision(searcher, question, [other])

    told = both_sides(searcher, question, choice.candidates, reply, say)
    reply = told if told is not reply else with_sibling(question, choice.candidates, reply, say)
    return both_documents(searcher, question, documents, reply, say) if len(documents) > 1 else reply
