"""By when: deadlines and recurrences, for whoever asks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from rag.answers.agreement import SAYS, Asked, all_around, asked, day_verdict, told_apart
from rag.answers.base import Finding, Reply, bullet_list, sentence_case
from rag.answers.leading import lead_of_due
from rag.answers.reckoning import passed_notes, reckoned, with_reckoned
from rag.choosing.evidence import Words, share
from rag.documents import Deadline, Provision
from rag.finding.choice import Candidate
from rag.finding.search import Searcher
from rag.language.text import fold, normalise, squeeze
from rag.question.audience import Audience, audience_of, other_levels
from rag.question.understanding import Question
from rag.slots.named import sides, tells_of, unnamed, unnamed_offices
from rag.slots.parties import recipients
from rag.slots.tokens import Row, tokens

_DEADLINE_SHARE = 0.6  # of the question, in a deadline and what it stands in
_CORE_SHARE = 0.35  # of the question, in the deadline itself
OBJECT = re.compile(
    r"\b(?:bao cao|ke hoach|ho so|danh sach|bieu mau|hoc ba|so lieu|sang kien|san pham|bien ban|phieu|"
    r"quyet dinh phan cong|de an|qu[yi] che)\b"
)
_GRADE = re.compile(r"\blop (\d+)\b")
DAY = re.compile(r"\bngay (?:nao|may|bao nhieu)\b|\bhan\b")
_LEAD = re.compile(r"(?:^|[.;]\s)([^:;.\n]{10,200}):\s*(?:\n|\(1\)|a\))")  # what announces a list: its items are about it
_NEAR_BEST_DEADLINE = 0.12  # of a deadline's score: so near to the best one others are told too
_PROVISIONS = 12  # candidates whose deadlines may be meant
_WHOLE_TEXT = 700  # characters of a provision that are told with its deadline
_JUDGED_SHARE = 0.8  # of the question, in a deadline: so much that a yes or no can be said
_WHOM = {"bộ": "Bộ", "sở": "Sở", "ủy ban": "Ủy ban nhân dân"}
_SAME_OBJECT = 0.1  # more of a deadline's score, where what is due is the thing that is asked for
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
    unnamed: tuple[str, ...] = ()

    @property
    def row(self) -> Row:
        """What is due, from whom and to whom."""
        return tokens(normalise(f"{self.deadline.what}\n{self.deadline.who}\ngửi {self.deadline.to}"))


def periods_in(folded: str) -> set[str]:
    """Return the periods of the school year that a folded text names (``first``, ``second``, ``year``)."""
    if _EITHER.search(folded):
        return {"first", "second", "year"}
    return {period for period, cue in _PERIODS.items() if cue.search(folded)}


def answer_deadline(searcher: Searcher, question: Question, candidates: list[Candidate], today: date) -> Reply | None:
    """Return the deadlines that the question asks for, or ``None`` when no provision states one."""
    supposed = asked(searcher, question)
    found, others = _matching(searcher, question, supposed, candidates)
    apart = [] if found else sorted({name for item in others for name in item.unnamed}, key=supposed.row.__contains__)
    if not (found := found or others):
        return None
    best = max(item.score for item in found)
    near = _with_other_sides(supposed, [item for item in found if item.score >= best - _NEAR_BEST_DEADLINE], found)
    chosen = _for_audience(near, question.audience)
    if not chosen:
        return None
    if not (own := [item for item in chosen if not other_levels(item.deadline.who, question.audience)]):
        apart = apart or other_levels(chosen[0].deadline.who, question.audience)
    chosen = own or chosen
    deadlines = [item.deadline for item in chosen]
    plain = [line_with_lead(searcher, item.deadline, item.candidate.provision) for item in chosen]
    lines = with_reckoned(question, deadlines, plain, today)
    findings = tuple(Finding(line, item.candidate.provision, item.deadline.quote) for line, item in zip(lines, chosen, strict=True))
    said = "" if apart else reckoned(question, deadlines, today)
    lead = f"{said}\n" if said else "" if apart or lines != plain else _correction(question, supposed, chosen)
    whole = () if said else _all_of_it(question, chosen)
    text = lead + "\n".join([bullet_list(list(dict.fromkeys(lines))), *(finding.text for finding in whole)])
    findings = (*findings, *whole)
    return told_apart(Reply(text, findings, tuple(passed_notes(deadlines, today)), "deadline"), apart)


def _matching(searcher: Searcher, question: Question, supposed: Asked, candidates: list[Candidate]) -> tuple[list[_Found], list[_Found]]:
    """The deadlines that may be meant, and those that would be, were they not of another level, term, office or recipient."""
    by_id = {candidate.provision.id: candidate for candidate in candidates[:_PROVISIONS]}
    asked_periods, grades = periods_in(question.folded), set(_GRADE.findall(question.folded))
    wants_recurrence = question.kinds & {"frequency", "deadline"} == {"frequency"}
    found = []
    for deadline in searcher.store.records_of(by_id, Deadline):
        vague = not re.search(r"\d", deadline.when)
        if (wants_recurrence and not deadline.recurrence) or (vague and DAY.search(question.folded)):
            continue
        what = " ".join(fold(deadline.what).replace("ky ", "ki ").split())
        if _differ(asked_periods, periods_in(what)):
            continue
        candidate = by_id[deadline.provision]
        if not _same_object(question, deadline, candidate):
            continue
        score = _score(searcher, question, deadline, candidate)
        if score >= _DEADLINE_SHARE:
            apart = tuple(_unnamed(searcher, supposed, deadline, candidate))
            found.append(_Found(deadline, candidate, score, audience_of(deadline.who, deadline.to), apart))
    found = searcher.in_force_first(found, lambda item: item.candidate.provision.document, question.day)
    own = [item for item in found if not item.unnamed]
    return [item for item in own if grades & set(_GRADE.findall(fold(item.deadline.what)))] or own, found


def _with_other_sides(supposed: Asked, near: list[_Found], found: list[_Found]) -> list[_Found]:
    """Of what the question sets side by side (levels, recipients), the likeliest deadline of each."""
    for side in sides(supposed.row):
        if not any(tells_of(side, item.row) for item in near):
            near = [*near, *[item for item in found if tells_of(side, item.row)][:1]]
    return near


def _unnamed(searcher: Searcher, supposed: Asked, deadline: Deadline, candidate: Candidate) -> Iterator[str]:
    """What the question names of whom and what a deadline is for, and the deadline names others of."""
    provision = candidate.provision
    layers = [f"{deadline.what}\n{deadline.who}", deadline.quote, provision.text, "\n".join(reversed(candidate.passage.around))]
    yield from (value.called for value in unnamed(supposed.row, [tokens(normalise(layer)) for layer in layers]))
    around = all_around(searcher, provision)
    yield from (supposed.called(name) for name in unnamed_offices(supposed.row, around))
    to, own = recipients(supposed.row), recipients(tokens(f"gửi {normalise(deadline.to)}"))
    if to and own and not to & own:
        yield from (f"việc gửi {_WHOM[name]}" for name in sorted(to))


def _differ(asked: set[str], stated: set[str]) -> bool:
    return bool(asked and stated and not asked & stated)


def _same_object(question: Question, deadline: Deadline, candidate: Candidate) -> bool:
    """What has to be handed in is the same thing: a plan's deadline is not a report's, and a day of events is nobody's of either."""
    if not (asked := OBJECT.findall(question.said)):
        return True
    stated = fold(f"{deadline.what} {' '.join(_LEAD.findall(candidate.provision.text)[:1])}")
    if not OBJECT.search(stated):
        stated = fold(" ".join([candidate.provision.whole_text, *candidate.passage.around]))
    return any(thing in stated for thing in asked)


