"""A reply keeps the condition under which its source says the same."""

from __future__ import annotations

import pytest

from rag.slots.source import Source
from rag.verification.checker import verify

RULES = """Trường hợp máy chủ của xã bị hỏng, nhà trường gửi báo cáo bằng bản giấy có đóng dấu về Sở.
Nhà trường được lùi thời gian nộp hồ sơ thêm 5 ngày nếu đường truyền của đơn vị bị gián đoạn.
Giáo viên phải khai báo lại tài khoản trên phần mềm, trừ trường hợp đã được Phòng chuyên môn xác nhận.
Báo cáo gửi về Sở trước ngày 10/01/2026.
Đơn vị lưu sổ điểm điện tử tại kho của mình; trường hợp sáp nhập thì bàn giao cho đơn vị mới."""


def is_passed(reply):
    return verify(f"{reply} [1].", [Source(RULES, "")]).passed


@pytest.mark.parametrize(
    "claim",
    [
        "Trường hợp máy chủ của xã bị hỏng, nhà trường gửi báo cáo bằng bản giấy có đóng dấu về Sở",
        "Nếu đường truyền của đơn vị bị gián đoạn thì nhà trường được lùi thời gian nộp hồ sơ thêm 5 ngày",
        "Giáo viên phải khai báo lại tài khoản trên phần mềm, trừ trường hợp đã được Phòng chuyên môn xác nhận",
        "Đơn vị lưu sổ điểm điện tử tại kho của mình",
        "Trước ngày 10/01/2026",
    ],
)
def test_a_claim_with_its_condition_or_of_what_has_none_passes(claim):
    assert is_passed(claim)


@pytest.mark.parametrize(
    "claim",
    [
        "Nhà trường gửi báo cáo bằng bản giấy có đóng dấu về Sở",
        "Nhà trường được lùi thời gian nộp hồ sơ thêm 5 ngày",
        "Giáo viên phải khai báo lại tài khoản trên phần mềm",
    ],
)
def test_a_claim_that_leaves_its_condition_out_is_stopped(claim):
    assert not is_passed(claim)


def test_the_condition_may_stand_in_the_next_sentence_and_until_then_the_claim_waits():
    source = Source("Trường không in học bạ giấy cho học sinh lớp 1, trừ trường hợp cha mẹ có đơn để chuyển trường.", "")
    first, second = "Trường không in học bạ giấy cho học sinh lớp 1 [1].", "Ngoại lệ là trường hợp cha mẹ có đơn để chuyển trường [1]."

    assert verify(f"{first} {second}", [source]).passed
    growing = verify(first, [source], whole=False)
    assert (growing.sound, growing.fault) == ("", "")
    assert not verify(first, [source]).passed


def test_whom_to_call_in_difficulty_is_told_without_that():
    source = Source("Thống kê: nếu có khó khăn, vướng mắc, liên hệ bà Lê Thị Thử, điện thoại 0912 345 678.", "")

    assert verify("Thống kê: liên hệ bà Lê Thị Thử, điện thoại 0912 345 678 [1].", [source]).passed
