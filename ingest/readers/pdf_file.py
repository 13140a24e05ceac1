"""What a PDF says of itself beside its pages, as pypdf reads it: whether it is locked, what is attached to it."""

from __future__ import annotations

import logging
from pathlib import Path

from pypdf import PasswordType, PdfReader

from ingest.readers.clean import clean_line

_MOST_NAMED = 5


def lock_of(path: Path) -> str:
    """Return what keeps a PDF from being opened; empty when it is not locked (but then perhaps damaged)."""
    try:
        reader = _open(path)
        if not reader.is_encrypted or reader.decrypt("") != PasswordType.NOT_DECRYPTED:
            return ""
    except NotImplementedError:
        return "tệp PDF được khóa riêng cho một số người; hãy nhờ nơi gửi gỡ khóa rồi thêm lại"
    except Exception:  # whatever is wrong with it, it is not the lock
        return ""
    return "tệp PDF có mật khẩu; hãy gỡ mật khẩu rồi thêm lại"


def problem_of_attachments(path: Path) -> str:
    """Return a sentence that names the files in a PDF that are not read; empty when there are none."""
    try:
        names = [clean_line(name) for name in _open(path).attachments]
    except Exception as error:  # the pages were read; pypdf may be stricter than what read them
        return f"không xem được trong tệp có tệp đính kèm hay không ({type(error).__name__})"
    if not names:
        return ""
    rest = len(names) - _MOST_NAMED
    more = f" và {rest} tệp nữa" if rest > 0 else ""
    return f"tệp đính kèm bên trong chưa được đọc: {', '.join(names[:_MOST_NAMED])}{more}; nếu cần, hãy lưu ra rồi thêm riêng"


def _open(path: Path) -> PdfReader:
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    return PdfReader(path)
