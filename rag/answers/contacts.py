"""Whom to call, and whose number this is."""

from __future__ import annotations

import re
from dataclasses import replace

from rag.answers.agreement import SAYS
from rag.answers.base import Finding, Reply, bullet_list, sentence_with
from rag.answers.verdicts import NOT_THE_NUMBER, RIGHT
from rag.choosing.evidence import Words, share
from rag.documents import Contact, Provision
from rag.finding.choice import Candidate
from rag.finding.search import Searcher
from rag.language.honorifics import SPELT, TYPED
from rag.language.lexicon import family_names
from rag.language.numbers import digits
from rag.language.text import canonical, fold_tokens, folded, has_marks, squeeze, syllables, words
from rag.question.understanding import Question

_CONTACT_SHARE = 0.6  # of the question, in what is said of somebody to call
_NEAR_BEST_CONTACT = 0.1  # of that share: so near to the best one others are told too
_ROLE_WORTH = 0.6  # of a field that the question names, as a share of the question
_FIELD_SHARE = 0.9  # of a field, in the question: so much that a refusal names whose it is
_WHOLE_TEXT = 700  # characters of a provision that are told with who stands in it
_NO_MAIL = "Chỗ này không nêu địa chỉ thư điện tử."
_PHONE_WORDS = re.compile(r"\b(?:dien thoai|so may|so dt|hotline|di dong)\b")
_TOO_SHORT, _SENTENCE = 60, 400
_GENERIC = frozenset(
    (
        "dau moi ho tro so kho khan vuong mac phu trach linh vuc ki thuat can bo nguoi dong chi lien he tat ca giao duc "
        "dao tao va ca 2 3 4 5"
    ).split()
)
_HELP = ("ho", "tro", "ki", "thuat")  # "ai hỗ trợ kĩ thuật …" is how every contact is asked for
_TITLES = tuple(tuple(title.split()) for title in (*TYPED.split("|"), "bac", "chu", "dc", "d c"))


def answer_contact(searcher: Searcher, question: Question, near: list[Candidate]) -> Reply | None:
    """Return the people or desks to call that stand in the chosen provisions ``near``, or ``None``."""
    named = _named(searcher, question)
    contacts = named or _in(searcher, near)
    provisions = searcher.store.provisions({contact.provision for contact in contacts})
    chosen = named or _by_topic(searcher, question, contacts, provisions) or contacts
    chosen = searcher.in_force_first(chosen, lambda contact: provisions[contact.provision].document, question.day)
    notes: tuple[str, ...] = ()
    if wants_mail(question):
        with_mail = [contact for contact in chosen if contact.email]
        if with_mail or not wants_phone(question):
            chosen = with_mail
        else:
            notes = (_NO_MAIL,)
    if not chosen:
        return None
    reply = replace(_reply(chosen, provisions), notes=notes)
    more = question.kinds & {"deadline", "figure", "place"}
    if not more:
        return reply
    around = [_line_around(provisions[contact.provision], contact.quote) for contact in chosen]
    return replace(reply, text="\n".join([reply.text, *dict.fromkeys(around)]))


def _line_around(provision: Provision, quote: str) -> str:
    """The line that a contact stands in, where it can be read at a glance: the address and other numbers stand beside it."""
    line = next((line for line in provision.whole_text.split("\n") if quote in line), quote)
    return line if len(line) <= _SENTENCE else quote


def answer_field(searcher: Searcher, question: Question) -> Reply | None:
    """Return whose field a question for somebody to call is in by its words; ``None`` where that is nobody's."""
    if wants_mail(question) or _asks_for_whoever(question):
        return None
    contacts = searcher.contacts_for(question)
    provisions = searcher.store.provisions({contact.provision for contact in contacts})
    chosen = _by_topic(searcher, question, contacts, provisions)
    chosen = searcher.in_force_first(chosen, lambda contact: provisions[contact.provision].document, question.day)
    return _reply(chosen, provisions) if chosen else None


def names_contact(searcher: Searcher, question: Question) -> bool:
    """Whether the question names one of the people to call."""
    return bool(_named(searcher, question))


def asks_for_stranger(searcher: Searcher, question: Question) -> bool:
    """Whether a person is asked for who is none of those to call."""
    return (_names_somebody_else(question) or _shares_a_name(searcher, question)) and not names_contact(searcher, question)


def wants_mail(question: Question) -> bool:
    """Say whether a mail address is asked for: no phone answers that."""
    return "email" in question.folded or "hop thu" in question.folded or "gmail" in question.folded


def wants_phone(question: Question) -> bool:
    """Say whether a phone number is asked for in so many words."""
    return bool(_PHONE_WORDS.search(question.folded))


