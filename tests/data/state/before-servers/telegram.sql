BEGIN TRANSACTION;
CREATE TABLE answering (letter INTEGER PRIMARY KEY, message TEXT NOT NULL, part INTEGER NOT NULL);
INSERT INTO "answering" VALUES(2,'70',1);
CREATE TABLE answers (
    chat TEXT NOT NULL, id TEXT NOT NULL, person TEXT NOT NULL, question TEXT NOT NULL, text TEXT NOT NULL, buttons TEXT NOT NULL,
    made REAL NOT NULL, PRIMARY KEY (chat, id)
);
INSERT INTO "answers" VALUES('7','b','telegram:1','hạn nộp?','[]','[]',1.79577344470321846004e+09);
CREATE TABLE heard (
    chat TEXT NOT NULL, message TEXT NOT NULL, person TEXT NOT NULL, words TEXT NOT NULL, at REAL NOT NULL, PRIMARY KEY (chat, message)
);
INSERT INTO "heard" VALUES('7','70','telegram:1','x',1.79577344470229482648e+09);
CREATE TABLE letters (
    id INTEGER PRIMARY KEY AUTOINCREMENT, chat TEXT NOT NULL, method TEXT NOT NULL, payload TEXT NOT NULL,
    made REAL NOT NULL, is_leaving INTEGER NOT NULL DEFAULT 0
);
INSERT INTO "letters" VALUES(2,'7','sendMessage','{"text": "hai"}',1.79577344470223522181e+09,0);
CREATE TABLE menus (chat TEXT PRIMARY KEY, choices TEXT NOT NULL, prompt TEXT NOT NULL, made REAL NOT NULL);
CREATE TABLE places (key TEXT PRIMARY KEY, document TEXT NOT NULL, section TEXT NOT NULL, used REAL NOT NULL);
INSERT INTO "places" VALUES('T1IW5XLJtBVQ','1/CV','II.1',1.79577344470223522181e+09);
CREATE TABLE reminded (person TEXT NOT NULL, what TEXT NOT NULL, sent REAL NOT NULL, PRIMARY KEY (person, what));
INSERT INTO "reminded" VALUES('telegram:1','hạn',1.79577344470223522181e+09);
CREATE TABLE said (
    chat TEXT NOT NULL, message TEXT NOT NULL, part INTEGER NOT NULL, id TEXT NOT NULL, at REAL NOT NULL, PRIMARY KEY (chat, message, part)
);
INSERT INTO "said" VALUES('7','70',0,'101',1.79577344470306539533e+09);
CREATE TABLE updates (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, chat TEXT NOT NULL, came REAL NOT NULL,
    is_begun INTEGER NOT NULL DEFAULT 0, crashes INTEGER NOT NULL DEFAULT 0, body TEXT
);
INSERT INTO "updates" VALUES(1,'1','',1.79577344470204687118e+09,0,0,NULL);
INSERT INTO "updates" VALUES(2,'2','7',1.79577344470212554939e+09,1,0,'{"n": 2}');
INSERT INTO "updates" VALUES(3,'3','7',1.79577344470216727261e+09,0,0,'{"n": 3}');
CREATE INDEX updates_by_chat ON updates (chat, number) WHERE body IS NOT NULL;
CREATE INDEX letters_by_chat ON letters (chat, id);
CREATE INDEX said_by_id ON said (chat, id);
CREATE TRIGGER answering_goes_too AFTER DELETE ON letters BEGIN DELETE FROM answering WHERE letter = OLD.id; END;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('updates',3);
INSERT INTO "sqlite_sequence" VALUES('letters',2);
COMMIT;
