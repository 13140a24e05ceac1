"""What a file is by its first bytes: its name is only what somebody called it."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from rag.errors import ReadError

_HEAD = 4096  # bytes
_SIGNS = (
    (b"%PDF-", ".pdf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".doc"),
    (b"{\\rtf", ".doc"),
    (b"PK\x03\x04", ".docx"),
    (b"\x89PNG\r\n\x1a\n", ".png"),
    (b"\xff\xd8\xff", ".jpg"),
    (b"II*\x00", ".tif"),
    (b"MM\x00*", ".tif"),
)
_PAGE = re.compile(r"(?:<\?xml[^>]*\?>|<!--.*?-->|\s)*<(?:!doctype\s+html|html)\b", re.I | re.S)
_PIECE_OF_PAGE = re.compile(r"\s*<(?:head|meta|title|body|div|table|p)\b", re.I)
_MARKUP = re.compile(r"\s*(?:<|MIME-Version:)", re.I)
_WORD = (".doc", ".docx")


SIGNED = frozenset(kind for _, kind in _SIGNS)
"""The endings of files that begin with a sign of their own."""


def sign_of(head: bytes) -> str:
    """Return the ending that the first bytes of a file show; empty where they show none."""
    return next((kind for sign, kind in _SIGNS if head.startswith(sign)), "")


def true_suffix(path: Path) -> str:
    """Return the ending that a file should have: its content's where that shows it, else its own.

    Raises ``ReadError`` where the content is none of what its name says, and ``OSError``.
    """
    suffix = path.suffix.lower()
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if found := sign_of(head):
        return found
    if suffix == ".pdf" and b"%PDF-" in head[:1024]:  # some begin with other bytes, which readers forgive
        return suffix
    text = _text(head)
    if text and (_PAGE.match(text) or (suffix in _WORD and _PIECE_OF_PAGE.match(text))):
        return ".html"
    if suffix in _WORD and text and not _MARKUP.match(text):
        return ".txt"
    if suffix in (*_WORD, ".pdf"):
        raise ReadError(f"Không đọc được {path.name}: nội dung không phải của tệp {suffix} (tệp hỏng, hoặc đặt sai đuôi tên).")
    return suffix


def _text(head: bytes) -> str:
    """The beginning as text; empty where it is none."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = head.decode("utf-16", errors="ignore")
    else:
        try:
            text = codecs.getincrementaldecoder("utf-8-sig")().decode(head)  # the last letter may be cut through
        except UnicodeDecodeError:
            return ""
    return "" if any(letter < " " and letter not in "\t\n\r\f" for letter in text) else text
