BEGIN TRANSACTION;
CREATE TABLE picks (
    question TEXT NOT NULL, document TEXT NOT NULL, section TEXT NOT NULL, day TEXT NOT NULL, times INTEGER NOT NULL,
    PRIMARY KEY (question, document, section, day)
);
INSERT INTO "picks" VALUES('hạn nộp?','1/CV','II.1','2026-11-27',2);
COMMIT;
