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
from lxml import etree

from ingest.readers.clean import clean
from ingest.readers.contract import Page, Reading
from ingest.readers.docx_hidden import Hidden
from ingest.readers.docx_shown import TABLE, TEXT_BOX, blocks, inner_blocks, pieces
from ingest.readers.docx_tables import grid
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
    except (KeyError, ValueError, zipfile.BadZipFile, etree.XMLSyntaxError) as error:
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
        self.hidden = Hidden(word)
        self.notes = self._footnotes()
        self.cited: list[str] = []

    def lines(self) -> Iterator[str]:
        """Yield paragraphs and table rows; each footnote follows the paragraph or table that carries its mark."""
        for block in blocks(self.word.element.body):
            yield from self._block(block)
            yield from self._notes_due()

    def _block(self, block: list[Element]) -> Iterator[str]:
        if block[0].tag == TABLE:
            yield from rows_or_paragraphs(grid(block[0], self._cell))
        else:
            yield from self._paragraph(block)

    def _cell(self, cell: Element) -> Cell:
        return [line.replace(_BREAK, "") for block in inner_blocks(cell) for line in self._block(block)]

    def _paragraph(self, parts: list[Element]) -> Iterator[str]:
        """Yield the lines of a paragraph, then those of the text boxes that hang on it."""
        boxes: list[Element] = []
        text = "".join(self._text(part, boxes) for part in parts)
        lines = text.split("\n")
        if any(line.strip() for line in lines):
            lines[0] = self._prefix(parts[-1], lines[0])
            yield from (_BLANKS.sub(" ", line).strip(" ") for line in lines if line.strip() or _BREAK in line)
        elif _BREAK in text:
            yield _BREAK
        for box in boxes:
            yield from (line for block in inner_blocks(box) for line in self._block(block))

    def _prefix(self, paragraph: Element, text: str) -> str:
        """Put the automatic number before the words, and ``#`` before a heading, after any page break."""
        breaks = len(text) - len(text.lstrip(_BREAK))
        style = self.numbering.style_name(paragraph)
        level = _HEADING.match(style)
        marks = "#" * int(level.group(1)) + " " if level else ""
        return text[:breaks] + marks + self.numbering.label(paragraph) + text[breaks:].strip(" \t")

    def _text(self, paragraph: Element, boxes: list[Element]) -> str:
        """Return the words of a paragraph itself; the text boxes that hang on it are put to ``boxes``."""
        said: list[str] = []
        for node in pieces(paragraph, self.hidden.hides):
            if node.tag == TEXT_BOX:
                boxes.append(node)
            elif node.tag == qn("w:footnoteReference") and (mark := node.get(qn("w:id"))) in self.notes:
                said.append(f"[^{mark}]")
                self.cited.append(mark)
            else:
                said.append(_written(node))
        return "".join(said)

    def _notes_due(self) -> Iterator[str]:
        for mark in self.cited:
            yield f"[^{mark}]: {self.notes[mark]}"
        self.cited = []

    def _footnotes(self) -> dict[str, str]:
        for relation in self.word.part.rels.values():
            if relation.reltype == _FOOTNOTES:
                tree = parse_xml(relation.target_part.blob)
                return {note.get(qn("w:id")): self._said(note) for note in tree.iter(qn("w:footnote"))}
        return {}

    def _said(self, note: Element) -> str:
        """Return what a footnote says, on one line."""
        lines = ("".join(map(_written, pieces(part, self.hidden.hides))) for block in blocks(note) for part in block)
        return _BLANKS.sub(" ", " ".join(lines).replace(_BREAK, "").replace("\n", " ")).strip()


def _written(node: Element) -> str:
    """Return what a piece of a paragraph puts into the line."""
    if node.tag == qn("w:t"):
        return node.text or ""
    if node.tag in (qn("w:tab"), qn("w:ptab")) and node.getparent().tag == qn("w:r"):
        return " "
    if node.tag == qn("w:noBreakHyphen"):
        return "-"
    if node.tag == qn("w:lastRenderedPageBreak"):
        return _BREAK
    is_line_break = node.tag == qn("w:cr") or (node.tag == qn("w:br") and node.get(qn("w:type"), "textWrapping") == "textWrapping")
    return "\n" if is_line_break else ""
