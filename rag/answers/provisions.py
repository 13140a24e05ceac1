"""Everything else: the sentence that answers, the whole list where one is asked for."""

from __future__ import annotations

import re
from dataclasses import replace

from rag.answers.base import Finding, Reply, quote_of, row_text
from rag.answers.deadlines import DAY, OBJECT, periods_in
from rag.answers.sections import show
from rag.audience import audience_of
from rag.documents import Provision
from rag.evidence import Words, share, strength
from rag.numbers import DATE, DOCUMENT_NUMBER, LINK, PHONE
from rag.question import Question
from rag.search import Candidate, Searcher
from rag.telex import is_folded_syllable
from rag.text import fold, fold_tokens, syllables

ENOUGH = 0.58
_TITLED = 0.7
_HEADING_SHARE = 0.35
_NOTE_SHARE = 0.5
_SURE = 0.85
_TELLING = 2.5
_WHOM = 0.65
_TURN_TO = re.compile(r"liên hệ|báo cáo|bộ phận|\bqua phòng\b|đầu mối|hỗ trợ", re.I)
_PREMISE = 0.7
_NEAR_BEST = 0.08
_OTHERS = 2
_DUTIES = re.compile(r"\b(?:lam gi|nhiem vu|trach nhiem|yeu cau gi|can gi|lam nhung gi|viec gi|the nao|lam the nao|nhu the nao)\b")
_ALL_OF_IT = 700
_NUMBER = re.compile(
    r"\d+(?:[.,]\d+)?\s?%|\b\d+\b|\b(?:một|hai|ba|bốn) phần (?:hai|ba|tư|năm|mười|trăm)\b"
    r"|\b(?:một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười)\b(?= (?:nền tảng|phần mềm|đơn vị|bộ phận|lần|ngày|tháng|tuần|giờ|người|tuổi|nhóm|loại|cấp|nội dung|trụ cột|mức)\b)",
    re.I,
)
_ANNOUNCED = re.compile(r"gồm(?: có)?\s*:|như sau\s*:|sau đây\s*:|gồm\b|:\s*(?:\(1\)|\(i\)|a\))", re.IGNORECASE)
_ENUMERATED = re.compile(
    r"\([^()]*,[^()]*\)|:\s*[^:;]+;|gồm(?: có)?\s*:|như sau\s*:|sau đây\s*:|gồm\b|:\s*(?:\(1\)|\(i\)|a\))", re.IGNORECASE
)
_FREE = "khuyến khích"
_FORM = re.compile(r"\b(?:de cuong|mau|bieu mau|phu luc)\b")
_RECIPIENTS = re.compile(r"\b(?:noi nhan|gui (?:nhung )?ai|gui cho|ki|nguoi ki)\b")
_COMPOSED = re.compile(r"\bgom\b|\bbao gom\b|\bmay (?:nhom|noi dung|tru cot|muc|phan|loai|buoc|mien|thanh phan)\b")
_TIME = re.compile(
    r"\d+\s*(?:\([^)]*\)\s*)?(?:giờ|ngày|tuần|tháng|năm|h\b)|\d{1,2}/\d{1,2}|ngày \d|(?:hằng|hàng|mỗi) (?:năm|tháng|quý|tuần)", re.I
)
_EXACT_TIME = re.compile(r"\d{1,2}/\d{1,2}|\bngày (?:mùng )?\d|\d+\s*(?:ngày|giờ|tháng)", re.I)
_AT_ONCE = re.compile(r"\bngay\b|kịp thời|tức thời", re.I)
_PLACE = re.compile(r"\b(?:tại|qua|gửi|báo cáo|địa chỉ|nộp|liên hệ|trên phần mềm|trên hệ thống|trên cổng)\b", re.I)
_OFTEN = re.compile(r"\blần\b|\b(?:hằng|hàng|mỗi|định kỳ|định kì)\b", re.I)
_COUNTED = re.compile(r"\b(?:may|bao nhieu) (?!giai |phan tram)(\w+)")
_UNITS = frozenset(["ngay", "gio", "thang", "nam", "lan", "tuan", "dong", "nguoi", "tiet", "buoi", "trang", "cau", "diem", "phut", "tuoi"])
_MONEY_ASKED = re.compile(r"\b(?:lương|phí|thưởng|tiền|giá|phụ cấp)\b(?<!khen thưởng)(?!.*phần trăm)")
_MONEY = re.compile(
    r"\d[\d.,]*\s*(?:đồng|triệu|tỷ|nghìn|% (?:doanh|mức|giá|học phí|kinh phí)|lần)|\blần (?:mức|số|khoản|doanh)|\bmức lương\b|\bmiễn\b",
    re.I,
)
_OFFICE_ASKED = re.compile(r"\b(?:phong|don vi|bo phan|co quan|to) (?:nao|gi)\b")
_OFFICE = re.compile(r"\b(?:phòng|bộ phận) [^\W\d_a-z]", re.I)
_WHO_IS = re.compile(r"\bla ai$|\bla ai\b(?! )|^ai la\b|\bten (?:la )?gi\b|\bla nhung ai\b")
_PERSON = re.compile(r"\b(?:[Đđ]ồng chí|[ÔO]ng|Bà|Ký bởi:?)\s+[^\W\d_a-z]")
_FORBIDDEN = re.compile(r"\b(?:không được|nghiêm cấm|cấm)\b")


