"""Families of nearly identical documents, and which of their members a question means.

Members differ in when (year, school year), in numbered rounds (``đợt 2``, ``khóa 16``), in whose they are, and in other words of
what they are called by (``chính quy``, ``vừa làm vừa học``): these are their marks.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from itertools import pairwise

from rag.documents import Document
from rag.language.office_names import spelt
from rag.language.series import to_roman
from rag.language.text import canonical, folded
from rag.question.said import Said
from rag.slots.named import Named, named, phrases, touches
from rag.slots.tokens import Row, places, tokens

_YEAR = re.compile(r"20\d\d")
_ROMAN = {to_roman(number): number for number in range(1, 7)}
_PART = 2  # words of a longer mark that stand for it
_Run = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a family: its years, school years and numbers by their label, ``forms`` as exact words and as written."""

    number: str
    office: tuple[str, ...]
    issued: str
    years: frozenset[int]
    schools: frozenset[tuple[int, int]]
    labelled: Mapping[str, int]
    values: frozenset[Named]
    forms: tuple[_Run, ...] = ()
    written: tuple[str, ...] = ()

    @property
    def period(self) -> int:
        """Its last year."""
        return max(self.years, default=0)

    @property
    def order(self) -> tuple[int, tuple[int, ...], str]:
        """What is newer comes after: by year, by number, by the day of issue."""
        return self.period, tuple(self.labelled.values()), self.issued


@dataclass(frozen=True, slots=True)
class Meant:
    """The members that a question may mean. ``strange`` is a mark that it names and none has; ``named`` whether it names any."""

    members: tuple[Member, ...]
    strange: str = ""
    named: bool = False


