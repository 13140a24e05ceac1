"""From words with places to paragraphs, tables and footnotes; what is Vietnamese and what is not."""

import pytest

from ingest.readers.footnotes import mark_footnotes
from ingest.readers.layout import join_lines, lay_out
from ingest.readers.lines import Line, PageWords, Word, drop_furniture
from ingest.readers.ocr_words import mend, plausible
from ingest.readers.tables import Rule, find_grids
from ingest.readers.text_layer import is_syllable, judge

WIDTH = 6.0
"""Width of a letter, in points, for type of 12."""


def typed(text: str, x: float, y: float, size: float = 12.0, spread: float = 0.0) -> list[Word]:
    """Set a line of type; ``spread`` widens its blanks, as justified text does."""
    words = []
    for word in text.split():
        width = WIDTH * len(word) * size / 12
        words.append(Word(word, x, y, x + width, y + size, size))
        x += width + WIDTH * size / 12 + spread
    return words


def page(*lines: list[Word]) -> tuple[PageWords, list[Line]]:
    words = PageWords([word for line in lines for word in line], [], 600, 800)
    return words, words.lines()


def paragraphs(*lines: list[Word]) -> list[str]:
    return list(lay_out(*page(*lines)).paragraphs)


FULL = "mot hai ba bon nam sau bay tam chin muoi mot hai ba bon nam sau bay tam"


def test_wrapped_lines_are_joined_and_an_indent_begins_a_paragraph():
    assert paragraphs(
        typed("Thông " + FULL, 90, 100),
        typed("tư " + FULL + " chin", 60, 116),
        typed("này.", 60, 132),
        typed("Trường " + FULL, 90, 148),
        typed("học " + FULL + " chin", 60, 164),
    ) == [f"Thông {FULL} tư {FULL} chin này.", f"Trường {FULL} học {FULL} chin"]


def test_a_two_column_head_is_read_column_by_column():
    assert paragraphs(
        typed("UBND TỈNH QUẢNG NINH", 60, 50) + typed("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 220, 50),
        typed("SỞ GIÁO DỤC VÀ ĐÀO TẠO", 55, 66) + typed("Độc lập - Tự do - Hạnh phúc", 240, 66),
        typed("Số: 2607/SGDĐT-GDPT", 60, 90) + typed("Quảng Ninh, ngày 27 tháng 9 năm 2025", 225, 90),
        typed("V/v hướng dẫn", 60, 106),
        typed("năm học", 70, 122),
        typed("1. Kính " + FULL, 60, 150),
    ) == [
        "UBND TỈNH QUẢNG NINH",
        "SỞ GIÁO DỤC VÀ ĐÀO TẠO",
        "Số: 2607/SGDĐT-GDPT",
        "V/v hướng dẫn năm học",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Quảng Ninh, ngày 27 tháng 9 năm 2025",
        f"1. Kính {FULL}",
    ]


def test_page_numbers_and_running_heads_are_dropped():
    pages = [page(typed(f"CÔNG BÁO/Số {n}", 60, 20), typed(f"Điều {n}. Nội dung", 60, 300), typed(str(n), 300, 780))
             for n in range(1, 6)]  # fmt: skip
    kept = drop_furniture([lines for _, lines in pages], [800.0] * 5)
    assert [[line.text for line in lines] for lines in kept] == [[f"Điều {n}. Nội dung"] for n in range(1, 6)]


def test_a_paragraph_may_go_on_over_the_page():
    body = [typed(FULL, 60, 100 + 16 * n) for n in range(4)]
    ends_open = lay_out(*page(*body))
    ends_closed = lay_out(*page(*body, typed("het.", 60, 164)))
    goes_on = lay_out(*page(typed("tiếp " + FULL, 60, 100), *body[1:]))
    begins = lay_out(*page(typed("Điều 5. " + FULL, 60, 100), *body[1:]))
    assert ends_open.last_is_open and not ends_closed.last_is_open
    assert goes_on.first_may_continue and not begins.first_may_continue


def test_words_broken_after_a_dash_or_slash_are_joined():
    assert join_lines(["Công văn 2607/SGDĐT-", "GDPT ngày 27/", "9/2025 giai đoạn 2022 -", "2025"]) == (
        "Công văn 2607/SGDĐT-GDPT ngày 27/9/2025 giai đoạn 2022 - 2025"
    )


def test_a_ruled_table_becomes_rows_and_a_tall_cell_is_in_each():
    across = [Rule(y, 50, 250) for y in (100, 120, 160)] + [Rule(140, 90, 250)]
    down = [Rule(x, 100, 160) for x in (50, 90, 250)]
    words = typed("TT", 60, 104) + typed("Việc", 100, 104) + typed("1", 60, 134)
    words += typed("Báo cáo", 100, 124) + typed("Tổng kết", 100, 144)
    found = PageWords(words, find_grids(across, down, 2.5), 600, 800)
    assert lay_out(found, found.lines()).paragraphs == ("| TT | Việc |", "| 1 | Báo cáo |", "| 1 | Tổng kết |")


def test_footnotes_are_marked_when_mark_and_note_are_on_the_page():
    mark = Word("2", 150, 298, 153, 305, 7, glued=True)
    number = Word("2", 60, 698, 63, 704, 6)
    _, lines = page(typed("Kết quả học tập", 60, 300), [mark], [number], typed("Ghi rõ văn bằng.", 66, 700, 10))
    assert [line.text for line in mark_footnotes(lines)] == ["Kết quả học tập[^2]", "[^2]: Ghi rõ văn bằng."]


def test_a_raised_number_without_a_note_stays_a_number():
    mark = Word("2", 85, 298, 88, 305, 7, glued=True)
    _, lines = page(typed("100 m", 60, 300), [mark])
    assert [line.text for line in mark_footnotes(lines)] == ["100 m2"]


@pytest.mark.parametrize("word", ["nghiêng", "quyển", "giữa", "gìn", "khuỷu", "ĐƯỜNG", "học", "yêu", "oà"])
def test_legal_syllables(word):
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["hoc", "gido", "chuyén̉", "duc", "string", "ctia", "hạọ", "website"])
def test_illegal_syllables(word):
    assert not is_syllable(word)


def test_the_judge_tells_vietnamese_from_what_an_english_ocr_made_of_it():
    good = "Sở Giáo dục và Đào tạo hướng dẫn các cơ sở giáo dục triển khai thực hiện nhiệm vụ năm học như sau"
    bad = "S6 Gido duc va Dao tao huéng dan cac co sé gido duc trién khai thuc hién nhiém vu nam hoc nhu sau"
    assert judge(good).good
    assert not judge(bad).good
    assert not judge("The quick brown fox jumps over the lazy dog and then goes home to sleep until the next day").good


@pytest.mark.parametrize(("seen", "meant"), [("cơ sở đữ liệu", "cơ sở dữ liệu"), ("Đữ liệu,", "Dữ liệu,"), ("đứng giữ dữ", "đứng giữ dữ")])
def test_a_word_that_vietnamese_does_not_have_is_put_right(seen, meant):
    assert mend(seen) == meant


@pytest.mark.parametrize(
    ("seen", "written"),
    [
        ("tỪ", "từ"),
        ("ĐƠn", "Đơn"),
        ("thuỘc;", "thuộc;"),
        ("vp(@ha.vn", "vp@ha.vn"),
        ("TRƯỜNG", "TRƯỜNG"),
        ("VNeID", "VNeID"),
        ("TTr-SGDĐT", "TTr-SGDĐT"),
    ],
)
def test_what_is_written_nowhere_is_put_right_in_scans(seen, written):
    assert plausible(seen) == written
