"""What is kept is made anew when the code that makes it has changed, and only then."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from docx import Document

from ingest.code_version import INDEXING, READING, code_version, files_behind

# Notes every file of the program that a child opens, as Python runs it before anything else.
NOTING = """
import os, re, sys
if "-m" in sys.orig_argv:
    def note(event, arguments):
        if event == "open" and re.search(r"/(bot|ingest|rag)/", str(arguments[0])):
            with os.fdopen(os.open(os.environ["NOTED"], os.O_WRONLY | os.O_CREAT | os.O_APPEND), "w") as file:
                file.write(re.sub(r"__pycache__/(.*)[.]cpython-.*", r"\\1.py", str(arguments[0])) + "\\n")
    sys.addaudithook(note)
"""
READ = """
import sys
from pathlib import Path
from ingest.parsed import parse
for name in sys.argv[2:]:
    parse(Path(name), {}, Path(sys.argv[1]))
"""
LETTER = """SỞ GIÁO DỤC VÀ ĐÀO TẠO HÀ NỘI
Số: 15/SGDĐT-VP
Hà Nội, ngày 05 tháng 9 năm 2025
V/v báo cáo đầu năm
I. Yêu cầu
1. Các trường gửi báo cáo trước ngày 20/9/2025 về ông Nguyễn Văn An, điện thoại 024 3825 0000, https://hanoi.edu.vn.
Căn cứ Thông tư 12/2024/TT-BGDĐT ngày 01/02/2024; Thông tư 11/2020/TT-BGDĐT hết hiệu lực."""


@pytest.fixture(scope="module")
def names() -> set[str]:
    root = Path(__file__).parents[2]
    return {path.relative_to(root).as_posix() for path in files_behind(READING)}


def test_whatever_a_reader_opens_of_the_program_counts(repo, tmp_path, names):
    # given files of several formats
    document = Document()
    for line in LETTER.splitlines():
        document.add_paragraph(line)
    document.save(str(tmp_path / "a.docx"))
    (tmp_path / "b.txt").write_text(LETTER, encoding="utf-8")
    (tmp_path / "c.html").write_text(f"<html><body><p>{LETTER.replace(chr(10), '</p><p>')}</p></body></html>", encoding="utf-8")
    (tmp_path / "d.jsonl").write_text(
        '{"id": "1", "document": "1/L", "article": "1", "title": "", "text": "Một điều."}\n', encoding="utf-8"
    )
    (tmp_path / "sitecustomize.py").write_text(NOTING, encoding="utf-8")
    # when they are read, each in the process that reads it
    given = os.environ | {"PYTHONPATH": f"{tmp_path}{os.pathsep}{repo}", "NOTED": str(tmp_path / "noted")}
    files = [str(tmp_path / name) for name in ("a.docx", "b.txt", "c.html", "d.jsonl")]
    subprocess.run([sys.executable, "-c", READ, str(tmp_path / "data"), *files], env=given, check=True, timeout=120)
    # then whatever they needed is among what the kept result is named by
    noted = {Path(line).relative_to(repo).as_posix() for line in (tmp_path / "noted").read_text().splitlines()}
    opened = {name for name in noted if not name.endswith("__init__.py") or name in names}  # else only run because of what is in it
    assert "ingest/readers/docx.py" in opened and "ingest/data/kinds.txt" in opened
    assert opened - names == set()


def test_what_only_stands_beside_the_readers_does_not_count(names):
    for name in ("bot/cli.py", "ingest/additions.py", "ingest/parsed.py", "ingest/backup.py", "rag/assistant.py", "rag/data/chooser.json"):
        assert name not in names


def test_an_index_is_made_anew_where_what_makes_it_changes_too(repo):
    made = {path.relative_to(repo).as_posix() for path in files_behind(INDEXING)}
    assert {"ingest/contents.py", "rag/index/lexical.py", "rag/index/vectors.py"} <= made
    assert "rag/answers/deciding.py" not in made
    assert code_version(READING) != code_version(INDEXING)
