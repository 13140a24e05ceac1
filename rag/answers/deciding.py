"""Question and provisions → answer; decides which kind of answer is asked for, and when there is none.

Every kind of answer has its own module in ``rag.answers`` that returns a reply or ``None``. A ``None`` at the end is a
refusal: nothing is guessed.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from rag.answers import base
from rag.answers.base import Reply
from rag.answers.contacts import answer_contact, answer_named, answer_whose, in_charge, who_may_know
from rag.answers.deadlines import answer_by_date, answer_deadline, with_passed
from rag.answers.documents import answer_document
from rag.answers.fitting import says_whom
from rag.answers.provisions import answer_provision
from rag.answers.recipients import answer_recipients
from rag.answers.sections import answer_outline, answer_section, section_path
from rag.answers.systems import answer_address, answer_what_site
from rag.answers.which import answer_which
from rag.choosing.evidence import coverage
from rag.documents import Answer, Document
from rag.finding.naming import resolve, without_titles
from rag.finding.search import Candidate, Searcher
from rag.finding.validity import asked_day, asks_for_year
from rag.question.mentions import NumberMention
from rag.question.understanding import Question

_MUST = 0.5
_SURE = 0.85
_FEW = 3
_OPINION = re.compile(
    r"\btheo (?:ban|em|anh|chi|y kien|quan diem) (?:cua )?(?:ban|em|anh|chi|thi|co)\b|^theo ban\b|\bban (?:nghi|"
    r"thay|co nghi|danh gia)\b|\by kien cua ban\b|\bco nen\b.*\b(?:khong|ko)\b|\bco (?:nen|tot|hay|thanh cong|hieu qua) (?:khong|ko)\b"
)
_WANTS_NUMBER = re.compile(
    r"\bso (?:dien thoai|may|lien|di dong|dt|cua|nao|zalo)\b|\bdien thoai\b|\bemail\b|\bzalo\b|\bhotline\b|\bxin "
    r"so\b|\bdi dong\b|\bhop thu\b"
)
_YEAR = re.compile(r"\bnam ((?:19|20)\d\d)\b")
_HANDING_IN = re.compile(r"\b(?:gui|nop|bao cao|trinh|chuyen|len)\b")
_SMALL_TALK = {
    "hello": "Xin chào! Tôi tra cứu các văn bản chỉ đạo của ngành giáo dục và luôn dẫn nguồn. Bạn muốn hỏi gì?",
    "thanks": "Rất vui được giúp bạn. Bạn cần hỏi gì thêm cứ nhắn nhé.",
    "bye": "Tạm biệt bạn. Khi cần tra cứu, bạn cứ quay lại nhé.",
    "ok": "Vâng. Bạn cần hỏi gì thêm cứ nhắn nhé.",
    "help": (
        "Tôi là Tra Cứu: tôi trả lời từ văn bản chỉ đạo của ngành giáo dục và luôn dẫn số văn bản, mục, trang và nguyên văn. "
        "Bạn có thể hỏi về thời hạn báo cáo, đầu mối liên hệ, địa chỉ phần mềm, nhiệm vụ của từng đơn vị, số hiệu và nội dung văn bản. "
        "Ví dụ: “Bao giờ nộp báo cáo sơ kết học kì 1?”, “Liên hệ ai về thống kê giáo dục?”, “QĐ 4725 về việc gì?”"
    ),
}
_EMPTY = "Bạn chưa nhập câu hỏi. Hãy hỏi một câu, ví dụ: “Bao giờ nộp báo cáo sơ kết học kì 1?”"
_REFUSAL = "Xin lỗi, tôi không tìm thấy quy định trả lời câu hỏi này trong các văn bản đang có."
_UNKNOWN_NUMBER = "Xin lỗi, trong kho văn bản không có văn bản số {numbers}."
_NAMED_ONLY = "Xin lỗi, kho chưa có toàn văn {documents} nên tôi không trả lời được chi tiết này."


def answer(searcher: Searcher, question: Question, today: date) -> tuple[Answer, Reply | None]:
    """Return the answer to a question, and the reply it is made from (``None`` for small talk and refusals)."""
    if question.chat:
        return base.chat(question.text, _SMALL_TALK[question.chat]), None
    if not question.whole and not question.mentions.numbers and not question.mentions.phones and not question.mentions.links:
        return base.not_found(searcher, question.text, _EMPTY, []), None
    documents = _documents(searcher, question)
    if question.mentions.numbers and not documents and all(_is_year(mention) for mention in question.mentions.numbers):
        question = replace(question, mentions=replace(question.mentions, numbers=()))  # "các thông tư 2025" names no number
    if question.mentions.numbers and not documents:
        numbers = ", ".join(mention.text for mention in question.mentions.numbers)
        return base.not_found(searcher, question.text, _UNKNOWN_NUMBER.format(numbers=numbers), []), None
    question = replace(question, day=asked_day(question, today))
    loaded = [document for document in documents if document.present]
    question = without_titles(question, documents)
    candidates = _candidates(searcher, question, loaded)
    if _OPINION.search(question.said) or (_fixed(question) and not candidates):
        return _refusal(searcher, question, documents, candidates), None
    sure = [candidate for candidate in candidates if candidate.sure]
    reply = _reply(searcher, question, documents, loaded, sure, today)
    if reply is None:
        return _refusal(searcher, question, documents, candidates), None
    return base.answered(searcher, question.text, with_passed(searcher, reply, today), question.day), reply


def _documents(searcher: Searcher, question: Question) -> list[Document]:
    """The documents that the question names; a library's own only, as too many others are named in it."""
    return [document for document in resolve(searcher, question) if document.present or not searcher.broad]


