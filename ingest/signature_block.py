"""Where a document is signed: to whom it goes (``Nơi nhận``), and the titles and names of those who sign."""

from __future__ import annotations

import re

_RECIPIENTS = re.compile(r"^Nơi nhận\s*(?::|\.?$)", re.I)
_FOR = re.compile(r"^(?:K/?T|T/?M|T/?L|TUQ|T/?U/?Q|Q)\.\s?(?=\S)")
_OFFICE = re.compile(
    r"^(?:(?:PHÓ|THỨ|QUYỀN|TỔNG)\s)?(?:\w+\s)?(?:TRƯỞNG|CHỦ TỊCH|GIÁM ĐỐC|THỦ TƯỚNG|BÍ THƯ|CHỦ NHIỆM|CHÁNH VĂN PHÒNG|NGƯỜI LẬP)\b"
)
_SIGNED = re.compile(r"^\(?\s*(?:đã ký|đã kí|ký tên|ký,|chữ ký|ký và ghi rõ|ký, ghi rõ)", re.I)
_SIGNED_BY = re.compile(r"^Ký bởi")
_DAY = re.compile(r"^(?:[^,\n]{2,40}, )?ngày\s.{0,6}tháng\s.{0,6}năm\s\d{4}\s+", re.I)
"""The place and day that stand on the line of who signs."""
_OFFICE_WORDS = 12


def names_recipients(text: str) -> bool:
    """Say whether a paragraph opens the list of recipients."""
    return bool(_RECIPIENTS.match(text))


def is_signer(text: str) -> bool:
    """Say whether a paragraph is the office of one who signs (``KT. GIÁM ĐỐC``), or says that it was signed."""
    if _SIGNED.match(text) or _SIGNED_BY.match(text):
        return True
    text = _DAY.sub("", text)
    return text.isupper() and len(text.split()) <= _OFFICE_WORDS and bool(_FOR.match(text) or _OFFICE.match(text))
