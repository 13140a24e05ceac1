"""Text and Markdown files, in the encodings in which Vietnamese circulates."""

import unicodedata
from pathlib import Path

import pytest

from ingest.readers import read_file
from rag.errors import ReadError

PARAGRAPH = (
    "Điều 5. Trách nhiệm của cơ sở giáo dục\n"
    "1. Cơ sở giáo dục hướng dẫn người học thực hiện quy định về đào tạo, kiểm tra, đánh giá kết quả học tập.\n"
    "2. Sở Giáo dục và Đào tạo kiểm tra việc thực hiện trước ngày 30 tháng 6 hằng năm; phòng, ban phối hợp."
)
TCVN3 = (
    "§iÒu 5. Tr¸ch nhiÖm cña c¬ së gi¸o dôc\n"
    "1. C¬ së gi¸o dôc h­íng dÉn ng­êi häc thùc hiÖn quy ®Þnh vÒ ®µo t¹o, kiÓm tra, ®¸nh gi¸ kÕt qu¶ häc tËp.\n"
)
VNI = (
    "Ñieàu 5. Traùch nhieäm cuûa cô sôû giaùo duïc\n"
    "1. Cô sôû giaùo duïc höôùng daãn ngöôøi hoïc thöïc hieän quy ñònh veà ñaøo taïo, kieåm tra, ñaùnh giaù keát quaû.\n"
)


