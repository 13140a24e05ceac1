"""How far a job is: the lines that the work prints, as a stage with a count where there is one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_COUNT = re.compile(r"(\d+)/(\d+)$")
_STAGES = {
    "Ghi văn bản và điều khoản": "Đang ghi văn bản và điều khoản vào bản chỉ mục mới",
    "Lập chỉ mục từ ngữ": "Đang lập chỉ mục từ ngữ",
    "Tính vector": "Đang lập phần tìm theo nghĩa",
    "Kiểm tra chỉ mục": "Đang kiểm tra bản chỉ mục mới",
    "Hỏi thử": "Đang hỏi thử các câu kiểm tra",
    "Lập ngân hàng câu hỏi": "Đang lập ngân hàng câu hỏi",
    "Chỉ mục đang được lập bởi": "Đang đợi một việc khác trên chỉ mục xong",
    "Đặt các tệp đã khôi phục": "Đang làm nốt lần khôi phục trước",
}


@dataclass(frozen=True, slots=True)
class Stage:
    """What is being done, and which of how many (0: not counted)."""

    line: str
    at: int = 0
    total: int = 0


def stage_of(line: str, files: Sequence[str]) -> Stage:
    """Return the stage that a line tells of; ``files`` are the names of the files to read, in order."""
    counted = _COUNT.search(line)
    at, total = (int(counted[1]), int(counted[2])) if counted else (0, 0)
    for beginning, words in _STAGES.items():
        if line.startswith(beginning):
            return Stage(f"{words}: {at}/{total}" if counted else words, at, total)
    name = next((name for name in files if line.startswith(f"Đọc {name}")), "")
    if not name:
        return Stage(line, at, total)
    page = f", trang {at}/{total}" if counted else ""
    place = files.index(name)
    if len(files) == 1:
        return Stage(f"Đang đọc {name}{page}", at, total)
    return Stage(f"Đang đọc tệp {place + 1}/{len(files)}: {name}{page}", place + 1, len(files))
