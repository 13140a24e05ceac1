"""Who owes something and to whom, by the words of the clause that says so, its lead and the headings above it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.language.kinds import EVERYDAY, any_of
from rag.language.text import squeeze
from rag.slots.duties import Clause, duty_words

_LONGEST = 150
_ORGANISE = "tổ chức "
NUMBERED = re.compile(r"^(?:\(\d+\)|\d+(?:\.\d+)*[.)](?!\d)|[+–-]|[a-zđ]\))\s*")
_CONDITION = re.compile(
    r"^(?:trường hợp|dựa trên|dựa vào|nếu|khi|trong trường hợp|sau khi|trước khi|căn cứ|trên cơ sở|theo|đối với|"
    rf"(?:thực hiện|thi hành)\s+(?:{any_of(*EVERYDAY)}))\s[^:;]*?,\s+",
    re.IGNORECASE,
)
_ASKED = re.compile(r"^(?:yêu cầu|đề nghị|giao)\s+", re.IGNORECASE)
_LEAD = re.compile(r"^(?:Đối với\s+)?([^:.;\n]{3,150}):\s")
_PASSIVE = re.compile(r"(?<!\w)(?:được|do|bởi)\s+(?=[^\s])")
_HEAD = (
    r"(?:Bộ|Sở|UBND|Ủy ban nhân dân|[Pp]hòng|Cục|Vụ|Văn phòng|Tổ|Ban|Hội đồng|Chính phủ|Thủ tướng|Quốc hội|Giám đốc|Chủ tịch|"
    r"[A-ZĐ]{2,}[\w&-]*|Đại học|Hiệu trưởng|cơ quan|nhà trường|hiệu trưởng|Trường)"
)
_HAND = "báo cáo|gửi|nộp|trình|thông báo|bàn giao|cung cấp"
_REGISTER = "đăng ký"
"""Towards somebody only where that is said: ``đăng ký thi đua về Sở``."""
_TOWARDS = rf"(?<!\w)(?i:(?:{_HAND}|{_REGISTER})\s+(?:[^\s,.;:()]+\s+){{0,12}}?(?:về|cho|tới|đến|lên)\s+|(?:{_HAND})\s+)"
_TOWARDS_OFFICE = re.compile(rf"{_TOWARDS}({_HEAD}(?!\w).*)", re.DOTALL)
_TOWARDS_NAME = re.compile(rf"{_TOWARDS}([A-ZĐ]\w.*)", re.DOTALL)
_STOP = re.compile(
    r"\s+(?:về|kết quả|việc|trước|chậm|muộn|theo|để|qua|bằng|trong|tại|vào|hằng|hàng|định kỳ|từ|khi|phê duyệt|ban hành|thông qua|xem xét|"
    r"tổng hợp|gửi|quyết định|kế hoạch|tình hình|danh sách|đến|sau|giải quyết|"
    r"tiếp nhận|lần lượt|\d+)(?!\w)|\s*[,.;:()\n“”]|\s+và\s+(?![A-ZĐ])|\s*$"
)
_TRAILING = re.compile(r"(?:\s+(?:tham mưu|được|sẽ|căn cứ|chủ động|trực tiếp|đã|tiếp tục|không|theo phạm vi quản lý))+$")
_OF = re.compile(r"^(?:Quyền(?:,| và) )?(?:Nhiệm vụ|[Tt]rách nhiệm|nghĩa vụ)[^:;.]{0,25}? của\s+(.{3,120})$", re.IGNORECASE)
_BARE = frozenset({"bên", "cơ quan", "người", "cá nhân", "tổ chức", "đơn vị", "các", "ban", "tổ", "cán bộ", "hội đồng", "người có"})


def recipient(*clauses: str) -> str:
    """Return to whom the first of the clauses that says so hands something; empty where none does, or where it is unclear."""
    for clause in clauses:
        found = [name for at in _verbs(clause) if (name := _recipient_at(clause, at))]
        names = list(dict.fromkeys(found))
        if names:
            return names[0] if len(names) == 1 else ""
    return ""


def _verbs(clause: str) -> list[int]:
    return [found.start() for found in re.finditer(rf"(?<!\w)(?:{_HAND}|{_REGISTER})(?!\w)", clause, re.IGNORECASE)]


def _recipient_at(clause: str, at: int) -> str:
    if _depth(clause, at):
        return ""
    office = _TOWARDS_OFFICE.match(clause, at)
    found = office or _TOWARDS_NAME.match(clause, at)
    if not found or _depth(clause, found.start(1)):
        return ""
    stop = _STOP.search(found.group(1))
    name = squeeze(found.group(1)[: stop.start()] if stop else found.group(1))
    return name if (office or is_actor(name)) and 0 < len(name.split()) <= 14 else ""


def _depth(text: str, at: int) -> int:
    return text.count("(", 0, at) - text.count(")", 0, at)


def actor(clause: str, leads: Sequence[str], earlier: Sequence[str], headings: Sequence[str]) -> str:
    """Return who has to do what ``clause`` says: its subject, its lead, the subject before it, or a heading; empty where unclear.

    ``leads``: what stands before the colons above it, the nearest first; ``earlier``: the sentences of the provision before it, last first.
    """
    clause = NUMBERED.sub("", clause.strip())
    if name := subject(clause):
        return name
    if doer := _doer(clause):
        return doer
    if lead := next((lead for lead in leads if is_actor(lead)), ""):
        return subject(lead) or squeeze(lead)
    for sentence in earlier:
        own = NUMBERED.sub("", sentence.strip())
        if name := _lead_of(own) or subject(own):
            return name
    return next((name for heading in reversed(headings) if (name := _named_in(heading))), "")


def _named_in(heading: str) -> str:
    """Whom a heading speaks of: ``UBND cấp xã``, ``Trách nhiệm của người học``; a chapter in capitals names a subject matter."""
    found = _OF.match(heading)
    name = found.group(1) if found else heading
    names_work = not found and (heading.isupper() or heading.lower().startswith(_ORGANISE))
    return squeeze(name) if is_actor(name) and not names_work else ""


def labelled(text: str) -> str:
    """Return who a line of the provision names as the one who does its task (``Cơ quan thực hiện: Bộ Công an …``)."""
    for line in text.split("\n"):
        label, colon, value = line.partition(":")
        if colon and label.strip().lower() in duty_words()["doer_label"]:
            return re.split(r",?\s+(?:chủ trì|phối hợp)(?!\w)", squeeze(value))[0].strip(" .;")
    return ""


def _lead_of(sentence: str) -> str:
    found = _LEAD.match(sentence)
    return squeeze(found.group(1)) if found and is_actor(found.group(1)) else ""


def is_actor(name: str) -> bool:
    """Say whether a heading or a lead names somebody who acts (``UBND cấp xã, trường có cấp THPT``)."""
    words = Clause(name)
    if not name or len(name) >= _LONGEST or name.lower().strip() in duty_words()["doer_label"] or words.opens_with("not_actor"):
        return False
    skipped = next((end for start, end in words.spans("every") if start == 0), 0)
    head = name[skipped:].strip()
    verb = Clause(head[len(_ORGANISE) :]) if head.lower().startswith(_ORGANISE) else None  # the verb, not the body
    return Clause(head).opens_with("actor") and not (verb and (verb.opens_with("hand") or verb.opens_with("do")))


def subject(clause: str) -> str:
    """Return what stands before the verb, where it names somebody and tells it from others (``Bên`` alone does not)."""
    clause = _ASKED.sub("", _CONDITION.sub("", clause))
    if not is_actor(clause[: _LONGEST - 1]):
        return ""
    verbs = Clause(clause).spans("hand", "do", "state", "free", "demand", "stop")
    for at in (start for start, _ in verbs if start > 0 and clause[start].islower()):
        name = _TRAILING.sub("", squeeze(clause[:at]).strip(" :"))
        if len(name) >= _LONGEST or "(" in name:
            return ""
        if _is_clear(name):
            return name
    return ""


def _is_clear(name: str) -> bool:
    """Not in the middle of a name: ``Bên kiểm soát và``, ``Ủy ban nhân dân tỉnh; cơ quan``."""
    last = re.split(r"[,;]\s*|\s+và\s+", name)[-1].strip().lower()
    return bool(last) and last not in _BARE and not name.endswith((",", ";", " và", " hoặc", " do", " của"))


def _doer(clause: str) -> str:
    """``được Hội đồng thẩm định của Sở đánh giá``, ``do giảng viên lớp học phần thực hiện``: who acts in the passive."""
    clause = _CONDITION.sub("", clause)
    for found in _PASSIVE.finditer(clause):
        rest = clause[found.end() :]
        if (name := subject(rest)) and "," not in squeeze(rest)[len(name) :].rstrip(" ,"):
            return name
    return ""
