"""What the words of a clause, and its grammar, say of a time: a duty, or a condition, an event, a state (``rag.slots.duties``).

It knows no document that it was not written with; that is why it is one of the things that are weighed (``duty``), not the judge.
"""

from __future__ import annotations

import re

from ingest.deadlines.clauses import CLOCK, DUE, MAIN_VERBS, ONLY, YEAR_ALONE, Piece
from ingest.deadlines.parties import recipient, subject
from rag.documents import Provision
from rag.language.numbers import DOCUMENT_NUMBER
from rag.slots.duties import Clause
from rag.slots.moments import Moment

_ISSUED = re.compile(r"(?:" + DOCUMENT_NUMBER.pattern + r"|(?<!\w)(?:số|của|khóa|kỳ họp|thông qua|ký|ban hành|Luật[^,;]{0,80}))\s*,?\s*$")
_MAIN_VERB = re.compile(rf"\s+(?:{MAIN_VERBS}|nhưng|trở về trước|trở đi)(?!\w)", re.IGNORECASE)
_PAST = re.compile(r"(?<!\w)đã\s+(?:(?!(?:phải|cần|có trách nhiệm)(?!\w))[^,;])*$")


def tells_duty(piece: Piece, provision: Provision) -> bool:
    """Say whether the clause of a time tells a duty."""
    moment = piece.moment
    before, after = Clause(piece.before), Clause(piece.after)
    if moment.direction in ("from", "after") or _ISSUED.search(piece.sentence[: moment.start]) or piece.is_quoted:
        return False
    if YEAR_ALONE.search(piece.when) and not Clause(f"{piece.before} {piece.lead}").has("finish"):
        return False  # "trong năm 2025" is mostly of what is told
    if piece.is_bracketed:
        return _is_own_bracket(piece)
    if _is_named_by_it(piece, before):
        return False
    if _in_condition(piece.before):
        return False
    if moment.direction == "every":
        return _is_returning(piece, before, after)
    if piece.before.strip() and not piece.is_bare:
        return _owes(piece, before, provision)
    return _opened_owes(piece, provision)


def _is_named_by_it(piece: Piece, before: Clause) -> bool:
    """``Văn bằng cấp trước ngày … có giá trị``: the time tells which; ``Sinh viên nộp trước ngày … được xét`` is a last day."""
    moment = piece.moment
    if not _MAIN_VERB.match(piece.after) or not before.length or moment.firm or moment.direction == "every" or before.has("demand"):
        return False
    return not (re.match(r"\s+được(?!\w)", piece.after) and before.has("submit") and subject(piece.before) and "chưa" not in piece.before)


def _opened_owes(piece: Piece, provision: Provision) -> bool:
    """A clause that its time opens: the duty stands behind it, or above the list that it is in."""
    after, moment = Clause(piece.after), piece.moment
    if after.length >= ONLY:
        return moment.direction in DUE and _demands(after)
    if moment.direction == "on" and Clause(piece.lead).has("deadline"):
        return bool(moment.day)
    above = _above(piece, provision)
    return (moment.direction in DUE or moment.firm) and above.has("hand", "window", "deadline") and not above.has("event")


def _above(piece: Piece, provision: Provision) -> Clause:
    return Clause(f"{piece.lead} {' '.join(provision.headings[-1:])} {provision.heading}")


def _demands(clause: Clause) -> bool:
    """A duty, not a leave: ``được phép``, ``có thể`` count where nothing is demanded besides."""
    if clause.has("demand"):
        return clause.has("hand", "do")
    return clause.has("hand", "do") and not clause.has("free")


def _owes(piece: Piece, before: Clause, provision: Provision) -> bool:
    """A clause whose duty stands before its time."""
    moment = piece.moment
    does = before.has("hand", "do")
    if (_is_told(before) or _PAST.search(piece.before)) and not (moment.firm and does):
        return False
    if moment.firm or before.has("deadline"):
        return True
    if before.has("free") and not before.has("demand"):
        return False
    if moment.direction == "on":
        return _falls_on(piece, before)
    if moment.direction not in DUE or (moment.direction == "within" and _lasts(piece, before)):
        return False
    if before.has("window") or (before.has("demand") and before.has("hand")):
        return True
    if before.has("event"):
        return False
    own = does or Clause(piece.after).opens_with("hand", 3)
    return own or (before.length <= 2 * ONLY and _above(piece, provision).has("hand", "window"))


