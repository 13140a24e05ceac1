"""Who does something to whom: ``A báo cáo B`` must not become ``B báo cáo A``."""

from __future__ import annotations

from collections.abc import Sequence

from rag.verification.polarity import places
from rag.verification.reading import Source, Token, exact

_ACTORS: dict[str, tuple[str, ...]] = {
    "bộ": ("bộ giáo dục và đào tạo", "bộ"),
    "sở": ("sở giáo dục và đào tạo", "sở"),
    "phòng": ("phòng",),
    "ủy ban": ("ủy ban nhân dân", "xã", "phường"),
    "trường": ("trường", "nhà trường", "cơ sở giáo dục", "đơn vị", "trung tâm", "các đơn vị"),
    "hiệu trưởng": ("hiệu trưởng", "thủ trưởng", "người đứng đầu"),
    "giáo viên": ("giáo viên", "giáo viên chủ nhiệm", "giáo viên bộ môn", "nhà giáo"),
    "học sinh": ("học sinh", "người học", "học viên"),
    "phụ huynh": ("phụ huynh", "cha mẹ học sinh", "cha mẹ"),
}
_NOT_ACTORS = (
    "bộ phận", "bộ chỉ số", "bộ môn", "cán bộ", "toàn bộ", "nội bộ", "đồng bộ", "tiến bộ", "hồ sơ học sinh", "trường học trực tuyến",
    "trường dữ liệu",
    "môi trường", "chuyển trường", "cơ sở dữ liệu", "cơ sở vật chất", "sở hữu", "phòng chống", "danh sách học sinh", "quản lý trường học",
)  # fmt: skip
_VERBS = ("báo cáo", "gửi", "nộp", "trình", "kiểm tra", "chỉ đạo", "hướng dẫn", "cấp", "giao", "yêu cầu", "đề nghị", "đánh giá")


def _seen(row: Sequence[Token]) -> list[tuple[int, str]]:
    """The actors and verbs of a sentence by place."""
    names = {phrase: name for name, phrases in _ACTORS.items() for phrase in phrases} | dict.fromkeys(_NOT_ACTORS, "")
    names |= dict.fromkeys(_VERBS, "→")
    found = []
    for start, end in places(row, names):
        phrase = next(phrase for phrase in names if exact(phrase) == list(row[start:end]))
        if names[phrase]:
            found.append((start, names[phrase]))
    return found


def _pairs(row: Sequence[Token]) -> set[tuple[str, str]]:
    """Who stands before whom, with a verb between them."""
    seen = [name for _, name in _seen(row)]
    return {
        (first, second)
        for place, first in enumerate(seen)
        for further, second in enumerate(seen[place + 1 :], place + 1)
        if first != second and "→" not in (first, second) and "→" in seen[place + 1 : further]
    }


def fault_of_roles(row: Sequence[Token], sources: Sequence[Source]) -> str:
    """Return a pair of actors that the claim turns round (Vietnamese), empty when there is none."""
    known = {pair for source in sources for pair in _of_source(source)}
    for first, second in _pairs(row):
        if (second, first) in known and (first, second) not in known:
            return f"trong nguồn, {second} là bên thực hiện đối với {first}, không phải ngược lại"
    return ""


def _of_source(source: Source) -> set[tuple[str, str]]:
    """A heading says who acts in all that stands below it."""
    whole = [*(token for row in source.context_rows[1:] for token in row), *source.lead]
    return {pair for row in source.rows for pair in _pairs([*whole, *row])}
