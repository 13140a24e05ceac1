"""Word files: paragraphs with their automatic numbers, tables, footnotes; ``.doc`` is converted by LibreOffice first.

Page numbers come from the page breaks that Word noted when it last laid the file out; without them there are none.
"""

from __future__ import annotations

import mmap
import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import docx
from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement as Element

from ingest.readers.clean import clean
from ingest.readers.contract import Page, Reading
from ingest.readers.legacy import modernise
from ingest.readers.numbering import Numbering
from ingest.readers.tables import Cell, rows_or_paragraphs
from rag.errors import ReadError

_LARGEST_UNPACKED = 400_000_000
_CONVERSION_SECONDS = 90
_FOOTNOTES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
_WORD_STREAM = "WordDocument".encode("utf-16-le")  # what the parts of an old Word file are called
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_BREAK = "\ue00c"  # a private letter, which the clean-up leaves alone
_BLANKS = re.compile(r"[ \t\u00a0]+")
_HEADING = re.compile(r"heading (\d)", re.I)


def read_doc(path: Path) -> Reading:
    """Read an old Word file, or RTF, through LibreOffice. Raises ReadError when it is neither, LibreOffice is absent or fails."""
    reading_as = f"--infilter={_filter_of(path)}"
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if not office:
        raise ReadError(
            f"Không đọc được {path.name}: tệp .doc cần LibreOffice (cài gói libreoffice-writer), "
            "hoặc hãy mở bằng Word và lưu lại thành .docx."
        )
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "van-ban.doc"  # the name that people gave may be too long for the new ending
        source.symlink_to(path.resolve())
        profile = f"-env:UserInstallation=file://{folder}/profile"
        command = [office, profile, "--headless", reading_as, "--convert-to", "docx", "--outdir", folder, str(source)]
        try:
            subprocess.run(command, capture_output=True, timeout=_CONVERSION_SECONDS, check=False)
        except subprocess.TimeoutExpired as error:
            raise ReadError(f"Không đọc được {path.name}: LibreOffice chuyển tệp quá lâu.") from error
        converted = source.with_suffix(".docx")
        if not converted.exists():
            raise ReadError(f"Không đọc được {path.name}: LibreOffice không mở được tệp này (tệp hỏng?).")
        return read_docx(converted, path.name)


def read_docx(path: Path, name: str = "") -> Reading:
    """Read a Word file. Raises ReadError when it is damaged, locked with a password, or far larger unpacked."""
    name = name or path.name
    _check_archive(path, name)
    try:
        word = docx.Document(str(path))
    except (KeyError, ValueError, zipfile.BadZipFile) as error:
        raise ReadError(f"Không đọc được {name}: tệp Word bị hỏng.") from error
    reader = _Reader(word)
    text, legacy = modernise(clean("\n".join(reader.lines())))
    if not text.strip():
        raise ReadError(f"Không đọc được {name}: tệp Word không có chữ nào (có thể chỉ gồm ảnh chụp).")
    problems = (f"Chữ theo bảng mã cũ {legacy} đã được đổi sang Unicode.",) if legacy else ()
    return Reading(_pages(text), {}, problems)


def _check_archive(path: Path, name: str) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(item.file_size for item in archive.infolist())
            is_word = any(item.filename.startswith("word/") for item in archive.infolist())
    except zipfile.BadZipFile as error:
        raise ReadError(f"Không đọc được {name}: tệp Word bị hỏng hoặc bị cắt cụt.") from error
    if unpacked > _LARGEST_UNPACKED:
        raise ReadError(f"Không đọc được {name}: nội dung giải nén lớn bất thường ({unpacked // 1_000_000} MB).")
    if not is_word:
        raise ReadError(f"Không đọc được {name}: là tệp nén hoặc tệp Office khác, không phải văn bản Word.")


