"""What a document is: its number, kind, issuer, date and title; what it amends and what amends it."""

from __future__ import annotations

import re

from rag.answers.base import Reply, sentence_with
from rag.answers.statements import EFFECT, SIGNER, WHO_SIGNED, statements
from rag.choosing.evidence import Words, share
from rag.documents import Document
from rag.finding.documents_named import ABOUT
from rag.finding.letterheads import ABOUT_IT
from rag.finding.search import Searcher
from rag.language.numbers import same_number
from rag.question.understanding import Question, Term

_LOADED_SHARE = 0.85  # of the question, in what is known of a document whose text would say the rest
_NAMED_SHARE = 0.5  # of the question, in what is known of a document that is only named
_DETAIL, _FAR_MORE = 3, 0.3  # topic words, and the share of them
_ABOUT_LOADED = frozenset(("ban hanh ki noi dung hieu luc so ten trich yeu ngay ra").split())
_DETAIL_KINDS = ("figure", "procedure", "contact", "address", "list")
_RELATION = re.compile(r"\b(?:sua doi|thay the|bo sung|bai bo|trien khai|thuc hien|huong dan|dieu chinh|can cu|cu the hoa)\b")
_WHO_IS = re.compile(r"\bla ai$|^ai la\b|\bla nhung ai\b")
_PERSON = re.compile(r"Thủ tướng|Bộ trưởng|Chủ tịch|Giám đốc|Thứ trưởng")
_SPAN = re.compile(r"\b(?:giai doan|tam nhin|den nam|nam nao|nam bao nhieu)\b")
_CONFIRM = re.compile(
    r"\b(?:phai|dung|co dung) (?:khong|chua|vay|k|roi)\b|\bco phai\b| (?:a|ha|nhi|u)(?: .{0,15})?$|\bma nhi\b|"
    r"\b(?:ban hanh|ki)\b.*\b(?:khong|chua)\b"
)


def answer_document(searcher: Searcher, question: Question, documents: list[Document]) -> Reply | None:
    """Return what is known of the documents that the question names, or ``None`` where it asks for more than that."""
    if related := _related(searcher, question, documents):
        return statements(searcher, related, question)
    rest = tuple(
        term
        for term in question.terms
        if term.folded not in ABOUT_IT and not term.light and not re.fullmatch(r"(?:19|20)\d\d", term.folded)
    )
    stated = [document for document in documents if _is_answered_by(searcher, question, rest, document)]
    return statements(searcher, stated, question) if stated else None


def tells_more(searcher: Searcher, question: Question, said: Reply, told: Reply) -> bool:
    """Say whether what a provision ``said`` has far more of what is asked than what is ``told`` of the document it stands in."""
    rest = tuple(term for term in question.terms if term.folded not in ABOUT_IT and not term.light)
    return len(rest) >= _DETAIL and _share_of(searcher, rest, said) >= _share_of(searcher, rest, told) + (
        0.0 if "yesno" in question.kinds else _FAR_MORE
    )


def tells_enough(searcher: Searcher, question: Question, told: Reply, said: Reply) -> bool:
    """Say whether what is ``told`` of a document judges what a question supposes: half of it, and no less than a provision ``said``."""
    rest = tuple(term for term in question.terms if term.folded not in ABOUT_IT and not term.light)
    loaded = all(searcher.documents[number].present for number in told.numbers if number in searcher.documents)
    enough = len(rest) < _DETAIL or not loaded or _share_of(searcher, rest, told) >= _NAMED_SHARE
    return enough and not tells_more(searcher, question, said, told)


def _share_of(searcher: Searcher, terms: tuple[Term, ...], reply: Reply) -> float:
    return share(terms, [(1.0, Words(text)) for text in (reply.text, *(finding.quote for finding in reply.findings))], searcher.weights)


def _is_answered_by(searcher: Searcher, question: Question, rest: tuple[Term, ...], document: Document) -> bool:
    if _WHO_IS.search(question.folded) and not document.present and not SIGNER.search(question.folded):
        return False
    if WHO_SIGNED.search(question.folded) and not document.present and not _PERSON.match(document.issuer):
        return False  # who issued it is known, not who signed it
    if document.present:
        if question.kind in _DETAIL_KINDS and not ABOUT.search(question.said):
            return False
        if question.kind == "document" and _RELATION.search(question.said):
            return False  # its own text says what it replaces
        rest = tuple(term for term in question.terms if term.folded not in _ABOUT_LOADED and not term.light)
        if question.kind == "definition" and rest:
            return False  # its own text says what the word means
    references = [] if document.present else searcher.references(document.number)
    texts = [document.title, document.issuer, document.kind, *(reference.quote for reference, _ in references)]
    zones = [(1.0, Words(text)) for text in texts if text]
    zones += [(0.9, Words(sentence_with(provision, reference.quote))) for reference, provision in references]
    enough = _LOADED_SHARE if document.present else _NAMED_SHARE
    covered = share(rest, zones, searcher.weights)
    if rest and covered < enough and not _supposes(question, document.present):
        return False
    asks_detail = (
        question.kind in _DETAIL_KINDS
        and not _SPAN.search(question.folded)
        and not re.search(r"\b(?:ve|noi) (?:viec )?gi\b|\bla gi\b", question.folded)
    )
    return (
        not (asks_detail and rest)
        and not (question.kind == "figure" and not _SPAN.search(question.folded))
        and not (EFFECT.search(question.folded) and not document.effective and document.validity == "unknown")
    )


def _supposes(question: Question, present: bool) -> bool:
    """``QĐ 131 do Bộ trưởng ký phải không?`` is answered by what the document is."""
    if not present:
        return bool(_CONFIRM.search(question.said))
    return "yesno" in question.kinds and bool(re.search(r"\bban hanh\b|\bki\b", question.folded))


def _related(searcher: Searcher, question: Question, documents: list[Document]) -> list[Document]:
    """``kế hoạch nào sửa đổi KH 34``: other documents in whose title the named one stands."""
    # "kế hoạch nào sửa đổi KH 34" asks for another one, "KH 157 sửa đổi kế hoạch nào" for what it says itself
    asks_other = question.kind == "document" and re.search(rf"\b(?:nao|gi)\b.*{_RELATION.pattern}", question.said)
    passive = re.search(
        r"\b(?:bi|duoc) (?:sua doi|thay the|bo sung|bai bo|cu the hoa|trien khai)|sua doi chua|thay the chua", question.folded
    )
    if not (asks_other or passive):
        return []
    return [
        other
        for document in documents
        for other in searcher.documents.values()
        if other.number != document.number and _names(other.title, document.number)
    ]


def _names(title: str, number: str) -> bool:
    words = title.split()
    return any(same_number(word.strip(" ,;.()"), number) for word in words)
