"""The tables of a mailbox, and how those of earlier versions become these."""

from __future__ import annotations

from bot.messenger.kept_answers import SCHEMA as ANSWERS
from bot.messenger.replies import SCHEMA as REPLIES
from rag.storage import KEY

_TABLES = f"""
CREATE TABLE IF NOT EXISTS updates (
    number {KEY}, id TEXT NOT NULL UNIQUE, chat TEXT NOT NULL, came DOUBLE PRECISION NOT NULL,
    is_begun BIGINT NOT NULL DEFAULT 0, crashes BIGINT NOT NULL DEFAULT 0, body TEXT
);
CREATE INDEX IF NOT EXISTS updates_by_chat ON updates (chat, number) WHERE body IS NOT NULL;
CREATE TABLE IF NOT EXISTS letters (
    id {KEY}, chat TEXT NOT NULL, method TEXT NOT NULL, payload TEXT NOT NULL,
    made DOUBLE PRECISION NOT NULL, is_leaving BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS letters_by_chat ON letters (chat, id);
CREATE TABLE IF NOT EXISTS reminded (person TEXT NOT NULL, what TEXT NOT NULL, sent DOUBLE PRECISION NOT NULL, PRIMARY KEY (person, what));
CREATE TABLE IF NOT EXISTS places (key TEXT PRIMARY KEY, document TEXT NOT NULL, section TEXT NOT NULL, used DOUBLE PRECISION NOT NULL);
CREATE TABLE IF NOT EXISTS menus (chat TEXT PRIMARY KEY, choices TEXT NOT NULL, prompt TEXT NOT NULL, made DOUBLE PRECISION NOT NULL);
CREATE TABLE IF NOT EXISTS answering (letter BIGINT PRIMARY KEY, message TEXT NOT NULL, part BIGINT NOT NULL);
"""
# What a letter answers stands with the letter.
_ANSWERING = """
ALTER TABLE letters ADD COLUMN message TEXT NOT NULL DEFAULT '';
ALTER TABLE letters ADD COLUMN part BIGINT NOT NULL DEFAULT 0;
UPDATE letters SET message = a.message, part = a.part FROM answering AS a WHERE a.letter = letters.id;
DROP TABLE answering;
"""
# ``is_leaving`` is the term of the leader that sends a letter: there may be several, one after the other.
_LEADERS = "CREATE TABLE leaders (one BIGINT PRIMARY KEY, term BIGINT NOT NULL);"
MIGRATIONS = (_TABLES + REPLIES + ANSWERS, _ANSWERING, _LEADERS)
# Until there was another channel than Telegram, updates and letters stood in tables of these names.
BEFORE = """
DROP TRIGGER IF EXISTS answering_goes_too;
CREATE TABLE IF NOT EXISTS inbox (update_id, came, tries, payload);
CREATE TABLE IF NOT EXISTS outbox (id, chat, method, payload, made, leaving);
INSERT OR IGNORE INTO updates (id, chat, came, crashes, body) SELECT update_id, '', came, tries, payload FROM inbox ORDER BY update_id;
INSERT INTO letters (chat, method, payload, made, is_leaving) SELECT chat, method, payload, made, leaving FROM outbox ORDER BY id;
DROP TABLE inbox;
DROP TABLE outbox;
"""
