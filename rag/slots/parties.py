"""Who does something to whom, as a text tells it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from rag.slots.tokens import AND, Row, Token, exact, parts, places

_ACTORS: dict[str, tuple[str, ...]] = {
    "bộ": ("bộ giáo dục và đào tạo", "bộ"),
    "sở": ("sở giáo dục và đào tạo", "sở"),
    "phòng": ("phòng",),
    "ủy ban": ("ủy ban nhân dân", "xã", "phường", "địa phương", "các địa phương"),
    "trường": ("trường", "nhà trường", "cơ sở giáo dục", "đơn vị", "trung tâm", "các đơn vị"),
    "hiệu trưởng": ("hiệu trưởng", "thủ trưởng", "người đứng đầu"),
    "giáo viên": ("giáo viên", "giáo viên chủ nhiệm", "giáo viên bộ môn", "nhà giáo"),
    "học sinh": ("học sinh", "người học", "học viên"),
    "phụ huynh": ("phụ huynh", "cha mẹ học sinh", "cha mẹ"),
}
NOT_ACTORS = (
    "bộ phận", "bộ chỉ số", "bộ môn", "cán bộ", "toàn bộ", "nội bộ", "đồng bộ", "tiến bộ", "hồ sơ học sinh", "trường học trực tuyến",
    "trường dữ liệu", "chương trình", "quá trình", "quy trình", "giáo trình", "công trình", "lộ trình", "cung cấp", "trung cấp", "các cấp",
    "cấp học", "cấp xã", "cấp tỉnh", "cấp huyện", "phân cấp", "cấp trung học phổ thông", "trường hợp", "sơ cấp", "xã hội",
    "cơ sở", "trên cơ sở",
    "môi trường", "chuyển trường", "cơ sở dữ liệu", "cơ sở vật chất", "sở hữu", "phòng chống", "danh sách học sinh", "quản lý trường học",
    "phòng học", "phòng ngừa", "phòng tránh", "hải phòng", "văn phòng", "sở chỉ huy", "trụ sở", "trường đại học", "trường cao đẳng",
    "bộ chính trị", "thị trường", "bộ sách", "bộ hồ sơ", "bộ câu hỏi", "bộ tiêu chí", "bộ công cụ", "bộ luật", "bộ trưởng",
)  # fmt: skip
VERBS = ("báo cáo", "gửi", "nộp", "trình", "kiểm tra", "chỉ đạo", "hướng dẫn", "cấp", "giao", "yêu cầu", "đề nghị", "đánh giá")
REPORTS = ("báo cáo", "gửi", "nộp", "trình")
"""The verbs that hand something over."""
_ABOVE = ("bộ", "sở", "ủy ban")
_TOWARDS = frozenset(exact("cho lên về tới đến thẳng trực tiếp ra"))
_PASSIVE = frozenset(exact("được bị do"))

NAMES: dict[tuple[Token, ...], str] = {
    tuple(exact(phrase)): name
    for phrase, name in (
        *((phrase, actor) for actor, phrases in _ACTORS.items() for phrase in phrases),
        *((phrase, "") for phrase in NOT_ACTORS),
        *((verb, verb) for verb in VERBS),
    )
}
PHRASES = (*(phrase for phrases in _ACTORS.values() for phrase in phrases), *NOT_ACTORS, *VERBS)


def _seen(row: Sequence[Token]) -> list[tuple[int, str]]:
    """The actors and verbs of a clause in order, each with where it stands."""
    found = ((start, NAMES[tuple(row[start:end])]) for start, end in places(row, PHRASES))
    return [(start, name) for start, name in found if name]


def recipients(row: Sequence[Token]) -> set[str]:
    """Return whom something is handed to (``bộ``, ``sở``, ``ủy ban``), read right behind the verbs that hand over."""
    found = set()
    for _, end in places(row, REPORTS):
        while end < len(row) and row[end] in _TOWARDS:
            end += 1
        found |= {name for at, name in _seen(row[end:]) if at == 0 and name in _ABOVE}
    return found


class Deed(NamedTuple):
    """Who does what to whom."""

    who: str
    verb: str
    whom: str


def pairs(row: Sequence[Token], near: int) -> set[Deed]:
    """Return who stands shortly before whom, with which verb between them; in the passive it is not told who acts."""
    found = set()
    for clause in parts(row, ";."):
        seen = _seen(clause)
        for place, (at, verb) in enumerate(seen):
            if verb not in VERBS or set(clause[max(0, at - 2) : at]) & _PASSIVE:
                continue
            before = [name for start, name in seen[:place] if at - start <= near and name not in VERBS][-1:]
            behind = [name for start, name in seen[place + 1 :] if start - at <= near and name not in VERBS][:1]
            found |= {Deed(first, verb, second) for first in before for second in behind if first != second}
    return found


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody named in a clause, where, and as what: who acts, to whom, or neither (``của Sở``, ``qua phòng``)."""

    name: str
    start: int
    end: int
    role: Literal["actor", "recipient", "other"]


_TO = frozenset(exact("về cho tới đến lên"))
_OF = frozenset(exact("của thuộc tại qua ở theo từ giữa với cùng trong đối"))
_PLURAL = frozenset(exact("các những mọi mỗi từng toàn thể"))
_JOINED = frozenset(("/", ",", AND))
_BY = exact("do")


def parties(clause: Row) -> list[Party]:
    """Return who is named in a clause, in order."""
    found: list[Party] = []
    spans = [(start, end, NAMES[tuple(clause[start:end])]) for start, end in places(clause, PHRASES)]
    verbs = [end for _, end, name in spans if name in VERBS]
    for start, end, name in spans:
        if name and name not in VERBS:
            found.append(Party(name, start, end, _role(clause, start, verbs, found)))
    return found


def _role(clause: Row, start: int, verbs: Sequence[int], found: Sequence[Party]) -> Literal["actor", "recipient", "other"]:
    at = start - 1
    while at >= 0 and clause[at] in _PLURAL:
        at -= 1
    before = clause[at] if at >= 0 else None
    if before in _TO or at + 1 in verbs:
        return "recipient"
    if before in _OF:
        return "other"
    if before in _BY:
        return "actor"
    if found and before in _JOINED and not any(found[-1].end <= verb <= start for verb in verbs):
        return found[-1].role
    return "other" if any(verb <= start for verb in verbs) else "actor"
