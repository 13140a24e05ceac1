"""Whose documents they are: the offices that issued the loaded ones, and whose rules a question asks for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rag.choosing.rarity import question_rarity
from rag.documents import Document
from rag.language.office_names import SCHOOLS, heads, named_in, spelt
from rag.language.places import places_in
from rag.language.text import canonical, folded
from rag.question.said import Said

_SHORT = 2  # words of a school's name that it is called by
_TELLING = 6.0  # rarity in questions of the last words of a name that may stand for it
_STRANGE = 9.0  # rarity in questions of two words that are nobody's here, typed without marks
_SHOWN = 5
_LIKE_OTHERS = (("so",), ("vien",))
"""Without marks they are anything: ``số``, ``viên``."""
_BODIES = ("sở", "phòng")
"""They are named as whom something goes to, too."""
_NAME = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Office:
    """An office: its ``tier`` (province, commune, school …), its own ``name`` and the places ``within`` which it is, exact words."""

    tier: str
    name: _NAME
    within: frozenset[_NAME] = frozenset()

    @property
    def calls(self) -> list[_NAME]:
        """What it is called by: all of its name, of a long one the last two words where these tell it from other things."""
        short = self.name[-_SHORT:]
        telling = sum(question_rarity(folded(word)) for word in short) >= _TELLING
        return [self.name, short] if len(self.name) > _SHORT and self.tier in SCHOOLS and telling else [self.name]


class _Fit(NamedTuple):
    """How well a name that stands in a question fits an office: the more of these, the first counting most."""

    words: int
    is_own_name: bool
    is_announced: bool


class Offices:
    """The offices of the loaded documents; ``own`` is the place of whoever asks, empty where that is not known."""

    def __init__(self, documents: Iterable[Document], own: str = "") -> None:
        self._documents = {document.number: document for document in documents if document.present and document.office}
        self._of = {number: _office_of(document) for number, document in self._documents.items()}
        self._called: dict[_NAME, list[str]] = {}  # the documents of the offices that are called so
        for number, office in self._of.items():
            for name in office.calls:
                self._called.setdefault(name, []).append(number)
        self._within = {name for office in self._of.values() for name in office.within}
        asker = Said.of(" ".join(spelt(own)), own)
        names = {office.name for office in self._of.values()} | self._within
        self._own = {name for name in names if asker.starts_of(name)}
        self._provinces = {number: _provinces_of(document) for number, document in self._documents.items()}
        self.home: frozenset[str] = frozenset().union(_provinces_in(own), *self._provinces.values())
        """The provinces (of today) of the offices of the documents and of whoever asks, as far as they are known."""

    @property
    def several(self) -> bool:
        """Whether one office may be taken for another."""
        return len({office.name for office in self._of.values()}) > 1

    def meant(self, texts: Sequence[Said], provinces: frozenset[str] = frozenset()) -> frozenset[str]:
        """Return the documents of the offices that are named in the first of ``texts`` that names any, else the asker's own.

        Where an office is named with the place that it is in, that place's own office is not meant. Before the asker's own come
        those of the ``provinces`` that the message is of, and those of which no province is known.
        """
        for said in texts:
            if found := self._by_name(said):
                return found
        if provinces:
            return frozenset(number for number, own in self._provinces.items() if not own or own & provinces)
        return frozenset(number for number, office in self._of.items() if self._own & {office.name, *office.within})

    def _by_name(self, said: Said) -> frozenset[str]:
        own = self._called_in(said)
        both = {number for number in own if any(said.starts_of(name) for name in self._of[number].within - {self._of[number].name})}
        if own:
            return frozenset(both or own)
        near = {name for name in self._within if said.starts_of(name)}
        return frozenset(number for number, office in self._of.items() if near & office.within)

    def _called_in(self, said: Said) -> set[str]:
        """The documents of the offices called by name; of those that a name may mean the ones of which most of it stands there."""
        worth: dict[int, dict[str, _Fit]] = {}  # by where the name ends
        for name, numbers in self._called.items():
            for at in said.starts_of(name):
                fits = worth.setdefault(at + len(name), {})
                for number in numbers:
                    office = self._of[number]
                    fit = _Fit(len(name), name == office.name, self._announces(said, at, office.tier))
                    fits[number] = max(fit, fits.get(number, fit))
        return {number for fits in worth.values() for number, fit in fits.items() if fit == max(fits.values())}

    def _announces(self, said: Said, at: int, tier: str) -> bool:
        """Whether what stands before a name calls an office of this tier."""
        return any(
            kind == tier and at >= len(phrase) and at - len(phrase) in said.starts_of(phrase) for phrase, (kind, _) in heads().items()
        )

    def elsewhere(self, meant: frozenset[str]) -> frozenset[str]:
        """Return the documents of other offices than those ``meant``; none where any may be."""
        return frozenset(self._of) - meant if meant else frozenset()

    def places_in(self, said: Said) -> set[int]:
        """Return the places of the words that name an office here."""
        found = {at + step for name in {*self._called, *self._within} for at in said.starts_of(name) for step in range(len(name))}
        kinds = [phrase for phrase, (tier, called) in heads().items() if tier != "people" and called.split()[0] not in _BODIES]
        announced = [(at, len(phrase)) for phrase in kinds for at in said.starts_of(phrase)]
        return found | {at + step for at, size in announced if at + size in found for step in range(size)}

    def stranger(self, said: Said) -> tuple[str, str]:
        """Return the tier and the name of an office that is named and has no document here, though others of its tier have."""
        if not self._of:
            return "", ""
        tiers = {office.tier for office in self._of.values()}
        taken = self.places_in(said)
        known = {tuple(map(folded, phrase)): tier for phrase, (tier, _) in heads().items()}
        for at in range(len(said.plain)):
            fitting = [phrase for phrase in known if said.plain[at : at + len(phrase)] == phrase and self._is_head(said, at, phrase)]
            phrase = max(fitting, key=len, default=())
            start = at + len(phrase)
            name = said.plain[start : start + _SHORT]
            if not phrase or len(name) < _SHORT or known[phrase] not in tiers or taken & set(range(start, start + _SHORT + 2)):
                continue
            if self._is_name(said, name):
                return known[phrase], " ".join(said.exact[start : start + _SHORT])
        return "", ""

    def _is_head(self, said: Said, at: int, phrase: _NAME) -> bool:
        if said.marked:
            return said.exact[at : at + len(phrase)] in heads()
        return phrase not in _LIKE_OTHERS

    def _is_name(self, said: Said, name: _NAME) -> bool:
        """With capitals it is one; else only rare words in questions are."""
        if said.capitals.issuperset(name):
            return True
        if said.marked or any(map(str.isdigit, name)):
            return False
        return sum(map(question_rarity, name)) >= _STRANGE

    def of_tier(self, number: str, tier: str) -> bool:
        """Say whether a document is of an office of this tier."""
        return number in self._of and self._of[number].tier == tier

    def provinces_of(self, number: str) -> frozenset[str]:
        """Return the provinces (of today) in which a document's office may be; none where it has none, or that is not known."""
        return self._provinces.get(number, frozenset())

    def is_of_school(self) -> bool:
        """Say whether a document here is of somebody who teaches."""
        return any(office.tier in SCHOOLS for office in self._of.values())

    def called(self, tier: str = "") -> str:
        """Return the offices of a tier as people call them, each once."""
        found = list(dict.fromkeys(self.name_of(number) for number, office in self._of.items() if tier in ("", office.tier)))
        more = f" và {len(found) - _SHOWN} nơi khác" if len(found) > _SHOWN else ""
        return ", ".join(found[:_SHOWN]) + more

    def name_of(self, number: str) -> str:
        """Return whose a document is: its issuer, with the name that tells it from others where it lacks that."""
        document = self._documents[number]
        name = document.office.split(" ", len(document.office.split()) - len(self._of[number].name))[-1]
        if not document.issuer:
            return document.office[:1].upper() + document.office[1:]
        return document.issuer if folded_text(name) in folded_text(document.issuer) else f"{document.issuer} {name}"

    def unsaid(self, numbers: Iterable[str]) -> list[str]:
        """Return the documents among ``numbers`` of which has to be said whose they are: others of the tier are loaded."""
        tiers = [office.tier for office in {office.name: office for office in self._of.values()}.values()]
        return [number for number in dict.fromkeys(numbers) if number in self._of and tiers.count(self._of[number].tier) > 1]

    def office_of(self, number: str) -> _NAME:
        """Return the name of a document's office, empty where it has none."""
        return self._of[number].name if number in self._of else ()


def folded_text(text: str) -> str:
    """Return a text as folded words."""
    return " ".join(folded(canonical(word)) for word in text.split())


def _provinces_of(document: Document) -> frozenset[str]:
    """The provinces that say where an office is; a name that only one of them has counts first (``xã Tân Phú; tỉnh Đồng Nai``)."""
    return _provinces_in(f"{document.office}; {document.within}; {document.issuer}")


def _provinces_in(text: str) -> frozenset[str]:
    found = [named.place.provinces for named in places_in(text)]
    return frozenset().union(*([one for one in found if len(one) == 1] or found))


def _office_of(document: Document) -> Office:
    named = named_in(document.office, whole=True)
    within = frozenset(tuple(canonical(word) for word in name.split()) for name in document.within.split("; ") if name)
    if not named or not named[-1].name:
        return Office("province", tuple(canonical(word) for word in document.office.split()), within)
    return Office(named[0].tier, tuple(canonical(word) for word in named[0].name), within)