def answer_whose(searcher: Searcher, question: Question) -> Reply | None:
    """Return who has the phone number or e-mail address that stands in the question, or ``None``.

    Where the question gives the number to somebody, that person's own number is the answer.
    """
    contacts = searcher.contacts_for(question)
    asked = {*question.mentions.phones, *(mail.lower() for mail in question.mentions.emails)}
    named = _named(searcher, question)
    chosen = named or [contact for contact in contacts if digits(contact.phone) in asked or contact.email.lower() in asked - {""}]
    if not chosen:
        return None
    topical = _of_the_topic(searcher, question, chosen) if "yesno" in question.kinds else []
    provisions = searcher.store.provisions({contact.provision for contact in (*chosen, *topical)})
    reply = _reply([*chosen, *topical], provisions)
    if not named:
        around = [provisions[contact.provision].text for contact in (*chosen, *topical) if not contact.name]
        told = replace(reply, text="\n".join(dict.fromkeys(around))) if around and len(around[0]) <= _WHOLE_TEXT else reply
        return replace(told, text=SAYS + told.text) if topical else told
    right = all(digits(contact.phone) in asked or contact.email.lower() in asked for contact in named)
    if not asked:
        return replace(reply, text=SAYS + reply.text)
    lead = SAYS if topical else f"{RIGHT} " if right else f"{NOT_THE_NUMBER} {SAYS}"
    return replace(reply, text=lead + reply.text)


def _of_the_topic(searcher: Searcher, question: Question, named: list[Contact]) -> list[Contact]:
    """Whose field the question is in, where that is not who is named in it."""
    names = {folded(word) for contact in named for word in words(contact.name)}
    rest = tuple(term for term in question.terms if term.folded not in names and not term.folded.isdigit() and not term.light)
    if not rest or all(term.folded in _GENERIC for term in rest):
        return []
    topical = replace(question, terms=rest)
    contacts = searcher.contacts_for(question)
    provisions = searcher.store.provisions({contact.provision for contact in contacts})
    found = _by_topic(searcher, topical, contacts, provisions)
    return [] if any(contact in named for contact in found) else found


def _in(searcher: Searcher, candidates: list[Candidate]) -> list[Contact]:
    ids = {candidate.provision.id for candidate in candidates}
    return [contact for contact in searcher.contacts if searcher.outer(contact.provision) in ids]


def _named(searcher: Searcher, question: Question) -> list[Contact]:
    contacts = searcher.contacts_for(question)
    exact = [contact for contact in contacts if _is_named(question, contact, exactly=True)]
    return exact or [contact for contact in contacts if _is_named(question, contact, exactly=False)]


def _asks_for_whoever(question: Question) -> bool:
    return all(term.folded in _GENERIC for term in question.terms)


def _is_named(question: Question, contact: Contact, *, exactly: bool) -> bool:
    """The question has the person's full name, or the end of it behind a title (``anh Triều``, ``cô Thị Hòa``).

    Another family name before the same given name is another person. A word that was typed with marks has to be the name's own.
    """
    name = words(contact.name)
    if len(name) < 2 or not contact.name.istitle():
        return False  # a desk (``tổ ứng cứu sự cố``) is no person
    typed, meant = words(question.text), words(question.whole)
    return _names(typed, name, exactly=exactly, loosely=True) or _names(meant, name, exactly=exactly, loosely=False)


def _names(said: list[str], name: list[str], *, exactly: bool, loosely: bool) -> bool:
    """``loosely``: the end of a name counts without a title too, which among words that were put right may be anything (``co pham``)."""
    for at in range(len(said)):
        size = 0
        while size <= min(at, len(name) - 1) and _is_word(said[at - size], name[-1 - size], exactly=exactly):
            size += 1
        before = [folded(word) for word in said[: at + 1 - size]]
        if size == len(name) or (size and _is_title(before)) or (loosely and size > 1 and before[-1:] and before[-1] not in family_names()):
            return True
    return False


def _is_word(said: str, own: str, *, exactly: bool) -> bool:
    return canonical(said) == canonical(own) or (not exactly and not has_marks(said) and folded(said) == folded(own))


def _is_title(before: list[str]) -> bool:
    """Whether the words before a name end with what people are called (``đồng chí``, ``anh``)."""
    return any(before[-len(title) :] == list(title) for title in _TITLES)


def _names_somebody_else(question: Question) -> bool:
    """A capitalised name of three or more words behind a title is a person; it is none of ours."""
    return bool(re.search(rf"\b(?i:{SPELT})\s+(?:[A-ZĐÂÊÔƠƯ][\w]*\s*){{3,}}", question.text))


def _shares_a_name(searcher: Searcher, question: Question) -> bool:
    """``nguyen van hung`` has family and middle name of somebody to call, and is somebody else."""
    asked = {term.folded for term in question.terms}
    names = [[folded(word) for word in words(contact.name)] for contact in searcher.contacts_for(question) if contact.name.istitle()]
    return any(len(asked.intersection(name)) > 1 for name in names)


def fits_somebody(searcher: Searcher, question: Question, near: list[Candidate]) -> bool:
    """Whether the question names one of the contacts in ``near`` or what is theirs, asks for whoever there is, or not for them."""
    if _asks_for_whoever(question) or names_contact(searcher, question):
        return True
    contacts = _in(searcher, near)
    provisions = searcher.store.provisions({contact.provision for contact in contacts})
    return not contacts or bool(_by_topic(searcher, question, contacts, provisions))


