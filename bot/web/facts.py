"""The facts of an answer as large as they deserve: its verdict, deadlines, people to call and sites, each from the record that says it.

The words stay the answer's own: a record is shown only where a line of the answer states it, and then in place of that line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, Literal

from bot import records
from bot.records import days_left, is_doubtful
from rag.answers.agreement import SAYS
from rag.answers.base import sentence_case
from rag.answers.deadlines import line_of
from rag.answers.verdicts import RECKONED, SUPPOSED, UNTIL
from rag.documents import Contact, Deadline, Provision, System
from rag.finding.search import Searcher
from rag.language.numbers import digits
from rag.language.text import squeeze
from rag.slots.due import due_of

_LIST = "- "
_OF_A_CONTACT = ("đồng chí", "điện thoại", "email")  # beside what a contact's line says of the contact
_MOST_CALLED = 3
_LABEL = 120  # characters of what an address is labelled with; what is longer is a text
_SENTENCE = 30  # characters
_END = " .;:"


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline that the answer states; ``before`` and ``after`` are what else its line says, ``left`` how long it is until then.

    ``verdict`` is what its line reckons of a day that was asked about (``Không kịp``)."""

    what: str
    when: str
    who: str
    to: str
    before: str
    after: str
    left: str
    doubtful: bool
    verdict: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to call."""

    name: str
    role: str
    phone: str
    email: str
    channel: str
    doubtful: bool


@dataclass(frozen=True, slots=True)
class Site:
    """An address on the web; ``label`` is what the answer says of it."""

    label: str
    address: str
    doubtful: bool


Kind = Literal["verdict", "due", "person", "site", "item", "line"]


@dataclass(frozen=True, slots=True)
class Part:
    """Facts of one kind that stand together; a ``verdict``, an ``item`` of a list or a ``line`` is text."""

    kind: Kind
    facts: Sequence[Any]


@dataclass(frozen=True, slots=True)
class _Held:
    """A record of a provision that the answer cites."""

    record: Deadline | Contact | System
    provision: Provision


def parts_of(answer: Mapping[str, Any], searcher: Searcher, today: date) -> list[Part]:
    """Return the text of an answer in parts, in its order."""
    held = _cited(answer["citations"], searcher)
    quotes = [squeeze(made["quote"]) for made in answer["citations"]]
    verdict, rest = _verdict(answer["answer"]) if answer["status"] == "answered" else ("", answer["answer"])
    facts: list[tuple[Kind, Any]] = [("verdict", verdict)] if verdict else []
    for line in filter(str.strip, rest.splitlines()):
        facts += _of_line(line, held, quotes, searcher, today)
    told = [fact for kind, fact in facts if kind == "due"]
    alike = groupby(
        (fact for fact in facts if not _repeats(fact, told, quotes)),
        key=lambda fact: (fact[0], fact[1].verdict if isinstance(fact[1], Due) else ""),
    )
    return [Part(kind, [fact for _, fact in together]) for (kind, _), together in alike]


def how_quoted(quote: str, parts: Sequence[Part]) -> Literal["told", "around", "new"]:
    """Say what a quote adds to the parts of its answer: nothing, what stands around one of their lines, or words of its own."""
    lines = [squeeze(line).removeprefix(SAYS) for part in parts if part.kind in ("item", "line") for line in part.facts]
    flat = squeeze(quote)
    if any(flat == squeeze(site.address) for part in parts if part.kind == "site" for site in part.facts):
        return "told"
    if flat.rstrip(_END) in " ".join(lines):
        return "told"
    return "around" if any(len(line) > _SENTENCE and line.rstrip(_END) in flat for line in lines) else "new"


def left_until(answer: Mapping[str, Any], searcher: Searcher, today: date) -> dict[str, str]:
    """Return how long it is until each deadline of the provisions that an answer cites, by the words that bound it (``trước ngày …``)."""
    dues = [each.record for each in _cited(answer["citations"], searcher) if isinstance(each.record, Deadline)]
    return {due.when: left for due in dues if (left := _left(due, today))}


def whom_to_call(answer: Mapping[str, Any], searcher: Searcher) -> list[Person]:
    """Return the contacts that the documents near the question name, those of the provisions themselves first.

    Nobody where the answer says itself whom to ask.
    """
    near = [*answer["citations"], *answer["related"]]
    documents = {each["document"] for each in near}
    everybody = records.contacts(searcher, documents)
    said = digits("\n".join([answer["answer"], *answer["notes"]]))
    if any(_reach(listed.contact) in said for listed in everybody):
        return []
    sections = {each["section"] for each in near}
    ordered = sorted(everybody, key=lambda listed: (listed.provision.section not in sections, not listed.contact.role))
    return [_person(listed.contact, listed.provision) for listed in ordered[:_MOST_CALLED]]


def _reach(contact: Contact) -> str:
    return digits(contact.phone) or contact.email


def _cited(citations: Iterable[Mapping[str, Any]], searcher: Searcher) -> list[_Held]:
    """The records of the provisions that are cited, and of those in which cited items stand."""
    found = [searcher.store.section(made["document"], made["section"]) for made in citations]
    ids = list(dict.fromkeys(id for provision in found if provision for id in (provision.id, provision.outer)))
    known = searcher.store.provisions(ids)
    store = searcher.store
    kept: list[Deadline | Contact | System] = [
        *store.records_of(ids, Deadline),
        *store.records_of(ids, Contact),
        *store.records_of(ids, System),
    ]
    return [_Held(record, known[record.provision]) for record in kept]


def _verdict(text: str) -> tuple[str, str]:
    """What an answer says at once, and the rest of it."""
    for opening in SUPPOSED:
        if text.startswith(opening):
            return opening, sentence_case(text.removeprefix(opening).lstrip())
    return _reckoned(text)


def _reckoned(text: str) -> tuple[str, str]:
    for opening in RECKONED:
        if text.startswith(opening):
            return opening, sentence_case(text.removeprefix(opening).lstrip(" :."))
    return "", text


def _of_line(line: str, held: list[_Held], quotes: list[str], searcher: Searcher, today: date) -> list[tuple[Kind, Any]]:
    bare = line.removeprefix(_LIST)
    for each in held:
        if isinstance(each.record, Deadline) and (due := _due(bare, each.record, each.provision, searcher, today)):
            return [("due", due)]
    contacts = [(it.record, it.provision) for it in held if isinstance(it.record, Contact) and _reaches(bare, it.record)]
    if contacts:
        once = {_reach(contact): (contact, provision) for contact, provision in reversed(contacts)}
        people: list[tuple[Kind, Any]] = [("person", _person(contact, provision)) for contact, provision in reversed(once.values())]
        return [*people, *_as_text(line, _rest_of(bare, [contact for contact, _ in contacts], quotes))]
    for each in held:
        if isinstance(each.record, System) and (site := _site(bare, each.record, each.provision)):
            return [("site", site)]
    return _as_text(line, bare)


def _as_text(line: str, bare: str) -> list[tuple[Kind, Any]]:
    return [("item" if line.startswith(_LIST) else "line", bare)] if bare else []


def _due(line: str, deadline: Deadline, provision: Provision, searcher: Searcher, today: date) -> Due | None:
    said = line_of(deadline)
    at = line.find(said)
    cells = (deadline.what, deadline.when, deadline.who, deadline.to)
    if at < 0 or squeeze(deadline.when) in squeeze(deadline.what) or not _stand(cells, provision, searcher):
        return None
    after = line[at + len(said) :].lstrip(". ")
    verdict, after = _reckoned(after)
    after = "" if verdict and squeeze(after).lower().strip(_END) == f"hạn là {squeeze(deadline.when).lower()}" else after
    what = said.partition(f": {deadline.when}")[0] if deadline.what else ""
    left = "" if UNTIL in after else _left(deadline, today)
    return Due(what, deadline.when, deadline.who, deadline.to, line[:at].rstrip(" :"), after, left, is_doubtful(provision, line), verdict)


def _repeats(fact: tuple[Kind, Any], told: list[Due], quotes: list[str]) -> bool:
    """Whether a line only says again deadlines that are told, in words of the source that stand below anyway."""
    kind, line = fact
    return kind == "line" and bool(told) and all(due.when in line for due in told) and any(squeeze(line) in quote for quote in quotes)


def _site(line: str, system: System, provision: Provision) -> Site | None:
    label = line.removesuffix(system.address).rstrip(" :")
    if not line.endswith(system.address) or len(label) > _LABEL:
        return None
    return Site(label, system.address, is_doubtful(provision, line))


def _left(deadline: Deadline, today: date) -> str:
    return days_left((date.fromisoformat(deadline.date) - today).days) if deadline.date and due_of(deadline) else ""


def _stand(cells: Iterable[str], provision: Provision, searcher: Searcher) -> bool:
    """Whether each of the cells stands in the source: in the provision, in its headings, or in what it is a part of."""
    texts = [provision.whole_text, *provision.headings]
    above = provision
    while above.parent is not None:
        above = searcher.store.provision(above.parent)
        texts.append(above.whole_text)
    source = squeeze("\n".join(texts)).lower()
    return all(squeeze(cell).lower() in source for cell in cells)


def _reaches(line: str, contact: Contact) -> bool:
    return any(reach and reach in line for reach in (contact.phone, contact.email))


def _person(contact: Contact, provision: Provision) -> Person:
    words = f"{contact.name}\n{contact.role}\n{contact.phone}\n{contact.email}"
    name, role = sentence_case(squeeze(contact.name)), sentence_case(squeeze(contact.role))
    return Person(name, role, contact.phone, contact.email, contact.channel, is_doubtful(provision, words))


def _rest_of(line: str, people: Iterable[Contact], quotes: list[str]) -> str:
    """The line, where it says more than the people in it do and than the quotes below it say word by word; else nothing."""
    rest = squeeze(line)
    for quote in sorted(quotes, key=len, reverse=True):
        rest = rest.replace(quote, " ")
    rest = rest.lower()
    for contact in people:
        for words in (contact.role, contact.name, contact.phone, contact.email, contact.channel, *_OF_A_CONTACT):
            rest = rest.replace(squeeze(words).lower(), " ") if words else rest
    return line if any(map(str.isalnum, rest)) else ""