def answer_provision(searcher: Searcher, question: Question, candidates: list[Candidate]) -> Reply | None:
    """Return the provision that answers, or ``None`` when none holds enough of the question."""
    signer = _RECIPIENTS.search(question.folded)
    fitting = [
        candidate
        for candidate in candidates
        if candidate.coverage >= ENOUGH
        and _is_more_than_a_word(question, candidate)
        and _fits_kind(question, candidate)
        and (signer or candidate.provision.kind != "signature")
    ]
    if not fitting:
        other = _whose_it_really_is(searcher, question, candidates) if question.kind == "yesno" else None
        return _sentence(searcher, question, other) if other else None
    best = max(fitting, key=lambda candidate: candidate.score + _preference(question, candidate))
    if question.kind == "yesno" and (other := _whose_it_really_is(searcher, question, candidates)):
        return _sentence(searcher, question, other)
    if _definition_worth(question, best):
        return _sentence(searcher, question, best)
    if titled := _titled(searcher, question, fitting):
        return show(searcher, titled)
    if question.kind == "list" and (listed := _list(searcher, question, best)):
        return listed
    reply = _sentence(searcher, question, best)
    if _DUTIES.search(question.folded):
        return _with_others(searcher, question, best, fitting, reply)
    return reply


def says_whom(candidate: Candidate) -> bool:
    """Say whether a provision tells whom to turn to, where no name or number is known."""
    return candidate.coverage >= _WHOM and bool(_TURN_TO.search(candidate.provision.text))


def _whose_it_really_is(searcher: Searcher, question: Question, candidates: list[Candidate]) -> Candidate | None:
    """``Phòng A lo việc X phải không?``: where another provision says whose X is, that one corrects the premise."""
    asked = [term.folded for term in question.terms]
    actors = [fold_tokens(syllables(candidate.passage.actor)) for candidate in candidates if candidate.passage.actor]
    named = next((actor for actor in actors if len(actor) > 2 and set(actor) <= set(asked)), None)
    rest = tuple(term for term in question.terms if named and term.folded not in named)
    if not named or len(rest) < 2:
        return None

    def covers(candidate: Candidate) -> float:
        sentence = candidate.sentence
        return share(rest, [*([(1.0, sentence.words)] if sentence else []), *candidate.passage.zones], searcher.weights)

    best = max(candidates, key=covers)
    own = max((covers(c) for c in candidates if fold_tokens(syllables(c.passage.actor)) == named), default=0.0)
    return best if covers(best) >= max(_PREMISE, own + 0.1) else None


def _is_more_than_a_word(question: Question, candidate: Candidate) -> bool:
    """One common syllable is no evidence; a foreign word or abbreviation (``LMS``) alone is."""
    zones = [words for _, words in candidate.passage.zones]
    matched = [term for term in question.terms if not term.light and any(strength(term, words) for words in zones)]
    return len(matched) > 1 or any(not is_folded_syllable(term.folded) for term in matched) or (bool(matched) and bool(question.must))


def _with_others(searcher: Searcher, question: Question, best: Candidate, fitting: list[Candidate], reply: Reply) -> Reply:
    """What somebody has to do may stand in more than one provision: those that fit as well come along."""
    near = [candidate for candidate in fitting if candidate is not best and candidate.score >= best.score - _NEAR_BEST]
    more = [_sentence(searcher, question, candidate) for candidate in near[:_OTHERS]]
    if not more:
        return reply
    lines = [f"- {other.text}" for other in (reply, *more)]
    return replace(reply, text="\n".join(lines), findings=tuple(finding for other in (reply, *more) for finding in other.findings))


def _preference(question: Question, candidate: Candidate) -> float:
    """A little more for what looks like the answer's kind."""
    text = candidate.sentence.text if candidate.sentence else candidate.provision.heading
    worth = _actor_worth(question, candidate)
    if _OFFICE_ASKED.search(question.said):
        worth += 0.15 if "department" in audience_of(candidate.passage.actor) or _OFFICE.search(text) else 0.0
    if "...." in candidate.provision.text:  # a form to fill in
        worth -= 0.15
    if question.kind == "list" and (_ANNOUNCED.search(text) or not candidate.provision.text):
        worth += 0.12
    worth += _definition_worth(question, candidate)
    if candidate.sentence is None and question.kind not in ("list", "definition", "general"):
        worth -= 0.1
    if candidate.provision.kind == "head":
        worth -= 0.3
    return worth


