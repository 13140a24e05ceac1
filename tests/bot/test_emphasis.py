"""What of an answer stands out."""

import pytest

from bot.emphasis import emphasised


def standing_out(line: str, *, lead: bool = True) -> list[str]:
    return [text for text, stands_out in emphasised(line, lead=lead) if stands_out]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Báo cáo sơ kết: trước ngày 10/01/2026 (trường → Sở GDĐT)", ["trước ngày 10/01/2026"]),
        ("từ ngày 19/01/2026 đến ngày 26/01/2026", ["từ ngày 19/01/2026", "đến ngày 26/01/2026"]),
        ("vào ngày 10 tháng 10 hằng năm", ["ngày 10 tháng 10"]),
        ("Tối thiểu 30% số đơn vị", ["Tối thiểu 30% số đơn vị"]),
        ("Kế hoạch số 138/KH-UBND ngày 21/5/2025 của UBND tỉnh", ["Kế hoạch số 138/KH-UBND ngày 21/5/2025 của UBND tỉnh"]),
    ],
)
def test_dates_stand_out_or_else_the_lead(line, expected):
    assert standing_out(line) == expected


def test_a_line_that_is_no_lead_shows_its_dates_only():
    assert standing_out("Tối thiểu 30% số đơn vị", lead=False) == []
    assert standing_out("hạn 30/4/2026", lead=False) == ["30/4/2026"]


def test_nothing_is_lost():
    line = "Hạn: trước ngày 10/01/2026, chậm nhất 30/01/2026."

    assert "".join(text for text, _ in emphasised(line, lead=True)) == line


def test_a_long_fact_stands_out_up_to_a_whole_sentence():
    line = f"{'Một câu ngắn. ' * 20}{'chữ ' * 100}"

    (lead,) = standing_out(line)
    assert len(lead) <= 400
    assert lead.endswith("ngắn.")
