"""Whether a provision can be the answer to a kind of question: it has a figure, a time, a place, a list where one is asked."""

from __future__ import annotations

import re

from rag.answers.deadlines import DAY, OBJECT, periods_in
from rag.choosing.evidence import Words, strength
from rag.finding.search import Candidate
from rag.language.numbers import DATE, DOCUMENT_NUMBER, LINK, PHONE
from rag.language.telex import is_folded_syllable
from rag.language.text import fold, fold_tokens, syllables
from rag.question.audience import audience_of
from rag.question.understanding import Question

_SURE = 0.85
_PARTS = 2  # semicolons: three parts make a list
_WHOM = 0.65
_TURN_TO = re.compile(r"liên hệ|báo cáo|bộ phận|\bqua phòng\b|đầu mối|hỗ trợ", re.I)
_NUMBER = re.compile(
    r"\d+(?:[.,]\d+)?\s?%|\b\d+\b|\b(?:một|hai|ba|bốn) phần (?:hai|ba|tư|năm|mười|trăm)\b"
    r"|\b(?:một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười)\b(?= (?:nền tảng|phần mềm|đơn vị|bộ phận|lần|ngày|tháng|tuần|"
    r"giờ|người|tuổi|nhóm|loại|cấp|nội dung|trụ cột|mức)\b)",
    re.I,
)
_ANNOUNCED = re.compile(r"gồm(?: có)?\s*:|như sau\s*:|sau đây\s*:|gồm\b|:\s*(?:\(1\)|\(i\)|a\))", re.IGNORECASE)
ENUMERATED = re.compile(rf"\([^()]*,[^()]*\)|:\s*[^:;]+;|{_ANNOUNCED.pattern}", re.IGNORECASE)
_COMPOSED = re.compile(r"\bgom\b|\bbao gom\b|\bmay (?:nhom|noi dung|tru cot|muc|phan|loai|buoc|mien|thanh phan)\b")
_TIME = re.compile(
    r"\d+\s*(?:\([^)]*\)\s*)?(?:giờ|ngày|tuần|tháng|năm|h\b)|\d{1,2}/\d{1,2}|ngày \d|(?:hằng|hàng|mỗi) (?:năm|tháng|quý|tuần)", re.I
)
_EXACT_TIME = re.compile(r"\d{1,2}/\d{1,2}|\bngày (?:mùng )?\d|\d+\s*(?:ngày|giờ|tháng)", re.I)
_AT_ONCE = re.compile(r"\bngay\b(?! (?:từ|cả|khi))|kịp thời|tức thời", re.I)
_PLACE = re.compile(r"\b(?:tại|qua|gửi|báo cáo|địa chỉ|nộp|liên hệ|trên phần mềm|trên hệ thống|trên cổng)\b", re.I)
_OFTEN = re.compile(r"\blần\b|\b(?:hằng|hàng|mỗi|định kỳ|định kì)\b|\btheo từng\b", re.I)
_COUNTED = re.compile(r"\b(?:may|bao nhieu) (?!giai |phan tram)(\w+)")
_UNITS = frozenset(("ngay gio thang nam lan tuan dong nguoi tiet buoi trang cau diem phut tuoi").split())
_MONEY_ASKED = re.compile(r"\b(?:lương|phí|thưởng|tiền|giá|phụ cấp)\b(?<!khen thưởng)(?!.*phần trăm)")
_MONEY = re.compile(
    r"\d[\d.,]*\s*(?:đồng|triệu|tỷ|nghìn|% (?:doanh|mức|giá|học phí|kinh phí)|lần)|\blần (?:mức|số|khoản|doanh)|\bmức lương\b|\bmiễn\b",
    re.I,
)
_WHICH_HAS = re.compile(r"\b(?:truong|xa|phuong|don vi|co so) nao (?:da|dat|dan dau|dung dau|dang dan)\b")
_DONE = re.compile(r"\bđã\b")
_OF_ALL = re.compile(r"^(?:tong )?so (hoc sinh|giao vien|truong|lop|can bo|don vi|nguoi)\b")
_SPAN = re.compile(r"\bgiai doan (?:nao|may|bao nhieu)\b")
_OFFICE_ASKED = re.compile(r"\b(?:phong|don vi|bo phan|co quan|to) (?:nao|gi)\b")
_OFFICE = re.compile(r"\b(?:[Pp]hòng|[Bb]ộ phận) [^\W\d_a-z]")
_WHO_IS = re.compile(r"\bla ai$|\bla ai\b(?! )|^ai la\b|\bten (?:la )?gi\b|\bla nhung ai\b|\b(?:gom|co) nhung ai\b")
_PERSON = re.compile(r"\b(?:[Đđ]ồng chí|[ÔO]ng|Bà|Ký bởi:?)\s+[^\W\d_a-z]")


def says_whom(candidate: Candidate) -> bool:
    """Say whether a provision tells whom to turn to, where no name or number is known."""
    return candidate.coverage >= _WHOM and bool(_TURN_TO.search(candidate.provision.text))


def is_more_than_a_word(question: Question, candidate: Candidate) -> bool:
    """One common syllable is no evidence; a foreign word or abbreviation (``LMS``) alone is."""
    zones = [words for _, words in candidate.passage.zones]
    matched = [term for term in question.terms if not term.light and any(strength(term, words) for words in zones)]
    return len(matched) > 1 or any(not is_folded_syllable(term.folded) for term in matched) or (bool(matched) and bool(question.must))


