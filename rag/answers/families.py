"""Whose document is meant, and of which year, round or form, where several say nearly the same: what a question names, else the newest.

It is said which one answers wherever the question does not; what is named and not there is refused, with what there is.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

from rag.answers import base
from rag.answers.deciding import Asking, Decision, refused
from rag.answers.deciding import answer as decide
from rag.answers.outcomes import Reason, Refused
from rag.choosing.evidence import best_sentence
from rag.documents import Answer
from rag.finding.families import Family, Meant, Member
from rag.finding.in_force import asked_day
from rag.finding.search import Searcher
from rag.language.text import fold, normalise
from rag.question.parting import without
from rag.question.said import Said
from rag.question.understanding import Question, said_in
from rag.slots.tokens import tokens

_ACCORDING_TO = "Theo {which}:"
_OLDER = "Kho còn có bản {which}; nêu rõ trong câu hỏi nếu cần bản đó."
_SAID, _TRIED, _NEAR = 4, 3, 3
_FAR_MORE_THERE = 0.25  # of what is asked, more in another office's document than in the named one's
_LONG = 120  # characters
_YEAR = "năm "
_TITLE = 3  # words of a title in a row that call a document
_CONTACT = re.compile(r"\b(?:dau moi|lien he)\b")
_INSIDE = ("deadline", "frequency", "figure", "contact", "address", "place", "procedure")
"""Kinds of answers that no letterhead has."""
_BEYOND = ("general", "list", "yesno")
"""Kinds of answers that it has not where more is asked than what the document is about."""


def answer(searcher: Searcher, asking: Asking, today: date) -> Decision:
    """Return the answer to a question from the documents that it means."""
    if asking.taught is not None or not (searcher.offices.several or searcher.families):
        return decide(searcher, asking, today)
    texts = _texts(asking)
    tier, nobody = next((strange for said in texts if (strange := searcher.offices.stranger(said))[1]), ("", ""))
    here = _at_office(searcher, asking, texts)
    first = decide(searcher, here, today)
    near = _near(first.answer)
    if nobody and (not near or (searcher.offices.of_tier(near[0], tier) and not searcher.states(near[0], nobody))):
        return _refused(searcher, asking, first, Refused(Reason.UNKNOWN_OFFICE, nobody, searcher.offices.called(tier)))
    families = _families(searcher, here, texts[0], near)
    if not families or asking.question.mentions.numbers:
        return _without_strange_contacts(searcher, here, _unless_others(searcher, here, first))
    made = _of_family(searcher, here, texts, families[0], first, today)
    if made.reply is None and len(families) > 1 and families[0].called.keys().isdisjoint(near):
        made = _of_family(searcher, here, texts, families[1], first, today)
    return _unless_others(searcher, here, made)


def _families(searcher: Searcher, asking: Asking, said: Said, near: Sequence[str]) -> list[Family]:
    """The families that may be meant: first those whose members the question calls, then what it is nearest to."""
    elsewhere = asking.question.elsewhere
    there = {id(family): family for number, family in searcher.families.items() if number not in elsewhere}
    close = list({id(family): family for number in near if (family := searcher.families.get(number))}.values())
    called = [family for family in there.values() if family.is_called(said)]
    first = [family for family in close if family in called] or called[: len(called) == 1]
    return [*first, *(family for family in close if family not in first)]


def at_their_office(searcher: Searcher, question: Question) -> Question:
    """Return a question that is asked only of the office that it names, or of the asker's own."""
    if not searcher.offices.several:
        return question
    return _at_office(searcher, Asking(question, question), [said_in(question)]).question


def _texts(asking: Asking) -> list[Said]:
    """What is typed, what it goes on with, the message around it."""
    own, whole = said_in(asking.own), said_in(asking.question)
    message = asking.own.message
    return [own, *([whole] if asking.question is not asking.own else []), *([message] if message is not None else [])]


def _at_office(searcher: Searcher, asking: Asking, texts: Sequence[Said]) -> Asking:
    offices = searcher.offices
    if not offices.several or not (meant := offices.meant(texts, asking.own.provinces)):
        return asking
    elsewhere = offices.elsewhere(meant)

    def there(question: Question) -> Question:
        said = said_in(question)
        dropped = offices.places_in(said)
        names = _names_at(question, said, dropped)
        return replace(without(question, dropped, names=names), theirs=meant, elsewhere=elsewhere)

    return replace(asking, question=there(asking.question), own=there(asking.own))


def _names_at(question: Question, said: Said, places: Collection[int]) -> list[tuple[str, ...]]:
    """The proper names that stand at some places of a question."""
    gone = {said.plain[at] for at in places}
    return [name for name in question.mentions.names if gone.intersection(name)]


