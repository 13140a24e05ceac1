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
from rag.question.exact import Exact
from rag.question.items import is_weekday
from rag.question.mentions import NumberMention
from rag.question.understanding import Question, understand

_LED = r"^(?:(?:à|ừ|ok|oke|vậy|dạ|rồi|thế|và|ừm|ồ|uh|vâng) )*"
_OPENS = Exact(_LED + r"(?:thế(?! nào)|còn|vậy|rồi|và|nếu|thì)\b")
_GOES_ON = re.compile(_LED + r"(?:thế(?! nào)|còn|vậy|rồi|và)\b")
_OF_TIME = "".join(rf"(?<!\b{word} )" for word in ("năm học", "năm", "học kì", "học kỳ", "quý", "quí", "tháng", "tuần", "ngày", "hôm"))
_CUE = Exact(
    r"\bthì sao\b|\bnữa không\b|^(?:\w+ ){1,4}nữa$|\bnhầm\b|\bý (?:em|mình|tôi)\b|\bkhác thì\b|"
    rf"{_OF_TIME}\b(?:này|kia)$|\b(?:đó|ấy|trên|vừa rồi|vừa nêu|nó)$|\b(?:văn bản|thông tư|quyết định|kế hoạch|công văn|luật|nghị "
    r"định|nghị quyết|phần mềm|trang|hệ thống|"
    r"việc|cái|mục|phần|báo cáo|người|đồng chí|số|anh|chị|thầy|cô|ông|bà|phòng|đơn vị|điều|khoản|hạn|link|ý|nhiệm vụ|dịch vụ|"
    r"nhóm) (?:đó|này|ấy|trên|kia)\b|\bnó\b"
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
_PERSON = Exact(
    r"\b(?:anh|chị|thầy|cô|ông|bà|người|đồng chí) (?:ấy|đó|này)\b|\b(?:của|với|gặp|gọi|hỏi) họ(?:$| (?:là|ở)\b)"
    r"|^số (?:của )?(?:anh|chị|thầy|cô)\b"
)
_OTHERS = re.compile(r"\b(?:cap|don vi|noi|ben|doi tuong|truong) khac\b|\bcon (?:ai|gi|nguoi|so) (?:nao )?(?:khac|nua)\b")
_FOLLOW_UP_WORDS = 4  # topic words at most of what may go on with something without a sign of it
_HALF_WORDS = 2  # different topic words at most of what is no question alone
_ANNEX = re.compile(r".*\|PL(\w+)")
_LONE_NUMBER = Exact(
    _LED + r"(?:thế |còn |vậy |thế còn |còn cái |số |văn bản )*(\d{1,4})(?:$| (thì|là|nói|về|ban hành|có|của|do|ra|quy|gồm)\b)"
)
_AUDIENCE_WORDS = frozenset(("truong hoc xa phuong dac khu so bo nha cap uy ban nhan dan don vi").split())


def is_marked(question: Question) -> bool:
    """Say whether the question itself shows that it goes on with the one before."""
    return bool(_CUE.search(question)) or _opens(question)


def _opens(question: Question) -> bool:
    """Whether it begins as what goes on; without marks (``thi``, ``neu``, ``con``) only where it is short, or its words as restored do."""
    if not _OPENS.search(question):
        return False
    return question.marked or len(question.terms) <= _FOLLOW_UP_WORDS or bool(_GOES_ON.search(question.whole))


def is_half(question: Question) -> bool:
    """Say whether the question is too short to be one without what it goes on with."""
    mentions = question.mentions
    named = mentions.numbers or mentions.section or mentions.links or mentions.phones or mentions.emails
    return _opens(question) and len({term.folded for term in question.terms}) <= _HALF_WORDS and not named


def asks_for_person(question: Question) -> bool:
    """Say whether the question is about somebody named before (``số của anh ấy?``)."""
    return bool(_PERSON.search(question))


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
    if not marked and (len(question.terms) > _FOLLOW_UP_WORDS or own_numbers or is_weekday(question)):
        return None
    if conversation.people and asks_for_person(question):
        named = _with_topic(question, " ".join(conversation.people), conversation, diacritics)
        return replace(named, must=named.terms)
    if _is_about_documents(question, conversation):
        return _about_documents(question, conversation)
    if conversation.kind == "document" and not own_numbers and (number := _lone_number(question)):
        mention = NumberMention(number, number.lstrip("0"))
        return replace(question, mentions=replace(question.mentions, numbers=(mention,)), terms=(), kind="general")
    if question.mentions.section and not question.mentions.annex and (annex := _ANNEX.match(next(iter(conversation.sections), ""))):
        return replace(question, mentions=replace(question.mentions, annex=annex.group(1)))
    topic = without_replaced(conversation.topic, question.whole, fields)
    if _OTHERS.search(question.folded):
        topic = without_parties(topic)
    return _with_topic(question, topic, conversation, diacritics)


def _lone_number(question: Question) -> str:
    """The number of ``còn 4725?``, ``71 của Chính phủ``: a document's; with words of its own it is what they say (``lớp 9``, ``3 hạn``)."""
    found = _LONE_NUMBER.search(question)
    is_lone = found and (found.group(2) in ("của", "cua") or all(term.exact.isdigit() for term in question.terms))
    return found.group(1) if found and is_lone else ""


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
        message=question.message,
        folded=f"{question.folded} {fold(topic)}",
        said=question.said,
        typed=question.typed,
        marked=question.marked,
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