def _definition_worth(question: Question, candidate: Candidate) -> float:
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
    asked = {term.folded for term in question.terms}
    named = fold_tokens(syllables(actor))
    if sum(token in asked for token in named) >= 0.75 * len(named):
        return 0.35
    meant = audience_of(actor)
    if question.audience and meant:
        return 0.15 if meant & question.audience else -0.25
    return 0.0


def _fits_kind(question: Question, candidate: Candidate) -> bool:
    text = candidate.sentence.text if candidate.sentence else ""
    if not _holds_counted(question, candidate):
        return False
    if question.kind == "list" and _COMPOSED.search(question.folded):
        return bool(_ENUMERATED.search(f"{candidate.provision.text} {text}")) or not candidate.provision.text
    if question.kind == "deadline":
        asked, named = periods_in(question.folded), periods_in(fold(text))
        if (things := OBJECT.findall(question.said)) and not any(thing in fold(text) for thing in things):
            return False
        if DAY.search(question.said) and not _EXACT_TIME.search(text):
            return False
        at_once = "bao lau" in question.folded and _AT_ONCE.search(text)
        return bool(at_once or _TIME.search(_without_keys(text, keep_dates=True))) and not (asked and named and not asked & named)
    if question.kind == "place":
        return bool(_PLACE.search(text)) or candidate.coverage >= _SURE
    if question.kind == "frequency":
        return bool(_OFTEN.search(text))
    if question.kind == "who" and _WHO_IS.search(question.folded):
        return bool(_PERSON.search(text)) or bool(_definition_worth(question, candidate))
    if question.kind == "figure" and "%" not in question.text and _MONEY_ASKED.search(question.whole) and not _MONEY.search(text):
        return False
    if question.kind == "figure":
        return bool(_NUMBER.search(_without_keys(text)))
    return True


def _holds_counted(question: Question, candidate: Candidate) -> bool:
    """``mấy miền năng lực``: what is counted has to stand in the sentence."""
    counted = _COUNTED.search(question.said)
    if counted and counted.group(1) in _UNITS and question.kind == "figure":
        unit = rf"(?:\d|\b(?:mot|hai|ba|bon|nam|sau|bay|tam|chin|muoi) )[\d.,]*\s*(?:\([^)]*\)\s*)?{counted.group(1)}\b"
        return bool(re.search(unit, fold(candidate.sentence.text if candidate.sentence else "")))
    if counted is None or not any(term.folded == counted.group(1) for term in question.terms):
        return True
    term = next(term for term in question.terms if term.folded == counted.group(1))
    near = candidate.sentence.words if candidate.sentence else Words(candidate.provision.heading)
    return strength(term, near) > 0 or strength(term, Words(candidate.provision.heading)) > 0


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


def _titled(searcher: Searcher, question: Question, fitting: list[Candidate]) -> Provision | None:
    """The annex, article or mục whose heading is what the question asks for: all that stands under it answers."""
    if question.kind not in ("list", "general", "procedure", "definition"):
        return None
    best, found = _TITLED, None
    for candidate in fitting:
        provision = candidate.provision
        if not provision.heading or not searcher.store.children(provision.id):
            continue
        heading = Words(provision.heading)
        asked = {term.folded for term in question.terms}
        if sum(token in asked for token in heading.sequence) < _HEADING_SHARE * len(heading.sequence):
            continue  # the heading is about more than the question
        if question.must and share(question.must, [(1.0, heading)], searcher.weights) < ENOUGH:
            continue
        worth = share(question.terms, [(1.0, heading)], searcher.weights)
        worth += 0.2 if provision.kind == "annex" and _FORM.search(question.folded) else 0.0
        if worth > best:
            best, found = worth, provision
    return found


def _list(searcher: Searcher, question: Question, best: Candidate) -> Reply | None:
    provision = best.provision
    own = [child for child in searcher.store.children(provision.id) if not child.inline]
    if own and (not provision.text or provision.text.rstrip().endswith(":")):
        return show(searcher, provision)
    if not own and provision.text.rstrip().endswith(":"):
        return _announced(searcher, provision)
    return None


def _announced(searcher: Searcher, provision: Provision) -> Reply | None:
    """A bullet that announces the items after it (``… một số nhiệm vụ sau:`` then ``(1) …``)."""
    if provision.parent is None:
        return None
    siblings = searcher.store.children(provision.parent)
    items = [other for other in siblings if other.id > provision.id and other.kind == "item" and not other.inline]
    if not items:
        return None
    lines = [provision.text, *(f"({item.section.rsplit('(', 1)[-1]} {item.text}" for item in items)]
    findings = [Finding("", item, quote_of(item)) for item in (provision, *items)]
    return Reply("\n".join(lines), tuple(findings), kind="list")


