"""A follow-up that a model writes out asks all that was asked, and nothing else."""

from __future__ import annotations

import pytest

from rag.wording.rewritten_question import keeps_to

TOPIC = "hạn nộp báo cáo sơ kết học kì 1 của tỉnh Quảng Ninh"


@pytest.mark.parametrize(
    ("question", "written"),
    [
        ("thế Hải Phòng thì sao?", "Hạn nộp báo cáo sơ kết học kì 1 của Hải Phòng là ngày nào?"),
        ("the hai phong thi sao", "Hạn nộp báo cáo sơ kết học kì 1 của Hải Phòng?"),
        ("dạ em chào ad, thế còn tổng kết thì sao ạ", "Hạn nộp báo cáo tổng kết?"),
        ("thế học kỳ II thì sao", "Hạn nộp báo cáo học kì 2 của tỉnh Quảng Ninh?"),
    ],
)
def test_a_rewritten_question_asks_all_that_was_asked(question, written):
    assert keeps_to(written, question, TOPIC)


@pytest.mark.parametrize(
    ("question", "written"),
    [
        ("thế Hải Phòng thì sao?", "Hạn nộp báo cáo sơ kết học kì 1 của tỉnh Quảng Ninh?"),
        ("thế Hải Phòng thì sao?", "Hạn nộp báo cáo sơ kết học kì 1 của Phòng là khi nào, hải?"),
        ("the hai phong thi sao", "Hạn nộp báo cáo sơ kết học kì 1 của tỉnh Quảng Ninh?"),
        ("thế trường mầm non thì sao?", "Hạn nộp báo cáo sơ kết học kì 1 của trường?"),
        ("nếu không nộp thì sao?", "Hạn nộp báo cáo sơ kết học kì 1?"),
        ("thế năm 2027 thì sao?", "Hạn nộp báo cáo sơ kết học kì 1 của tỉnh Quảng Ninh?"),
        ("thế học kì 2 thì sao", "Hạn nộp báo cáo sơ kết học kì 1 của tỉnh Quảng Ninh?"),
        ("thế bản giấy thì gửi ai?", "Hạn nộp báo cáo sơ kết học kì 1 gửi ai?"),
    ],
)
def test_a_rewritten_question_that_leaves_something_out_is_dropped(question, written):
    assert not keeps_to(written, question, TOPIC)