def write(folder: Path, name: str, data: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_a_text_file_reads_alike_in_every_unicode_encoding(tmp_path, encoding):
    path = write(tmp_path, "a.txt", PARAGRAPH.encode(encoding))
    assert read_file(path).pages[0].text == PARAGRAPH


def test_windows_1258_is_found_out(tmp_path):
    # Windows-1258 has the letters with hats ready made, and their tones as marks of their own
    tones = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
    halves = ""
    for letter in PARAGRAPH:
        marks = unicodedata.normalize("NFD", letter)
        halves += unicodedata.normalize("NFC", "".join(c for c in marks if c not in tones))
        halves += "".join(c for c in marks if c in tones)
    path = write(tmp_path, "a.txt", halves.encode("cp1258"))
    assert read_file(path).pages[0].text == PARAGRAPH


def test_decomposed_letters_and_look_alikes_are_mended(tmp_path):
    text = unicodedata.normalize("NFD", PARAGRAPH).replace("\u0111", "ð") + " Trường\u00a0hợp cần\u200b thiết\u00ad."
    read = read_file(write(tmp_path, "a.txt", text)).pages[0].text
    assert read == PARAGRAPH + " Trường hợp cần thiết."


@pytest.mark.parametrize("encoding", ["latin-1", "utf-8"])
def test_tcvn3_is_converted_and_said(tmp_path, encoding):
    reading = read_file(write(tmp_path, "a.txt", TCVN3.encode(encoding)))
    assert "Điều 5. Trách nhiệm của cơ sở giáo dục" in reading.pages[0].text
    assert "hướng dẫn người học thực hiện quy định về đào tạo, kiểm tra, đánh giá" in reading.pages[0].text
    assert "TCVN3" in reading.problems[0]


@pytest.mark.parametrize("encoding", ["latin-1", "utf-8"])
def test_vni_is_converted_and_said(tmp_path, encoding):
    reading = read_file(write(tmp_path, "a.txt", VNI.encode(encoding)))
    assert "hướng dẫn người học thực hiện quy định về đào tạo, kiểm tra, đánh giá kết quả" in reading.pages[0].text
    assert "VNI" in reading.problems[0]


def test_an_unknown_encoding_is_refused_with_what_to_do(tmp_path):
    path = write(tmp_path, "la.txt", bytes(range(0xC0, 0x100)) * 40)
    with pytest.raises(ReadError, match=r"la\.txt.*bảng mã lạ.*UTF-8"):
        read_file(path)


def test_text_without_marks_is_read_and_doubted(tmp_path):
    reading = read_file(write(tmp_path, "a.txt", "Cac truong nop bao cao ve Phong Giao duc truoc ngay 10 thang 01. " * 4))
    assert "không có dấu" in reading.problems[0]


def test_wrapped_lines_become_paragraphs_again(tmp_path):
    text = (
        "1. Cơ sở giáo dục hướng dẫn người học thực hiện quy định về đào tạo, kiểm\n"
        "tra, đánh giá kết quả học tập và rèn luyện theo hướng dẫn của Bộ Giáo dục\n"
        "và Đào tạo; báo cáo trước ngày 30 tháng 6 theo mẫu ban hành kèm Công văn\n"
        "số 2607/SGDĐT-\n"
        "GDPT.\n"
        "2. Sở Giáo dục và Đào tạo kiểm tra việc thực hiện và tổng hợp kết quả gửi\n"
        "Ủy ban nhân dân tỉnh.\n"
    )
    lines = read_file(write(tmp_path, "a.txt", text)).pages[0].text.split("\n")
    assert lines[0].startswith("1. Cơ sở") and "kiểm tra, đánh giá" in lines[0] and "giáo dục và đào tạo;" in lines[0].lower()
    assert any(line.startswith("2. Sở") and line.endswith("Ủy ban nhân dân tỉnh.") for line in lines)


def test_markdown_gives_front_matter_pages_and_footnotes(tmp_path):
    text = (
        "---\nnumber: 2607/SGDĐT-GDPT\nissued: 2025-09-27\n---\n\n<!-- page 1 -->\n\n# I. NHIỆM VỤ\n\n"
        "1. Các trường **nộp** báo cáo[^1] trước\n<!-- page 2 -->\nngày 10/01.\n\n[^1]: Theo mẫu.\n\n"
        "<!-- page 3 -->\n\n| TT | Việc |\n| --- | --- |\n| 1 | Họp |\n"
    )
    reading = read_file(write(tmp_path, "a.md", text))
    assert reading.meta == {"number": "2607/SGDĐT-GDPT", "issued": "2025-09-27"}
    assert [(p.number, p.continues, p.read_as) for p in reading.pages] == [
        (1, False, "transcription"),
        (2, True, "transcription"),
        (3, False, "transcription"),
    ]
    assert reading.pages[0].text == "# I. NHIỆM VỤ\n\n1. Các trường nộp báo cáo[^1] trước"
    assert reading.pages[1].text == "ngày 10/01.\n\n[^1]: Theo mẫu."
    assert [line for line in reading.pages[2].text.split("\n") if line] == ["| TT | Việc |", "| 1 | Họp |"]


def test_broken_front_matter_is_named(tmp_path):
    with pytest.raises(ReadError, match=r"a\.md.*YAML"):
        read_file(write(tmp_path, "a.md", "---\nnumber: [1\n---\nXin chào"))


@pytest.mark.parametrize(("name", "data", "reason"), [("a.txt", b"", "rỗng"), ("a.xyz", b"x", "chưa hỗ trợ")])
def test_what_cannot_be_read_is_said(tmp_path, name, data, reason):
    with pytest.raises(ReadError, match=reason):
        read_file(write(tmp_path, name, data))


def test_rows_with_tabs_go_on_over_lines_until_their_last_cell(tmp_path):
    text = "TT\tViệc\tAi\n1\tHọp;\nchuẩn bị\tTổ Toán\n- Tổ Văn\n\t\t\n2\tChấm\tTổ Văn\nSau đó báo cáo.\n1.\tMột đoạn"
    lines = [line for line in read_file(write(tmp_path, "a.txt", text)).pages[0].text.split("\n") if line]
    assert lines == [
        "| TT | Việc | Ai |",
        "| 1 | Họp; chuẩn bị | Tổ Toán - Tổ Văn |",
        "| 2 | Chấm | Tổ Văn |",
        "Sau đó báo cáo.",
        "1. Một đoạn",
    ]


def test_tables_of_markdown_without_a_frame_with_strokes_and_breaks_in_cells(tmp_path):
    text = (
        "Ngày | Việc | Đơn vị\n---|---|---\n01/10/2025 | Khai mạc; phát động | Sở\n\n| a \\| b | c<br>d | |\n|---|---|---|\n| e | f | g |\n"
    )
    lines = [line for line in read_file(write(tmp_path, "a.md", text)).pages[0].text.split("\n") if line]
    assert lines == [
        "| Ngày | Việc | Đơn vị |",
        "| 01/10/2025 | Khai mạc; phát động | Sở |",
        "| a ¦ b | c d |  |",
        "| e | f | g |",
    ]


def test_heads_and_signatures_laid_out_as_tables_are_paragraphs(tmp_path):
    text = (
        "| UBND TỈNH MINH LĨNH<br>SỞ GDĐT | CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM |\n|---|---|\n| Số: 1/X | Minh Lĩnh, ngày 1 |\n\nNội dung.\n"
    )
    lines = [line for line in read_file(write(tmp_path, "a.md", text)).pages[0].text.split("\n") if line]
    assert lines[:3] == ["UBND TỈNH MINH LĨNH", "SỞ GDĐT", "Số: 1/X"] and not any(line.startswith("|") for line in lines)


def test_escapes_comments_and_broken_bold_of_markdown(tmp_path):
    text = "<!-- nguồn:\nkho chung -->\n1\\. Nghiên cứu (R\\&D)\n\n**6****.** _Giáo dục_ công lập\n\n\\- Một ý\n"
    lines = [line for line in read_file(write(tmp_path, "a.md", text)).pages[0].text.split("\n") if line]
    assert lines == ["1. Nghiên cứu (R&D)", "**6.** Giáo dục công lập".replace("*", ""), "- Một ý"]


@pytest.mark.parametrize("text", ["_a " * 20_000, "7" * 500_000, "<p " * 50_000, "<!--" * 50_000, "а1" * 100_000, "\\" * 100_000])
def test_long_runs_of_marks_are_read(tmp_path, text):
    assert read_file(write(tmp_path, "a.md", text)).pages


def test_lines_wrapped_in_a_letter_of_many_short_ones_are_joined(tmp_path):
    text = (
        "SỞ GIÁO DỤC VÀ ĐÀO TẠO\nSố: 1/SGDĐT-VP\nV/v nộp dữ liệu\nKính gửi:\n- Các trường;\n- Các trung tâm.\n"
        "Sở đề nghị các đơn vị đối chiếu từng hồ sơ với sổ điểm rồi nộp lại lên\n"
        "hệ thống trước ngày 30/9/2025, báo cáo kết quả về Sở chậm nhất ngày\n03/10/2025.\n"
        "Sau mốc này thì hệ thống đóng lại và không nhận thêm hồ sơ nào nữa.\nĐơn vị muốn mở phải giải trình.\n"
        "Nơi nhận:\n- Như trên;\n- Lưu: VT.\nGIÁM ĐỐC\nLê Văn Bình\n"
    )
    lines = read_file(write(tmp_path, "a.txt", text)).pages[0].text.split("\n")
    assert any(line.startswith("Sở đề nghị") and line.endswith("chậm nhất ngày 03/10/2025.") for line in lines)
    assert "Đơn vị muốn mở phải giải trình." in lines and "V/v nộp dữ liệu" in lines


def test_columns_set_with_blanks_are_tables(tmp_path):
    text = (
        "Lịch kiểm tra:\n\nNgày          Môn            Phòng\n05/01/2026    Toán           A301\n"
        "                             A302\n07/01/2026    Ngữ văn        B201\n\nHọc sinh có mặt trước 15 phút.\n"
    )
    lines = read_file(write(tmp_path, "a.txt", text)).pages[0].text.split("\n")
    assert [line for line in lines if line.startswith("|")] == [
        "| Ngày | Môn | Phòng |",
        "| 05/01/2026 | Toán | A301 A302 |",
        "| 07/01/2026 | Ngữ văn | B201 |",
    ]


def test_markdown_of_pandoc_has_its_tables_and_no_marks_of_its_own(tmp_path):
    text = (
        '::: {custom-style="Header"}\n**TRƯỜNG TIỂU HỌC HÀ TÂN**\\\n:::\n\n[**THÔNG BÁO**]{.underline}\n\n# Biểu phí {#bieu-phi}\n\n'
        "  ------------------------------\n  Khoản         Mức      Ghi chú\n  ------------- -------- -------\n"
        "  Ăn trưa       30.000   cả bữa\n                         phụ\n\n  Xe            500.000  tháng\n"
        "  ------------------------------\n\n"
        "Kỳ 1 (tháng 8 -- 12).\n"
    )
    lines = [line for line in read_file(write(tmp_path, "a.md", text)).pages[0].text.split("\n") if line]
    assert lines == [
        "TRƯỜNG TIỂU HỌC HÀ TÂN",
        "THÔNG BÁO",
        "# Biểu phí",
        "| Khoản | Mức | Ghi chú |",
        "| Ăn trưa | 30.000 | cả bữa phụ |",
        "| Xe | 500.000 | tháng |",
        "Kỳ 1 (tháng 8 – 12).",
    ]
