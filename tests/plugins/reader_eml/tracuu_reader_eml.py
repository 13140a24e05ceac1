"""Reads letters as mail programs save them (``.eml``): the text is the document, the subject its title."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import cast

from ingest.readers import Context, Page, Reading
from rag.errors import ReadError

label = "thư điện tử (EML)"
suffixes = (".eml",)
media_types = {"message/rfc822": ".eml"}


def read(path: Path, context: Context) -> Reading:
    """Return the text of a letter as one page, its attachments as what was not read. Raises ``ReadError`` without a text."""
    letter = cast(EmailMessage, message_from_bytes(path.read_bytes(), policy=policy.default))
    body = letter.get_body(("plain",))
    if body is None:
        raise ReadError(f"Không đọc được {path.name}: thư không có phần chữ.")
    context.progress(1, 1)
    attached = tuple(f"chưa đọc tệp đính kèm {part.get_filename()}" for part in letter.iter_attachments())
    return Reading((Page(0, body.get_content()),), {"title": str(letter["subject"] or "")}, attached)
