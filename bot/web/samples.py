"""Answers as the API gives them, one of each kind, for its description."""

from __future__ import annotations

from typing import Any

_CITATION: dict[str, Any] = {
    "document": "2607/SGDĐT-GDPT",
    "section": "IV.2-2",
    "page": 8,
    "quote": "Báo cáo sơ kết học kì 1 năm học 2025-2026 trước ngày 10/01/2026",
    "label": "Công văn 2607/SGDĐT-GDPT, mục IV.2, gạch đầu dòng thứ 2, trang 8",
    "validity": "in_force",
    "doubtful": False,
}
ANSWERED: dict[str, Any] = {
    "question": "hạn nộp báo cáo sơ kết hk1",
    "status": "answered",
    "answer": "Báo cáo sơ kết học kì 1 năm học 2025-2026: trước ngày 10/01/2026",
    "citations": [_CITATION],
    "notes": [],
    "related": [],
    "seconds": 0.008,
}

OFFERED: dict[str, Any] = {
    "question": "trường phải họp về báo cáo mấy lần",
    "status": "offered",
    "answer": (
        "Tôi chưa chắc văn bản có trả lời đúng câu này. Chỗ gần nhất là:\n"
        f"1. {_CITATION['label']}: Báo cáo sơ kết học kì 1 năm học 2025-2026 trước ngày 10/01/2026"
    ),
    "citations": [_CITATION],
    "notes": [],
    "related": [],
    "seconds": 0.009,
}
REFUSED: dict[str, Any] = {
    "question": "giá vàng hôm nay",
    "status": "not_found",
    "answer": "Xin lỗi, tôi không tìm thấy quy định trả lời câu hỏi này trong các văn bản đang có.",
    "citations": [],
    "notes": [],
    "related": [{**{name: _CITATION[name] for name in ("document", "section", "page", "label")}, "title": "Chế độ báo cáo"}],
    "seconds": 0.007,
}
