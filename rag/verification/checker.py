"""Holds a language model's reply to its sources, before anyone sees it: ``verify(reply, sources)``.

A reply is cut into claims, each with the provisions it cites (``[n]``). A claim stands when the cited provisions say its
dates, numbers, phones, links, documents and names, for the same thing, and its words are theirs, with the same yes or no.
"""

from __future__ import annotations

import math
import re
import time
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from rag.slots.facts import Fact, missing
from rag.slots.source import Source
from rag.slots.tokens import AND, Token, facts_of, tokens
from rag.verification.alterations import fault_of_alterations
from rag.verification.attachment import fault_of_attachment, fault_of_issue
from rag.verification.bounds import fault_of_bounds, fault_of_recurrence, fault_of_share, fault_of_spans
from rag.verification.conditions import fault_of_condition
from rag.verification.order import fault_of_order
from rag.verification.polarity import fault_of_duty, fault_of_exception, fault_of_negation
from rag.verification.records import fault_of_records
from rag.verification.replacement import fault_of_replacement
from rag.verification.replies import LONGEST, Claim, claims, cleaned, fault_of_babble, items_behind, items_below
from rag.verification.roles import fault_of_roles
from rag.verification.substitution import fault_of_substitution
from rag.verification.words import fault_of_names, fault_of_wording, only_joins

__all__ = ["Checker", "Source", "Verified", "verify"]

_LETTERS = frozenset("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz")
_MARKUP = re.compile(r"</?[a-zA-Z!]|javascript:|data:|[{}\\]|\[(?!\d)[^\]]*\]")
_FEW_ITEMS = 9
_UNCITED = "câu khẳng định mà không có [n]"


@dataclass(frozen=True, slots=True)
class Verified:
    """What a reply is worth: its text as readers may see it, and the first fault (Vietnamese, empty when there is none).

    ``sound`` is the part before the first fault that ends with a citation; all of ``text`` when nothing is wrong.
    """

    text: str
    sound: str
    fault: str

    @property
    def passed(self) -> bool:
        """Whether all of the reply stands and cites something."""
        return not self.fault and self.sound == self.text != ""


class Checker:
    """Holds what comes of a reply to its sources, again and again as it grows: what was looked at once is remembered.

    ``until`` (``time.monotonic``) is how long it may take: then it raises ``TimeoutError``.
    """

    def __init__(self, sources: Sequence[Source], until: float = math.inf) -> None:
        """``[n]`` of a reply is ``sources[n - 1]``."""
        self._sources = sources
        self._until = until
        self._known: dict[tuple[object, ...], str] = {}

    def verify(self, reply: str, *, whole: bool = True) -> Verified:
        """Check every claim of ``reply``, or of its beginning.

        Of a reply that is still coming (``whole=False``) a list is looked at only when it has an end: how many items it has,
        and which provisions they cite, decides about the line that opens it.
        """
        text = cleaned(reply)
        if fault := _fault_of_letters(text, self._sources):
            return Verified(text, "", fault)
        found = claims(text)
        sound = 0
        for number, claim in enumerate(found):
            fault = fault_of_babble(number, found) or self._fault(claim, found)
            left_out = "" if fault else self._left_out(number, found)
            if fault := fault or left_out:
                may_go_on = claim.lead or not claim.cites or _has_count(claim) or (left_out and claim is found[-1])
                waits = not whole and may_go_on and len(claim.text) <= LONGEST
                return Verified(text, text[:sound].strip(), "" if waits else f"{fault}: “{claim.text[:LONGEST]}”")
            if claim.cites and not claim.lead:
                sound = claim.end
        rest = text[sound:].strip()
        if not sound and not rest.strip("[]0123456789.,; \n"):
            return Verified(text, "", "không có câu nào" if whole else "")
        fault = _UNCITED if rest and any(re.search(r"\w", claim.text) for claim in found if claim.end > sound) else ""
        return Verified(text, text[:sound].strip() if fault else text, fault)

    def _fault(self, claim: Claim, every: Sequence[Claim]) -> str:
        items = (items_below(claim, every), items_behind(claim, every))
        key = (claim.text, claim.cites, claim.lead, items)
        if key not in self._known:
            self._known[key] = next(self._faults(claim, items), "")
        return self._known[key]

    def _left_out(self, number: int, every: Sequence[Claim]) -> str:
        """What a claim leaves out of its source's condition, where the claims beside it do not say that either."""
        claim = every[number]
        if claim.lead or not claim.cites:
            return ""
        beside = tuple(other.text for other in every[max(0, number - 1) : number + 2] if other is not claim)
        key = (claim.text, claim.cites, beside)
        if key not in self._known:
            if time.monotonic() > self._until:
                raise TimeoutError
            self._known[key] = fault_of_condition(tokens(claim.text), self._cited(claim), list(map(tokens, beside)))
        return self._known[key]

    def _cited(self, claim: Claim) -> list[Source]:
        """The sources of a claim that cites none but those that there are."""
        return [self._sources[number - 1] for number in dict.fromkeys(claim.cites)]

    def _faults(self, claim: Claim, items: tuple[int, int]) -> Iterator[str]:
        """Yield what is wrong with a claim; ``items`` are those that it announces, below and behind it."""
        for number in claim.cites:
            if not 1 <= number <= len(self._sources):
                yield f"[{number}] không phải là một điều khoản đã cho"
        cited = self._cited(claim)
        row = tokens(claim.text)
        if not cited:
            if not claim.lead and not only_joins(row):
                yield _UNCITED
            return
        for check in _checks(claim, row, items, cited, self._sources):
            if time.monotonic() > self._until:
                raise TimeoutError
            if fault := check():
                yield fault


