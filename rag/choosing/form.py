"""Whether a provision has the form of what is asked for: a number where one counts, a time, an amount of money, a name.

Only form is looked at, never meaning: what has no number cannot say how many. What a line calls itself (``Mã trường: …``) is
form, too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.choosing.evidence import Passage, Sentence, Weights, Words, share
from rag.documents import Provision
from rag.language.honorifics import SIGNING
from rag.language.numbers import DATE, DOCUMENT_NUMBER, EMAIL, LINK, PHONE
from rag.language.text import fold, fold_tokens, names, syllables
from rag.question.understanding import Question

_NUMBER = re.compile(
    r"\d\s?%|\b\d+\b|\b(?:một|hai|ba|bốn) phần (?:hai|ba|tư|năm|mười|trăm)\b"
    r"|\b(?:một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười)\b",
    re.I,
)
_TIME = re.compile(
    r"\d\s*(?:\([^)]{0,80}\)\s*)?(?:giờ|phút|ngày|tuần|tháng|năm|h\b)|\d{1,2}/\d{1,2}|ngày \d"
    r"|(?:hằng|hàng|mỗi|từng) (?:năm|tháng|quý|tuần|kỳ|kì)"
    r"|\bngay\b|kịp thời|tức thời|năm \d{4}|học k[ìỳ]|định k[ìỳ]",
    re.I,
)
_PERIOD = re.compile(r"năm \d{4}|học k[ìỳ]", re.IGNORECASE)
_COUNTED = re.compile(r"\b(?:may|bao nhieu) (\w+)")
_UNITS = frozenset(("gio ngay thang nam lan tuan dong nguoi tiet buoi trang cau diem phut tuoi tien trieu").split())
_MONEY_ASKED = re.compile(r"\b(?:lương|phí|thưởng|tiền|giá|phụ cấp)\b(?<!khen thưởng)(?!.*phần trăm)")
_MONEY = re.compile(
    r"\d[.,]*\s*(?:đồng|triệu|tỷ|nghìn|% (?:doanh|mức|giá|học phí|kinh phí)|lần)|\blần (?:mức|số|khoản|doanh)|\bmức lương\b|\bmiễn\b",
    re.I,
)
_WHO_IS = re.compile(r"\bla ai$|\bla ai\b(?! )|^ai la\b|\bten (?:la )?gi\b|\bla nhung ai\b|\b(?:gom|co) nhung ai\b")
_NUMBER_ASKED = re.compile(r"\b(?:so|sdt|dien thoai|hotline|zalo|may|email)\b")
_SITE_ASKED = re.compile(r"\b(?:web|website|link|url|duong dan|fanpage)\b")
_PERSON = re.compile(rf"\b(?:{SIGNING})\s+[^\W\d_a-z]")
_SITED = re.compile(r"\b(?:tại|ở|địa điểm|địa chỉ|phòng|nơi|đường|tầng)\b", re.I)
_LABEL = re.compile(r"[-+•–*\s]*([^:\n|]{2,60}):(?!//)")
_NEITHER = -1.0


@dataclass(frozen=True, slots=True)
class Fitting:
    """How the form of a provision fits a question, each 0-1, -1 where nothing of the kind is asked or there.

    ``formed``: its best sentence has the form asked for; ``labelled``: the share of what it calls itself that is asked for;
    ``called``: the share of the question that stands in that and in the headings above it.
    """

    formed: float
    labelled: float
    called: float


def fitting_of(question: Question, passage: Passage, sentence: Sentence | None, weights: Weights) -> Fitting:
    """Return how the form of a provision fits a question."""
    provision = passage.provision
    text = sentence.said if sentence is not None else provision.heading
    label = _label_of(provision, text)
    above = [(1.0, Words(label)), *((1.0, Words(heading)) for heading in provision.headings[-2:])]
    return Fitting(_formed(question, text), _asked_for(question, label, weights), share(question.terms, above, weights))


def _formed(question: Question, text: str) -> float:
    if question.kind == "deadline":
        return float(_has_time(question, text))
    if question.kind == "figure":
        return float(_has_figure(question, _without_keys(text)))
    if question.kind == "contact":
        return float(bool(PHONE.search(text) or EMAIL.search(text)))
    if question.kind == "address":
        return float(bool(LINK.search(text) or (EMAIL.search(text) and not _SITE_ASKED.search(question.folded))))
    if question.kind == "place":
        return float(bool(_SITED.search(text) or LINK.search(text)))
    return _NEITHER


def _label_of(provision: Provision, text: str) -> str:
    found = _LABEL.match(text) or _LABEL.match(provision.text)
    return found.group(1) if found else provision.heading


def _asked_for(question: Question, label: str, weights: Weights) -> float:
    words = fold_tokens(syllables(label))
    total = sum(map(weights.of, words))
    asked = {*question.said.split(), *fold_tokens(syllables(question.text))}
    return sum(weights.of(word) for word in words if word in asked) / total if total else _NEITHER


def has_form(question: Question, provision: Provision) -> bool:
    """Say whether ``provision`` holds something of the form that is asked for."""
    text = provision.whole_text
    if question.kind == "deadline":
        return _has_time(question, text)
    if question.kind == "who" and _WHO_IS.search(question.said):
        return bool(_PERSON.search(text)) or (bool(PHONE.search(text)) and any(names(text)))
    if question.kind == "contact":
        return bool(PHONE.search(text) or EMAIL.search(text)) or not _NUMBER_ASKED.search(question.folded)
    if question.kind == "address" and _SITE_ASKED.search(question.folded):
        return bool(LINK.search(text))
    if question.kind == "figure":
        return _has_figure(question, _without_keys(text))
    return True


def _has_time(question: Question, text: str) -> bool:
    """Whether a time stands there, other than the term or year that the question itself names (``học phí học kỳ 2``)."""
    found = (one.group() for one in _TIME.finditer(text))
    return any(not (_PERIOD.fullmatch(time) and " ".join(fold_tokens(syllables(time))) in question.said) for time in found)


def counts_it(question: Question, text: str) -> bool:
    """Whether a number of just what is counted stands there (``bao nhiêu chỗ``: ``345 chỗ``)."""
    counted = _COUNTED.search(question.said)
    return bool(counted and re.search(rf"\d[.,]*\s*(?:\([^)]{{0,80}}\)\s*)?{counted.group(1)}\b", fold(text)))


def _has_figure(question: Question, text: str) -> bool:
    counted = _COUNTED.search(question.said)
    if counted and counted.group(1) in _UNITS - {"tien", "dong", "trieu"}:
        unit = rf"(?:\d[.,]*|\b(?:mot|hai|ba|bon|nam|sau|bay|tam|chin|muoi) )\s*(?:\([^)]{{0,80}}\)\s*)?{counted.group(1)}\b"
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
