"""The tables that the admins, their sessions and their tries to log in share: one store, whichever of them opens it first."""

from __future__ import annotations

from rag.storage import Database, State

_TABLES = """
CREATE TABLE IF NOT EXISTS admins (
    key TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, hashed TEXT NOT NULL, since DOUBLE PRECISION NOT NULL
);
CREATE TABLE IF NOT EXISTS logins (
    digest TEXT PRIMARY KEY, name TEXT NOT NULL, fingerprint TEXT NOT NULL, opened DOUBLE PRECISION NOT NULL,
    seen DOUBLE PRECISION NOT NULL
);
CREATE TABLE IF NOT EXISTS secrets (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS tries (who TEXT PRIMARY KEY, failures BIGINT NOT NULL, last DOUBLE PRECISION NOT NULL);
CREATE INDEX IF NOT EXISTS tries_by_moment ON tries (last);
"""
_BEFORE = "DROP TABLE IF EXISTS sessions; DROP TABLE IF EXISTS attempts;"  # they did not know whose a session is


def opened(state: State) -> Database:
    """Open the store."""
    return state.open("admin", (_TABLES,), before=_BEFORE, lasting=True)