def _filter_of(path: Path) -> str:
    """Return as what LibreOffice is to read a file; left alone, it makes text of anything. Raises ReadError for what is not Word's."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if content.find(_ENCRYPTED) >= 0:
            raise ReadError(f"Không đọc được {path.name}: tệp Word có mật khẩu; hãy bỏ mật khẩu rồi lưu lại.")
        if content[:5] == b"{\\rtf":
            return "Rich Text Format"
        if content.find(_WORD_STREAM) < 0:
            raise ReadError(f"Không đọc được {path.name}: không phải văn bản Word, hoặc tệp đã bị cắt cụt.")
        return "MS Word 97"


def _pages(text: str) -> tuple[Page, ...]:
    pieces = text.split(_BREAK)
    if len(pieces) == 1:
        return (Page(0, text.strip("\n")),)
    pages = []
    for number, piece in enumerate(pieces, 1):
        continues = number > 1 and not pieces[number - 2].endswith("\n") and bool(piece.strip())
        pages.append(Page(number, piece.strip("\n").strip(), continues=continues and not piece.startswith("\n")))
    return tuple(pages)


class _Reader:
    """Walks the body of a Word file in reading order."""

    def __init__(self, word: WordDocument) -> None:
        self.word = word
        self.numbering = Numbering(word)
        self.notes = self._footnotes()
        self.cited: list[str] = []

    def lines(self) -> Iterator[str]:
        """Yield paragraphs and table rows; each footnote follows the paragraph or table that carries its mark."""
        for block in self.word.element.body:
            if block.tag == qn("w:p"):
                yield from self._paragraph(block)
            elif block.tag == qn("w:tbl"):
                yield from rows_or_paragraphs(self._rows(block))
            elif block.tag == qn("w:sdt"):
                for paragraph in block.iter(qn("w:p")):
                    yield from self._paragraph(paragraph)
            yield from self._notes_due()

    def _paragraph(self, paragraph: Element) -> Iterator[str]:
        text = self._text(paragraph)
        pieces = text.split("\n")
        if any(piece.strip() for piece in pieces):
            pieces[0] = self._prefix(paragraph, pieces[0])
            yield from (_BLANKS.sub(" ", piece).strip(" ") for piece in pieces if piece.strip() or _BREAK in piece)
        elif _BREAK in text:
            yield _BREAK

    def _prefix(self, paragraph: Element, text: str) -> str:
        """Put the automatic number before the words, and ``#`` before a heading, after any page break."""
        breaks = len(text) - len(text.lstrip(_BREAK))
        style = self.numbering.style_name(paragraph)
        level = _HEADING.match(style)
        marks = "#" * int(level.group(1)) + " " if level else ""
        return text[:breaks] + marks + self.numbering.label(paragraph) + text[breaks:].strip(" \t")

    def _text(self, paragraph: Element) -> str:
        pieces: list[str] = []
        for node in paragraph.iter():
            if any(up.tag in _LEFT_OUT for up in node.iterancestors(*_LEFT_OUT)):
                continue
            if node.tag == qn("w:t"):
                pieces.append(node.text or "")
            elif node.tag in (qn("w:tab"), qn("w:ptab")) and node.getparent().tag == qn("w:r"):
                pieces.append(" ")
            elif node.tag == qn("w:noBreakHyphen"):
                pieces.append("-")
            elif node.tag == qn("w:lastRenderedPageBreak"):
                pieces.append(_BREAK)
            elif node.tag == qn("w:br") and node.get(qn("w:type")) is None:
                pieces.append("\n")
            elif node.tag == qn("w:footnoteReference") and (mark := node.get(qn("w:id"))) in self.notes:
                pieces.append(f"[^{mark}]")
                self.cited.append(mark)
        return "".join(pieces)

    def _notes_due(self) -> Iterator[str]:
        for mark in self.cited:
            yield f"[^{mark}]: {self.notes[mark]}"
        self.cited = []

    def _rows(self, table: Element) -> list[list[Cell]]:
        rows: list[list[Cell]] = []
        for row in table.iter(qn("w:tr")):
            if next(row.iterancestors(qn("w:tbl"))) is not table:
                continue  # a table inside a cell is read with the cell
            cells: list[Cell] = []
            for cell in row.iterchildren(qn("w:tc")):
                column = len(cells)
                span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
                merge = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
                goes_on = merge is not None and merge.get(qn("w:val")) != "restart"
                if goes_on and rows and column < len(rows[-1]):
                    cells.append(rows[-1][column])
                else:
                    cells.append([line.replace(_BREAK, "") for p in cell.iter(qn("w:p")) for line in self._paragraph(p)])
                cells += [[] for _ in range(int(span.get(qn("w:val"))) - 1)] if span is not None else []
            rows.append(cells)
        return rows

    def _footnotes(self) -> dict[str, str]:
        for relation in self.word.part.rels.values():
            if relation.reltype == _FOOTNOTES:
                tree = parse_xml(relation.target_part.blob)
                notes = tree.iter(qn("w:footnote"))
                return {n.get(qn("w:id")): "".join(t.text or "" for t in n.iter(qn("w:t"))).strip() for n in notes}
        return {}


_LEFT_OUT = (qn("w:del"), qn("w:moveFrom"), "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback")
