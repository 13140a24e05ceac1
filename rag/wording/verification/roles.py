"""Who does something to whom: ``A báo cáo B`` must not become ``B báo cáo A``."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from rag.wording.verification.reading import Source, Token, exact, parts, places, says, words_of

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
_NOT_ACTORS = (
    "bộ phận", "bộ chỉ số", "bộ môn", "cán bộ", "toàn bộ", "nội bộ", "đồng bộ", "tiến bộ", "hồ sơ học sinh", "trường học trực tuyến",
    "trường dữ liệu", "chương trình", "quá trình", "quy trình", "giáo trình", "công trình", "lộ trình", "cung cấp", "trung cấp", "các cấp",
    "cấp học", "cấp xã", "cấp tỉnh", "cấp huyện", "phân cấp", "cấp trung học phổ thông", "trường hợp", "sơ cấp", "xã hội",
    "cơ sở", "trên cơ sở",
    "môi trường", "chuyển trường", "cơ sở dữ liệu", "cơ sở vật chất", "sở hữu", "phòng chống", "danh sách học sinh", "quản lý trường học",
)  # fmt: skip
_VERBS = ("báo cáo", "gửi", "nộp", "trình", "kiểm tra", "chỉ đạo", "hướng dẫn", "cấp", "giao", "yêu cầu", "đề nghị", "đánh giá")
_PASSIVE = frozenset(exact("được bị do"))
_ANYWHERE = 1000
_NEAR = 8  # words between an actor and its verb
_BODIES = [exact(word) for word in ("phòng", "sở", "bộ", "cục", "vụ", "ban", "tổ", "trung", "hội")]
_PLURALS = [exact(word) for word in ("các", "những", "mọi")]
_LONGEST_LEAD = 25
_AGENT = 2
_ALIKE = 2
_NAMES: dict[tuple[Token, ...], str] = {
    tuple(exact(phrase)): name
    for phrase, name in (
        *((phrase, actor) for actor, phrases in _ACTORS.items() for phrase in phrases),
        *((phrase, "") for phrase in _NOT_ACTORS),
        *((verb, verb) for verb in _VERBS),
    )
}
_PHRASES = (*(phrase for phrases in _ACTORS.values() for phrase in phrases), *_NOT_ACTORS, *_VERBS)


def _seen(row: Sequence[Token]) -> list[tuple[int, str]]:
    """The actors and verbs of a clause in order, each with where it stands."""
    found = ((start, _NAMES[tuple(row[start:end])]) for start, end in places(row, _PHRASES))
    return [(start, name) for start, name in found if name]


def _pairs(row: Sequence[Token], near: int) -> set[tuple[str, str, str]]:
    """Who stands shortly before whom, with which verb between them; in the passive it is not told who acts."""
    found = set()
    for clause in parts(row, ";."):
        seen = _seen(clause)
        for place, (at, verb) in enumerate(seen):
            if verb not in _VERBS or set(clause[max(0, at - 2) : at]) & _PASSIVE:
                continue
            before = [name for start, name in seen[:place] if at - start <= near and name not in _VERBS][-1:]
            behind = [name for start, name in seen[place + 1 :] if start - at <= near and name not in _VERBS][:1]
            found |= {(first, verb, second) for first in before for second in behind if first != second}
    return found


def fault_of_roles(row: Sequence[Token], sources: Sequence[Source]) -> str:
    """Return actors that the claim turns round (Vietnamese), empty when there are none."""
    known = {pair for source in sources for pair in _of_source(source)}
    for first, verb, second in _pairs(row, _NEAR):
        if (second, verb, first) in known and (first, verb, second) not in known:
            return f"trong nguồn, {second} {verb} {first}, không phải ngược lại"
    return _fault_of_doer(row, sources) or _fault_of_agent(row, sources)


@lru_cache(maxsize=512)
def _of_source(source: Source) -> frozenset[tuple[str, str, str]]:
    """A heading says who acts in all that stands below it."""
    whole = [*(token for row in source.context_rows[1:] for token in row), *source.lead]
    return frozenset(pair for row in source.rows for pair in _pairs([*whole, *row], _ANYWHERE))


def _fault_of_doer(row: Sequence[Token], sources: Sequence[Source]) -> str:
    """``Phòng A: báo cáo Bộ …`` is Phòng A's task: no other may open the sentence that does not name Phòng A."""
    if len(sources) != 1 or not (lead := sources[0].lead) or len(lead) > _LONGEST_LEAD or lead[:1] not in _BODIES:
        return ""
    opening = row[1:] if row[:1] in _PLURALS else row
    actor = next((opening[start:end] for start, end in places(opening, _PHRASES) if start == 0), ())
    if not actor or not _NAMES[tuple(actor)] or _NAMES[tuple(actor)] in _VERBS:
        return ""
    named = says(row, (" ".join(words_of(lead)[:2]),)) or says(lead, (" ".join(map(str, actor)),))
    return "" if named else f"trong nguồn, việc này là của {' '.join(words_of(lead))}"


def _fault_of_agent(row: Sequence[Token], sources: Sequence[Source]) -> str:
    """``do A chi trả``: the clause of the source that says the same, and by whom, must say by A."""
    clauses = [set(words_of(clause)) for source in sources for other in source.rows for clause in parts(other) if "do" in clause]
    for clause in parts(row):
        if "do" not in clause:
            continue
        at = list(clause).index("do") + 1
        agent = set(words_of(clause[at : at + _AGENT]))
        rest = set(words_of(clause)) - agent - {"do"}
        nearest = max(clauses, key=lambda other: len(rest & other), default=set())
        if agent and len(rest & nearest) >= _ALIKE and not agent & nearest:
            return "trong nguồn, việc này do bên khác làm"
    return ""
