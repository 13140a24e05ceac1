"""Whether a document holds (``còn hiệu lực không?``), what it replaces and what replaces it, as far as that is written."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from rag.answers.base import Finding, Reply, quote_of, validity_source
from rag.answers.outcomes import NotMine, Outcome, Reason, Refused
from rag.answers.statements import WHO_SIGNED, effect_of, statements
from rag.documents import ENDED, Document, Provision, Validity
from rag.finding.search import Searcher
from rag.language.kinds import EVERYDAY, any_of, typed
from rag.language.numbers import clean_number, find_numbers, number_key, same_number
from rag.language.text import fold, fold_tokens, sentences, squeeze, syllables
from rag.question.closed import topic_beside
from rag.question.understanding import Question

_WORDS = "standing_words.txt"
_HOLDS = re.compile(
    r"\b(?:con|het|co) hieu luc\b(?!.*\b(?:tu|vao) (?:ngay|khi|luc|nam|bao gio)\b)(?!.*\b(?:ngay nao|khi nao|bao gio|ngay may|luc nao)\b)"
)
_REPLACED = re.compile(
    r"\b(?:bi|duoc) (?:\w+ ){0,6}?(?:thay the|thay|bai bo|huy bo)\b|\bthay the chua\b|\b(?:cai|van ban) nao thay (?:the )?(?:no|cho no)\b"
)
_REPLACES = re.compile(
    r"(?<!bi )(?<!duoc )\b(?:thay the|thay|bai bo|huy bo)(?: \w+){0,4} (?:nao|gi|may)\b|\bco (?:\w+ ){0,4}(?:bai bo|thay the)\b"
)
_SAYS_REPLACES = re.compile(r"\b(?:thay the|bai bo|huy bo|het hieu luc)\b")  # folded: of a scan a mark is soon lost
_ACT = re.compile(rf"\b(?:{any_of(*typed(*EVERYDAY, 'Quy định', 'Quy chế'))})\b")
_YEAR = re.compile(r"\b(?:nam|cuoi|dau|toi|den|qua|trong) (20\d\d)\b")
_MOST = 3
_WORDS_OF = {
    "replaced": "Không còn hiệu lực: {name} đã được thay thế{by}{source}.",
    "expired": "Không còn hiệu lực: {name} đã hết hiệu lực{by}{source}.",
    "amended": "{name} đã được sửa đổi, bổ sung{by}{source}; các văn bản đang có không nói văn bản này hết hiệu lực.",
    "in_force": "Theo danh mục của kho, {name} còn hiệu lực{then}{source}.",
    "unknown": (
        "Các văn bản đang có không nói {name} đã hết hiệu lực hay bị thay thế, nên tôi không khẳng định được{then}; hãy kiểm tra thêm."
    ),
}


def answer_standing(searcher: Searcher, question: Question, documents: list[Document], today: date) -> Outcome:
    """Return whether the document that the question names holds, or what replaces what; refuse where no place here says so."""
    told = _told(searcher, question, documents, today)
    if told is None:
        return NotMine()
    return replace(told, day=today) if told.findings else Refused(Reason.NOTHING_THERE, told.text)


def _told(searcher: Searcher, question: Question, documents: list[Document], today: date) -> Reply | None:
    """What is told, with where that stands; ``None`` where something else is asked."""
    titled = frozenset(fold_tokens(syllables(" ".join(f"{document.title} {document.issuer}" for document in documents))))
    if not documents or question.mentions.dates or topic_beside(question, _WORDS, titled):
        return None  # whether it holds from a given day is a statement of the text, to be confirmed or corrected
    if len(documents) == 2:
        return _one_and_other(searcher, question, *documents)
    if len(documents) > 1:
        return None
    document = documents[0]
    replies = [_holds(searcher, question, document, today)] if _HOLDS.search(question.folded) else []
    if document.present and _REPLACES.search(question.folded) and (said := _replaces(searcher, document)):
        replies.append(said)
    if (document.present or document.validity_by or document.followed_by) and _REPLACED.search(question.folded):
        replies.append(_replaced(searcher, document))
    if replies and document.present and WHO_SIGNED.search(question.folded):
        replies.append(statements(searcher, [document], question))
    if len(replies) < 2:
        return next(iter(replies), None)
    return Reply(
        "\n".join(reply.text for reply in replies),
        tuple(finding for reply in replies for finding in reply.findings),
        kind="document",
        numbers=(document.number,),
    )


def _one_and_other(searcher: Searcher, question: Question, first: Document, second: Document) -> Reply | None:
    """Whether a loaded document says that it replaces another one: its sentences, or that it has none."""
    if not re.search(r"\b(?:thay the|bai bo|huy bo)\b", question.folded):
        return None
    by, other = (second, first) if re.search(r"\b(?:bi|duoc)\b.*\b(?:thay the|bai bo)\b", question.folded) else (first, second)
    if not by.present:
        return None
    found = [finding for finding in _said_to_replace(searcher, by) if _names(finding.quote, other)]
    if found:
        return Reply("\n".join(finding.text for finding in found[:_MOST]), tuple(found[:_MOST]), kind="document", numbers=(by.number,))
    if by.read_as == "ocr":
        return None
    lead = f"{by.name} không có câu nào nói thay thế hay bãi bỏ {other.name}."
    named = [finding for finding in _where(searcher, other) if finding.provision.document == by.number]
    return Reply(lead, tuple(named), kind="document", numbers=(by.number,))


def _holds(searcher: Searcher, question: Question, document: Document, today: date) -> Reply:
    """From when it is in force, in its own words, and what is known of its end on the day that is asked about."""
    year = _asked_year(question)
    day = min(today, date(year, 12, 31)) if year else today
    name = document.name
    findings = effect_of(searcher.store.of_document(document.number), document) if document.effective else []
    validity = searcher.validity(document.number, day)
    if validity == "not_yet":
        when = f" từ ngày {date.fromisoformat(document.effective):%d/%m/%Y}" if document.effective else ""
        told = f"Chưa: {findings[0].text}" if findings else f"Chưa: {name} có hiệu lực{when}."
        lead = told if when else f"Chưa: {name} được ban hành sau thời điểm đó."
        return Reply(lead, tuple(findings or _where(searcher, document)), kind="document", numbers=(document.number,))
    then = f" vào ngày {day:%d/%m/%Y}" if day < today else f" cho năm {year}" if year else ""
    lead = _verdict(document, validity, then)
    lines = [*(finding.text for finding in findings), lead] if validity in ("unknown", "in_force") else [lead]
    if (now := searcher.validity(document.number, today)) != validity:
        lines.append(f"Đến nay: {_verdict(document, now, '')}")
    if document.followed_by:
        lines.append(_followed(searcher, document))
    if not document.present:
        lines.insert(0, f"Kho chưa có toàn văn {name}.")
    made = _doer(searcher, document) or findings or _where(searcher, document)
    return Reply("\n".join(lines), tuple(made), kind="document", numbers=(document.number,))


def _verdict(document: Document, validity: Validity, then: str) -> str:
    """What is known of its end; ``then`` says of which day that is, where it is not today."""
    by = f" bởi {document.validity_by}" if document.validity_by else ""
    return _WORDS_OF[validity].format(name=document.name, by=by, source=validity_source(document), then=then)


def _asked_year(question: Question) -> int:
    years = _YEAR.findall(question.said)
    return int(years[-1]) if years else 0


def _replaced(searcher: Searcher, document: Document) -> Reply:
    if document.validity in ENDED and document.validity_by:
        verb = "thay thế" if document.validity == "replaced" else "bãi bỏ"
        lead = f"{document.name} đã bị {document.validity_by} {verb}{validity_source(document)}."
        made = _doer(searcher, document) or _where(searcher, document)
        return Reply(lead, tuple(made), kind="document", numbers=(document.validity_by,))
    lead = f"Các văn bản đang có không nói {document.name} bị văn bản nào thay thế."
    if document.followed_by:
        lead += f" {_followed(searcher, document)}"
    return Reply(lead, tuple(_where(searcher, document)), kind="document", numbers=(document.number,))


def _replaces(searcher: Searcher, document: Document) -> Reply | None:
    """The sentences in which it says that it replaces others; where there is none, that it does not say so."""
    found = _said_to_replace(searcher, document)
    if not found and _may_replace(searcher, document):
        return None
    if not found:
        return Reply(f"{document.name} không ghi thay thế hay bãi bỏ văn bản nào.", (), kind="document")
    return Reply("\n".join(finding.text for finding in found[:_MOST]), tuple(found[:_MOST]), kind="document", numbers=(document.number,))


def _said_to_replace(searcher: Searcher, document: Document) -> list[Finding]:
    return [
        Finding(squeeze(sentence), provision, sentence)
        for provision in searcher.store.of_document(document.number)
        if not provision.inline
        for sentence in _sentences(provision)
        if _SAYS_REPLACES.search(fold(sentence)) and _names_another(sentence, document)
    ]


def _may_replace(searcher: Searcher, document: Document) -> bool:
    """Whether a sentence may say it of a document without a number that can be read."""
    plain = (fold(sentence) for one in searcher.store.of_document(document.number) for sentence in _sentences(one))
    return any(_SAYS_REPLACES.search(sentence) and _ACT.search(sentence) for sentence in plain)


def _names(text: str, document: Document) -> bool:
    return any(same_number(clean_number(found.group()), document.number) for found in find_numbers(text))


def _sentences(provision: Provision) -> list[str]:
    return [provision.text[start:end] for start, end in sentences(provision.text)]


def _names_another(sentence: str, document: Document) -> bool:
    return any(number_key(clean_number(found.group())) != number_key(document.number) for found in find_numbers(sentence))


def _doer(searcher: Searcher, document: Document) -> list[Finding]:
    """Where the document that replaced this one names it."""
    return [finding for finding in _where(searcher, document) if finding.provision.document == document.validity_by]


def _where(searcher: Searcher, document: Document) -> list[Finding]:
    """Where others name the document; of one that nobody names, its own head."""
    named = [
        Finding("", provision, reference.quote if reference.quote in provision.text else quote_of(provision))
        for reference, provision in searcher.references(document.number)
        if provision.document != document.number
    ]
    own = searcher.store.of_document(document.number)[:1] if document.present else []
    return named[:_MOST] or [Finding("", provision, quote_of(provision)) for provision in own]


def _followed(searcher: Searcher, document: Document) -> str:
    known = searcher.documents.get(document.followed_by)
    return f"Văn bản tiếp nối: {known.name if known else document.followed_by}{validity_source(document)}."
