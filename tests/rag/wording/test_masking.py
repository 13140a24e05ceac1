"""What people write of themselves stays here, however they write it; what documents say is sent."""

from __future__ import annotations

import pytest

from rag.wording.prompt import private


@pytest.mark.parametrize(
    "number",
    [
        "0987.654.321", "0987 654 321", "0 9 8 7 . 6 5 4 3 2 1", "09.87.65.43.21", "(098) 7654-321", "+84 987 654 321", "098_765_4321",
        "o987 654 321", "không chín tám bảy sáu năm bốn ba hai một", "khong chin tam bay sau nam bon ba hai mot",
        "không chín tám, bảy sáu năm, bốn ba hai một", "0 chín 8 bảy 6 năm 4 ba 2 một", "không chín tám bảy, sáu lăm, bốn ba, hai mốt",
        "0203 3825 516", "001 099 012 345", "001099012345", "lan@example.vn", "lan @ example . vn", "lan (a) gmail chấm com",
        "lan at gmail dot com", "lan[at]gmail[dot]com", "lan.nguyen a còng truong chấm edu chấm vn",
        "lan a cong gmail cham com", "lan(a)gmail",
    ],
)  # fmt: skip
def test_what_may_be_somebodys_is_masked_however_it_is_written(number):
    sent = private(f"Em là Lan, {number}, hỏi về báo cáo của lớp.")

    assert sent == "Em là Lan, (đã ẩn), hỏi về báo cáo của lớp."


@pytest.mark.parametrize(
    "asked",
    [
        "hạn 10/01/2026 hay 30/01/2026, 10/06/2026 hay 30/6/2026?", "từ ngày 21/11/2025 - 28/11/2025", "năm học 2025-2026, 2026-2027",
        "Thông tư 09/2021/TT-BGDĐT và 15/2025/TT-BGDĐT", "lớp 1, 2, 3, 4, 5, 6, 7", "mục (1), (2), (3)", "30% của 150 trường, 80 lớp",
        "họp at văn phòng", "điểm a (a) và điểm b", "1. nộp ai? 2. nộp khi nào? 3. nộp ở đâu?", "10-01-2026 hay 30-06-2026",
    ],
)  # fmt: skip
def test_what_documents_say_is_not_masked(asked):
    assert private(asked) == asked
