"""A made-up letter of three articles, so few that each of them is always found, and the models that write questions on it."""

from __future__ import annotations

import json

from tests.rag.scripted_models import PROVISION

NUMBER = "77/SGDĐT-VP"
LETTER = """---
number: 77/SGDĐT-VP
kind: Công văn
issuer: Sở Giáo dục và Đào tạo tỉnh Bình Sơn
issued: 2025-10-14
title: Về việc sử dụng thư viện và sân thể thao của nhà trường
---

Điều 1. Giờ mở cửa thư viện

Thư viện của nhà trường mở cửa từ 7h00 đến 17h00 các ngày trong tuần, phục vụ học sinh và giáo viên.

Điều 2. Mượn sách

Mỗi học sinh được mượn tối đa 03 cuốn sách trong 14 ngày; làm mất thì đền theo giá bìa.

Điều 3. Sân thể thao

Sân thể thao dành cho học sinh sau giờ học; người ngoài muốn thuê sân thì đăng ký với bảo vệ, số 0912 345 678.
"""
OPENINGS = ("cho em hỏi", "thầy cô ơi",
    "ở trường mình thì", "giúp em với", "mọi người cho hỏi", "nhờ anh chị", "em muốn biết", "em băn khoăn",
            "phụ huynh hỏi chút", "con tôi hỏi")  # fmt: skip
ASKED = {"mở cửa": "lúc nào vào đọc được", "mượn": "lỡ làm rơi thì sao", "Sân": "đá bóng phải báo ai"}


def line(number: object, question: object) -> str:
    return json.dumps({"so": number, "cau_hoi": question}, ensure_ascii=False)


def asked_for(messages: list[dict]) -> list[tuple[int, str]]:
    """The numbers and texts of the provisions of a request."""
    return [(int(number), text) for number, _, text in PROVISION.findall(messages[1]["content"])]


def everyday(messages: list[dict]) -> str:
    """What a good model writes: ten everyday questions on each provision."""
    lines = []
    for number, text in asked_for(messages):
        subject = next(words for part, words in ASKED.items() if part in text)
        lines += [line(number, f"{opening} {subject}") for opening in OPENINGS]
    return "\n".join(lines)
