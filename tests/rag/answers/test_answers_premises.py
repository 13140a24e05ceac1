"""What a question supposes is confirmed or corrected in the words of the source."""

import pytest

from tests.rag.conftest import cited


def test_what_is_only_encouraged_is_not_compulsory(directive):
    answer = directive.ask("Đánh giá định kỳ trên máy tính có bắt buộc không?")

    assert answer.text.startswith("Không bắt buộc")
    assert "khuyến khích" in answer.text


@pytest.mark.parametrize("share", ["50%", "20 %", "100%"])
def test_a_wrong_share_is_corrected(directive, share):
    answer = directive.ask(f"Có phải kiểm tra tối thiểu {share} số đơn vị không?")

    assert answer.text.startswith("Không phải")
    assert "30%" in answer.text
    assert cited(answer) == ["III.6"]


def test_a_right_share_is_not_corrected(directive):
    answer = directive.ask("Có phải kiểm tra tối thiểu 30% số đơn vị không?")

    assert not answer.text.startswith("Không")
    assert "30%" in answer.text


def test_somebody_else_s_duty_is_given_to_whom_it_belongs(directive):
    answer = directive.ask("Phòng Kế hoạch - Tài chính lo khen thưởng phải không?")

    assert "Phòng Tổ chức - Hành chính" in answer.text
    assert cited(answer) == ["IV.1-4"]


def test_a_duty_is_confirmed_where_it_belongs(directive):
    answer = directive.ask("Phòng Kế hoạch - Tài chính hướng dẫn công tác thống kê phải không?")

    assert "Phòng Kế hoạch - Tài chính" in answer.text
    assert cited(answer) == ["IV.1-2"]
