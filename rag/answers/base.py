"""What every kind of answer is made of: findings, each a fact with the provision that states it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from rag.answers.doubts import doubt_notes
from rag.choosing.evidence import Sentence
from rag.documents import ENDED, Answer, Citation, Document, Doubt, Provision, Related, Status
from rag.finding.choice import Candidate
from rag.finding.search import Searcher
from rag.language.text import sentences, squeeze

QUOTE_LIMIT = 900
MOST = 560  # characters of an answer that is no list: with what it opens with, no more than 600
RELATED = 3
FIRST_WORDS = 110  # characters
NAMED_ONLY_NOTE = "Kho chưa có toàn văn {label}; câu trả lời lấy từ nơi văn bản này được nêu."


@dataclass(frozen=True, slots=True)
class Finding:
    """A fact for the reader (``text``) and where it stands; ``quote`` is verbatim in the provision or its footnote."""

    text: str
    provision: Provision
    quote: str = ""
    note: int = -1


@dataclass(frozen=True, slots=True)
class Reply:
    """What a kind of answer found: the lead text and the findings that carry it.

    ``people`` and ``numbers`` are whom and which documents it names, for what is asked next. ``day`` is the day as of which the
    validity of its documents is told, where that is another one than the question asks for.
    """

    text: str
    findings: tuple[Finding, ...]
    notes: tuple[str, ...] = ()
    kind: str = ""
    people: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    day: date | None = None


def quote_of(provision: Provision, sentence: Sentence | None = None) -> str:
    """Return the verbatim quote for a provision: all of it when short, else the sentence and what follows it."""
    if sentence is not None and sentence.note >= 0:
        return sentence.text
    text = provision.text or provision.heading
    if len(text) <= QUOTE_LIMIT or sentence is None:
        return text if len(text) <= QUOTE_LIMIT else _cut(text)
    start = max(0, min(sentence.start, len(text) - QUOTE_LIMIT))
    start = sentence.start if sentence.end - start > QUOTE_LIMIT else text.rfind(" ", 0, start + 1) + 1
    return _cut(text[start:])


def _cut(text: str) -> str:
    if len(text) <= QUOTE_LIMIT:
        return text
    at = max(text.rfind(". ", 0, QUOTE_LIMIT), text.rfind("; ", 0, QUOTE_LIMIT)) + 1
    return text[: at if at > QUOTE_LIMIT // 3 else text.rfind(" ", 0, QUOTE_LIMIT)]


def citation(searcher: Searcher, finding: Finding, day: date | None = None) -> Citation:
    """Return the citation of a finding, with the page on which its quote begins."""
    provision = finding.provision
    quote = finding.quote or quote_of(provision)
    page, extra = provision.page, ""
    note = next((note for index, note in enumerate(provision.footnotes) if index == finding.note or (quote == note.text)), None)
    if note is not None:
        page, extra = note.page, f"chú thích {note.mark}"
    elif (at := provision.text.find(quote)) >= 0:
        page = provision.page_at(at)
    return Citation(
        document=provision.document,
        section=provision.section,
        page=page,
        quote=quote,
        label=searcher.label(provision, page, extra),
        validity=searcher.validity(provision.document, day),
        doubtful=bool(_doubts(finding, quote)) or provision.confidence < 0.5,
    )


def _narrowed(searcher: Searcher, finding: Finding) -> Finding:
    """Point at the inline item ``(2)`` that holds the whole quote rather than at the paragraph around it."""
    if not finding.quote or finding.note >= 0 or finding.provision.inline:
        return finding
    items = [child for child in searcher.store.children(finding.provision.id) if child.inline]
    quote = finding.quote.strip(" ;\n")  # what parts the items belongs to none of them
    holder = next((item for item in items if quote in item.text), None)
    return replace(finding, provision=holder, quote=quote) if holder else finding


def _doubts(finding: Finding, quote: str) -> list[str]:
    return [doubt.reading for doubt in finding.provision.doubts if doubt.reading in quote or doubt.reading in finding.text]


def answered(searcher: Searcher, question: str, reply: Reply, day: date | None = None) -> Answer:
    """Return the answer that a reply makes; validity is told as of ``day``."""
    unique: dict[tuple[str, str, str], Citation] = {}
    doubts: list[Doubt] = []
    for given in reply.findings:
        finding = _narrowed(searcher, given)
        made = citation(searcher, finding, day)
        unique.setdefault((made.document, made.section, made.quote), made)
        doubts += [doubt for doubt in finding.provision.doubts if doubt.reading in reply.text]
    notes = [*reply.notes, *doubt_notes(doubts)]
    notes += _validity_notes(searcher, unique.values(), day)
    if searcher.snapshot.warning:
        notes.append(searcher.snapshot.warning)
    return Answer(question, "answered", reply.text, tuple(unique.values()), notes=tuple(dict.fromkeys(notes)), kind=reply.kind)


def _validity_notes(searcher: Searcher, citations: Iterable[Citation], day: date | None) -> list[str]:
    words = {
        "replaced": "Văn bản {number} đã được thay thế{by}{source}.",
        "amended": "Văn bản {number} đã được sửa đổi, bổ sung{by}{source}.",
        "expired": "Văn bản {number} đã hết hiệu lực{source}.",
        "not_yet": "Văn bản {number} chưa có hiệu lực{on}.",
    }
    on = f" vào ngày {day:%d/%m/%Y}" if day else ""
    notes = []
    for made in citations:
        if made.validity == "in_force" and searcher.documents[made.document].validity in ENDED:
            notes.append(f"Văn bản {made.document} còn hiệu lực vào thời điểm thầy cô hỏi; nay không còn.")
        if made.validity in words:
            document = searcher.documents[made.document]
            by = f" bởi {document.validity_by}" if document.validity_by else ""
            notes.append(words[made.validity].format(number=made.document, by=by, on=on, source=validity_source(document)))
    return notes


def validity_source(document: Document) -> str:
    """Return, in brackets, where its validity is known from when the loaded texts do not say it; else nothing."""
    return f" ({document.validity_source})" if document.validity_source else ""


def offered(searcher: Searcher, question: str, text: str, near: list[Candidate], day: date | None) -> Answer:
    """Return an offer: ``near`` provisions, quoted and cited, without any claim."""
    made = [
        citation(searcher, Finding("", candidate.provision, quote_of(candidate.provision, candidate.sentence)), day) for candidate in near
    ]
    lines = [
        f"{at}. {one.label}: {first_words(candidate.provision)}" for at, (one, candidate) in enumerate(zip(made, near, strict=True), 1)
    ]
    warning = [searcher.snapshot.warning] if searcher.snapshot.warning else []
    notes = (*_validity_notes(searcher, made, day), *warning)
    return Answer(question, "offered", "\n".join([text, *lines]), tuple(made), notes=tuple(dict.fromkeys(notes)), kind="offered")


def first_words(provision: Provision) -> str:
    """Return the heading of a provision, or how its text begins."""
    text = squeeze(provision.heading or provision.text)
    return text if len(text) <= FIRST_WORDS else f"{text[: text.rfind(' ', 0, FIRST_WORDS)]}…"


def not_found(searcher: Searcher, question: str, text: str, near: list[Candidate], notes: tuple[str, ...] = ()) -> Answer:
    """Return a refusal in one polite sentence, with the nearest provisions."""
    related = tuple(
        Related(c.provision.document, c.provision.section, c.provision.page, searcher.label(c.provision), first_words(c.provision))
        for c in near[:RELATED]
    )
    warning = (searcher.snapshot.warning,) if searcher.snapshot.warning else ()
    return Answer(question, "not_found", text, related=related, notes=(*notes, *warning), kind="not_found")


def chat(question: str, text: str) -> Answer:
    """Return small talk."""
    status: Status = "chat"
    return Answer(question, status, text, kind="chat")


def sentence_with(provision: Provision, piece: str) -> str:
    """Return the sentence of a provision, or of its footnotes, in which ``piece`` stands; empty when in none."""
    for text in (provision.text, *(note.text for note in provision.footnotes)):
        at = text.find(piece)
        if at >= 0:
            whole = text is not provision.text  # a footnote is said in one breath
            return text if whole else next((text[start:end] for start, end in sentences(text) if start <= at < end), text)
    return ""


def clause_with(text: str, piece: str) -> str:
    """Return the clause of a long ``text`` in which ``piece`` stands, with what stands in brackets behind it."""
    found, at = sentences(text), text.find(piece)
    place = next((number for number, (start, end) in enumerate(found) if start <= at < end), None)
    if len(text) <= MOST or place is None:
        return text
    first = place - 1 if place and text[found[place][0]] == "(" else place
    last = place
    while last + 1 < len(found) and text[found[last + 1][0]] == "(":
        last += 1
    return text[found[first][0] : found[last][1]].rstrip(" ;")


def bullet_list(items: list[str]) -> str:
    """Return items as lines, a lone one without a dash."""
    return items[0] if len(items) == 1 else "\n".join(f"- {item}" for item in items)


def sentence_case(text: str) -> str:
    """Return ``text`` with a capital first letter."""
    text = squeeze(text)
    return text[:1].upper() + text[1:]


def vietnamese_date(day: str) -> str:
    """Return an ISO date as people write it (``10/01/2026``)."""
    return date.fromisoformat(day).strftime("%d/%m/%Y")
