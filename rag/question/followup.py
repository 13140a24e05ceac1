"""Questions that go on with the one before: ``thế còn cuối năm?``, ``gửi đi đâu?``, ``văn bản đó ban hành ngày nào?``"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from rag.language.diacritics import Diacritics
from rag.language.numbers import parse_number
from rag.language.text import fold
from rag.question.alternatives import without_parties, without_replaced
from rag.question.audience import Audience
from rag.question.conversation import Conversation
from rag.question.mentions import NumberMention
from rag.question.understanding import Question, understand

_OPENS = r"^(?:(?:a|u|ok|oke|vay|da|roi|the|va|um|o|uh|vang) )*(?:the|con|vay|the con|vay con|va con|roi|va|neu|thi)\b"
_CUE = re.compile(
    _OPENS + r"|"
    r"\bthi sao\b|\bnua khong\b|^(?:\w+ ){1,4}nua$|\bnham\b|\by (?:em|minh|toi)\b|\bkhac thi\b|"
    r"\b(?:do|nay|ay|tren|vua roi|vua neu|no|kia)$|\b(?:van ban|thong tu|quyet dinh|ke hoach|cong van|luat|nghi "
    r"dinh|nghi quyet|phan mem|trang|he thong|"
    r"viec|cai|muc|phan|bao cao|nguoi|so|anh|chi|thay|co|ong|ba|phong|don vi|dieu|khoan|han|link|y|nhiem vu|dich vu|"
    r"nhom) (?:do|nay|ay|tren|kia)\b|\bno\b"
)
_ABOUT_DOCUMENT = re.compile(
    r"\b(?:ban hanh|ai ki|nguoi ki|thuc hien (?:van ban|ke hoach|nghi quyet|quyet dinh)|trien khai (?:van ban|ke "
    r"hoach|nghi quyet|quyet dinh)|ki (?:ngay|boi|so)|hieu luc|ve (?:viec )?gi|noi (?:ve )?gi|noi dung gi|qui dinh "
    r"gi|so may|toan van|co quan nao|ngay nao|ngay may|ngay bao nhieu|"
    r"thang nao|khi nao|nam nao|sua doi|thay the|do ai|cua ai|phat|may dieu|ki khi)\b"
)
_INSIDE_IT = re.compile(
    r"\b(?:trong|theo|o) (?:van ban|thong tu|quyet dinh|ke hoach|cong van|luat|nghi dinh|nghi quyet) (?:do|nay|tren|ay)\b"
)
_PERSON = re.compile(r"\b(?:anh|chi|thay|co|ong|ba|nguoi|dong chi) (?:ay|do|nay)\b|\bhọ\b|^so (?:cua )?(?:anh|chi|thay|co)\b")
_OTHERS = re.compile(r"\b(?:cap|don vi|noi|ben|doi tuong|truong) khac\b|\bcon (?:ai|gi|nguoi|so) (?:nao )?(?:khac|nua)\b")
_FOLLOW_UP_WORDS = 4  # topic words at most of what may go on with something without a sign of it
_HALF_WORDS = 2  # topic words at most of what is no question alone
_ANNEX = re.compile(r".*\|PL(\w+)")
_LONE_NUMBER = re.compile(r"(?<!\w)\d{1,4}(?!\w)")
_AUDIENCE_WORDS = frozenset(("truong hoc xa phuong dac khu so bo nha cap uy ban nhan dan don vi").split())


def is_marked(question: Question) -> bool:
    """Say whether the question itself shows that it goes on with the one before."""
    return bool(_CUE.search(question.folded))


def is_half(question: Question) -> bool:
    """Say whether the question is too short to be one without what it goes on with."""
    mentions = question.mentions
    named = mentions.numbers or mentions.section or mentions.links or mentions.phones or mentions.emails
    return bool(re.search(_OPENS, question.folded)) and len(question.terms) <= _HALF_WORDS and not named


def asks_for_person(question: Question) -> bool:
    """Say whether the question is about somebody named before (``số của anh ấy?``)."""
    return bool(_PERSON.search(question.folded))


def goes_on(question: Question, conversation: Conversation) -> bool:
    """Say whether the question is to be read with its topic first, and alone only if that fails."""
    return is_marked(question) or bool(question.mentions.section) or len(question.terms) <= 1 or _is_about_documents(question, conversation)


def _is_about_documents(question: Question, conversation: Conversation) -> bool:
    if not conversation.numbers or question.mentions.numbers:
        return False
    if _INSIDE_IT.search(question.folded):
        return True
    if question.kind == "document" and not question.terms and conversation.kind != "document":
        return True  # "theo công văn nào?" after an answer that names one
    if not _ABOUT_DOCUMENT.search(question.folded):
        return False
    return is_marked(question) or all(
        term.folded in ("ban", "hanh", "ki", "hieu", "luc", "noi", "dung", "so", "ra") for term in question.terms
    )


def merge(question: Question, conversation: Conversation, diacritics: Diacritics, fields: Sequence[str] = ()) -> Question | None:
    """Return the question with the topic that it goes on with, or ``None`` where it stands alone.

    ``fields`` are those of the people to call: another one that is named takes the place of the one before.
    """
    if not (conversation.topic or conversation.numbers or conversation.people):
        return None
    own_numbers = bool(question.mentions.numbers)
    marked = is_marked(question)
    if not marked and (len(question.terms) > _FOLLOW_UP_WORDS or own_numbers):
        return None
    if conversation.people and asks_for_person(question):
        named = _with_topic(question, " ".join(conversation.people), conversation, diacritics)
        return replace(named, must=named.terms)
    if _is_about_documents(question, conversation):
        return _about_documents(question, conversation)
    if conversation.kind == "document" and (number := _LONE_NUMBER.search(question.whole)) and not own_numbers:
        mention = NumberMention(number.group(), number.group().lstrip("0"))
        return replace(question, mentions=replace(question.mentions, numbers=(mention,)), terms=(), kind="general")
    if question.mentions.section and not question.mentions.annex and (annex := _ANNEX.match(next(iter(conversation.sections), ""))):
        return replace(question, mentions=replace(question.mentions, annex=annex.group(1)))
    topic = without_replaced(conversation.topic, question.whole, fields)
    if _OTHERS.search(question.folded):
        topic = without_parties(topic)
    return _with_topic(question, topic, conversation, diacritics)


def _with_topic(question: Question, topic: str, conversation: Conversation, diacritics: Diacritics) -> Question:
    whole = understand(f"{question.whole} , {topic}", diacritics)
    kind = question.kind if question.kind != "general" or not conversation.kind else conversation.kind
    return replace(
        whole,
        text=question.text,
        kind=kind,  # type: ignore[arg-type]
        kinds=question.kinds or whole.kinds,
        must=tuple(term for term in question.terms if not term.light and not (question.audience and term.folded in _AUDIENCE_WORDS)),
        audience=_audience(question, whole, conversation),
        mentions=question.mentions,
        around=question.around,
        folded=f"{question.folded} {fold(topic)}",
        said=question.said,
    )


def _audience(question: Question, whole: Question, conversation: Conversation) -> frozenset[Audience]:
    """Whom it concerns: as the follow-up says, else as before, unless it asks about others."""
    if question.audience or _OTHERS.search(question.folded):
        return question.audience
    return whole.audience or frozenset(cast(list[Audience], conversation.audience))


def _about_documents(question: Question, conversation: Conversation) -> Question:
    return replace(question, mentions=replace(question.mentions, numbers=tuple(map(_mention, conversation.numbers))))


def _mention(number: str) -> NumberMention:
    parsed = parse_number(number)
    return NumberMention(number, parsed.serial, parsed.year, "", parsed.symbol) if parsed else NumberMention(number, number)
