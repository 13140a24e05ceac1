"""What is known of a document, as a statement with its source."""

from __future__ import annotations

import re
from dataclasses import replace

from rag.answers.base import NAMED_ONLY_NOTE, Finding, Reply, bullet_list, clause_with, quote_of, sentence_case, sentence_with
from rag.choosing.evidence import Words, share
from rag.documents import Document, Provision, Reference
from rag.finding.letterheads import ABOUT_IT
from rag.finding.search import Searcher
from rag.language.numbers import DATE, iso_date, parse_number
from rag.language.text import canonical, fold, sentences
from rag.question.understanding import Question, Term

STATED_SHARE = 0.6  # of the question, in the statement of what a document is
SIGNER = re.compile(r"\b(?:ai|nguoi nao|nguoi|do ai|dong chi nao) (?:da )?ki\b|\bki (?:boi|ban hanh|so|ten)\b|\bnguoi ki\b|\bki\b")
WHO_SIGNED = re.compile(r"\b(?:ai|nguoi nao|dong chi nao|ong nao|ba nao|do ai)\b.*\bki\b|\bnguoi ki\b|\bki (?:boi|ten|ban hanh)\b")
_WHERE_NAMED = re.compile(r"\b(?:nhac|de cap|dan chieu|noi) (?:den|toi)\b|\blien quan (?:den )?gi\b")
WHEN = re.compile(r"\b(?:ngay (?:nao|may|bao nhieu)|hom nao|khi nao|bao gio)\b")
WHAT = re.compile(r"\b(?:gi|ve|noi dung|trich yeu|ten)\b")
EFFECT = re.compile(r"\bhieu luc\b|\bap dung (?:ngay |luon )?(?:ke )?tu\b|\bchay luon tu\b")
_SIGNS = canonical("ký")


def asks_who_signed(question: Question) -> bool:
    """Say whether it is asked who signed a document; ``kỳ`` sounds like ``ký``."""
    return bool(WHO_SIGNED.search(question.folded)) and any(canonical(word) == _SIGNS for word in question.whole.split())


def lines_of_signers(text: str) -> list[str]:
    """Return the lines of a signature without those to whom the document goes."""
    return [line for line in text.splitlines() if not line.startswith(("-", "Nơi nhận"))]


def statements(searcher: Searcher, documents: list[Document], question: Question) -> Reply:
    lines: list[str] = []
    findings: list[Finding] = []
    notes: list[str] = []
    rest = tuple(term for term in question.terms if term.folded not in ABOUT_IT)
    for document in documents:
        made = _loaded(searcher, document, question) if document.present else _named(searcher, document, question, rest)
        lines += [finding.text for finding in made[:1]] if not document.present else [finding.text for finding in made]
        findings += made
        if not document.present:
            notes.append(NAMED_ONLY_NOTE.format(label=document.name))
    lead = bullet_list(list(dict.fromkeys(lines)))
    return Reply(lead, tuple(findings), tuple(notes), "document", numbers=tuple(document.number for document in documents))


def _named(searcher: Searcher, document: Document, question: Question, rest: tuple[Term, ...]) -> list[Finding]:
    """Where a document that is not loaded is named; the fullest statement first."""
    references = sorted(searcher.references(document.number), key=lambda pair: (-bool(pair[0].issued), -len(pair[0].quote)))
    if not references:
        return []
    reference, _ = references[0]
    text = sentence_case(reference.quote)
    if document.issuer and fold(document.issuer.split(" tỉnh")[0]) not in fold(text):
        text += f" ({document.issuer})"
    findings = [_finding(text, reference, provision) for reference, provision in references[:3]]
    if _WHERE_NAMED.search(question.said) or EFFECT.search(question.said):
        around = [clause_with(text, reference.quote) for text, (reference, _) in zip(_around(references), references, strict=True)]
        return [replace(finding, text=text) for finding, text in zip(findings, around, strict=False)]
    if rest and share(rest, [(1.0, Words(text))], searcher.weights) < STATED_SHARE:
        # what is asked stands not in the statement itself, but in the sentence around it
        told = zip(_around(references), references, strict=True)
        worth, text, quote = max((share(rest, [(1.0, Words(text))], searcher.weights), text, pair[0].quote) for text, pair in told)
        if worth >= STATED_SHARE:
            return [replace(findings[0], text=clause_with(text, quote)), *findings[1:]]
    return findings


