"""What the structure tests share: readings made of lines, and an independent count of khoản and điểm in a text."""

from __future__ import annotations

import re

from ingest.readers import Page, Reading

_ARTICLE = re.compile(r"^#*\s*Điều (\d+[a-zđ]?)\.")
_CLAUSE = re.compile(r"^#*\s*(\d+[a-zđ]?)\. *(?=[^\W\d])(.*)")
_POINT = re.compile(r"^#*\s*([a-zđ])\) ?(.*)")


def reading(*pages: str, number: int = 1) -> Reading:
    """Return a reading of these pages, the first one numbered ``number`` (0: no pages)."""
    return Reading(tuple(Page(number + at if number else 0, text) for at, text in enumerate(pages)))


def count_provisions(lines: list[str]) -> list[tuple[str, str]]:
    """Return (section path, first words) of every khoản and điểm of an act, by simple patterns on its lines.

    Stops at the signatures; what stands between “ and ” over several lines is not counted.
    """
    found: list[tuple[str, str]] = []
    article = clause = ""
    quoted = False
    for line in (raw.strip() for raw in lines):
        if re.match(r"Nơi nhận|PHỤ LỤC|Phụ lục$|#+ PHỤ LỤC|QUY ĐỊNH$|Luật này được Quốc hội", line):
            break
        begins_quoted = quoted
        quoted = quoted or line.startswith("“")
        if quoted and re.search(r"”[.;]*$", line):
            quoted = False
        if begins_quoted or line.startswith("“"):
            continue
        if mark := _ARTICLE.match(line):
            article, clause = f"Điều {mark.group(1)}", ""
        elif article and (mark := _CLAUSE.match(line)):
            clause = f"{article}.{mark.group(1)}"
            found.append((clause, _first_words(mark.group(2))))
        elif article and (mark := _POINT.match(line)):
            found.append((f"{clause or article}.{mark.group(1)}", _first_words(mark.group(2))))
    return found


def _first_words(text: str) -> str:
    return " ".join(re.sub(r"\s?\[\^\w+\]|[*_]", "", text).split()[:6])
