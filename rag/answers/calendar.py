"""What falls due in a stretch of time or on a day (``tháng 12/2025 có hạn gì?``), and deadlines that have passed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from rag.answers.base import Finding, Reply, bullet_list
from rag.answers.deadlines import OBJECT, line_with_lead
from rag.answers.outcomes import NotMine, Outcome, Reason, Refused
from rag.answers.reckoning import asks_to_reckon, has_passed, passed_notes
from rag.choosing.evidence import Words, share
from rag.documents import ENDED, Deadline, Document, Provision
from rag.finding.search import Searcher
from rag.language.days import Day
from rag.language.text import fold, squeeze
from rag.question.audience import concerns
from rag.question.closed import topic_beside
from rag.question.periods import Period, Span, name_of, span_of
from rag.question.understanding import Question, Term
from rag.slots.due import due_of, occurrences
from rag.slots.named import named, unnamed
from rag.slots.tokens import tokens

_OTHER_KINDS = ("document", "contact", "address", "definition")
_ASKS = re.compile(r"\b(?:han|gi|nop|gui|bao cao|lich|moc|viec|deadline)\b")
_ASKS_OF_DAY = re.compile(r"\b(?:co|la) (?:han|gi|nhung gi|viec gi|moc)\b|\b(?:nop|lam|han) (?:nhung |cai )?(?:gi|nao)\b")
_TOPIC_SHARE = 0.6  # of the topic words, in a deadline and around it
_MOST = 12
_SOON = 366  # days after a stretch without deadlines in which the next one is told


@dataclass(frozen=True, slots=True)
class _Falling:
    """A deadline, where it stands, and the day on which it falls; ``again`` where it comes again and again."""

    deadline: Deadline
    provision: Provision
    day: date
    again: bool = False


def answer_calendar(searcher: Searcher, question: Question, named: Sequence[Document], today: date) -> Outcome:
    """Return what falls due when the question says; refuse where nothing does.

    ``named`` are the loaded documents that it names, if it names any.
    """
    if question.kind in _OTHER_KINDS or asks_to_reckon(question):
        return NotMine()
    if question.mentions.dates:
        return _on_days(searcher, question, named, today)
    if not question.mentions.periods or not _ASKS.search(question.folded):
        return NotMine()
    topic = topic_beside(question, "calendar_words.txt")
    if by_issuer := _of_issuers(searcher, question):
        names = {word for name in question.mentions.names for word in name}
        named, topic = by_issuer, tuple(term for term in topic if term.folded not in names)
    asked = [
        _Asked(question, documents, topic, name_of(meant.period, meant.span), meant.span, meant.instead)
        for meant in _stretches(question, today)
        for documents in ([(document,) for document in named] if named else [()])
    ]
    return _told(searcher, asked, today)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked of one stretch of time: in which documents, on what topic; ``name`` is how the stretch is called.

    ``instead``: it was named without its year, and is told where the one before it here has nothing.
    """

    question: Question
    named: tuple[Document, ...]
    topic: tuple[Term, ...]
    name: str
    span: Span
    instead: bool = False


def _of_issuers(searcher: Searcher, question: Question) -> list[Document]:
    """The loaded documents of the offices that the question calls by their province (``Sở Hà Tân``)."""
    if question.theirs:
        return [document for number, document in searcher.documents.items() if number in question.theirs]
    names = [" ".join(name) for name in question.mentions.names]
    loaded = [document for document in searcher.documents.values() if document.present]
    return [document for document in loaded if any(f" {name}" in f" {fold(document.issuer)}" for name in names)]


class _Stretch(NamedTuple):
    """A stretch of time that may be meant; ``instead`` of the one before it in a list."""

    period: Period
    span: Span
    instead: bool = False


def _stretches(question: Question, today: date) -> list[_Stretch]:
    """The stretches that are meant; of a month without a year the coming one, and instead of that the last one before it."""
    found: list[_Stretch] = []
    for period in question.mentions.periods:
        if not period.open_year:
            found.append(_Stretch(period, span_of(period, today)))
            continue
        spans = [span_of(period, today, year) for year in range(today.year - 1, today.year + 2)]
        coming = next(at for at, (_, end) in enumerate(spans) if end >= today)
        found.append(_Stretch(period, spans[coming]))
        found += [_Stretch(period, spans[coming - 1], instead=True)] if coming and not period.from_now else []
    return found