def _around(references: list[tuple[Reference, Provision]]) -> list[str]:
    return [sentence_with(provision, reference.quote) for reference, provision in references]


def _finding(text: str, reference: Reference, provision: Provision) -> Finding:
    note = next((index for index, note in enumerate(provision.footnotes) if reference.quote in note.text), -1)
    if note >= 0:
        return Finding(text, provision, provision.footnotes[note].text, note)
    return Finding(text, provision, reference.quote if reference.quote in provision.text else quote_of(provision))


def _loaded(searcher: Searcher, document: Document, question: Question) -> list[Finding]:
    """What a loaded document is: from its head, its signature where that is asked."""
    provisions = searcher.store.of_document(document.number)
    head = next((provision for provision in provisions if provision.kind == "head"), provisions[0])
    day = _day_in(head, document)
    called = f"{document.kind} số {document.number}".strip() if document.numbered else document.name
    parts = [called, day, f"của {document.issuer}" if document.issuer else ""]
    titled = document.title and not (
        day and WHEN.search(question.folded) and not WHAT.search(question.folded)
    )  # who asks when is not told what about
    text = f"{' '.join(part for part in parts if part)}: {document.title}" if titled else " ".join(part for part in parts if part)
    findings = [Finding(sentence_case(text), head, _head_quote(head, document, day))]
    if not day and (passing := next((provision for provision in reversed(provisions) if _day_in(provision, document)), None)):
        # a law says at its end when it was passed (thông qua)
        said = sentence_with(passing, _day_in(passing, document))
        findings.append(Finding(said, passing, said))
    if document.effective and EFFECT.search(question.folded):
        findings = effect_of(provisions, document) or findings
    signature = next((provision for provision in provisions if provision.kind == "signature"), None)
    if signature and SIGNER.search(question.folded):
        lines = [line for line in lines_of_signers(signature.text) if line.strip()]
        if lines:
            return [Finding("; ".join(lines), signature, "\n".join(lines)), *findings]
    if WHO_SIGNED.search(question.folded):
        findings[0] = replace(findings[0], text=f"Bản đang có không ghi người ký. {findings[0].text}")
    return findings


def _day_in(provision: Provision, document: Document) -> str:
    """The day of issue as the provision writes it, empty where it does not."""
    return next((found.group() for found in DATE.finditer(provision.text) if iso_date(found) == document.issued), "")


def effect_of(provisions: list[Provision], document: Document) -> list[Finding]:
    """Return where a document says from when it is in force, in its own words."""
    for provision in provisions:
        for start, end in sentences(provision.text):
            sentence = provision.text[start:end]
            if "hiệu lực" in sentence and any(iso_date(found) == document.effective for found in DATE.finditer(sentence)):
                return [Finding(f"{document.name}: {sentence}", provision, sentence)]
    return []


def _head_quote(head: Provision, document: Document, day: str) -> str:
    """The lines of the head that say what the document is."""
    lines = head.text.splitlines()
    number = parse_number(document.number)
    serial = number.serial if number else document.number
    last = max(
        (index for index, line in enumerate(lines) if (day and day in line) or serial in line or line[:40] in document.title), default=0
    )
    about = [index for index, line in enumerate(lines) if document.title and fold(document.title[:40]) in fold(line)]
    return "\n".join(lines[: max([last, *about]) + 1]) if head.kind == "head" else quote_of(head)