def _score(searcher: Searcher, question: Question, deadline: Deadline, candidate: Candidate) -> float:
    core = [(1.0, Words(deadline.what)), (0.95, Words(f"{deadline.who} {deadline.to} {deadline.when}"))]
    core += [(0.85, Words(lead)) for lead in _LEAD.findall(candidate.provision.text)[:1]]
    if deadline.what.lower().startswith("riêng "):
        core.append((0.85, Words(candidate.provision.text)))  # an exception to what was said just before
    if share(question.terms, core, searcher.weights) < _CORE_SHARE:
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


def line_with_lead(searcher: Searcher, deadline: Deadline, provision: Provision) -> str:
    """Return a deadline as people read it, behind what it goes on from where it says little itself."""
    lead = lead_of_due(searcher.store, provision, deadline.what, deadline.when)
    return f"{lead}: {line_of(deadline)}" if lead else line_of(deadline)


def line_of(deadline: Deadline) -> str:
    """Return a deadline as people read it: ``Báo cáo sơ kết …: trước ngày 10/01/2026 (UBND cấp xã, … → Sở GDĐT)``.

    A clause that holds its own time stays as it is.
    """
    what = re.sub(r"^(?:\+|[-–]|\(\d+\)|[a-zđ]\))\s*", "", squeeze(deadline.what)).rstrip(" :,")
    if what and squeeze(deadline.when) in what:
        return sentence_case(what)
    who = squeeze(deadline.who)
    parties = " → ".join(part for part in (who if who and fold(who) not in fold(what) else "", deadline.to) if part)
    line = f"{sentence_case(what)}: {deadline.when}" if what else sentence_case(deadline.when)
    return f"{line} ({parties})" if parties else line


def _all_of_it(question: Question, chosen: list[_Found]) -> tuple[Finding, ...]:
    """A question that asks for more than the date (``ngày nào và gửi qua phòng nào?``) gets the whole provision too."""
    provisions = {item.candidate.provision.id: item.candidate.provision for item in chosen}
    first = next(iter(provisions.values()))
    more = question.kinds & {"figure", "who", "place", "procedure", "address", "definition"}
    return (Finding(first.text, first, first.text),) if more and len(provisions) == 1 and len(first.text) <= _WHOLE_TEXT else ()


def _correction(question: Question, supposed: Asked, chosen: list[_Found]) -> str:
    """A date that the question supposes is confirmed or corrected where every deadline that may be meant says so, else nothing is said."""
    if not question.mentions.dates or "yesno" not in question.kinds:
        return ""
    said = {day_verdict(supposed, item.deadline.when, item.deadline.date) for item in chosen}
    sure = len(said) == 1 and all(item.score >= _JUDGED_SHARE for item in chosen)
    return (said.pop() if sure else "") or SAYS