def verify(reply: str, sources: Sequence[Source], *, whole: bool = True) -> Verified:
    """Check a reply once, as ``Checker`` does."""
    return Checker(sources).verify(reply, whole=whole)


def _checks(
    claim: Claim, row: Sequence[Token], items: tuple[int, int], cited: Sequence[Source], every: Sequence[Source]
) -> tuple[Callable[[], str], ...]:
    """What a claim is held to, the cheap and telling first."""
    below, behind = items
    return (
        lambda: fault_of_names(claim.text, cited),
        lambda: _fault_of_facts(row, cited, (below, *range(2, behind + 1))),
        lambda: fault_of_negation(row, cited),
        lambda: fault_of_exception(row, cited),
        lambda: fault_of_duty(row, cited),
        lambda: fault_of_bounds(row, cited),
        lambda: fault_of_spans(row, cited),
        lambda: fault_of_share(row, cited),
        lambda: fault_of_recurrence(row, cited),
        lambda: fault_of_wording(row, cited, claim.lead),
        lambda: fault_of_issue(row, every),
        lambda: fault_of_attachment(row, cited, every),
        lambda: fault_of_records(row, cited),
        lambda: fault_of_roles(row, cited),
        lambda: fault_of_alterations(row, cited),
        lambda: fault_of_order(row, cited),
        lambda: fault_of_substitution(row, cited),
        lambda: "" if claim.lead else fault_of_replacement(row, cited),
    )


def _fault_of_letters(text: str, sources: Sequence[Source]) -> str:
    """Letters and digits of other scripts look like ours; markup is no text."""
    if _MARKUP.search(text):
        return "có mã hoặc ký hiệu không phải văn bản"
    for letter in set(text):
        kind = unicodedata.category(letter)
        base = unicodedata.normalize("NFD", letter)[0].lower()
        plain = letter.isascii() or (kind[0] == "L" and base in _LETTERS)
        if (kind[0] in "LNM" and not plain and not any(letter in source.text for source in sources)) or (kind[0] == "C" and letter != "\n"):
            return f"có ký tự lạ “{letter}”"
    return ""


def _has_count(claim: Claim) -> bool:
    return any(fact.kind == "number" and not fact.key[1] and len(fact.key[0]) == 1 for fact in facts_of(tokens(claim.text)))


def _fault_of_facts(row: Sequence[Token], cited: Sequence[Source], items: Sequence[int]) -> str:
    known = [fact for source in cited for fact in source.facts]
    for fact in missing(facts_of(row), known):
        if not _counts(fact, row, items, cited):
            return f"nguồn không có “{fact.text}”"
    return ""


def _counts(fact: Fact, row: Sequence[Token], items: Sequence[int], cited: Sequence[Source]) -> bool:
    """``hai hạn``, ``ba đầu mối``: how many items the reply or its source has itself."""
    if fact.kind != "number" or fact.key[1] or len(fact.key[0]) > 2 or int(fact.key[0]) > _FEW_ITEMS:
        return False
    amounts = [*items, _listed(row), *range(2, row.count(AND) + 2)]
    for series in {other.series for other in facts_of(row) if other.kind != "number"}:
        amounts.append(len({other.key for other in facts_of(row) if other.series == series}))
    amounts += [len(set(re.findall(r"\((\d)\)", source.text))) for source in cited]
    amounts += [lines - heading for lines in (source.text.count("\n") + 1 for source in cited) for heading in (0, 1) if lines > 2]
    return int(fact.key[0]) in amounts


def _listed(row: Sequence[Token]) -> int:
    """How many items stand behind a colon."""
    if ":" not in row:
        return 0
    behind = list(row[row.index(":") + 1 :])
    return behind.count(";") + 1 if ";" in behind else behind.count(",") + behind.count(AND) + 1