@dataclass(frozen=True, slots=True)
class Family:
    """Documents that are nearly alike; ``called`` has the words that each is called by, folded."""

    members: tuple[Member, ...]
    labels: frozenset[str]
    called: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, called: Mapping[str, str], documents: Mapping[str, Document], office_of: Callable[[str], tuple[str, ...]]) -> Family:
        """Read the marks of the documents in ``called``, which has what each is called by."""
        read = [_member(documents[number], text, office_of(number)) for number, text in called.items()]
        rests = [_rest(member, called[member.number]) for member in read]
        common = _common([[word for word, _ in rest] for rest in rests])
        members = tuple(_with_forms(member, rest, common) for member, rest in zip(read, rests, strict=True))
        labels = {label for member in members for label in member.labelled}
        telling = {label for label in labels if len({member.labelled.get(label) for member in members}) > 1}
        words = {number: tuple(folded(canonical(word)) for word in spelt(text)) for number, text in called.items()}
        return cls(members, frozenset(telling), words)

    def meant(self, texts: Sequence[Said], today: date, states: Callable[[str], bool]) -> Meant:
        """Return the members that have the marks named in ``texts``; of each kind of mark the first text that names one counts.

        What only the message around a question (the last of ``texts``) names is no ground to have nothing. ``states`` says
        whether some words stand in one of the members: then they are no mark.
        """
        left, any_named = list(self.members), False
        for said, sure in zip(texts, [*[True] * (len(texts) - 1), len(texts) == 1], strict=True):
            years, schools = said.years(today)
            if not years and not schools:
                continue
            fitting = [one for one in left if years & one.years or schools & one.schools or _within(schools, one)]
            strange = [str(year) for year in sorted(years)] + [f"{first}-{second}" for first, second in schools]
            if fitting:
                left, any_named = fitting, any_named or len(fitting) < len(self.members)
            elif sure and not any(map(states, strange)):
                return Meant((), f"năm học {strange[-1]}" if schools else f"năm {strange[-1]}", named=True)
            break
        for label in sorted(self.labels):
            for said in texts:
                if not (numbers := said.numbers_after(label)):
                    continue
                fitting = [one for one in left if str(one.labelled.get(label)) in {number for _, number in numbers}]
                called = " ".join(said.exact[numbers[0][0] : numbers[0][0] + 1]) + f" {numbers[0][1]}"
                if fitting:
                    left, any_named = fitting, True
                elif not states(called):
                    return Meant((), called, named=True)
                break
        for said in texts:
            if fitting := _of_form(left, said):
                return Meant(tuple(fitting), named=True)
        return Meant(tuple(left), named=any_named)

    def is_called(self, said: Said) -> bool:
        """Say whether a question names a member by its number or by its other words, whole ones."""
        for label in self.labels:
            known = {str(member.labelled.get(label)) for member in self.members}
            if any(number in known for _, number in said.numbers_after(label)):
                return True
        return any(
            len(matched) > 1 or (matched and _goes_on(said, matched[-1] + 1, self.called[member.number], folded(run[-1])))
            for member in _of_form(list(self.members), said)
            for run in member.forms
            for matched in [_matched(run, said)]
        )

    def strange_value(self, row: Row, states: Callable[[str], bool]) -> str:
        """Return a value of a slot (a level of school, a form of study) in which the members differ, and that none of them has."""
        slots = self._slots
        values = [value for member in self.members for value in member.values]
        strange = (one for one in named(row) if one.slot in slots and not any(touches(one, value) for value in values))
        return next((one.called for one in strange if not states(one.called)), "")

    def newest(self, members: Iterable[Member], among: Callable[[str], bool] = lambda number: True) -> list[list[Member]]:
        """Return what answers where no mark decides: of each office and form the newest first, the older ones behind it.

        Forms part only what is of the same time. What is not ``among`` those in force comes last.
        """
        by_office: dict[tuple[str, ...], list[Member]] = {}
        for member in sorted(members, key=lambda one: (among(one.number), one.order), reverse=True):
            by_office.setdefault(member.office, []).append(member)
        groups: list[list[Member]] = []
        for own in by_office.values():
            latest = own[0].period
            forms = dict.fromkeys(one.forms for one in own if one.period == latest and among(one.number) == among(own[0].number))
            parted = [[one for one in own if one.forms == form] for form in forms]
            rest = [one for one in own if one.forms not in forms]
            parted[0] += rest
            groups += parted
        return groups

    def places_in(self, said: Said) -> set[int]:
        """Return the places of the words of a question that are marks of this family."""
        found = said.year_places()
        for label in self.labels:
            found |= {place for at, _ in said.numbers_after(label) for place in (at, at + 1)}
        for member in self.members:
            title = self.called[member.number]
            for run in member.forms:
                if matched := _matched(run, said):
                    found |= {*matched, *_goes_on(said, matched[-1] + 1, title, folded(run[-1]))}
        for start, end in places(said.exact, phrases()):  # ``hệ từ xa`` of what is called ``đào tạo từ xa``
            if any(one.slot in self._slots for one in named(said.exact[start:end])):
                found |= set(range(start, end))
        return found

    @property
    def _slots(self) -> set[str]:
        """The slots in which the members differ: a level of school, a form of study."""
        slots = {value.slot for member in self.members for value in member.values}
        return {slot for slot in slots if len({self._values(member, slot) for member in self.members}) > 1}

    def _values(self, member: Member, slot: str) -> frozenset[str]:
        return frozenset(value.value for value in member.values if value.slot == slot)

    def marks_of(self, member: Member, *, dated: bool = False) -> list[str]:
        """Return the marks of a member in which others differ, as they are written; ``dated``: its year in any case."""
        marks = []
        if member.years and (dated or len({(one.years, one.schools) for one in self.members}) > 1):
            school = max(member.schools, default=None)
            marks.append(f"năm học {school[0]}-{school[1]}" if school else f"năm {member.period}")
        marks += [f"{_LABELS.get(label, label)} {number}" for label, number in member.labelled.items() if label in self.labels]
        return [*marks, *member.written]


_LABELS = {"dot": "đợt", "khoa": "khóa", "lan": "lần", "ki": "kì", "lop": "lớp", "thang": "tháng", "quy": "quý", "so": "số", "tap": "tập"}


def read_families(text: str, documents: Mapping[str, Document], office_of: Callable[[str], tuple[str, ...]]) -> dict[str, Family]:
    """Return the family of each document that has one, from what was found when the index was built."""
    families: dict[str, Family] = {}
    for called in json.loads(text):
        family = Family.of(called, documents, office_of)
        families |= dict.fromkeys(called, family)
    return families


