"""The tables of the queue: procrastinate's and our own, in one schema that all offices share."""

from __future__ import annotations

from pathlib import Path

from procrastinate.schema import SchemaManager

from rag.storage.postgres_server import Connection, Server

SCHEMA = "work"
OURS = (
    """
CREATE TABLE IF NOT EXISTS pages (
    file TEXT NOT NULL, page BIGINT NOT NULL, recipe TEXT NOT NULL, content TEXT NOT NULL, reason TEXT NOT NULL, reader TEXT NOT NULL,
    PRIMARY KEY (file, page, recipe)
);
CREATE TABLE IF NOT EXISTS told (job BIGINT PRIMARY KEY, tries BIGINT NOT NULL, line TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS workers (worker BIGINT PRIMARY KEY, name TEXT NOT NULL, slots BIGINT NOT NULL, builds BIGINT NOT NULL);
""",
)
"""``pages``: what was read (``content``) or why it cannot be; ``told``: how often a job has failed, and what
is to be said of it: why it did, or how far it is; ``workers``: what procrastinate does not know of its workers."""
_LAST = "CREATE TABLE IF NOT EXISTS procrastinate_last_script (name TEXT NOT NULL)"


def prepare(server: Server) -> None:
    """Bring procrastinate's tables to the version of the library. Raises ``DatabaseAway``."""
    connection = server.lend()
    try:
        with server.watched(), connection.transaction():
            connection.execute(f"SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0; SET LOCAL search_path = {SCHEMA}")
            connection.execute("SELECT pg_advisory_xact_lock(hashtext('procrastinate'))")
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}; {_LAST}")
            _bring_forward(connection)
    finally:
        server.take_back(connection)


def _bring_forward(connection: Connection) -> None:
    scripts = sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))
    last = connection.execute("SELECT name FROM procrastinate_last_script").fetchone()
    if last is None:
        connection.execute(SchemaManager.get_schema())
    else:
        for script in scripts:
            if script.name > last[0]:
                connection.execute(script.read_bytes())
    connection.execute("DELETE FROM procrastinate_last_script")
    connection.execute("INSERT INTO procrastinate_last_script VALUES (%s)", [scripts[-1].name])
