"""Whether a provision has the form of what is asked for: a number where one counts, a time, an amount of money, a name.

Only form is looked at, never meaning: what has no number cannot say how many.
"""

from __future__ import annotations

import re

from rag.choosing.evidence import Passage
from rag.documents import Provision
from rag.finding.search import Searcher
from rag.language.numbers import DATE, DOCUMENT_NUMBER, EMAIL, LINK, PHONE
from rag.language.text import fold, normalise
from rag.question.understanding import Question, spoken
from rag.slots.facts import facts_in

_MEASURED = frozenset(("%", "ngày", "giờ", "tuần", "tháng", "năm", "đồng"))
_HARDLY = 2  # topic words
_NUMBER = re.compile(
    r"\d+(?:[.,]\d+)?\s?%|\b\d+\b|\b(?:một|hai|ba|bốn) phần (?:hai|ba|tư|năm|mười|trăm)\b"
    r"|\b(?:một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười)\b",
    re.I,
)
_TIME = re.compile(
    r"\d+\s*(?:\([^)]*\)\s*)?(?:giờ|ngày|tuần|tháng|năm|h\b)|\d{1,2}/\d{1,2}|ngày \d|(?:hằng|hàng|mỗi|từng) (?:năm|tháng|quý|tuần|kỳ|kì)"
    r"|\bngay\b|kịp thời|tức thời|năm \d{4}|học k[ìỳ]|định k[ìỳ]",
    re.I,
)
_COUNTED = re.compile(r"\b(?:may|bao nhieu) (\w+)")
_UNITS = frozenset(("gio ngay thang nam lan tuan dong nguoi tiet buoi trang cau diem phut tuoi tien trieu").split())
_MONEY_ASKED = re.compile(r"\b(?:lương|phí|thưởng|tiền|giá|phụ cấp)\b(?<!khen thưởng)(?!.*phần trăm)")
_MONEY = re.compile(
    r"\d[\d.,]*\s*(?:đồng|triệu|tỷ|nghìn|% (?:doanh|mức|giá|học phí|kinh phí)|lần)|\blần (?:mức|số|khoản|doanh)|\bmức lương\b|\bmiễn\b",
    re.I,
)
_WHO_IS = re.compile(r"\bla ai$|\bla ai\b(?! )|^ai la\b|\bten (?:la )?gi\b|\bla nhung ai\b|\b(?:gom|co) nhung ai\b")
_NUMBER_ASKED = re.compile(r"\b(?:so|sdt|dien thoai|hotline|zalo|may|email)\b")
_PERSON = re.compile(r"\b(?:[Đđ]ồng chí|[ÔO]ng|Bà|Ký bởi:?)\s+[^\W\d_a-z]")


def has_form(question: Question, provision: Provision) -> bool:
    """Say whether ``provision`` holds something of the form that is asked for."""
    text = provision.whole_text
    if question.kind == "deadline":
        return bool(_TIME.search(text))
    if question.kind == "who" and _WHO_IS.search(question.said):
        return bool(_PERSON.search(text))
    if question.kind == "contact":
        return bool(PHONE.search(text) or EMAIL.search(text)) or not _NUMBER_ASKED.search(question.folded)
    if question.kind == "figure":
        return _has_figure(question, _without_keys(text))
    return True


def has_measures(searcher: Searcher, question: Question, provision: Provision) -> bool:
    """Say whether a provision has an amount of the kind that a question supposes (``60 ngày``, ``5%``), be it another one."""
    supposed = _measures(spoken(question, searcher.diacritics))
    return not supposed or bool(supposed & _measures(provision.whole_text))


def _measures(text: str) -> set[str]:
    found = {fact.key[1].split()[0] for fact in facts_in(normalise(text)) if fact.kind == "number" and fact.key[1]}
    return found & _MEASURED


def has_what_it_names(question: Question, passage: Passage) -> bool:
    """Say whether every word of a question that is hardly more than a word or two (``giá vàng?``) stands in the provision."""
    if question.kind != "general" or len(question.terms) > _HARDLY or question.mentions.numbers:
        return True
    exact = frozenset[str]().union(*(words.exact for _, words in passage.zones))
    return all(
        term.exact in exact or (not term.typed and term.folded in passage.folded) or any(map(passage.states, term.others))
        for term in question.terms
    )


def _has_figure(question: Question, text: str) -> bool:
    counted = _COUNTED.search(question.said)
    if counted and counted.group(1) in _UNITS - {"tien", "dong", "trieu"}:
        unit = rf"(?:\d|\b(?:mot|hai|ba|bon|nam|sau|bay|tam|chin|muoi) )[\d.,]*\s*(?:\([^)]*\)\s*)?{counted.group(1)}\b"
        return bool(re.search(unit, fold(text)))
    if "%" not in question.text and _MONEY_ASKED.search(question.whole):
        return bool(_MONEY.search(text))
    return bool(_NUMBER.search(text)) or "bao nhieu" not in question.said  # ``mấy`` says less: ``mấy cô``


def _without_keys(text: str) -> str:
    """The text without the numbers that are no figures: document numbers, dates, phones, links, list marks."""
    text = re.sub(DOCUMENT_NUMBER.pattern + r"\s*,?\s*ngày\s+[\d/]+", " ", text)
    for pattern in (LINK, DOCUMENT_NUMBER, PHONE, DATE):
        text = pattern.sub(" ", text)
    return re.sub(
        r"\b(?:năm học|giai đoạn)\s+\d{4}\s?[-–]\s?\d{4}|\bnăm \d{4}\b|\b(?:khoản|Điều|điểm|mục|Phụ lục|lớp|học k[ìỳ]) \d+", " ", text
    )
