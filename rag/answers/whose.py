"""Whose documents an answer is from, where the message is of another province than they are, or names one."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from rag.answers.outcomes import Reason, Refused
from rag.answers.turn import Found, refused_after_all
from rag.documents import Answer
from rag.finding.documents_named import resolve
from rag.finding.search import Searcher
from rag.language.honorifics import TYPED
from rag.language.office_names import SCHOOLS, tiers_before
from rag.language.places import Name, Place, is_abroad, place_called
from rag.language.text import canonical, folded, folded_line, words
from rag.question.parting import without
from rag.question.understanding import Question
from rag.question.whereabouts import HALF, SURE, Whereabout, places_named, whereabouts

_OF_PEOPLE = ("who", "contact")
"""Kinds of questions that ask for somebody."""
_TITLE = re.compile(TYPED)
_TOLD = "Đây là văn bản của {issuer}. Câu hỏi nêu {places}: nếu hỏi cho nơi ấy thì quy định có thể khác."
_TOLD_BEFORE = "Đây là văn bản của {issuer}. Ở câu trước, thầy cô nêu {places}: nếu vẫn hỏi cho nơi ấy thì quy định có thể khác."
_ASK_THERE = "Quy định của nơi ấy: thầy cô hỏi Sở Giáo dục và Đào tạo {province}."


def told_whose(searcher: Searcher, message: str, answer: Answer, places: Collection[str] = ()) -> Answer:
    """Return an answer with a note on whose documents it cites, where these are of an office and the message may be of another province.

    So may be a message without a place in a conversation that is of some (``places_after``). A place that the quoted
    text names too is a matter of these documents.
    """
    if not (local := _of_offices(searcher, answer)):
        return answer
    others, told = [one.place for one in _elsewhere(searcher, message, answer, local) if one.sureness >= HALF], _TOLD
    if not others:
        now = {one.place.name for one in places_named(message)}
        before = [place for name in places if name not in now and (place := place_called(name))]
        others, told = _beside_the_text(before, answer, _own(searcher, local)), _TOLD_BEFORE
    if not others:
        return answer
    first = searcher.documents[local[0]]
    note = told.format(issuer=first.issuer or first.office, places=", ".join(_called(others)))
    return replace(answer, notes=(note, *answer.notes))


def places_after(searcher: Searcher, message: str, before: Sequence[str]) -> tuple[str, ...]:
    """Return the places that a conversation may well be of after a message, as these are written.

    Those of ``before`` stay until a message is of another, or names one in the province whose documents are here.
    """
    home = searcher.offices.home
    here = [one for one in whereabouts(message, ()) if not one.place.provinces.isdisjoint(home)]
    named = [one.place.name for one in (*whereabouts(message, home), *here) if one.sureness >= HALF]
    return tuple(named or (() if here else before))


def provinces_here(searcher: Searcher, places: Iterable[str]) -> frozenset[str]:
    """Return those provinces of the loaded documents in which places are, each as it is written, that are in no other of them."""
    found = (place.provinces & searcher.offices.home for name in places if (place := place_called(name)))
    return frozenset(province for one in found if len(one) == 1 for province in one)


def unless_elsewhere(found: Found, message: str) -> Found:
    """Refuse what is answered from an office's documents where the message is surely of a province that has none here.

    Who names one of these documents by its number means that one.
    """
    searcher = found.searcher
    local = _of_offices(searcher, found.answer)
    if found.own.mentions.numbers and any(document.number in local for document in resolve(searcher.names, found.own)):
        return found
    of_place = [number for number in local if not searcher.offices.of_tier(number, "college")]  # students come from anywhere
    if not any(map(searcher.offices.provinces_of, of_place)):
        return found
    there = [one.place for one in _elsewhere(searcher, message, found.answer, of_place) if one.sureness >= SURE]
    if not there or any(not place.provinces.isdisjoint(searcher.offices.home) for place in there):
        return found
    have = ", ".join(dict.fromkeys(map(searcher.offices.name_of, local)))
    refused = Refused(Reason.UNKNOWN_OFFICE, ", ".join(_called(there)), have)
    provinces = dict.fromkeys(province for place in there if len(place.provinces) == 1 for province in place.provinces)
    notes = tuple(_ASK_THERE.format(province=province) for province in provinces if not is_abroad(province))
    return refused_after_all(found, refused, notes)


def bystanders(message: str, home: Collection[str]) -> tuple[Name, ...]:
    """Return the folded names that say nothing of what a message asks: places in one's own province, and those beside the point."""
    named = [one.place for one in places_named(message) if not one.place.provinces.isdisjoint(home)]
    named += [one.place for one in whereabouts(message, home) if one.sureness < HALF]
    return tuple(dict.fromkeys(tuple(folded(canonical(word)) for word in words(place.name)) for place in named))


