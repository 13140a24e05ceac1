"""How a store's tables come to be: numbered scripts, each run once, in order, never back.

The first script has ``IF NOT EXISTS`` everywhere: a SQLite file from before scripts were counted has its tables, and is at
version 1 once the script has added what is missing.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence

KEY = "INTEGER PRIMARY KEY AUTOINCREMENT"
"""The type of a column that numbers the rows as they come."""
VERSIONS = "CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL)"
_MADE = re.compile(r"\bCREATE TABLE (?:IF NOT EXISTS )?(\w+)", re.IGNORECASE)


def statements(script: str) -> Iterator[str]:
    """Yield the statements of a script."""
    begun = ""
    for piece in script.split(";"):
        begun += piece + ";"
        if sqlite3.complete_statement(begun):
            if statement := begun.strip().removesuffix(";"):
                yield statement
            begun = ""


def tables(migrations: Iterable[str]) -> list[str]:
    """Return the tables that the scripts make, the first first."""
    return list(dict.fromkeys(table for script in migrations for table in _MADE.findall(script)))


def is_newer(version: int, migrations: Sequence[str]) -> str:
    """Say that what is there was written by a newer program; empty where it was not."""
    if version <= len(migrations):
        return ""
    return f"do một phiên bản mới hơn của chương trình ghi (bản {version}, ở đây biết tới bản {len(migrations)}); hãy cập nhật chương trình"