def _sentence(searcher: Searcher, question: Question, best: Candidate) -> Reply:
    provision, sentence = best.provision, best.sentence
    if sentence is None:
        return show(searcher, provision)
    if sentence.note >= 0:
        return Reply(sentence.text, (Finding(sentence.text, provision, sentence.text, sentence.note),), kind=question.kind)
    if sentence.text.startswith("|"):
        row = row_text(provision, sentence.text)
        return Reply(row, (Finding(row, provision, sentence.text),), kind=question.kind)
    item = _item(searcher, question, provision) if question.kind != "list" else None
    if item is not None:
        text, chosen = item.text, item
    elif len(provision.text) <= _ALL_OF_IT or question.kind == "list":
        text, chosen = provision.text, provision
    else:
        text, chosen = _around(provision, sentence.start, sentence.end), provision
    if provision.text.rstrip().endswith(":") and (below := show(searcher, provision)).text != provision.text:
        return below
    findings = [Finding(text, chosen, text if len(text) <= _ALL_OF_IT else quote_of(chosen, sentence))]
    findings += _notes(searcher, question, provision)
    lead = _verdict(question, text) + _whose(question, chosen) + "\n".join([text, *(finding.text for finding in findings[1:])])
    return Reply(lead, tuple(findings), kind=question.kind)


def _notes(searcher: Searcher, question: Question, provision: Provision) -> list[Finding]:
    """The footnotes that spell out a list, or that alone hold a word of the question."""
    own, fitting = Words(provision.text), []
    for index, note in enumerate(provision.footnotes):
        words = Words(note.text)
        spelt_out = question.kind == "list" and _ENUMERATED.search(note.text)
        listed = spelt_out and share(question.terms, [(1.0, words)], searcher.weights) >= _NOTE_SHARE
        alone = any(
            not term.light and searcher.weights.of(term.folded) > _TELLING and strength(term, words) > 0.5 > strength(term, own)
            for term in question.terms
        )
        if listed or alone:
            fitting.append(Finding(note.text, provision, note.text, index))
    return fitting


def _whose(question: Question, provision: Provision) -> str:
    """Duties under ``2. Ủy ban nhân dân các xã, phường`` are theirs: who is asked for is named."""
    heading = provision.headings[-1] if provision.headings else ""
    asked = question.kind in ("who", "general", "procedure") and not heading.isupper() and len(heading) < 120
    return (
        f"{heading}: "
        if asked and provision.kind in ("bullet", "point") and ":" not in provision.text[:90] and audience_of(heading)
        else ""
    )


def _item(searcher: Searcher, question: Question, provision: Provision) -> Provision | None:
    """The inline item that alone holds what the question is about."""
    items = [child for child in searcher.store.children(provision.id) if child.inline]
    if not items:
        return None
    words = [Words(item.text) for item in items]
    telling = [term for term in question.terms if 0 < sum(strength(term, w) > 0 for w in words) < len(items)]
    scored = [(share(telling, [(1.0, w)], searcher.weights), item) for w, item in zip(words, items, strict=True)] if telling else []
    scored.sort(key=lambda pair: -pair[0])
    if scored and scored[0][0] >= ENOUGH and (len(scored) < 2 or scored[0][0] - scored[1][0] > 0.15):
        whole = share(question.terms, [(1.0, Words(provision.text))], searcher.weights)
        alone = share(question.terms, [(1.0, Words(scored[0][1].text)), (0.7, Words(" ".join(provision.headings)))], searcher.weights)
        return scored[0][1] if alone >= whole - 0.25 else None
    return None


def _around(provision: Provision, start: int, end: int) -> str:
    """The sentence, with the one that follows where it is short."""
    text = provision.text
    if end - start >= 300:
        return text[start:end]
    following = re.search(r"[.;](?=\s|$)", text[end + 1 :])
    longer = end + 1 + following.end() if following else len(text)
    return text[start : longer if longer - start <= _ALL_OF_IT else end]


def _verdict(question: Question, text: str) -> str:
    """``Có bắt buộc không?``: say what the word of the source is; a figure that it does not give is corrected."""
    if question.mentions.percents and not any(percent.replace(" ", "") in text.replace(" ", "") for percent in question.mentions.percents):
        return f"Không phải {question.mentions.percents[0]}. Văn bản ghi: "
    if question.kind != "yesno":
        return ""
    lower = text.lower()
    if "bat buoc" in question.folded and _FREE in lower:
        return "Không bắt buộc, văn bản ghi là khuyến khích: "
    if re.search(r"\bduoc\b", question.folded) and _FORBIDDEN.search(lower):
        return "Không. Văn bản ghi: "
    return "Văn bản ghi: "
