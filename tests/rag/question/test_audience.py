"""Who asks, and who owes."""

import pytest

from rag.question.audience import audience_of, find_audience


@pytest.mark.parametrize(
    ("folded", "audience"),
    [
        ("truong em nop bao cao khi nao", {"school"}),
        ("nha truong phai lam gi", {"school"}),
        ("xa nop bao cao cho ai", {"commune"}),
        ("so bao cao bo khi nao", {"department"}),
        ("so phai nop bo truoc ngay nao", {"department"}),
        ("bao cao bo truoc ngay nao", {"department"}),
        ("so va truong nop bao cao khi nao", {"school"}),
        ("han nop bao cao so ket", set()),
        ("co so giao duc phai lam gi", {"school"}),
        ("con so lieu thi sao", set()),
    ],
)
def test_whom_a_question_names(folded, audience):
    assert find_audience(folded) == audience


@pytest.mark.parametrize(
    ("who", "to", "audience"),
    [
        ("Phòng Giáo dục phổ thông", "Bộ GDĐT", {"department"}),
        ("UBND cấp xã, trường có cấp THPT, trung tâm giáo dục thường xuyên", "Sở GDĐT", {"commune", "school"}),
        ("Phòng Văn hóa - Xã hội thuộc UBND các xã, phường, đặc khu", "", {"commune"}),
        ("Hiệu trưởng", "", {"school"}),
        ("Sở GDĐT", "", {"department"}),
        ("", "", set()),
    ],
)
def test_whom_a_record_means(who, to, audience):
    assert audience_of(who, to) == audience