def _candidates(searcher: Searcher, question: Question, loaded: list[Document]) -> list[Candidate]:
    found = searcher.candidates(question, document=loaded[0].number if len(loaded) == 1 else "")
    must = replace(question, terms=question.must)
    fixed = _fixed(question)
    return [
        candidate
        for candidate in found
        if all(candidate.passage.states(phrase) for phrase in fixed)
        and (not question.must or coverage(must, candidate.passage, candidate.sentence, searcher.weights) >= _MUST)
    ]


def _is_year(mention: NumberMention) -> bool:
    return not mention.year and not mention.symbol and bool(re.fullmatch(r"(?:19|20)\d\d", mention.serial))


def _fixed(question: Question) -> list[tuple[str, ...]]:
    """What an answer has to hold to the letter: proper names and the school year."""
    years = (
        []
        if question.mentions.numbers or question.mentions.dates or asks_for_year(question)
        else [(year,) for year in _YEAR.findall(question.said)]
    )
    return [*question.mentions.names, *([question.mentions.school_year] if question.mentions.school_year else []), *years]


def _reply(
    searcher: Searcher, question: Question, documents: list[Document], loaded: list[Document], candidates: list[Candidate], today: date
) -> Reply | None:
    mentions = question.mentions
    if (mentions.phones or mentions.emails or mentions.links) and searcher.broad:
        return None
    if mentions.phones or mentions.emails:
        return answer_whose(searcher, question)
    if mentions.links:
        return answer_what_site(searcher, question)
    if reply := answer_recipients(searcher, question, loaded):
        return reply
    everything = loaded or ([] if searcher.broad else [document for document in searcher.documents.values() if document.present])
    if (not documents or loaded) and (reply := answer_outline(searcher, question, everything)):
        return reply
    topical = [term for term in question.terms if not term.light and term.folded not in ("dieu", "khoan", "diem", "muc", "phu", "luc")]
    by_place = question.kind not in ("deadline", "frequency", "contact", "address")
    by_place &= question.kind not in ("figure", "yesno", "who") or len(topical) <= _FEW
    if by_place and (place := section_path(question)) and (not documents or loaded):
        reply = answer_section(searcher, question, everything)
        if reply or all(term.folded.isdigit() or term.folded in place.lower() for term in topical):
            return reply  # a place that is not there has nothing to say
    if documents:
        reply = answer_document(searcher, question, documents)
        if reply or not loaded:
            return reply or _said_of(searcher, question, documents, candidates)
    return _by_kind(searcher, question, candidates, today)


def _said_of(searcher: Searcher, question: Question, documents: list[Document], candidates: list[Candidate]) -> Reply | None:
    """What a loaded document itself says where it names one that is not loaded (``theo tinh thần Nghị quyết 71``)."""
    if question.kind == "document" or len(question.terms) <= _FEW:
        return None
    naming = {provision.id for document in documents for _, provision in searcher.references(document.number)}
    sure = [
        candidate
        for candidate in candidates
        if naming & {candidate.provision.id, candidate.provision.parent} and candidate.coverage >= _SURE
    ]
    return answer_provision(searcher, question, sure)


def _by_kind(searcher: Searcher, question: Question, candidates: list[Candidate], today: date) -> Reply | None:
    if searcher.broad:  # whom to call and where to log in is for the shelf to say
        deadline = answer_deadline(searcher, question, candidates, today) if question.kind == "deadline" else None
        return deadline or answer_provision(searcher, question, candidates)
    if question.mentions.dates and (reply := answer_by_date(searcher, question)):
        return reply
    if (
        question.mentions.dates
        and question.kind in ("general", "yesno", "procedure")
        and (reply := answer_deadline(searcher, question, candidates, today))
    ):
        return reply
    match question.kind:
        case "deadline":
            return answer_deadline(searcher, question, candidates, today) or answer_provision(searcher, question, candidates)
        case "who" | "general" if reply := in_charge(searcher, question):
            return reply
        case "frequency":
            return answer_provision(searcher, question, candidates)
        case "contact":
            reply = answer_contact(searcher, question)
            if reply or _WANTS_NUMBER.search(question.folded):
                return reply
            return answer_provision(searcher, question, [candidate for candidate in candidates if says_whom(candidate)])
        case "yesno" | "who" | "general" if reply := answer_named(searcher, question):
            return reply
        case "address":
            return answer_address(searcher, question)
        case "place" if not _HANDING_IN.search(question.folded) and (reply := answer_address(searcher, question, by_name=True)):
            return reply
        case "document":
            return (
                answer_which(searcher, question, candidates)
                if not question.mentions.numbers
                else answer_provision(searcher, question, candidates)
            )
        case _:
            return answer_provision(searcher, question, candidates)


def _refusal(searcher: Searcher, question: Question, documents: list[Document], candidates: list[Candidate]) -> Answer:
    named_only = [document for document in documents if not document.present]
    if named_only:
        names = ", ".join(f"{document.kind} {document.number}".strip() for document in named_only)
        return base.not_found(searcher, question.text, _NAMED_ONLY.format(documents=names), candidates)
    contact = who_may_know(searcher, question)
    return base.not_found(searcher, question.text, _REFUSAL, candidates, (f"Bạn có thể hỏi {contact}.",) if contact else ())
