"""What holds of a document, in one plain sentence."""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

from rag.documents import CHANGED, Document, Validity


def standing(document: Document, validity: Validity, day: Callable[[str], str], refer: Callable[[str], Markup]) -> Markup:
    """Return whether a document is in force, since when, because of which other one, and where that is known from.

    ``validity`` is what holds today, ``day`` writes a date as people do, ``refer`` links a number to its document.
    """
    since = f" từ ngày {day(document.effective)}" if document.effective else ""
    said = {
        "in_force": f"Còn hiệu lực{since}",
        "amended": f"Còn hiệu lực{since}; đã được sửa đổi, bổ sung một phần",
        "replaced": "Đã được thay thế, không còn hiệu lực",
        "expired": "Đã hết hiệu lực",
        "not_yet": f"Chưa có hiệu lực{f'; có hiệu lực{since}' if since else ''}",
        "unknown": f"Chưa rõ còn hiệu lực hay không{f'; có hiệu lực{since}' if since else ''}",
    }[validity]
    by = Markup("")
    if document.validity_by and validity in CHANGED:
        joined = "theo" if validity == "expired" else "bởi"
        by = Markup(" {} {}").format(joined, refer(document.validity_by))
    source = f" ({document.validity_source})" if document.validity_source else ""
    return Markup("{}{}{}.").format(said, by, source)
