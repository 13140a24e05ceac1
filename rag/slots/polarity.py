"""What a text denies, forbids, demands, recommends, allows and excepts."""

from __future__ import annotations

from typing import NamedTuple

from rag.slots.tokens import ENDS, MARKS, Row, exact, places

_FORBIDS = ("nghiêm cấm", "cấm")
_NEGATIONS = ("không", "chưa", "chẳng", *_FORBIDS)
_NOT_NEGATIONS = (  # where the syllable says something else, or a bound that is read as one
    "không gian", "không dây", "không khí", "không những", "không chỉ", "không dùng tiền mặt", "không tự chủ", "không quá", "không dưới",
    "không vượt quá", "không ít hơn", "không thấp hơn", "không muộn hơn", "không chậm hơn", "không nhiều hơn", "hàng không",
    "chẳng hạn",
)  # fmt: skip
_NEGATIONS_AFTER_ALL = ("không chỉ định", "không chỉ đạo", "không chỉ rõ", "không chỉ ra")
MODALS = frozenset(exact("được phải có bị cho phép cần nên thể việc các những mọi một thêm vào trên tại ở và hoặc của hay"))
SCOPE = 6
_LONGEST = 36  # words; of what is forbidden in a list, each may be long
EXCEPTIONS = ("trừ trường hợp", "trừ khi", "ngoại trừ", "trừ")
SAYS_EXCEPTION = ("trừ", "ngoại lệ", "riêng", "chỉ khi")
FREE = ("khuyến khích", "tự nguyện", "không bắt buộc", "có thể")
SAYS_FREE = ("khuyến khích", "tự nguyện", "không bắt buộc", "không cần phải", "tùy chọn", "tùy ý")
MAY = ("có thể", "được phép", "được quyền", "có quyền")
PERMITS = ("được", "được phép", "có thể", "cho phép")
"""What says no where it is denied: it forbids."""
ALLOWS = (*MAY, "cho phép", "khuyến khích", "nên", "quyền", "chọn", "tùy")
OF_READERS = ("xem", "gọi", "hỏi", "liên hệ", "truy cập", "tham khảo", "tìm", "tra cứu", "vào", "nhắn", "tải", "đọc", "thấy")
"""What anybody may do with a text, whatever it says."""
DUTY = ("bắt buộc", "phải", "buộc", "nhất thiết", "nghiêm cấm", "không được")
SAYS_DUTY = ("bắt buộc", "phải", "buộc", "nhất thiết")


class Negation(NamedTuple):
    """Where something is negated, and whether it is forbidden."""

    start: int
    end: int
    forbids: bool


def negations(row: Row) -> list[Negation]:
    """Return where something is negated."""
    masked = [False] * len(row)
    for start, end in places(row, _NOT_NEGATIONS):
        masked[start:end] = [True] * (end - start)
    for start, _ in places(row, _NEGATIONS_AFTER_ALL):
        masked[start] = False
    forbidden = [exact(phrase) for phrase in _FORBIDS]
    return [Negation(start, end, list(row[start:end]) in forbidden) for start, end in places(row, _NEGATIONS) if not masked[start]]


def scopes(row: Row) -> list[list[str]]:
    """Return the words that each negation denies; what is forbidden in a list is several scopes."""
    found: list[list[str]] = []
    denying = negations(row)
    inner = {one.start for one in denying}
    for _, end, forbids in denying:
        scope: list[str] = []
        over_or = forbids or list(row[end : end + 1]) == exact("được")
        for at, token in enumerate(row[end:], end):
            if not over_or and token in exact("hay hoặc"):
                break
            if token in ENDS or at in inner or (token == "," and not forbids and len(scope) > 1) or len(scope) >= _LONGEST:
                break
            if forbids and token in (",", *exact("hoặc")):
                found.append(scope)
                scope = []
            elif isinstance(token, str) and token not in MARKS and token not in MODALS:
                scope.append(token)
        found.append(scope)
    return [scope[:SCOPE] for scope in found if scope]
