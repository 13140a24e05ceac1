BEGIN TRANSACTION;
CREATE TABLE before (turn TEXT PRIMARY KEY, state TEXT NOT NULL);
INSERT INTO "before" VALUES('t1','trước');
INSERT INTO "before" VALUES('t2','');
CREATE TABLE owners (conversation TEXT PRIMARY KEY, owner TEXT NOT NULL);
INSERT INTO "owners" VALUES('talk','chủ');
CREATE TABLE picked (turn TEXT PRIMARY KEY, place INTEGER NOT NULL);
INSERT INTO "picked" VALUES('t1',2);
CREATE TABLE sent (form TEXT PRIMARY KEY, at REAL NOT NULL, turn TEXT NOT NULL);
CREATE TABLE shares (turn TEXT PRIMARY KEY, share TEXT NOT NULL UNIQUE);
INSERT INTO "shares" VALUES('t1','s1');
INSERT INTO "shares" VALUES('t2','s2');
CREATE TABLE turns (
    position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, conversation TEXT NOT NULL, asked REAL NOT NULL, answer TEXT NOT NULL
);
INSERT INTO "turns" VALUES(1,'t1','talk',1.0,'{"question": "một"}');
INSERT INTO "turns" VALUES(2,'t2','talk',2.0,'{"question": "hai"}');
CREATE INDEX turns_by_conversation ON turns (conversation, position);
CREATE INDEX turns_by_day ON turns (asked);
CREATE INDEX owners_by_owner ON owners (owner);
CREATE TRIGGER picked_goes_too AFTER DELETE ON turns BEGIN DELETE FROM picked WHERE turn = OLD.id; END;
CREATE TRIGGER rest_goes_too AFTER DELETE ON turns BEGIN
    DELETE FROM shares WHERE turn = OLD.id;
    DELETE FROM before WHERE turn = OLD.id;
    DELETE FROM owners
    WHERE conversation = OLD.conversation AND NOT EXISTS (SELECT 1 FROM turns WHERE conversation = OLD.conversation);
END;
COMMIT;
