"""File names as people give them: which a document may have, how one is shown in a line, and how a long one is cut."""

from __future__ import annotations

import hashlib
import os
import unicodedata

LONGEST = 255
"""Bytes of a file name, on every file system in use."""
_MARK = 8  # letters that keep apart two names that are cut to the same beginning


def fault_of(name: str) -> str:
    """Return why no document can have this name, in Vietnamese; empty where it can."""
    if not _is_unicode(name):
        return "tên tệp không phải chữ Unicode (UTF-8); hãy đổi tên tệp"
    if any(unicodedata.category(letter) in ("Cc", "Zl", "Zp") for letter in name):
        return "tên tệp có dấu xuống dòng hoặc kí tự điều khiển; hãy đổi tên tệp"
    return ""


def shown(name: str) -> str:
    """Return a name as it can stand in a line: what is no letter is escaped."""
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape", "surrogatepass").decode("ascii")
        for letter in os.fsencode(name).decode("utf-8", "backslashreplace")
    )


def cut(name: str, longest: int = LONGEST) -> str:
    """Return a name of at most so many bytes, its ending kept; two names that differ are not cut to the same one."""
    if len(os.fsencode(name)) <= longest:
        return name
    stem, dot, suffix = name.rpartition(".")
    if not stem or len(os.fsencode(suffix)) > longest // 4:
        stem, dot, suffix = name, "", ""
    ending = f"~{mark(name)}{dot}{suffix}"
    beginning = os.fsencode(stem)[: longest - len(os.fsencode(ending))]
    return os.fsdecode(beginning).rstrip(_BROKEN) + ending


def kept_name(name: str) -> str:
    """Return the name under which a file from elsewhere is kept: letters and marks together, not longer than a name can be."""
    return cut(unicodedata.normalize("NFC", name))


def mark(name: str) -> str:
    """Return a few letters that stand for a name, whatever its length."""
    return hashlib.sha256(os.fsencode(name)).hexdigest()[:_MARK]


def same_name(one: str, other: str) -> bool:
    """Say whether two names are one to people: letters and marks may be kept together or apart, as Macs keep them."""
    return unicodedata.normalize("NFC", one) == unicodedata.normalize("NFC", other)


def _is_unicode(name: str) -> bool:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


_BROKEN = "".join(map(chr, range(0xDC80, 0xDD00)))
"""The bytes of a letter that was cut through, as Python has them."""
