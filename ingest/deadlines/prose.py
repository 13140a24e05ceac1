"""Times in the sentences of a provision: each with the clause it stands in, and the deadline that it would be."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ingest.deadlines.clauses import BREAK, ONLY, Piece, list_leads, pieces_of, whole_sentences
from ingest.deadlines.features import Dated
from ingest.deadlines.parties import NUMBERED, actor, is_actor, labelled, recipient
from ingest.deadlines.rows import find_cells
from ingest.deadlines.rules import tells_duty
from rag.documents import Deadline, Provision
from rag.language.text import squeeze
from rag.slots.duties import Clause, duty_words
from rag.slots.moments import moments_in

_SAYS_LITTLE = 4  # words before a time
_EARLIER = 200  # sentences before one that may say who acts
_CROSSING = re.compile(r"(?<!\w)(?:lần lượt|tương ứng)(?!\w)", re.IGNORECASE)
_BRACKETS = re.compile(r"\s*\([^()]*\)")


@dataclass(frozen=True, slots=True)
class Told:
    """A time in a sentence; ``earlier``: the sentences before it, last first; ``above``: what the provision goes on from."""

    provision: Provision
    piece: Piece
    earlier: tuple[str, ...]
    above: str

    @property
    def quote(self) -> str:
        """The sentence."""
        return self.piece.sentence

    @property
    def at(self) -> int:
        """Where in the quote the time stands."""
        return self.piece.moment.start

    @property
    def dated(self) -> Dated:
        """The time as the judge sees it."""
        piece, provision = self.piece, self.provision
        headings = tuple(part for part in (*provision.headings, provision.heading) if part)
        leads = [part for part in (*headings[-1:], self.above) if part]
        titles = [part for part in piece.lead.split(": ") if part]
        if not titles and self._goes_on:
            titles = [self.earlier[0].rstrip(" ;.")]
        before = piece.before
        if titles and len(before.split()) < _SAYS_LITTLE:
            before = f"{titles.pop()}: {before}"
        leads += titles
        while leads and before.rstrip(" :-+").lower() in ("", *duty_words()["label"]):
            before = f"{leads.pop()}: {before}"
        return Dated(
            when=piece.when,
            moment=piece.moment,
            before=before,
            after=piece.sentence[piece.moment.end : piece.end],
            lead=": ".join(leads),
            headings=headings,
            is_bracketed=piece.is_bracketed,
            is_quoted=piece.is_quoted,
            tells_duty=tells_duty(piece, provision),
        )

    @property
    def _goes_on(self) -> bool:
        """``Sinh viên nộp đơn tại khoa; hạn cuối 15/10/2025``, ``… Hạn chót: 15/10``: the clause or sentence before it says what."""
        if self.piece.before.strip() or self.piece.after.strip(" .;") or not self.earlier:
            return False
        last = self.earlier[0]
        return last.endswith(";") or (self.piece.moment.firm and Clause(last).has("hand") and not moments_in(last))

    def deadline(self) -> Deadline:
        """Return the deadline that the time is."""
        if self._goes_on and not self.piece.lead:
            found = _record(self.provision, self.piece, list(self.earlier), self.above)
            return replace(found, what=NUMBERED.sub("", squeeze(self.earlier[0]).rstrip(" ;.")), to=found.to or recipient(self.earlier[0]))
        return _record(self.provision, self.piece, list(self.earlier), self.above)


def find_told(provision: Provision, above: str) -> Iterator[Told]:
    """Yield the times in the sentences of a provision, of its heading, and of the cells of its tables."""
    yield from _told_in(provision.heading, replace(provision, heading=""), above)
    yield from _told_in(provision.text, provision, above)
    for cell in find_cells(provision):
        yield from _told_in(cell.text, provision, cell.what)


def _told_in(text: str, provision: Provision, above: str) -> Iterator[Told]:
    earlier: deque[str] = deque(maxlen=_EARLIER)
    leads = deque(list_leads(text))
    lead = ""
    for start, end in whole_sentences(text):
        while leads and leads[0][0] < start:
            lead = leads.popleft()[1]
        if text.startswith("|", text.rfind("\n", 0, start) + 1):
            continue
        sentence = text[start:end]
        for piece in pieces_of(sentence, lead):
            yield Told(provision, piece, tuple(earlier), above)
        earlier.appendleft(sentence)


def _record(provision: Provision, piece: Piece, earlier: list[str], above: str) -> Deadline:
    moment = piece.moment
    what = _what(provision, piece, above)
    clause = _BRACKETS.sub("", piece.around) if piece.is_bracketed else piece.whole if piece.before.strip() else piece.after
    leads = [*piece.lead.split(": ")[::-1], _own_lead(provision), above]
    return Deadline(
        what=NUMBERED.sub("", squeeze(what).strip(" ,;:+-")),
        who=labelled(provision.text) or actor(_acting(piece), leads, [piece.sentence[: piece.start], *earlier], provision.headings),
        to=recipient(clause, piece.lead),
        when=squeeze(piece.when),
        date=moment.day,
        recurrence="" if moment.day or moment.unreal else squeeze(piece.when),
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


def _what(provision: Provision, piece: Piece, above: str) -> str:
    """What is owed: the words before the time, or behind it where it opens the clause; else the whole clause, the time in it."""
    before, after = piece.before.strip(" ,;:"), piece.after.strip(" ,;:.")
    if piece.is_bracketed:
        return piece.around
    if _CROSSING.search(piece.whole) or not piece.alone:
        return piece.whole
    lead = next((part for part in reversed(piece.lead.split(": ")) if len(part.split()) > 1), "")
    if piece.is_bare:
        if after and not Clause(lead).has("window", "deadline"):
            return piece.whole if _clips(piece) or after.startswith("(") else after
        return _announced(provision, lead or above, before)
    if piece.after or before.endswith(" là"):
        return _with_lead(piece)
    if len(before.split()) >= ONLY and not _hands_only(before):
        return before
    return f"{lead}: {before}" if lead and piece.sentence[: piece.start].rstrip().endswith(":") and not is_actor(lead) else before


def _hands_only(before: str) -> bool:
    """``gửi về Sở GDĐT``: it tells to whom, and not what."""
    to = recipient(before)
    return bool(to) and Clause(before.replace(to, "")).length < ONLY


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