def _by_topic(searcher: Searcher, question: Question, contacts: list[Contact], provisions: dict[int, Provision]) -> list[Contact]:
    if _asks_for_whoever(question):
        return contacts
    topical = replace(question, terms=tuple(term for term in question.terms if term.folded not in _HELP) or question.terms)
    scored = [(_score(searcher, topical, contact, provisions[contact.provision]), contact) for contact in contacts]
    best = max((score for score, _ in scored), default=0.0)
    return [contact for score, contact in scored if score >= max(_CONTACT_SHARE, best - _NEAR_BEST_CONTACT)]


def who_may_know(searcher: Searcher, question: Question) -> str:
    """Return the contact whose field the question is in, as a line; empty when it is in none."""
    contacts = [contact for contact in searcher.contacts_for(question) if contact.role and contact.phone]
    scored = [(_role_in_question(searcher, question, contact), contact) for contact in contacts]
    best, contact = max(scored, key=lambda pair: pair[0], default=(0.0, None))
    return _line(contact) if contact is not None and best >= _FIELD_SHARE else ""


def _score(searcher: Searcher, question: Question, contact: Contact, provision: Provision) -> float:
    """What stands beside a contact counts; what stands beside its neighbours in the list does not."""
    zones = [(1.0, Words(f"{contact.name} {contact.role}")), (0.85, Words(contact.quote))]
    zones += [(0.75, Words("\n".join(provision.headings))), (0.85, Words(_announced(provision, contact)))]
    note = next((note for note in provision.footnotes if contact.quote in note.text), None)
    if note is not None:
        zones += [(0.95, Words(note.anchor)), (0.8, Words(sentence_with(provision, note.anchor)))]
    elif not contact.role:
        zones += [(0.8, Words(provision.text))]
    if question.must and share(question.must, zones, searcher.weights) < _CONTACT_SHARE:
        return 0.0
    return max(share(question.terms, zones, searcher.weights), _ROLE_WORTH * _role_in_question(searcher, question, contact))


def _announced(provision: Provision, contact: Contact) -> str:
    """What leads to the list that the contact stands in: ``nếu có khó khăn, vướng mắc …, cụ thể: (1) …``."""
    lead = provision.text.split("(1)")[0]
    return lead if len(lead) < len(provision.text) and contact.quote in provision.text else ""


def _role_in_question(searcher: Searcher, question: Question, contact: Contact) -> float:
    """The share of the contact's field that the question names, however much else the question tells."""
    asked = {term.folded for term in question.terms}
    role = [token for token in fold_tokens(syllables(contact.role)) if token not in ("linh", "vuc", "va")]
    total = sum(map(searcher.weights.of, role))
    return sum(searcher.weights.of(token) for token in role if token in asked) / total if total else 0.0


def _reply(chosen: list[Contact], provisions: dict[int, Provision]) -> Reply:
    merged: dict[tuple[str, str], Contact] = {}
    reached = {_key(contact)[1] for contact in chosen if contact.name}
    for contact in (one for one in chosen if one.name or _key(one)[1] not in reached):
        known = merged.get(_key(contact))
        if known is None or len(contact.role) > len(known.role):
            merged[_key(contact)] = contact
    lines = [_line(contact) for contact in merged.values()]
    findings = tuple(Finding(_line(contact), provisions[contact.provision], contact.quote) for contact in chosen)
    context = [provisions[contact.provision].text for contact in chosen if _in_footnote(contact, provisions[contact.provision])]
    lead = "\n".join([bullet_list(lines), *dict.fromkeys(text for text in context if len(text) <= _WHOLE_TEXT)])
    people = tuple(contact.name for contact in merged.values() if contact.name)
    return Reply(lead, findings, kind="contact", people=people)


def _key(contact: Contact) -> tuple[str, str]:
    """What tells people apart: several may share a phone, and what has neither phone nor mail is known by its sentence."""
    name = " ".join(map(canonical, words(contact.name)))
    return name, digits(contact.phone) or contact.email.lower() or squeeze(contact.quote)


def _in_footnote(contact: Contact, provision: Provision) -> bool:
    """A contact in a footnote is for what the provision says, so that is said too."""
    return any(contact.quote in note.text for note in provision.footnotes)


def _line(contact: Contact) -> str:
    if not contact.name and _TOO_SHORT < len(contact.quote) <= _SENTENCE:
        return squeeze(contact.quote)  # whose it is only its sentence says
    name = squeeze(contact.name) or "Đầu mối liên hệ"
    channel = contact.channel.lower() or "điện thoại"
    reach = [f"{channel} {contact.phone}" if contact.phone else "", f"email {contact.email}" if contact.email else ""]
    role = f" ({contact.role[:1].lower()}{contact.role[1:]})" if contact.role else ""
    return f"{name}{role}: {', '.join(part for part in reach if part)}"