def without_bystanders(searcher: Searcher, names: Iterable[Name], question: Question) -> Question:
    """Return a question without such ``names``, and those of schools where no document is of one, of which nothing here speaks.

    What may say who is asked for stays: what somebody is called by (``chị Thanh Hà``), and of whom somebody is (``ai ở phường Hà Tu``).
    """
    whole = [folded(canonical(word)) for word in question.whole.split()]
    spans = [span for name in names for span in _spans(whole, name) if not _TITLE.fullmatch(whole[span.start - 1] if span.start else "")]
    if not searcher.offices.is_of_school():
        spans += [
            span
            for name in question.mentions.names
            for span in _spans(whole, name)
            if not tiers_before(whole, span.start).isdisjoint(SCHOOLS)
        ]
    if question.kind in _OF_PEOPLE:
        spans = [span for span in spans if not tiers_before(whole, span.start)]
    dropped = {at for span in spans if not searcher.speaks_of(whole[span.start : span.stop]) for at in span}
    gone = {whole[at] for at in dropped}
    return without(question, dropped, names=[name for name in question.mentions.names if gone.issuperset(name)])


def _elsewhere(searcher: Searcher, message: str, answer: Answer, numbers: Collection[str]) -> list[Whereabout]:
    """The places in other provinces than those of some documents that a message names and that the quoted text does not."""
    if not numbers:
        return []
    own = _own(searcher, numbers)
    found = whereabouts(message, own)
    beside = _beside_the_text([one.place for one in found], answer, own)
    return [one for one in found if one.place in beside]


def _own(searcher: Searcher, numbers: Iterable[str]) -> frozenset[str]:
    """The provinces that documents are of."""
    return frozenset().union(*map(searcher.offices.provinces_of, numbers))


def _beside_the_text(places: Iterable[Place], answer: Answer, own: Collection[str]) -> list[Place]:
    """Those of some places that are in other provinces than one's ``own``, and that the quoted text does not name."""
    quoted = [folded_line(citation.quote) for citation in answer.citations]
    return [place for place in places if place.provinces.isdisjoint(own) and not any(folded_line(place.name) in line for line in quoted)]


def _of_offices(searcher: Searcher, answer: Answer) -> list[str]:
    """The documents of an office that an answer cites, or that a refusal names as the nearest."""
    numbers = [one.document for one in answer.citations] + [one.document for one in answer.related]
    return [number for number in dict.fromkeys(numbers) if number in searcher.documents and searcher.documents[number].office]


def _called(places: Iterable[Place]) -> list[str]:
    """Places as people are told of them, each once, a town with its province: ``Vinh (Nghệ An)``."""
    told: dict[str, None] = {}
    for place in places:
        alone = next(iter(place.provinces)) if len(place.provinces) == 1 else place.name
        told[place.name if alone == place.name or place.is_province else f"{place.name} ({alone})"] = None
    return list(told)


def _spans(whole: Sequence[str], name: Sequence[str]) -> list[range]:
    """Where folded words stand in a row."""
    size = len(name)
    return [range(at, at + size) for at in range(len(whole) - size + 1) if list(whole[at : at + size]) == list(name)]
