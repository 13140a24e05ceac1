BEGIN TRANSACTION;
CREATE TABLE conversations (id TEXT PRIMARY KEY, state TEXT NOT NULL, saved REAL NOT NULL);
INSERT INTO "conversations" VALUES('telegram:1','{"topic": "", "kind": "", "numbers": [], "sections": [], "audience": [], "people": [], "asked": [], "told": []}',1.79577347994403147693e+09);
COMMIT;
