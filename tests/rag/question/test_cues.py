"""What kind of answer a question wants."""

import pytest

from rag.language.text import fold
from rag.question.cues import find_kind, kinds_in


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("bao giờ nộp báo cáo", "deadline"),
        ("hạn nộp báo cáo là ngày nào", "deadline"),
        ("báo cáo bao lâu một lần", "frequency"),
        ("liên hệ ai về thống kê", "contact"),
        ("số điện thoại anh Triều", "contact"),
        ("link cập nhật cán bộ phụ trách", "address"),
        ("thông tư nào quy định khung năng lực số", "document"),
        ("tối thiểu bao nhiêu phần trăm", "figure"),
        ("gồm những nội dung nào", "list"),
        ("tiếp nhận học sinh thì làm thế nào", "procedure"),
        ("phòng nào chủ trì", "who"),
        ("gửi đi đâu", "place"),
        ("có bắt buộc không", "yesno"),
        ("dữ liệu sống là gì", "definition"),
        ("năng lực số của giáo viên", "general"),
    ],
)
def test_the_kind_of_a_question(question, kind):
    assert find_kind(fold(question)) == kind


def test_a_question_may_ask_two_things():
    assert {"deadline", "place"} <= kinds_in("nop truoc ngay nao va gui di dau")
