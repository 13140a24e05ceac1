"""True replies made false by general transformations: what a careless or hostile model might write in their place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

_DATE = re.compile(r"(\d{1,2})([/-])(\d{1,2})([/-]20\d\d)")
_SPELT_DATE = re.compile(r"ngày (\d{1,2}) tháng (\d{1,2})")
_PHONE = re.compile(r"0\d{2,3}[. ]?\d{3,4}[. ]?\d{3}(?!\d)")
_PERCENT = re.compile(r"(\d+)(%| phần trăm)")
_DOCUMENT = re.compile(r"(\d{2,4})(/(?:20\d\d/)?[A-ZĐ]+-)")
_COUNT = re.compile(r"(?<![\w/.\[(-])(\d{1,2})(?= (?:lần|ngày|giờ|ký tự|người|học liệu|sản phẩm|lớp|tháng|bước|điểm)\b)")
_LINK = re.compile(r"(https?://)([\w.-]+)")
_NAME = re.compile(r"((?:đồng chí|ông|bà|Giám đốc) [A-ZĐ]\w+ \w+ )(\w+)")
_FULL_WIDTH = str.maketrans("0123456789/%", "０１２３４５６７８９／％")
_FLIPS = (
    ("không được ", "được "), ("không in ", "in "), ("không phải ", "phải "), ("Không được ", "Được "), ("cấm ", "cho phép "),
    ("không gửi ", "gửi "), ("phải ", "không phải "), ("bắt buộc ", "không bắt buộc "), ("chịu trách nhiệm", "không chịu trách nhiệm"),
    ("được kiểm tra", "không được kiểm tra"), ("hoàn thành", "không hoàn thành"), ("cập nhật ", "không cập nhật "),
)  # fmt: skip
_BOUNDS = (
    ("tối thiểu", "tối đa"), ("Tối thiểu", "Tối đa"), ("ít nhất", "nhiều nhất"), ("Ít nhất", "Nhiều nhất"), ("tối đa", "tối thiểu"),
    ("không quá", "ít nhất"), ("trước ngày", "sau ngày"), ("chậm nhất ngày", "từ sau ngày"),
)  # fmt: skip
_MODALS = (
    ("không phải ", "được miễn "), (" phải ", " có thể "), (" phải ", " khỏi phải "), ("bắt buộc ", "tùy ý "), )  # fmt: skip
_SPANS = (
    ("trong vòng ", "sau "), ("trong thời hạn ", "sau thời hạn "), ("chậm nhất ", "sớm nhất "), ("trước ngày ", "vào ngày "),
    ("trở lên", "trở xuống"), ("tối thiểu ", "cao nhất "),
)  # fmt: skip
_FRACTIONS = (("100% ", "một nửa "), ("toàn bộ ", "một phần "), ("tất cả ", "phần lớn "), ("các ", "phần lớn các "), ("Các ", "Một số "))
_ACTORS = (
    ("Sở GDĐT", "Bộ Công an"), ("hiệu trưởng", "giáo viên chủ nhiệm"), ("tiểu học", "đại học"), ("mầm non", "trung học cơ sở"),
    ("Phòng Giáo dục phổ thông", "Phòng Kế hoạch - Tài chính"), ("học sinh", "sinh viên"), ("hằng tháng", "hằng tuần"),
    ("hằng quý", "hằng tháng"), ("hằng năm", "hằng tháng"), ("lớp 9", "lớp 6"), ("giữa năm", "cuối năm"), ("sơ kết", "tổng kết"),
    ("phụ huynh", "giáo viên"), ("Phòng Văn hóa - Xã hội", "Phòng Nội vụ"),
)  # fmt: skip
INVENTED = (
    "Theo Công văn 9999/BGDĐT-GDTrH, hạn này được gia hạn đến 31/12/2026 [1].",
    "Đơn vị nộp chậm sẽ bị trừ điểm thi đua [1].",
    "Mọi thắc mắc gọi số 0909 123 456 [1].",
    "Văn bản này đã được Bộ GDĐT thay thế.",
    "Trường phải đóng lệ phí 500.000 đồng [1].",
)


def _next(number: str, most: int) -> str:
    return str(int(number) % most + 1).zfill(len(number))


def _substitute(pattern: re.Pattern[str], change: Callable[[re.Match[str]], str]) -> Callable[[str], str]:
    return lambda reply: pattern.sub(change, reply, count=1)


_CHANGES: dict[str, Callable[[str], str]] = {
    "day": _substitute(_DATE, lambda m: _next(m[1], 28) + m[2] + m[3] + m[4]),
    "month": _substitute(_DATE, lambda m: m[1] + m[2] + _next(m[3], 12) + m[4]),
    "year": _substitute(_DATE, lambda m: m[1] + m[2] + m[3] + m[4][:-1] + str((int(m[4][-1]) + 1) % 10)),
    "spelt day": _substitute(_SPELT_DATE, lambda m: f"ngày {_next(m[1], 28)} tháng {m[2]}"),
    "full-width": _substitute(_DATE, lambda m: (_next(m[1], 28) + m[2] + m[3] + m[4]).translate(_FULL_WIDTH)),
    "zero-width": _substitute(_DATE, lambda m: "\u200b".join(_next(m[1], 28) + m[2] + m[3] + m[4])),
    "phone": _substitute(_PHONE, lambda m: m[0][:-1] + str((int(m[0][-1]) + 1) % 10)),
    "phone, two figures": _substitute(_PHONE, lambda m: m[0][:4] + "77" + m[0][6:]),
    "percent": _substitute(_PERCENT, lambda m: str(max(1, int(m[1]) - 7)) + m[2]),
    "document": _substitute(_DOCUMENT, lambda m: str(int(m[1]) + 3) + m[2]),
    "count": _substitute(_COUNT, lambda m: str(int(m[1]) + 3)),
    "link": _substitute(_LINK, lambda m: m[1] + "www-" + m[2]),
    "link in markdown": _substitute(_LINK, lambda m: f"[{m[1]}{m[2]}](https://tracuu-{m[2]}.vn)"),
    "name": _substitute(_NAME, lambda m: m[1] + "Hoàng"),
    "no citation": lambda reply: re.sub(r"\s*\[\d\]", "", reply),
    "citation of nothing": lambda reply: re.sub(r"\[\d\]", "[7]", reply),
}


def forgeries(reply: str) -> Iterator[tuple[str, str]]:
    """Yield (kind, false reply) for every transformation that changes ``reply``."""
    for kind, change in _CHANGES.items():
        if (forged := change(reply)) != reply:
            yield kind, forged
    kinds = {"yes and no": _FLIPS, "bound": _BOUNDS, "who": _ACTORS, "may": _MODALS, "span": _SPANS, "how much": _FRACTIONS}
    for kind, pairs in kinds.items():
        pair = next((pair for pair in pairs if pair[0] in reply and f"không {pair[0]}" not in reply), None)
        if pair:
            yield kind, reply.replace(*pair, 1)


def with_invention(reply: str, number: int) -> tuple[str, str]:
    """Return a true reply with a made-up sentence at its end."""
    return "invented", f"{reply} {INVENTED[number % len(INVENTED)]}"