def _is_told(before: Clause) -> bool:
    """``số liệu tính đến …``, and nothing behind it that somebody has to do (``…, gửi về Sở trước …``)."""
    told, done = before.spans("state", "past"), before.spans("hand")
    return bool(told) and not (done and "," in before.text[told[-1][1] : done[-1][0]])


def _falls_on(piece: Piece, before: Clause) -> bool:
    """``công bố vào ngày 20 hằng tháng``, ``nộp lúc 17h00 ngày …``, not the day of a meeting."""
    if before.has("event"):
        return False
    return before.has("hand", "do") if piece.moment.every else before.has("hand") and bool(CLOCK.search(piece.when))


def _lasts(piece: Piece, before: Clause) -> bool:
    """``học trong 05 năm``, ``từ ngày 01/01 đến ngày 31/12``: how long something takes."""
    moment = piece.moment
    if not moment.day and not moment.every and piece.when.lower().startswith("từ"):
        return True
    return not before.has("hand") and (before.has("amount") or (not moment.day and not moment.tailed))


def _is_returning(piece: Piece, before: Clause, after: Clause) -> bool:
    """``Định kỳ hằng tháng rà soát …``, ``sao lưu dữ liệu hằng tuần``, not ``kinh phí hằng năm``."""
    if before.has("state", "event", "amount", "past") or (before.has("free") and not before.has("demand")):
        return False
    counted = re.search(r"lần", piece.when)
    if not piece.before.strip(" ,") or piece.is_bare:
        return _demands(after) and not after.has("event") and (after.has("demand") or counted is not None or "ỗi" not in piece.when)
    if before.ends_with("yearly") and not counted and not piece.when.lower().startswith("định kỳ"):
        return False
    if re.match(r"\s+(?:của|thuộc|đối với)(?!\w)", piece.after) or piece.before.rstrip().endswith((",", " và", " sau", " trong", " cho")):
        return False
    if re.match(r"\s+cho(?!\w)", piece.after) and not before.has("demand") and not recipient(piece.whole):
        return False
    if not counted and not re.match(r"\s*(?:$|[,.;:(]|và(?!\w)|hoặc(?!\w)|cho|về|để|trên|theo|tại|qua|bằng|khi|phù hợp)", piece.after):
        return False
    return before.has("hand", "do")


def _in_condition(before: str) -> bool:
    """``nếu nộp hồ sơ trước ngày …``: nothing closes the condition before the time."""
    found = [start for start, _ in Clause(before).spans("when")]
    if not found:
        return False
    inside = before[found[-1] :]
    named = re.match(r"(?:đối với|những|mà)(?!\w)", inside, re.IGNORECASE)
    return not named and not re.search(r",\s|(?<!\w)thì(?!\w)", inside) and found[-1] < len(before) - 1 and not Clause(inside).has("demand")


def _is_own_bracket(piece: Piece) -> bool:
    """``gửi về Sở (trước ngày 10/01/2026)``: the bracket holds nothing but the time, which is a last day."""
    inside = piece.sentence[piece.sentence.rfind("(", 0, piece.moment.start) + 1 : piece.moment.start]
    own = not inside.strip() or inside.strip().lower().rstrip(" :là") in ("hoàn thành", "xong", "hạn", "thời hạn", "thời gian")
    rest = piece.sentence[piece.moment.end :].partition(")")[0]
    told = _MAIN_VERB.match(rest) or Clause(rest).has("hand", "do")
    return own and not told and piece.moment.direction in DUE and Clause(piece.sentence).has("hand")


def row_tells_duty(title: str, when: str, what: str, moment: Moment) -> bool:
    """Say whether a row tells one: its column or its cell says so, or what is to be done by then is a duty, not an event."""
    named = Clause(what)
    if moment.direction in ("from", "after"):
        return False
    if re.fullmatch(r"\d{4}", when) and not {"han", "hoan"} & set(title.split()):
        return False
    if moment.firm or {"han", "hoan"} & set(title.split()) or (moment.direction in DUE and moment.direction != "within"):
        return True
    if Clause(when).has("hand"):  # "Hoàn thành từ … đến …"
        return True
    return not named.opens_with("event") and named.opens_with("hand", 5) | named.opens_with("do", 2)
