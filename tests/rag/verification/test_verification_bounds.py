"""A claim bounds its numbers, days and stretches of time as its source does, or is refused."""

from __future__ import annotations

import pytest

from rag.slots.source import Source
from rag.slots.tokens import exact, tokens
from rag.verification.bounds import fault_of_bounds, fault_of_recurrence, fault_of_share, fault_of_spans


def against(check, claim: str, *sources: str) -> bool:
    """Whether the check lets a claim pass."""
    return check(tokens(claim), [Source(source, "") for source in sources]) == ""


@pytest.mark.parametrize(
    ("claim", "source", "passes"),
    [
        ("Tối thiểu 30% số trường.", "Ít nhất 30% số trường.", True),
        ("Tối thiểu 30% số trường.", "30% trở lên.", True),
        ("Tối thiểu 30% số trường.", "Kiểm tra 30% số trường.", False),
        ("Tối đa 30% số trường.", "Tối thiểu 30% số trường.", False),
        ("30% số trường.", "Tối thiểu 30% số trường.", False),  # a share without its bound is another share
        ("Kiểm tra 30 người.", "Tối thiểu 30 người.", False),
        ("Kiểm tra 30 người.", "Tối thiểu 30 người. Mời 30 người.", True),
        ("Dưới 30% số trường.", "Thấp hơn 30% số trường.", True),
        ("Trên 30% số trường.", "Thấp hơn 30% số trường.", False),
        ("Mức phạt tối đa là 5%.", "Mức phạt tiền tối đa đối với vi phạm là 5%.", True),
        ("Mức phạt tối thiểu là 5%.", "Mức phạt tiền tối đa là 5%; tối thiểu 1%.", False),
        ("Mức phạt tối thiểu là 5%.", "Mức phạt tối thiểu đối với mọi hành vi vi phạm là 5%.", True),
        ("Mức phạt tối đa là 5%.", "Mức phạt tối đa đối với mọi hành vi vi phạm là 5% của 3 năm.", False),  # of which of the two?
        ("Mức phạt tối đa là 5%.", "Mức phạt tối đa, tối thiểu đối với mọi hành vi vi phạm là 5%.", False),
        ("Tối thiểu 150 người và 80 người.", "Tối thiểu 150 người và 80 người.", True),
        ("Tối thiểu 80 người.", "Tối thiểu 150 người và 80 người.", True),  # one bound for both
        ("Tối thiểu 80 người.", "Tối thiểu 150 lần và 80 người.", False),
        ("Tối thiểu 80 người.", "80 người, tối thiểu 150 người.", False),
        ("Nộp trước ngày 10/01/2026.", "Báo cáo trước ngày 10/01/2026.", True),
        ("Nộp sau ngày 10/01/2026.", "Báo cáo trước ngày 10/01/2026.", False),
        ("Nộp chậm nhất ngày 10/01/2026.", "Báo cáo trước ngày 10/01/2026.", False),  # that day is too late
        ("Nộp đến ngày 10/01/2026.", "Báo cáo trước ngày 10/01/2026.", False),
        ("Hạn nộp là 10/01/2026.", "Báo cáo trước ngày 10/01/2026.", False),
        ("Nộp ngày 10/01/2026.", "Báo cáo trước ngày 10/01/2026. Ngày 10/01/2026 Sở tổng hợp.", True),
        ("Nộp trước ngày 10/01/2026.", "Báo cáo chậm nhất ngày 10/01/2026.", False),
        ("Nộp hết ngày 10/01/2026.", "Báo cáo trước ngày 10/01/2026.", False),
        ("Nộp vào ngày 10/01/2026.", "Báo cáo trước ngày 10/01/2026.", False),
        ("Nộp sau ngày 10/01/2026.", "Báo cáo chậm nhất ngày 10/01/2026.", False),
        ("Nộp sau ngày 10/01/2026.", "Trước ngày 10/01/2026; sau ngày 10/01/2026.", True),
        ("Nộp ngày 10/01/2026.", "Báo cáo trước ngày 10/01/2026.", False),
        ("Nộp trước ngày 10/01/2026.", "Nộp hồ sơ.", True),  # that the day is in no source is for another check to say
        ("Họp trước năm 2026.", "Họp sau năm 2026.", False),
        ("Xong trước 2025-2026.", "Xong sau 2025-2026.", False),
        ("Nộp trước ngày 10/01.", "Trước ngày 10/01/2026; sau ngày 10/01.", False),  # what is written as it is there counts first
    ],
)
def test_numbers_and_days_are_bounded_as_in_the_source(claim, source, passes):
    assert against(fault_of_bounds, claim, source) is passes


def test_what_is_said_of_a_share_names_it_in_words_as_they_are_read():
    whole = fault_of_share(tokens("Toàn bộ học sinh nộp hồ sơ."), [Source("Một số học sinh nộp hồ sơ.", "")])
    part = fault_of_share(tokens("Phần lớn trường nộp."), [Source("Trường nộp.", "")])

    assert whole.removeprefix("nguồn không nói ") == f"“{' '.join(exact('toàn bộ học sinh'))}”"
    assert part.removeprefix("nguồn không nói ") == f"“{' '.join(exact('phần lớn trường'))}”"


