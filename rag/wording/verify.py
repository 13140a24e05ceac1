"""Holds a language model's reply to its sources, before anyone sees it: ``verify(reply, sources)``.

A reply is cut into claims, each with the provisions it cites (``[n]``). A claim stands when the cited provisions say its
dates, numbers, phones, links, documents and names, for the same thing, and its words are theirs, with the same yes or no.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from rag.wording.verification.alterations import fault_of_alterations
from rag.wording.verification.attachment import fault_of_attachment, fault_of_issue
from rag.wording.verification.bounds import fault_of_bounds, fault_of_recurrence
from rag.wording.verification.facts import Fact, missing
from rag.wording.verification.polarity import fault_of_duty, fault_of_exception, fault_of_negation
from rag.wording.verification.reading import AND, Source, Token, facts_of, tokens
from rag.wording.verification.replies import Claim, claims, cleaned, items_behind, items_below
from rag.wording.verification.roles import fault_of_roles
from rag.wording.verification.substitution import fault_of_substitution
from rag.wording.verification.wording import fault_of_names, fault_of_wording, only_joins

__all__ = ["Source", "Verified", "verify"]

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


def verify(reply: str, sources: Sequence[Source], *, whole: bool = True) -> Verified:
    """Check every claim of ``reply``; ``[n]`` is ``sources[n - 1]``.

    Of a reply that is still coming (``whole=False``) a list is looked at only when it has an end: how many items it has, and
    which provisions they cite, decides about the line that opens it.
    """
    text = cleaned(reply)
    if fault := _fault_of_letters(text, sources):
        return Verified(text, "", fault)
    found = claims(text)
    sound = 0
    for claim in found:
        if fault := _fault(claim, found, sources):
            waits = not whole and (claim.lead or not claim.cites or _has_count(claim))
            return Verified(text, text[:sound].strip(), "" if waits else f"{fault}: “{claim.text}”")
        if claim.cites and not claim.lead:
            sound = claim.end
    rest = text[sound:].strip()
    fault = _UNCITED if rest and any(re.search(r"\w", claim.text) for claim in found if claim.end > sound) else ""
    return Verified(text, text[:sound].strip() if fault else text, fault)


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


def _fault(claim: Claim, every: Sequence[Claim], sources: Sequence[Source]) -> str:
    if any(not 1 <= number <= len(sources) for number in claim.cites):
        return f"[{next(number for number in claim.cites if not 1 <= number <= len(sources))}] không phải là một điều khoản đã cho"
    row = tokens(claim.text)
    cited = [sources[number - 1] for number in claim.cites]
    if not cited:
        return "" if claim.lead or only_joins(row) else _UNCITED
    return (
        fault_of_names(claim.text, cited)
        or _fault_of_facts(row, cited, (items_below(claim, every), *range(2, items_behind(claim, every) + 1)))
        or fault_of_negation(row, cited)
        or fault_of_exception(row, cited)
        or fault_of_duty(row, cited)
        or fault_of_bounds(row, cited)
        or fault_of_recurrence(row, cited)
        or fault_of_wording(row, cited, claim.lead)
        or fault_of_issue(row, sources)
        or fault_of_attachment(row, cited, sources)
        or fault_of_roles(row, cited)
        or fault_of_alterations(row, cited)
        or fault_of_substitution(row, cited)
    )


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
    if fact.kind != "number" or fact.key[1] or not fact.key[0].isdigit() or int(fact.key[0]) > _FEW_ITEMS:
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
