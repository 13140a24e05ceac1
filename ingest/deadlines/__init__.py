"""Finds deadlines in provisions: who owes what to whom, by when, once or again and again.

A time is a deadline where a duty stands in its own clause. Where the parts of a clause cannot be told apart safely,
``what`` is the whole clause in its own words, the time in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.deadlines.clauses import BREAK, Piece, list_lead, pieces_of, whole_sentences
from ingest.deadlines.duty import ONLY, is_due
from ingest.deadlines.parties import NUMBERED, actor, is_actor, labelled, recipient
from ingest.deadlines.rows import find_rows
from rag.documents import Deadline, Provision
from rag.language.text import squeeze
from rag.slots.duties import Clause, duty_words

_CROSSING = re.compile(r"(?<!\w)(?:lần lượt|tương ứng)(?!\w)", re.IGNORECASE)
_BRACKETS = re.compile(r"\s*\([^()]*\)")


def find_deadlines(provision: Provision) -> list[Deadline]:
    """Return the deadlines that ``provision``'s own text states."""
    if provision.kind in ("signature", "head"):
        return []
    found = [*find_rows(provision), *_prose(provision)]
    return list(dict.fromkeys(found))


def _prose(provision: Provision) -> Iterator[Deadline]:
    text = provision.text
    earlier: list[str] = []
    for start, end in whole_sentences(text):
        if text[text.rfind("\n", 0, start) + 1 :].startswith("|"):
            continue
        sentence = text[start:end]
        for piece in pieces_of(sentence, list_lead(text, start)):
            if is_due(piece, provision):
                yield _record(provision, piece, earlier)
        earlier.insert(0, sentence)


def _record(provision: Provision, piece: Piece, earlier: list[str]) -> Deadline:
    moment = piece.moment
    what = _what(provision, piece)
    clause = piece.whole if piece.before.strip() else piece.after
    leads = [*piece.lead.split(": ")[::-1], _own_lead(provision)]
    return Deadline(
        what=NUMBERED.sub("", squeeze(what).strip(" ,;:+-")),
        who=labelled(provision.text) or actor(_acting(piece), leads, [piece.sentence[: piece.start], *earlier], provision.headings),
        to=recipient(clause, piece.lead),
        when=squeeze(piece.when),
        date=moment.day,
        recurrence="" if moment.day else squeeze(piece.when),
        provision=provision.id,
        quote=piece.sentence,
    )


def _acting(piece: Piece) -> str:
    """The words that say who acts: those before the time, or behind it where it opens the clause."""
    if piece.is_bracketed:
        return _BRACKETS.sub("", piece.sentence)
    return (piece.after if piece.is_bare else piece.before).strip(" ,")


def _own_lead(provision: Provision) -> str:
    found = re.match(r"([^:.;\n]{3,150}):\s", provision.text)
    return found.group(1) if found and is_actor(found.group(1)) else ""


def _what(provision: Provision, piece: Piece) -> str:
    """What is owed: the words before the time, or behind it where it opens the clause; else the whole clause, the time in it."""
    before, after = piece.before.strip(" ,;:"), piece.after.strip(" ,;:.")
    if piece.is_bracketed or _CROSSING.search(piece.whole) or not piece.alone:
        return piece.whole
    lead = next((part for part in reversed(piece.lead.split(": ")) if len(part.split()) > 1), "")
    if piece.is_bare:
        if after and not Clause(lead).has("window", "deadline"):
            return piece.whole if _clips(piece) or after.startswith("(") else after
        return _announced(provision, lead, before)
    if piece.after or before.endswith(" là"):
        return _with_lead(piece)
    if len(before.split()) >= ONLY:
        return before
    return f"{lead}: {before}" if piece.sentence[: piece.start].rstrip().endswith(":") and not is_actor(lead) else before


def _announced(provision: Provision, lead: str, before: str) -> str:
    """A time alone: what the lead of its list says is due, or else the heading (``Thời gian tiếp nhận hồ sơ``)."""
    says = lead and lead.lower() not in duty_words()["label"] and (not is_actor(lead) or Clause(lead).has("hand", "deadline"))
    above = lead if says else _task(provision) or next(reversed(provision.headings), provision.heading)
    return f"{above}: {before}" if above and before else above or before


def _task(provision: Provision) -> str:
    """What a provision whose next lines have titles (``Cơ quan thực hiện: …``) begins with."""
    first, newline, _ = provision.text.partition("\n")
    return first.strip(" .;") if newline and ":" not in first[:40] else ""


def _with_lead(piece: Piece) -> str:
    """The whole clause with what stands before its colon, unless that is who has to do it."""
    head = piece.sentence[: piece.start].rstrip()
    starts = [mark.end() for mark in BREAK.finditer(head[:-1])]
    lead = head[starts[-1] if starts else 0 : -1]
    return piece.whole if not head.endswith(":") or is_actor(lead.strip()) else piece.sentence[starts[-1] if starts else 0 : piece.end]


def _clips(piece: Piece) -> bool:
    """The time runs from something whose end the comma hides (``thu hồi văn bằng, chứng chỉ``)."""
    return piece.moment.tailed and not is_actor(piece.after.strip(" ,"))
