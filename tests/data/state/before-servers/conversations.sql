BEGIN TRANSACTION;
CREATE TABLE conversations (id TEXT PRIMARY KEY, state TEXT NOT NULL, saved REAL NOT NULL);
INSERT INTO "conversations" VALUES('telegram:1','{"topic": "", "kind": "", "numbers": [], "sections": [], "audience": [], "people": [], "asked": [], "told": []}',1795773443.06473);
COMMIT;