def _member(document: Document, called: str, office: tuple[str, ...]) -> Member:
    raw = spelt(called)
    years = {int(word) for word in raw if _YEAR.fullmatch(word)}
    schools = {(int(a), int(b)) for a, b in pairwise(raw) if _YEAR.fullmatch(a) and _YEAR.fullmatch(b) and int(b) == int(a) + 1}
    if not years and document.issued:
        years = {int(document.issued[:4])}
    labelled = {}
    for before, word in pairwise(raw):
        value = int(word) if word.isdecimal() and not _YEAR.fullmatch(word) else _ROMAN.get(word, 0)
        if value and before.isalpha() and not before.isdigit():
            labelled[folded(canonical(before))] = value
    values = frozenset(named(tokens(" ".join(raw))))
    return Member(document.number, office, document.issued, frozenset(years), frozenset(schools), labelled, values)


def _rest(member: Member, called: str) -> list[tuple[_Run, str]]:
    """What it is called by without years, numbers and its office: words, known phrases as one."""
    raw = [word for word in spelt(called) if not any(map(str.isdigit, word)) and word not in _ROMAN]
    exact = [canonical(word) for word in raw]
    name = list(member.office)
    for at in range(len(exact) - len(name) + 1):
        if name and exact[at : at + len(name)] == name:
            raw, exact = raw[:at] + raw[at + len(name) :], exact[:at] + exact[at + len(name) :]
            break
    joined = dict(places(exact, phrases()))
    rest, at = [], 0
    while at < len(exact):
        end = joined.get(at, at + 1)
        rest.append((tuple(exact[at:end]), " ".join(raw[at:end])))
        at = end
    return rest


def _common(texts: Sequence[list[_Run]]) -> list[_Run]:
    """The words that stand in all of the texts, in one order."""
    common = list(texts[0])
    for text in texts[1:]:
        blocks = SequenceMatcher(None, common, text, autojunk=False).get_matching_blocks()
        common = [word for block in blocks for word in common[block.a : block.a + block.size]]
    return common


def _with_forms(member: Member, rest: list[tuple[_Run, str]], common: list[_Run]) -> Member:
    blocks = SequenceMatcher(None, [word for word, _ in rest], common, autojunk=False).get_matching_blocks()
    forms, written, before = [], [], 0
    for block in blocks:
        if run := rest[before : block.a]:
            forms.append(tuple(word for words, _ in run for word in words))
            written.append(" ".join(text for _, text in run))
        before = block.a + block.size
    return Member(
        member.number,
        member.office,
        member.issued,
        member.years,
        member.schools,
        member.labelled,
        member.values,
        tuple(forms),
        tuple(written),
    )


def _within(schools: Iterable[tuple[int, int]], member: Member) -> bool:
    """Whether a document of a calendar year is of a school year that begins in it."""
    return not member.schools and any(first in member.years for first, _ in schools)


def _matched(run: _Run, said: Said) -> list[int]:
    """The places of a mark in a question: of all of it, else of its longest part of two words or more."""
    for size in range(len(run), min(_PART, len(run)) - 1, -1):
        for start in range(len(run) - size + 1):
            if found := said.starts_of(run[start : start + size]):
                return list(range(found[0], found[0] + size))
    return []


def _goes_on(said: Said, at: int, title: Sequence[str], last: str) -> list[int]:
    """The place of the word behind a mark that goes on with it in the title, too (``sĩ`` of ``thạc sĩ``)."""
    following = {after for before, after in pairwise(title) if before == last}
    return [at] if at < len(said.plain) and said.plain[at] in following else []


def _of_form(members: list[Member], said: Said) -> list[Member]:
    """The members of whose other words a question has most; none where it has none, or all have them alike."""
    worth = [max((len(_matched(run, said)) for run in member.forms), default=0) for member in members]
    best = max(worth, default=0)
    return [member for member, one in zip(members, worth, strict=True) if one == best] if best and min(worth) < best else []