def _on_days(searcher: Searcher, question: Question, named: Sequence[Document], today: date) -> Outcome:
    """What ends on the day that the question gives (``mốc 10/01/2026 là hạn của cái gì?``)."""
    read = [_reaching(*stretch)] if (stretch := question.mentions.stretch) else [_of_day(day) for day in question.mentions.dates]
    spans = [span for span in read if span]
    if not spans or any(not term.light for term in question.terms):
        return NotMine()
    names = [f"ngày {start:%d/%m/%Y}" if start == end else f"từ {start:%d/%m/%Y} đến {end:%d/%m/%Y}" for start, end in spans]
    asked = [_Asked(question, tuple(named), (), name, span) for name, span in zip(names, spans, strict=True)]
    if not _ASKS_OF_DAY.search(question.folded):
        asked = [one for one in asked if _falling(searcher, one)]
    return _told(searcher, asked, today)


def _of_day(named: Day) -> Span | None:
    """The day that is named, ``None`` where its year is not or there is no such day."""
    made = date.fromisoformat(named.iso) if named.iso else None
    return (made, made) if made else None


def _reaching(first: Day, last: Day) -> Span | None:
    """From one day to another; one without a year is in that of the other, or in the one beside it where New Year lies between."""
    turns = (first.month, first.day) > (last.month, last.day)
    start = _of_day(first if first.year else first._replace(year=last.year and last.year - turns))
    end = _of_day(last if last.year else last._replace(year=first.year and first.year + turns))
    return (min(start[0], end[0]), max(start[0], end[0])) if start and end else None


def _told(searcher: Searcher, asked: list[_Asked], today: date) -> Outcome:
    """What falls in each stretch; of a stretch without anything, that it has nothing, and what comes next where nothing else is told."""
    falling: list[tuple[_Asked, list[_Falling]]] = []
    for one in asked:
        if not (one.instead and falling[-1][1]):
            falling.append((one, _falling(searcher, one)))
    if not asked or (asked[0].topic and not any(found for _, found in falling)):
        return NotMine()  # a matter that has no deadline there is for the provisions to say
    lines: list[str] = []
    findings: list[Finding] = []
    for one, found in falling:
        made = [_line(searcher, item) for item in found[:_MOST]]
        findings += [Finding(line, item.provision, item.deadline.quote) for line, item in zip(made, found, strict=False)]
        lines += _listed(one, made, len(found)) if found else [_nothing(one)]
    if not findings and (after := _next(searcher, asked[0])):
        lines.append(f"Hạn gần nhất sau đó: {_line(searcher, after)}")
        findings = [Finding(lines[-1], after.provision, after.deadline.quote)]
        return Reply("\n".join(lines), tuple(findings), tuple(passed_notes([after.deadline], today)), "deadline")
    if not findings:
        return Refused(Reason.NOTHING_THERE, "\n".join(lines))
    told = [item.deadline for _, found in falling for item in found[:_MOST]]
    return Reply("\n".join(lines), tuple(findings), tuple(passed_notes(told, today)), "deadline")


def _listed(asked: _Asked, lines: list[str], count: int) -> list[str]:
    more = [f"… và {count - _MOST} hạn khác."] if count > _MOST else []
    if asked.span[0] == asked.span[1] and not asked.question.mentions.periods:
        return [bullet_list(lines), *more]  # the day stands in each line
    heading = ", ".join([_when(asked), *(document.name for document in asked.named)])
    return [f"{heading}:", *(f"- {line}" for line in lines), *more] if count > 1 else [f"{heading}: {lines[0]}"]


def _when(asked: _Asked) -> str:
    name = f"trong {asked.name}" if asked.name.startswith(("tháng", "quý", "năm", "tuần")) else asked.name
    return f"{name[:1].upper()}{name[1:]}"


