"""The words that stand before and behind a figure in documents: what is numbered (``lớp 5``), what is measured (``5 ngày``)."""

from __future__ import annotations

NUMBERED = (
    "lớp", "khối", "phụ lục", "điều", "khoản", "chương", "mục", "phần", "quý", "cấp", "hạng", "bậc", "mức độ", "mức",
)  # fmt: skip
"""What figures number, before which no day stands."""
HELD = ("đợt", "học kỳ", "học kì", "kỳ", "kì", "buổi")
"""What figures number, and what may be called by its day, too (``đợt 2``, ``đợt 15/3``)."""
COUNTS = ("lần", "người", "điểm", "lớp", "tiết", "trang", "học sinh", "giải", "tuổi")
"""What is counted one by one."""
MEASURES = (
    "%", "ngày làm việc", "ngày", "tuần", "tháng", "quý", "năm", "giờ", "phút", "giây", "đồng",
    "mbps", "gbps", "mb", "gb", "kb", "ký tự", "kí tự", *COUNTS, "km", "m2",
)  # fmt: skip
"""In what figures measure."""
