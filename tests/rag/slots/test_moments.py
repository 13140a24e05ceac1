"""The times that a clause names: which day, in which direction, how often."""

from __future__ import annotations

import pytest

from rag.slots.moments import moments_in


@pytest.mark.parametrize(
    ("text", "phrase", "direction", "day"),
    [
        ("Hoàn thành trước 17h00 ngày 05/11/2025.", "trước 17h00 ngày 05/11/2025", "before", "2025-11-05"),
        ("Gửi chậm nhất là vào ngày 15/10/2025.", "chậm nhất là vào ngày 15/10/2025", "by", "2025-10-15"),
        ("Nhận đến hết ngày 28 tháng 02 năm 2026.", "đến hết ngày 28 tháng 02 năm 2026", "through", "2026-02-28"),
        ("Áp dụng kể từ ngày 01/7/2025.", "kể từ ngày 01/7/2025", "from", "2025-07-01"),
        ("Số liệu tính đến ngày 31/5/2026.", "tính đến ngày 31/5/2026", "from", "2026-05-31"),
        ("Từ ngày 10/4 đến hết ngày 15/4/2025", "Từ ngày 10/4 đến hết ngày 15/4/2025", "within", "2025-04-15"),
        ("22/08/2025-30/08/2025", "22/08/2025-30/08/2025", "within", "2025-08-30"),
        ("Báo cáo trước tháng 12/2025.", "trước tháng 12/2025", "before", "2025-12-01"),
        ("Hoàn thành trong quý I/2026.", "trong quý I/2026", "through", "2026-03-31"),
        ("Công khai ít nhất 10 ngày trước khi thu", "ít nhất 10 ngày trước khi thu", "ahead", ""),
        ("Nộp đơn trước ngày thi 3 ngày làm việc.", "trước ngày thi 3 ngày làm việc", "ahead", ""),
        ("Chậm nhất một tháng sau khi kết thúc năm học, trường", "Chậm nhất một tháng sau khi kết thúc năm học", "within", ""),
        ("Trả lời trong thời hạn 02 ngày làm việc.", "trong thời hạn 02 ngày làm việc", "within", ""),
    ],
)
def test_day_and_direction(text, phrase, direction, day):
    (found,) = moments_in(text)
    assert (text[found.start : found.end], found.direction, found.day) == (phrase, direction, day)


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("Định kỳ hằng tháng, quý, học kỳ, năm học rà soát thiết bị", "Định kỳ hằng tháng, quý, học kỳ, năm học"),
        ("hằng quý, trước ngày 25 của tháng cuối quý;", "hằng quý, trước ngày 25 của tháng cuối quý"),
        ("Hằng năm, trước ngày 15/12, các trường báo cáo", "Hằng năm, trước ngày 15/12"),
        ("Đổi mật khẩu ít nhất 90 ngày một lần", "ít nhất 90 ngày một lần"),
        ("họp mỗi năm 2 lần", "mỗi năm 2 lần"),
        ("trước 10/6 và 01/12 hàng năm", "trước 10/6 và 01/12 hàng năm"),
    ],
)
def test_what_comes_again(text, phrase):
    (found,) = moments_in(text)
    assert (text[found.start : found.end], found.every, found.day) == (phrase, True, "")


@pytest.mark.parametrize(
    "text", ["chụp trong vòng 6 tháng trở lại đây", "thực hiện trong 05 năm học", "đạt 7/10 điểm", "có thời hạn không quá 02 (hai) năm"]
)
def test_what_is_no_time(text):
    assert moments_in(text) == []


@pytest.mark.parametrize(
    ("text", "phrase", "direction", "day"),
    [
        ("nhập học trong 2 ngày 24 và 25/6/2024;", "trong 2 ngày 24 và 25/6/2024", "through", "2024-06-25"),
        ("Phỏng vấn: 12 – 13/4/2025", "12 – 13/4/2025", "within", "2025-04-13"),
        ("đăng ký từ ngày 12 đến ngày 14/5/2025", "từ ngày 12 đến ngày 14/5/2025", "within", "2025-05-14"),
        ("thi ngày 20, 21 tháng 5 năm 2026", "ngày 20, 21 tháng 5 năm 2026", "on", "2026-05-21"),
        ("khiếu nại đến 17g00 ngày 20/3/2026", "đến 17g00 ngày 20/3/2026", "by", "2026-03-20"),
        ("gia hạn trước ngày 20/12/2025", "trước ngày 20/12/2025", "before", "2025-12-20"),
        ("bảo vệ sau khi nộp quyển ít nhất 07 ngày", "sau khi nộp quyển ít nhất 07 ngày", "after", ""),
    ],
)
def test_days_listed_before_their_month(text, phrase, direction, day):
    (found,) = moments_in(text)
    assert (text[found.start : found.end], found.direction, found.day) == (phrase, direction, day)