def _nothing(asked: _Asked) -> str:
    where = ", ".join(document.name for document in asked.named) or "các văn bản đang có"
    concerning = " cho đối tượng thầy cô hỏi" if asked.question.audience or named(tokens(asked.question.whole)) else ""
    return f"{_when(asked)}, {where} không ghi hạn nào{concerning}."


def _line(searcher: Searcher, item: _Falling) -> str:
    line = line_with_lead(searcher, item.deadline, item.provision)
    return f"{line}; lần này là {item.day:%d/%m/%Y}" if item.again else line


def _falling(searcher: Searcher, asked: _Asked) -> list[_Falling]:
    """What falls due in the stretch, by day: windows that touch it, and what comes again in it."""
    start, end = asked.span
    found = []
    for item in _all_of(searcher, asked):
        due = due_of(item.deadline)
        if due is not None and (due.first or due.day) <= end and due.day >= start:
            found.append(item)
        elif due is None:
            days = occurrences(item.deadline.when, start, end)
            found += [replace(item, day=day, again=True) for day in days[:1]]
    return sorted(_of_object(asked.question, found), key=lambda item: item.day)


def _next(searcher: Searcher, asked: _Asked) -> _Falling | None:
    """What is due first after the stretch."""
    later = [item for item in _all_of(searcher, asked) if due_of(item.deadline) and 0 < (item.day - asked.span[1]).days <= _SOON]
    return min(later, key=lambda item: item.day, default=None)


def _all_of(searcher: Searcher, asked: _Asked) -> list[_Falling]:
    """Every deadline of the documents asked about that concerns whom the question names, each once."""
    records = [record for record in searcher.store.records(Deadline) if _concerns(asked.question, record)]
    provisions = searcher.store.provisions({record.provision for record in records})
    numbers = {document.number for document in asked.named}
    found: dict[tuple[str, str, str, str], _Falling] = {}
    for record in records:
        provision = provisions[record.provision]
        ended = searcher.validity(provision.document, min(asked.span[1], asked.question.day or asked.span[1])) in ENDED
        if (numbers and provision.document not in numbers) or ended or not _is_about(searcher, asked.topic, record, provision):
            continue
        due = due_of(record)
        if due is None and (not record.recurrence or record.what.startswith("là ")):
            continue
        key = (record.what, record.who, record.to, record.when)
        found.setdefault(key, _Falling(record, provision, due.day if due else date.max))
    return list(found.values())


def _concerns(question: Question, deadline: Deadline) -> bool:
    return concerns(deadline.who, deadline.to, question.audience) and not unnamed(tokens(question.whole), [tokens(deadline.who)])


def _is_about(searcher: Searcher, topic: tuple[Term, ...], deadline: Deadline, provision: Provision) -> bool:
    if not topic:
        return True
    zones = [(1.0, Words(f"{deadline.what} {deadline.who} {deadline.to}")), (0.9, Words(deadline.quote)), (0.8, Words(provision.heading))]
    return share(topic, zones, searcher.weights) >= _TOPIC_SHARE


def _of_object(question: Question, found: list[_Falling]) -> list[_Falling]:
    """Where a report or a plan is asked for and there is one: those alone."""
    asked = OBJECT.findall(question.said)
    return [item for item in found if any(thing in fold(item.deadline.what) for thing in asked)] or found


def with_passed(searcher: Searcher, reply: Reply, today: date) -> Reply:
    """Say of every deadline that an answer states in passing that it has passed."""
    if reply.kind == "deadline" and reply.notes:
        return reply
    ids = {id_ for finding in reply.findings for id_ in (finding.provision.id, finding.provision.outer)}
    over = [
        squeeze(deadline.when)
        for deadline in searcher.store.records_of(ids, Deadline)
        if has_passed(deadline, today) and squeeze(deadline.when) in squeeze(reply.text)
    ]
    note = f"Hạn đã qua: {'; '.join(dict.fromkeys(over))}."
    return replace(reply, notes=(*reply.notes, note)) if over else reply
