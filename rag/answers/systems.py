"""Which site, software or form, and its address."""

from __future__ import annotations

import re
from dataclasses import replace

from rag.answers.base import Finding, Reply, bullet_list, sentence_case
from rag.answers.verdicts import NOT_THE_ADDRESS, RIGHT
from rag.choosing.evidence import Words, share
from rag.documents import Provision, System
from rag.finding.choice import Candidate
from rag.finding.search import Searcher
from rag.question.audience import audience_of
from rag.question.understanding import Question
from rag.slots.facts import link_key

_SYSTEM_SHARE = 0.55  # of the question, in what is said of a system
_NAMED_SYSTEM_SHARE = 0.7  # of the question, in the name of a system that is meant by name
_NEAR_BEST_SYSTEM = 0.08  # of a system's share: so near to the best one others are told too
_FOR_THEM = 0.15  # more, for a form that is for whoever asks
_NEAR_WHERE_ALL = 0.35  # the same as of the best system, where all are asked for
_ALL_OF = re.compile(r"\bca (?:hai|ba|bon|2|3|4)\b")
_ANY = frozenset(("phan mem he thong cong tat ca link dia chi trang phu luc huong dan bieu mau form 1 2 3 4 5 cac").split())
_GENERIC = {"", "phần mềm", "hệ thống", "cổng", "trang", "website", "ứng dụng"}


def answer_address(searcher: Searcher, question: Question, found: list[Candidate], near: list[Candidate]) -> Reply | None:
    """Return the address that the question is about, of those in the provisions ``found``, else all of the chosen ones ``near``."""
    return _address(searcher, question, _in(searcher, found), by_name=False) or _reply_on(searcher, _in(searcher, near), searcher.systems)


def answer_named_site(searcher: Searcher, question: Question) -> Reply | None:
    """Return the address of the system that a question for an address names; ``None`` where it names none."""
    if all(term.folded in _ANY for term in question.terms):
        return None
    return _address(searcher, question, searcher.systems_for(question), by_name=True)


def _in(searcher: Searcher, candidates: list[Candidate]) -> list[System]:
    ids = {candidate.provision.id for candidate in candidates}
    return [system for system in searcher.systems if searcher.outer(system.provision) in ids]


def _address(searcher: Searcher, question: Question, systems: list[System], *, by_name: bool) -> Reply | None:
    """Return the address among ``systems`` that the question is about; ``by_name``: only of a system that it names."""
    provisions = searcher.store.provisions({system.provision for system in systems})
    scored = [(_score(searcher, question, system, provisions[system.provision], systems), system) for system in systems]
    if all(term.folded in _ANY for term in question.terms):
        place = f"PL{question.mentions.annex}" if question.mentions.annex else ""
        everything = [system for system in systems if provisions[system.provision].section.startswith(place)]
        return _reply(searcher, everything, systems, provisions) if everything and not by_name else None
    if by_name:
        scored = [(score, system) for score, system in scored if _named_share(searcher, question, system, systems) >= _NAMED_SYSTEM_SHARE]
    enough = [(score, system) for score, system in scored if score >= _SYSTEM_SHARE]
    enough = [(score, system) for score, system in enough if _concerns(searcher, question, provisions[system.provision])] or enough
    best = max((score for score, _ in enough), default=0.0)
    near = _NEAR_WHERE_ALL if _ALL_OF.search(question.folded) else _NEAR_BEST_SYSTEM
    chosen = [system for score, system in enough if score >= best - near]
    chosen = searcher.in_force_first(chosen, lambda system: provisions[system.provision].document, question.day)
    return _reply(searcher, chosen, systems, provisions) if chosen else None


def _concerns(searcher: Searcher, question: Question, provision: Provision) -> bool:
    """A form for communes is not for schools: the provision's own addressee decides."""
    meant = audience_of(searcher.passage(provision).actor)
    return not question.audience or not meant or bool(meant & question.audience)


def answer_what_site(searcher: Searcher, question: Question) -> Reply | None:
    """Return what the link in the question leads to, or ``None``."""
    systems = searcher.systems_for(question)
    asked = {link_key(link) for link in question.mentions.links}
    meant = _reply_on(searcher, [system for system in systems if link_key(system.address) in asked], systems)
    if question.kind != "yesno" or not question.terms or not (named := _address(searcher, question, systems, by_name=True)):
        return meant
    addresses = {link_key(finding.text.rsplit(": ", 1)[-1]) for finding in named.findings}
    if addresses <= asked:
        return replace(named, text=f"{RIGHT} {named.text}")
    if addresses & asked or len(addresses) > 1:
        return meant  # the words of the question may mean more than one
    return replace(named, text=f"{NOT_THE_ADDRESS} Địa chỉ đúng: {named.text}")


def _reply_on(searcher: Searcher, chosen: list[System], systems: list[System]) -> Reply | None:
    return _reply(searcher, chosen, systems, searcher.store.provisions({system.provision for system in chosen})) if chosen else None


def _score(searcher: Searcher, question: Question, system: System, provision: Provision, systems: list[System]) -> float:
    host = link_key(system.address).split("/")[0].replace(".", " ")
    zones = [
        (1.0, Words(f"{_name(system, systems)} {host}")),
        (0.95, Words(system.purpose)),
        (0.8, Words(system.quote)),
        *((worth * 0.7, words) for worth, words in searcher.passage(provision).zones),
    ]
    meant = audience_of(searcher.passage(provision).actor)
    return share(question.terms, zones, searcher.weights) + (_FOR_THEM if meant & question.audience else 0.0)


def _named_share(searcher: Searcher, question: Question, system: System, systems: list[System]) -> float:
    return share(question.terms, [(1.0, Words(_name(system, systems)))], searcher.weights)


def _name(system: System, systems: list[System]) -> str:
    """The name of the system; where this place only says ``phần mềm``, the name another place gives the address."""
    if system.name.lower() not in _GENERIC:
        return system.name
    others = [other.name for other in systems if other.address == system.address and other.name.lower() not in _GENERIC]
    return max(others, key=len, default="")


def _reply(searcher: Searcher, chosen: list[System], systems: list[System], provisions: dict[int, Provision]) -> Reply:
    lines: dict[str, str] = {}
    for system in chosen:
        name = _name(system, systems) or system.purpose or system.name
        actor = searcher.passage(provisions[system.provision]).actor
        whose = f" ({actor.strip()})" if actor else ""
        lines.setdefault(system.address, f"{sentence_case(name)}{whose}: {system.address}" if name else system.address)
    findings = tuple(Finding(lines[system.address], provisions[system.provision], system.quote) for system in chosen)
    return Reply(bullet_list(list(lines.values())), findings, kind="address")
