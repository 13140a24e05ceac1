"""By when: deadlines and recurrences, for whoever asks."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from rag.answers.base import Finding, Reply, bullet_list, sentence_case
from rag.choosing.evidence import Words, share
from rag.documents import Deadline
from rag.finding.search import Candidate, Searcher
from rag.language.text import fold, squeeze
from rag.question.audience import Audience, audience_of
from rag.question.understanding import Question

_ENOUGH = 0.6
_CORE = 0.35
OBJECT = re.compile(
    r"\b(?:bao cao|ke hoach|ho so|danh sach|bieu mau|hoc ba|so lieu|sang kien|san pham|bien ban|phieu|"
    r"quyet dinh phan cong|de an|qu[yi] che)\b"
)
_GRADE = re.compile(r"\blop (\d+)\b")
DAY = re.compile(r"\bngay (?:nao|may|bao nhieu)\b|\bhan\b")
_LEAD = re.compile(r"(?:^|[.;]\s)([^:;.\n]{10,200}):\s*(?:\n|\(1\)|a\))")  # what announces a list: its items are about it
_NEAR_BEST = 0.12
_PROVISIONS = 12
_WHOLE = 700
_SAME_OBJECT = 0.1
_PERIODS = {
    "first": re.compile(r"\b(?:so ket|nua dau (?:nam|ki)|(?:hoc )?ki (?:1|i|mot|dau)|giua nam|giua ki)\b"),
    "second": re.compile(r"\b(?:hoc )?ki (?:2|ii|hai)\b"),
    "start": re.compile(r"\bdau (?:nam|hoc ki|ki)\b"),
    "year": re.compile(r"\b(?:tong ket|cuoi nam|ca nam|het nam|ket thuc nam|bao cao nam hoc|tong ket nam)\b"),
}
_EITHER = re.compile(r"\bcuoi (?:hoc )?ki\b(?! (?:1|2|i|ii|mot|hai)\b)")


@dataclass(frozen=True, slots=True)
class _Found:
    deadline: Deadline
    candidate: Candidate
    score: float
    audience: frozenset[Audience]


def periods_in(folded: str) -> set[str]:
    """Return the periods of the school year that a folded text names (``first``, ``second``, ``year``)."""
    if _EITHER.search(folded):
        return {"first", "second", "year"}
    return {period for period, cue in _PERIODS.items() if cue.search(folded)}


def answer_deadline(searcher: Searcher, question: Question, candidates: list[Candidate], today: date) -> Reply | None:
    """Return the deadlines that the question asks for, or ``None`` when no provision states one."""
    found = _matching(searcher, question, candidates)
    if not found:
        return None
    best = max(item.score for item in found)
    near = [item for item in found if item.score >= best - _NEAR_BEST]
    chosen = _for_audience(near, question.audience)
    if not chosen:
        return None
    lines = [_line(item.deadline) for item in chosen]
    findings = tuple(Finding(line, item.candidate.provision, item.deadline.quote) for line, item in zip(lines, chosen, strict=True))
    lead = _correction(question, chosen) + bullet_list(lines) + _all_of_it(question, chosen)
    return Reply(lead, findings, tuple(_passed(question, chosen, today)), "deadline")


def answer_by_date(searcher: Searcher, question: Question) -> Reply | None:
    """Return what falls due on the date that the question gives (``mốc 10/01/2026 là hạn của cái gì?``), or ``None``."""
    asked = {f"{year:04}-{month:02}-{day:02}" for day, month, year in question.mentions.dates if year}
    due = searcher.store.deadlines_on(asked)
    if not due or any(not term.light for term in question.terms):
        return None
    provisions = searcher.store.provisions({deadline.provision for deadline in due})
    lines = [_line(deadline) for deadline in due]
    findings = tuple(Finding(line, provisions[deadline.provision], deadline.quote) for line, deadline in zip(lines, due, strict=True))
    return Reply(bullet_list(lines), findings, kind="deadline")


def _matching(searcher: Searcher, question: Question, candidates: list[Candidate]) -> list[_Found]:
    by_id = {candidate.provision.id: candidate for candidate in candidates[:_PROVISIONS]}
    asked, grades = periods_in(question.folded), set(_GRADE.findall(question.folded))
    wants_recurrence = question.kinds & {"frequency", "deadline"} == {"frequency"}
    found = []
    for deadline in searcher.store.records_of(by_id, Deadline):
        vague = not re.search(r"\d", deadline.when)
        if (wants_recurrence and not deadline.recurrence) or (vague and DAY.search(question.folded)):
            continue
        what = " ".join(fold(deadline.what).replace("ky ", "ki ").split())
        if _differ(asked, periods_in(what)) or _differ(grades, set(_GRADE.findall(what))):
            continue
        candidate = by_id[deadline.provision]
        if not _same_object(question, deadline, candidate):
            continue
        score = _score(searcher, question, deadline, candidate)
        if score >= _ENOUGH:
            found.append(_Found(deadline, candidate, score, audience_of(deadline.who, deadline.to)))
    found = searcher.in_force_first(found, lambda item: item.candidate.provision.document, question.day)
    return [item for item in found if grades & set(_GRADE.findall(fold(item.deadline.what)))] or found


def _differ(asked: set[str], stated: set[str]) -> bool:
    return bool(asked and stated and not asked & stated)


def _same_object(question: Question, deadline: Deadline, candidate: Candidate) -> bool:
    """What has to be handed in is the same thing: a plan's deadline is not a report's."""
    asked = OBJECT.findall(question.said)
    stated = fold(f"{deadline.what} {' '.join(_LEAD.findall(candidate.provision.text)[:1])}")
    return not asked or any(thing in stated for thing in asked) or not OBJECT.search(stated)


def _score(searcher: Searcher, question: Question, deadline: Deadline, candidate: Candidate) -> float:
    core = [(1.0, Words(deadline.what)), (0.95, Words(f"{deadline.who} {deadline.to} {deadline.when}"))]
    core += [(0.85, Words(lead)) for lead in _LEAD.findall(candidate.provision.text)[:1]]
    if deadline.what.lower().startswith("riêng "):
        core.append((0.85, Words(candidate.provision.text)))  # an exception to what was said just before
    if share(question.terms, core, searcher.weights) < _CORE:
        return 0.0  # the sentence speaks of it, but this date is not its date
    zones = [
        *core,
        (0.8, Words(deadline.quote)),
        *((worth * 0.8, words) for worth, words in candidate.passage.zones),
    ]
    asked = OBJECT.findall(question.said)
    same = bool(asked) and any(thing in fold(deadline.what) for thing in asked)
    return share(question.terms, zones, searcher.weights) + (_SAME_OBJECT if same else 0.0)


def _for_audience(found: list[_Found], asked: frozenset[Audience]) -> list[_Found]:
    """Keep what concerns whom the question names; else schools first, the department after them, labelled."""
    if asked:
        return [item for item in found if not item.audience or item.audience & asked]
    return sorted(found, key=lambda item: item.audience == {"department"})


def _line(deadline: Deadline) -> str:
    """``Báo cáo sơ kết …: trước ngày 10/01/2026 (UBND cấp xã, … → Sở GDĐT)``."""
    what = re.sub(r"^(?:\+|[-–]|\(\d+\)|[a-zđ]\))\s*", "", squeeze(deadline.what)).rstrip(" :,")
    who = squeeze(deadline.who)
    parties = " → ".join(part for part in (who if who and fold(who) not in fold(what) else "", deadline.to) if part)
    line = f"{sentence_case(what)}: {deadline.when}" if what else sentence_case(deadline.when)
    return f"{line} ({parties})" if parties else line


def _all_of_it(question: Question, chosen: list[_Found]) -> str:
    """A question that asks for more than the date (``ngày nào và gửi qua phòng nào?``) gets the whole provision too."""
    provisions = {item.candidate.provision.id: item.candidate.provision for item in chosen}
    text = next(iter(provisions.values())).text
    more = question.kinds & {"figure", "who", "place", "procedure", "address", "definition"}
    return f"\n{text}" if more and len(provisions) == 1 and len(text) <= _WHOLE else ""


def _correction(question: Question, chosen: list[_Found]) -> str:
    """A date that the question supposes and the source does not give is corrected, not repeated."""
    if not question.mentions.dates:
        return ""
    if len(question.mentions.dates) > 1:
        return ""  # "10/1 hay 30/1?" is not answered by "đúng"
    given = {tuple(map(int, reversed(item.deadline.date.split("-")))) for item in chosen if item.deadline.date}
    for day, month, year in question.mentions.dates:
        if any((day, month) == known[:2] and year in (0, known[2]) for known in given):
            return "Đúng. "
    return "Không phải ngày bạn nêu. Văn bản ghi: " if given else ""


def with_passed(searcher: Searcher, reply: Reply, today: date) -> Reply:
    """Say of every deadline that an answer states in passing that it has passed."""
    if reply.kind == "deadline" and reply.notes:
        return reply
    ids = {id_ for finding in reply.findings for id_ in (finding.provision.id, finding.provision.outer)}
    over = [
        squeeze(deadline.when)
        for deadline in searcher.store.records_of(ids, Deadline)
        if _is_over(deadline, today) and squeeze(deadline.when) in squeeze(reply.text)
    ]
    note = f"Hạn đã qua: {'; '.join(dict.fromkeys(over))}."
    return replace(reply, notes=(*reply.notes, note)) if over else reply


def _is_over(deadline: Deadline, today: date) -> bool:
    """A day on which something comes into force (``có hiệu lực``) is no deadline."""
    return bool(deadline.date) and date.fromisoformat(deadline.date) < today and "hiệu lực" not in f"{deadline.what} {deadline.quote}"


def _passed(question: Question, chosen: list[_Found], today: date) -> list[str]:
    dated = [item.deadline for item in chosen if item.deadline.date]
    passed = [deadline for deadline in dated if _is_over(deadline, today)]
    if passed and len(passed) == len(dated):
        return ["Hạn này đã qua." if len(passed) == 1 else "Các hạn này đã qua."]
    notes = [f"Hạn đã qua: {'; '.join(deadline.when for deadline in passed)}."] if passed else []
    if re.search(r"\bcon (?:may|bao nhieu|bao lau|han)\b|\bhan chua\b", question.folded):
        coming = [deadline for deadline in dated if deadline not in passed]
        notes += [f"Còn {(date.fromisoformat(deadline.date) - today).days} ngày đến hạn {deadline.when}." for deadline in coming]
    return notes
