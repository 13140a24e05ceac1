"""How answers read in Zalo, and how many of its messages they take."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.messenger.answers import shown
from bot.messenger.runs import plain
from bot.zalo.choices import chosen, kept, options, told, unkept, wanted
from bot.zalo.exchange import Zalo
from bot.zalo.quota import Quota
from rag.documents import Answer, Citation
from rag.storage import State

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
LONG = "Các trường tổng hợp số liệu, rà soát, đối chiếu rồi gửi về Phòng theo mẫu đính kèm công văn này. " * 12


@pytest.fixture
def zalo(tmp_path):
    quota = Quota(State(tmp_path), "zalo", 10, ZONE)
    yield Zalo("zalo", 2000, quota)
    quota.close()


def citation(section: str, quote: str) -> Citation:
    return Citation("1/X", section, 1, quote, f"Công văn 1/X, mục {section}")


def answered(text: str, *quotes: str, notes: tuple[str, ...] = ()) -> Answer:
    return Answer("?", "answered", text, tuple(citation(str(at), quote) for at, quote in enumerate(quotes, 1)), notes=notes)


def said(zalo: Zalo, answer: Answer) -> list[str]:
    text, buttons, _ = shown(answer, "1", is_brief=True)
    return [letter.payload["text"] for letter in zalo.letters("c", text, buttons)]


def test_a_long_provision_is_quoted_once_and_short_with_all_sources_and_notes(zalo):
    (message,) = said(zalo, answered("Trước 10/01/2026.", LONG, "Một chỗ khác nữa.", notes=("Văn bản đã được sửa đổi.",)))

    assert message.count("“") == 1 and "…”" in message
    assert "— Công văn 1/X, mục 1" in message and "— Công văn 1/X, mục 2" in message
    assert "⚠️ Văn bản đã được sửa đổi." in message
    assert len(message.partition("\n\nTrả lời")[0]) <= 720


def test_what_the_answer_says_in_full_is_not_quoted_again(zalo):
    (message,) = said(zalo, answered("Hạn là 10/01/2026.", "Hạn là 10/01/2026."))

    assert message.count("10/01/2026") == 1


def test_no_line_of_an_answer_is_lost_with_the_quotes_that_are_left_out(zalo):
    lines = [f"- Đơn vị số {number} nộp trước ngày {number:02}/03/2026" for number in range(1, 28)]
    whole = "\n".join(said(zalo, answered("\n".join(lines), *(line.removeprefix("- ") for line in lines))))

    assert all(line.removeprefix("- ") in whole for line in lines)


@pytest.mark.parametrize("length", [1, 1899, 1960, 2000, 2001, 5000])
def test_no_message_is_longer_than_zalo_takes_and_the_choices_stand_below_the_last(zalo, length):
    letters = zalo.letters("c", [plain("đ" * length)], [[("Xem nguyên văn", "t:1:0")], [("👍", "u:1")]])
    texts = [letter.payload["text"] for letter in letters]

    assert all(len(text) <= 2000 for text in texts)
    assert sum(text.count("đ") for text in texts) == length
    assert texts[-1].endswith("Trả lời 1: xem nguyên văn, 👍") and sum("Trả lời" in text for text in texts) == 1


def test_choices_have_the_keys_that_their_labels_name_and_numbers_otherwise():
    given = options([[("6", "t:a"), ("7. Nộp báo cáo", "t:b")], [("◀ Trước", "l:0"), ("Sau ▶", "l:2")], [("Mọi hạn", "m")], [("Ẩn", "h")]])

    assert [option.key for option in given] == ["6", "7", "truoc", "sau", "1"]
    assert unkept(kept(given)) == given
    assert told(given) == "Trả lời 1: mọi hạn, số của mục để xem, “trước”, “sau”"


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("2", "2"),
        (" 02. ", "2"),
        ("Sau", "sau"),
        ("trước", "truoc"),
        ("👍🏿", "👍"),
        ("2607", ""),
        ("2 trường", ""),
        ("hạn sau", ""),
        ("²", ""),
    ],
)
def test_only_a_message_that_is_a_choice_and_nothing_else_is_one(written, key):
    assert wanted(written) == key
    assert chosen("9", []) is None


def test_the_admin_is_told_once_of_each_share_and_again_in_a_larger_plan(tmp_path):
    now = datetime(2026, 1, 31, 23, 59, tzinfo=ZONE).timestamp()
    quota = Quota(State(tmp_path), "zalo", 10, ZONE)
    news = [quota.count(now) for _ in range(11)]
    quota.close()
    larger = Quota(State(tmp_path), "zalo", 14, ZONE)

    assert [bool(each) for each in news] == [False] * 7 + [True, False, True, False]
    assert larger.count(now) and not larger.is_spent(now)
    assert not larger.is_scarce(now + 120)  # another month
    larger.close()
