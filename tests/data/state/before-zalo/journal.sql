BEGIN TRANSACTION;
CREATE TABLE questions (
    id TEXT PRIMARY KEY, asked REAL NOT NULL, channel TEXT NOT NULL, who TEXT NOT NULL, kind TEXT NOT NULL, status TEXT NOT NULL,
    seconds REAL NOT NULL, cited TEXT NOT NULL, question TEXT NOT NULL, vote TEXT NOT NULL DEFAULT '', reason TEXT NOT NULL DEFAULT ''
);
INSERT INTO "questions" VALUES('a',1.79577348012339353556e+09,'web','an','not_found','not_found',0.1,'','hạn nộp?','','');
INSERT INTO "questions" VALUES('b',1.79577348012347960473e+09,'telegram','bình','not_found','not_found',0.2,'','hạn nộp?','down','sai');
CREATE TABLE remarks (
    id TEXT PRIMARY KEY, role TEXT NOT NULL DEFAULT '', topic TEXT NOT NULL DEFAULT '',
    sent REAL NOT NULL DEFAULT 0, note TEXT NOT NULL DEFAULT '', done REAL NOT NULL DEFAULT 0
);
INSERT INTO "remarks" VALUES('a','thpt','Học bạ',1.79577348012351942067e+09,'cần gấp',0.0);
INSERT INTO "remarks" VALUES('b','','',0.0,'',0.0);
CREATE TABLE suggestions (
    id TEXT PRIMARY KEY, sent REAL NOT NULL, channel TEXT NOT NULL, who TEXT NOT NULL, words TEXT NOT NULL
);
INSERT INTO "suggestions" VALUES('s',1.79577348012367725375e+09,'web','an','chữ to');
CREATE INDEX questions_by_day ON questions (asked);
CREATE TRIGGER remarks_go_too AFTER DELETE ON questions BEGIN DELETE FROM remarks WHERE id = OLD.id; END;
COMMIT;