def _near(made: Answer) -> list[str]:
    """The documents that an answer, an offer or a refusal is nearest to."""
    places = [*(citation.document for citation in made.citations), *(related.document for related in made.related)]
    return list(dict.fromkeys(places))[:_NEAR]


def _refused(searcher: Searcher, asking: Asking, made: Decision, reason: Refused) -> Decision:
    """Refuse what was decided: it is surely known that there is nothing."""
    return refused(searcher, asking.question, reason, made.trace, sureness=1.0)


def _unless_others(searcher: Searcher, asking: Asking, made: Decision) -> Decision:
    """Refuse what the office that is named says of something else, where far more of the question stands in another office's document."""
    question = asking.question
    if made.reply is None or not question.elsewhere or question.mentions.numbers:
        return made
    best = next(iter(searcher.choose(replace(question, elsewhere=frozenset())).candidates), None)
    cited = [finding.provision for finding in made.reply.findings]
    like = {number for one in cited if (family := searcher.families.get(one.document)) for number in family.called}
    if best is None or best.provision.document not in question.elsewhere - like:
        return made
    own = max((best_sentence(question, searcher.passage(one), searcher.weights)[1] for one in cited), default=0.0)
    if best.coverage < own + _FAR_MORE_THERE:
        return made
    return _refused(searcher, asking, made, Refused(Reason.NOT_THEIRS, _whose(searcher, question)))


def _whose(searcher: Searcher, question: Question) -> str:
    return ", ".join(dict.fromkeys(searcher.offices.name_of(number) for number in sorted(question.theirs)))


def _without_strange_contacts(searcher: Searcher, asking: Asking, made: Decision) -> Decision:
    """Refuse rather than offer where people of an office are asked for that names none."""
    question = asking.question
    wanted = question.kind == "contact" or _CONTACT.search(question.folded)
    if made.answer.status != "offered" or not wanted or not question.theirs or searcher.contacts_for(question):
        return made
    return _refused(searcher, asking, made, Refused(Reason.NO_CONTACT, _whose(searcher, question)))


def _of_family(searcher: Searcher, asking: Asking, texts: Sequence[Said], family: Family, first: Decision, today: date) -> Decision:
    members = [one for one in family.members if one.number not in asking.question.elsewhere]

    def states(words: str) -> bool:
        return any(searcher.states(member.number, words) for member in members)

    meant = replace(family, members=tuple(members)).meant(texts, today, states)
    strange = meant.strange or family.strange_value(tokens(normalise(searcher.spoken(asking.own.text))), states)
    if strange:
        have = _have(searcher, family, members, dated=strange.startswith(_YEAR))
        return _refused(searcher, asking, first, Refused(Reason.UNKNOWN_EDITION, strange, have))
    meant = _cited_before(searcher, asking, meant)
    in_force = {one.number for one in members if not searcher.standing(one.number, today)}
    groups = family.newest(meant.members, in_force.__contains__)
    alone = meant.named or not family.called.keys().isdisjoint(_near(first.answer)[:1])
    tried = [_tried(searcher, asking, family, group, today, alone=alone) for group in groups[:_SAID]]
    told = [(member, made) for member, made in tried if made.reply is not None]
    if not told:
        chosen = max((made for _, made in tried), key=lambda made: (made.answer.status == "offered", made.sureness))
        elsewhere = first.reply is not None and not any(number in family.called for number in _near(first.answer))
        return _without_strange_contacts(searcher, asking, first if elsewhere else chosen)
    return _told(searcher, asking, family, meant, told, today)


def _cited_before(searcher: Searcher, asking: Asking, meant: Meant) -> Meant:
    """A follow-up that names none goes on with the one that answered before."""
    if asking.before is None or meant.named:
        return meant
    cited = set(searcher.store.documents_of(asking.before.cited).values())
    kept = tuple(one for one in meant.members if one.number in cited)
    return Meant(kept, named=True) if kept else meant


def _tried(
    searcher: Searcher, asking: Asking, family: Family, group: Sequence[Member], today: date, *, alone: bool
) -> tuple[Member, Decision]:
    """Ask the newest of a group, and the older ones only where it does not answer; ``alone``: no document beside them."""
    beside = frozenset(number for number, document in searcher.documents.items() if document.present and (alone or number in family.called))
    made: list[tuple[Member, Decision]] = []
    for member in group[:_TRIED]:
        asked = _asked_of(searcher, asking, family.called[member.number], beside - {member.number}, family, today)
        for one in (asked, _without_title(asked, family.called[member.number])):
            made.append((member, decide(searcher, one, today)))
            if made[-1][1].reply is not None:
                return made[-1] if member is group[0] or not _said_by(searcher, group[0], made[-1][1]) else made[0]
    return made[0]