def preference(question: Question, candidate: Candidate) -> float:
    """A little more for what looks like the answer's kind."""
    text = candidate.sentence.text if candidate.sentence else candidate.provision.heading
    worth = _actor_worth(question, candidate)
    if _OFFICE_ASKED.search(question.said):
        worth += 0.15 if "department" in audience_of(candidate.passage.actor) or _OFFICE.search(text) else 0.0
    if "...." in candidate.provision.text:  # a form to fill in
        worth -= 0.15
    if question.kind == "list" and (_ANNOUNCED.search(text) or not candidate.provision.text):
        worth += 0.12
    worth += definition_worth(question, candidate)
    if candidate.sentence is None and question.kind not in ("list", "definition", "general"):
        worth -= 0.1
    if candidate.provision.kind == "head":
        worth -= 0.3
    return worth


def definition_worth(question: Question, candidate: Candidate) -> float:
    """``X là …``: the sentence begins with what the question asks about, the nearer to its start the better."""
    if question.kind not in ("definition", "who", "list") or candidate.sentence is None or not question.terms:
        return 0.0
    words = candidate.sentence.words.sequence
    subject = [term.folded for term in question.terms]
    start = next((at for at in range(8) if words[at : at + len(subject)] == subject), -1)
    after = words[start + len(subject) : start + len(subject) + 3]
    says = after[:1] in (["la"], ["gom"]) or after[:2] in (["duoc", "hieu"], ["bao", "gom"], ["co", "nghia"])
    return 0.4 - 0.02 * start if start >= 0 and says else 0.0


def _actor_worth(question: Question, candidate: Candidate) -> float:
    """``nhiệm vụ phòng A``: the provision that begins with ``Phòng A:`` is the one that says it."""
    actor = candidate.passage.actor
    if not actor:
        return 0.0
    asked = {term.folded for term in question.must or question.terms}  # a follow-up's own words name whom it asks about
    named = fold_tokens(syllables(actor))
    if sum(token in asked for token in named) >= 0.75 * len(named):
        return 0.35
    meant = audience_of(actor)
    if question.audience and meant:
        return 0.15 if meant & question.audience else -0.25
    return 0.0


def fits_kind(question: Question, candidate: Candidate) -> bool:
    text = candidate.sentence.text if candidate.sentence else ""
    if not _holds_counted(question, candidate):
        return False
    if _WHICH_HAS.search(question.said) and not _DONE.search(text):
        return False  # "trường nào đã đạt …" asks for what has happened, not for what has to be done
    if (total := _OF_ALL.search(question.said)) and not _counts(total.group(1), text):
        return False
    if question.kind == "list" and _COMPOSED.search(question.folded):
        whole = candidate.provision.text
        return bool(ENUMERATED.search(f"{whole} {text}")) or not whole or whole.count(";") >= _PARTS
    if question.kind == "deadline":
        asked, named = periods_in(question.folded), periods_in(fold(text))
        if (things := OBJECT.findall(question.said)) and not any(thing in fold(text) for thing in things):
            return False
        if DAY.search(question.said) and not _EXACT_TIME.search(text):
            return False
        at_once = ("bao lau" in question.folded or candidate.coverage >= _SURE) and _AT_ONCE.search(text)
        return bool(at_once or _TIME.search(_without_keys(text, keep_dates=True))) and not (asked and named and not asked & named)
    if question.kind == "place":
        return bool(_PLACE.search(text)) or candidate.coverage >= _SURE
    if question.kind == "frequency":
        return bool(_OFTEN.search(text))
    if question.kind == "who" and _WHO_IS.search(question.said):
        return bool(_PERSON.search(text)) or bool(definition_worth(question, candidate))
    if question.kind == "figure" and "%" not in question.text and _MONEY_ASKED.search(question.whole) and not _MONEY.search(text):
        return False
    if question.kind == "figure":
        return bool(_NUMBER.search(text if _SPAN.search(question.said) else _without_keys(text)))
    return True


def _counts(thing: str, text: str) -> bool:
    """``số học sinh toàn tỉnh``: a number has to stand before what is counted."""
    return bool(re.search(rf"\d[\d.,]* (?:\w+ )?{thing}\b", fold(text)))


def _holds_counted(question: Question, candidate: Candidate) -> bool:
    """``mấy miền năng lực``: what is counted has to stand in the sentence."""
    counted = _COUNTED.search(question.said)
    if counted and counted.group(1) in _UNITS and question.kind == "figure":
        unit = rf"(?:\d|\b(?:mot|hai|ba|bon|nam|sau|bay|tam|chin|muoi) )[\d.,]*\s*(?:\([^)]*\)\s*)?{counted.group(1)}\b"
        return bool(re.search(unit, fold(candidate.sentence.text if candidate.sentence else "")))
    term = next((term for term in question.terms if counted and term.folded == counted.group(1)), None)
    if term is None:
        return True
    heading = Words(candidate.provision.heading)
    near = candidate.sentence.words if candidate.sentence else heading
    return strength(term, near) > 0 or strength(term, heading) > 0


def _without_keys(text: str, keep_dates: bool = False) -> str:
    """The text without the numbers that are no figures: document numbers, dates, phones, links, list marks."""
    text = re.sub(DOCUMENT_NUMBER.pattern + r"\s*,?\s*ngày\s+[\d/]+", " ", text)
    for pattern in (LINK, DOCUMENT_NUMBER, PHONE, *(() if keep_dates else (DATE,))):
        text = pattern.sub(" ", text)
    return re.sub(
        r"\(\d+\)|\b(?:năm học|giai đoạn)\s+\d{4}\s?[-–]\s?\d{4}|\bnăm \d{4}\b|\b(?:khoản|Điều|điểm|mục|Phụ lục|lớp|học k[ìỳ]) \d+",
        " ",
        text,
    )
