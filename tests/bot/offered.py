"""Answers that claim nothing, made by hand, and questions that get one today."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from rag.assistant import Assistant
from rag.documents import Answer, Citation, Related

NUMBER = "2607/SGDĐT-GDPT"
SENTENCE = "Tôi chưa chắc văn bản có trả lời đúng câu này. Có thể thầy cô cần một trong các chỗ sau:"
LABELS = (
    "Công văn 2607/SGDĐT-GDPT, mục IV.2, gạch đầu dòng thứ 2, trang 8",
    "Công văn 2607/SGDĐT-GDPT, mục III.6, trang 7",
    "Công văn 2607/SGDĐT-GDPT, mục II.2, trang 3",
)
QUOTES = (
    "Định kỳ tổ chức sơ kết, tổng kết và báo cáo Sở GDĐT.",
    "Tối thiểu 30% số đơn vị trực thuộc được kiểm tra, giám sát việc thực hiện nhiệm vụ ứng dụng công nghệ thông tin, chuyển đổi số "
    "và công tác thống kê giáo dục.\nViệc kiểm tra làm trong năm học, báo cáo về Sở.",
    "Chuyển đổi số trong quản lý",
)
TITLES = ("Định kỳ tổ chức sơ kết, tổng kết…", "Kiểm tra, giám sát", "Chuyển đổi số trong quản lý")
"""How the first quote begins; a heading above the second; all of the third."""
OFFERED = Answer(
    "việc này ai lo",
    "offered",
    "\n".join([SENTENCE, *(f"{at}. {label}: {title}" for at, (label, title) in enumerate(zip(LABELS, TITLES, strict=True), 1))]),
    tuple(
        Citation(NUMBER, section, page, quote, label)
        for section, page, quote, label in zip(("IV.2-2", "III.6", "II.2"), (8, 7, 3), QUOTES, LABELS, strict=True)
    ),
    kind="offered",
)
REFUSED = Answer("giá vàng?", "not_found", "Xin lỗi.", related=(Related(NUMBER, "III.6", 7, LABELS[1], TITLES[1]),), kind="not_found")
_ODD = (
    "giáo viên dạy thêm thu tiền được không",
    "máy tính hỏng thì sao",
    "ai kiểm tra việc thu tiền",
    "con tôi hay nghỉ học thì báo ai",
    "điểm danh trên phần mềm kiểu gì",
    "lịch nghỉ tết năm nay thế nào",
    "trường cần họp phụ huynh mấy lần",
    "giá vàng hôm nay bao nhiêu",
    "cách nấu phở bò cho đúng vị",
    "ai vô địch bóng đá năm ngoái",
    "be nha minh sap vo lop 1, ghi danh thi ngoi nha bam hay phai xep hang",
    "thuê xe đi biển bao nhiêu tiền",
    "xe buýt số 7 chạy lúc mấy giờ",
    "mua vé xem phim ở đâu rẻ",
)


def finder(index: Path) -> Callable[[str], str | None]:
    """Return what finds a question that gets a certain status of the index today, whatever the chooser has learnt."""
    assistant, found = Assistant(index, today=date(2026, 1, 3)), {}

    def find(status: str) -> str | None:
        for question in _ODD:
            if question not in found:
                found[question] = assistant.ask(question).status
            if found[question] == status:
                return question
        return None

    return find