def _said_by(searcher: Searcher, newest: Member, made: Decision) -> bool:
    """Whether the newest member has what an older one is cited for, be it with other figures: then that one is no answer."""
    findings = made.reply.findings if made.reply else ()
    own = [_bare(provision.text or provision.heading) for provision in searcher.store.of_document(newest.number)]
    return any(_bare(finding.provision.text or finding.provision.heading) in own for finding in findings)


def _bare(text: str) -> str:
    return "".join(char for char in fold(text) if char.isalpha())


def _without_title(asking: Asking, title: Sequence[str]) -> Asking:
    """A question without the words by which it calls the document: what is asked is the rest, where there is any."""

    def rest(question: Question) -> Question:
        left = without(question, said_in(question).run_in(title, _TITLE))
        return left if any(not term.light and term.folded not in title for term in left.terms) else question

    return replace(asking, question=rest(asking.question), own=rest(asking.own))


def _asked_of(searcher: Searcher, asking: Asking, title: Sequence[str], others: frozenset[str], family: Family, today: date) -> Asking:
    """A question without what says which member is meant, not asked of ``others``."""

    def only(question: Question) -> Question:
        said = said_in(question)
        offices = searcher.offices.places_in(said)
        names = _names_at(question, said, offices)
        rest = without(question, family.places_in(said) | offices, year=True, names=names)
        day = asked_day(question, today)
        beyond = question.kind in _BEYOND and any(not term.light and term.folded not in title for term in rest.terms)
        return replace(rest, elsewhere=question.elsewhere | others, inside=beyond or question.kind in _INSIDE, day=day)

    return replace(asking, question=only(asking.question), own=only(asking.own))


def _told(
    searcher: Searcher, asking: Asking, family: Family, meant: Meant, told: Sequence[tuple[Member, Decision]], today: date
) -> Decision:
    """Put the answers together, each with whose it is and of when, unless all are the same or the question says it."""
    replies = [(member, made, made.reply) for member, made in told if made.reply is not None]
    _, made, reply = replies[0]
    if len({one.text for _, _, one in replies}) == 1:
        replies = replies[:1]
    if len(replies) == 1 and len(meant.members) == 1:
        return made
    texts = [f"{_ACCORDING_TO.format(which=_which(searcher, family, one))}\n{said.text}" for one, _, said in replies]
    findings = tuple(finding for _, _, said in replies for finding in said.findings)
    notes = tuple(dict.fromkeys(note for _, _, said in replies for note in said.notes))
    older = _older(searcher, family, meant, [one for one, _, _ in replies], [finding.quote for finding in reply.findings])
    whole = replace(reply, text="\n".join(texts), findings=findings, notes=(*notes, *older))
    answer_ = base.answered(searcher, asking.question.text, whole, today)
    kept = tuple(note for _, one, _ in replies for note in one.answer.notes)
    noted = replace(answer_, notes=tuple(dict.fromkeys((*kept, *answer_.notes))))
    return Decision(noted, whole, made.trace, min(one.sureness for _, one, _ in replies))


def _older(searcher: Searcher, family: Family, meant: Meant, said: Sequence[Member], quotes: Sequence[str]) -> tuple[str, ...]:
    """A note on the other members that may be meant and say otherwise."""
    rest = [one for one in meant.members if one not in said]
    other = [one for one in rest if not any(quote and searcher.states(one.number, quote) for quote in quotes)]
    which = list(dict.fromkeys(", ".join(family.marks_of(one)) for one in other))
    return (_OLDER.format(which="; ".join(filter(None, which[:_SAID]))),) if any(which) else ()


def _which(searcher: Searcher, family: Family, member: Member) -> str:
    """``Công văn 700/SGDĐT-VP năm học 2025-2026``, ``Trường THCS Lê Lợi``: what tells a member from the others."""
    document = searcher.documents[member.number]
    several = len({one.office for one in family.members}) > 1
    number = member.number if "/" in member.number else ""
    name = searcher.offices.name_of(member.number) if several and member.office else " ".join(filter(None, (document.kind, number)))
    if any(len(words.split()) == 1 for words in member.written):  # half of a word tells nobody anything
        return f"{name} “{_cut(searcher.documents[member.number].title)}”"
    marks = ", ".join(family.marks_of(member))
    return f"{name or 'văn bản'} ({marks})" if marks else name


def _cut(title: str) -> str:
    return title if len(title) <= _LONG else f"{title[: title.rfind(' ', 0, _LONG)]}…"


def _have(searcher: Searcher, family: Family, members: Sequence[Member], *, dated: bool) -> str:
    marks = list(dict.fromkeys(", ".join(family.marks_of(one, dated=dated)) for one in sorted(members, key=lambda one: one.order)))
    return "; ".join(filter(None, marks)) or ", ".join(dict.fromkeys(searcher.offices.name_of(one.number) for one in members if one.office))
