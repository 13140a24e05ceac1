"""What of a question tells documents apart: its words in both forms, the years and the proper names that it gives."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from functools import lru_cache

from rag.language.series import to_roman
from rag.language.text import canonical, folded, has_marks, words
from rag.slots.numerals import DIGITS

_MARKED = 0.35  # of its words carry marks: then marks are meant
_YEAR = re.compile(r"20\d\d")
_RELATIVE = re.compile(r"\bnam (hoc )?(nay|ngoai|vua roi|vua qua|(?:truoc|sau|toi)\b(?! (?:ngay|khi|thang|het|\d)))\b")
_SHIFTS = {"nay": 0, "sau": 1, "toi": 1}
_SCHOOL_STARTS = 9  # month
_NUMBERS = {canonical(word): str(number) for word, number in DIGITS.items() if number} | {canonical("mười"): "10"}
_NUMBERS |= {to_roman(number).lower(): str(number) for number in range(1, 11)}
_OF_TIME = ("nam", "sau")  # folded, năm and sau are words of time before they are numbers
_FOLDED_NUMBERS = {folded(word): number for word, number in _NUMBERS.items() if folded(word) not in _OF_TIME}
_OF_A_YEAR = frozenset("nay ngoai hoc truoc sau toi vua qua".split())


@lru_cache(maxsize=64)
def _places(*forms: tuple[str, ...]) -> dict[str, list[int]]:
    """Where each word stands, in any of its forms: a question is held against every office of a library."""
    found: dict[str, list[int]] = {}
    for at, words_there in enumerate(zip(*forms, strict=True)):
        for word in dict.fromkeys(words_there):
            found.setdefault(word, []).append(at)
    return found


@dataclass(frozen=True, slots=True)
class Said:
    """Words as they are compared: ``exact``, and ``plain`` without marks; with ``marked`` the exact ones count.

    ``school_year`` has its two years; ``capitals`` are the folded words that were typed with a large first letter.
    """

    exact: tuple[str, ...]
    plain: tuple[str, ...]
    marked: bool
    school_year: tuple[int, int] | None = None
    capitals: frozenset[str] = frozenset()

    @classmethod
    def of(cls, whole: str, typed: str, school_year: tuple[str, str] | None = None) -> Said:
        """Read ``whole`` words; ``typed`` is how they were typed."""
        exact = tuple(canonical(word) for word in whole.split())
        letters = [word for word in words(typed) if word.isalpha()]
        marked = sum(map(has_marks, letters)) >= _MARKED * max(1, len(letters))
        capitals = frozenset(folded(canonical(word)) for word in letters if word.istitle())
        years = (int(school_year[0]), int(school_year[1])) if school_year else None
        return cls(exact, tuple(folded(token) for token in exact), marked, years, capitals)

    def starts_of(self, phrase: tuple[str, ...]) -> list[int]:
        """Return where the exact words ``phrase`` stand in a row.

        A word without marks may have been given some that its writer did not mean (``Nghệ An`` → ``nghệ ăn``).
        """
        wanted = phrase if self.marked else tuple(folded(word) for word in phrase)
        places = _places(self.exact if self.marked else self.plain, self.plain)
        starts = places.get(wanted[0], []) if wanted else []
        return [at for at in starts if all(at + step in places.get(word, []) for step, word in enumerate(wanted))]

    def years(self, today: date) -> tuple[set[int], set[tuple[int, int]]]:
        """Return the years and the school years that are named; where none are, ``năm nay`` and ``năm học trước`` by ``today``."""
        years = {int(word) for word in self.plain if _YEAR.fullmatch(word)}
        schools = {self.school_year} if self.school_year else set()
        if years or schools:
            return years, schools
        first = today.year if today.month >= _SCHOOL_STARTS else today.year - 1
        for school, which in _RELATIVE.findall(" ".join(self.plain)):
            shift = _SHIFTS.get(which, -1)
            if school:
                schools.add((first + shift, first + shift + 1))
            else:
                years.add(today.year + shift)
        return years, schools

    def numbers_after(self, label: str) -> list[tuple[int, str]]:
        """Return the numbers right behind a folded ``label`` (``đợt 2``, ``đợt hai``), with the place of the label."""
        found = ((at, self._number_at(at + 1)) for at, word in enumerate(self.plain[:-1]) if word == label)
        return [(at, number) for at, number in found if number.isdigit() and not _YEAR.fullmatch(number)]

    def _number_at(self, at: int) -> str:
        """The word there as a number, where it is one: ``sau`` is no ``sáu``, and ``năm nay`` no five."""
        following = self.plain[at + 1] if at + 1 < len(self.plain) else ""
        if self.plain[at] == "nam" and (following in _OF_A_YEAR or _YEAR.fullmatch(following)):
            return ""
        known, word = (_NUMBERS, self.exact[at]) if self.marked else (_FOLDED_NUMBERS, self.plain[at])
        return known.get(word, self.plain[at])

    def run_in(self, title: Sequence[str], least: int) -> set[int]:
        """Return the places of the longest run of words, of ``least`` or more, that stands in a folded ``title``, too."""
        run = SequenceMatcher(None, self.plain, title, autojunk=False).find_longest_match()
        return set(range(run.a, run.a + run.size)) if run.size >= least else set()

    def year_places(self) -> set[int]:
        """Return the places of the words that say of which year: ``năm 2023``, ``năm học trước``."""
        found = set()
        for at, word in enumerate(self.plain):
            if _YEAR.fullmatch(word):
                found |= {at, at - 1} if at and self.plain[at - 1] == "nam" else {at}
        joined = " ".join(self.plain)
        for match in _RELATIVE.finditer(joined):
            start = joined[: match.start()].count(" ")
            found |= set(range(start, start + match.group().count(" ") + 1))
        return found
