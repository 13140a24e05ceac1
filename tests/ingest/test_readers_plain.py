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
