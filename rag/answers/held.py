"""Holds what a package's kind of answer says to the documents, as strictly as what a language model writes.

Each fact is cited with words that stand there, every sentence says what its sources say, and what the question names has to
stand there too. What is known of a document beside its text (its name, issuer, date, title, number of pages) counts as its source.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from rag.answers.agreement import kept_apart
from rag.answers.base import Finding, Reply, vietnamese_date
from rag.answers.gates import is_elsewhere, lacking
from rag.answers.kind import Inquiry
from rag.answers.outcomes import Reason
from rag.answers.verdicts import RECKONED, SUPPOSED
from rag.documents import Provision
from rag.finding.choice import Candidate
from rag.finding.search import Searcher
from rag.language.text import normalise, sentences, squeeze
from rag.slots.source import Source


def fault_of(inquiry: Inquiry, reply: Reply) -> str:
    """Return why a reply may not be said (Vietnamese), empty where it may."""
    return next(_faults(inquiry, reply), "")


def _faults(inquiry: Inquiry, reply: Reply) -> Iterator[str]:
    searcher, question = inquiry.searcher, inquiry.question
    if not reply.findings or not reply.text.strip():
        yield "không dẫn nguồn nào"
        return
    for finding in reply.findings:
        yield from _faults_of_finding(searcher, finding)
        if finding.provision.document in question.elsewhere:
            yield Reason.ELSEWHERE.why
    if is_elsewhere(reply, inquiry.documents):
        yield Reason.ELSEWHERE.why
    cited = list({finding.provision.id: finding.provision for finding in reply.findings}.values())
    if gate := lacking(searcher, question, [Candidate(searcher.passage(provision), None, 0.0, 0.0) for provision in cited]):
        yield Reason.DISAGREES.why.format(what=gate)
    told = replace(reply, findings=tuple(replace(finding, text=reply.text) for finding in reply.findings))
    if kept_apart(searcher, question, told) is not told:
        yield "câu hỏi nêu điều mà nguồn không nêu"
    yield from _faults_of_words(searcher, cited, reply.text)


def _faults_of_finding(searcher: Searcher, finding: Finding) -> Iterator[str]:
    provision = finding.provision
    if searcher.store.provisions([provision.id]).get(provision.id) != provision:
        yield "dẫn một điều khoản không có trong kho"
        return
    texts = (provision.heading, provision.text, *(note.text for note in provision.footnotes))
    if not finding.quote.strip() or not any(finding.quote in text for text in texts):
        yield f"trích lời không có trong nguồn: “{finding.quote[:100]}”"


def _faults_of_words(searcher: Searcher, cited: list[Provision], text: str) -> Iterator[str]:
    """What of the sentences their sources do not say."""
    from rag.verification.checker import Checker
    from rag.verification.replies import cleaned

    checker = Checker([Source(provision.whole_text, _known_around(searcher, provision)) for provision in cited])
    places = "".join(f" [{number}]" for number in range(1, len(cited) + 1))
    for line in normalise(text).split("\n"):
        for start, end in sentences(line):
            said = squeeze(line[start:end]).removeprefix("- ").rstrip(" .;")
            claim = f"{said}{places}."
            if said.startswith(tuple(word.rstrip(".") for word in (*SUPPOSED, *RECKONED))) or cleaned(claim) != claim:
                yield f"tự phán đúng sai, kịp hay không: “{said}”"
            elif fault := checker.verify(claim).fault:
                yield fault


def _known_around(searcher: Searcher, provision: Provision) -> str:
    """What a provision stands in, and what is known of its document beside its text."""
    document = searcher.documents[provision.document]
    issued = f" ngày {vietnamese_date(document.issued)}" if document.issued else ""
    name = f"{document.name}{issued} của {document.issuer}: {document.title}"
    pages = f"{document.name} có {document.pages} trang." if document.pages else ""
    return "\n".join(filter(None, (name, *provision.headings, searcher.label(provision), pages)))
