"""Tables that spreadsheets open: what people wrote must compute nothing there."""

from __future__ import annotations

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def harmless(cell: object) -> object:
    """Return what goes into a cell: text that a spreadsheet would take for a formula is marked as text (OWASP: CSV injection)."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