def test_what_is_said_of_a_bound_names_the_number_or_the_day():
    number = fault_of_bounds(tokens("Tối đa 30% số trường."), [Source("Tối thiểu 30%; không quá 5 ngày.", "")])
    day = fault_of_bounds(tokens("Nộp sau ngày 10/01/2026."), [Source("Trước ngày 10/01/2026.", "")])

    assert "“30%”" in number
    assert "ngày 10/01/2026" in day
    assert "không giới hạn" in fault_of_bounds(tokens("Tối đa 30%."), [Source("Đạt 30%.", "")])


@pytest.mark.parametrize(
    ("claim", "source", "passes"),
    [
        ("Trong vòng 72 giờ.", "Trong 72 giờ.", True),
        ("Sau 72 giờ.", "Trong 72 giờ.", False),
        ("Trước 72 giờ.", "Trong 72 giờ.", False),
        ("Sau 72 giờ.", "Báo trước 72 giờ.", False),
        ("Trong vòng 72 giờ.", "Làm việc 72 giờ.", True),
        ("Sau 72 giờ.", "Làm việc 72 giờ.", False),  # lets something begin only then
        ("Trong 72 giờ trước khi thi.", "Trong 72 giờ sau khi thi.", False),
        ("Trong 72 giờ sau khi thi.", "Trong 72 giờ kể từ khi thi.", True),
        ("Sau 72 giờ.", "Trong 72 giờ. Sau 72 giờ.", True),
        ("Sau 72 giờ.", "Nộp trong 24 giờ.", True),  # another number: for another check
        ("Mức 3 trở lên.", "Mức 3 trở lên.", True),
        ("Mức 3 trở xuống.", "Mức 3 trở lên.", False),
        ("30% trở lên.", "Tối thiểu 30%.", True),
        ("30% trở xuống.", "Tối thiểu 30%.", False),
        ("30% trở xuống.", "Không quá 30%.", True),
        ("Từ năm 2026 trở đi.", "Kể từ năm 2026.", True),
        ("Từ năm 2026 trở đi.", "Trước năm 2026.", False),
        ("Năm 2026 trở về trước.", "Trước năm 2026.", True),
        ("Năm 2026 trở về trước.", "Đến hết năm 2026.", True),
        ("Năm 2026 trở về trước.", "Chậm nhất năm 2026.", True),
        ("Năm 2026 trở về trước.", "Sau năm 2026.", False),
        ("30% trở lên.", "Trên 30%.", True),
        ("30% trở lên.", "Dưới 30%.", False),
        ("30% trở xuống.", "Dưới 30%.", True),
        ("30% trở xuống.", "Trên 30%.", False),
        ("Trong 72 giờ.", "Trong 72 giờ sau khi thi.", True),
    ],
)
def test_stretches_of_time_run_as_in_the_source(claim, source, passes):
    assert against(fault_of_spans, claim, source) is passes


@pytest.mark.parametrize(
    ("claim", "source", "passes"),
    [
        ("Toàn bộ học sinh nộp hồ sơ.", "Một số học sinh nộp hồ sơ.", False),
        ("Toàn bộ học sinh nộp hồ sơ.", "30% học sinh nộp hồ sơ.", False),
        ("Toàn bộ học sinh nộp hồ sơ.", "100% học sinh nộp hồ sơ.", True),
        ("Toàn bộ học sinh nộp hồ sơ.", "Ít nhất có học sinh nộp hồ sơ.", False),
        ("Toàn bộ học sinh nộp hồ sơ.", "Học sinh nộp hồ sơ.", True),
        ("Tất cả các học sinh nộp hồ sơ.", "Phần lớn học sinh nộp hồ sơ.", False),
        ("Một số học sinh nộp hồ sơ.", "Học sinh nộp hồ sơ.", False),
        ("Một số học sinh nộp hồ sơ.", "Một phần học sinh nộp hồ sơ.", True),
        ("Một số của họ nộp.", "Học sinh nộp hồ sơ.", True),
        ("Một số việc như học bạ, hồ sơ.", "Học bạ, hồ sơ.", True),
        ("Một số học sinh nộp hồ sơ.", "Một phần hồ sơ được nộp.", False),
        ("Toàn bộ.", "Một số.", True),
        ("Toàn bộ hồ.", "Một số hồ sơ.", True),  # one word is too little to look for
    ],
)
def test_all_of_something_is_not_a_part_of_it(claim, source, passes):
    assert against(fault_of_share, claim, source) is passes


@pytest.mark.parametrize(
    ("claim", "source", "passes"),
    [
        ("Rà soát hằng tháng.", "Rà soát hàng tháng.", True),
        ("Rà soát hằng tháng.", "Rà soát mỗi quý.", False),
        ("Rà soát hằng tháng.", "Rà soát theo tháng.", True),
        ("Rà soát hằng tháng và quý.", "Rà soát hằng tháng.", False),
        ("Họp quý một lần.", "Họp quý một lần.", True),
        ("Họp quý một lần.", "Họp năm một lần.", False),
        ("Họp mỗi quý một lần.", "Họp theo quý một lần.", True),
        ("Họp 3 tháng một lần.", "Họp 3 tháng một lần.", True),
        ("Rà soát.", "", True),
    ],
)
def test_how_often_is_as_in_the_source(claim, source, passes):
    assert against(fault_of_recurrence, claim, source) is passes
