-- What went by USB stick. Of each kiosk: which of its files were read, ...
CREATE TABLE carries (
    device BLOB NOT NULL REFERENCES kiosks(device),
    number INTEGER NOT NULL,
    digest BLOB NOT NULL,
    PRIMARY KEY (device, number, digest)
) STRICT, WITHOUT ROWID;
-- ... what came with the last of them and what is answered to it, ...
CREATE TABLE stick_exchanges (
    device BLOB PRIMARY KEY REFERENCES kiosks(device),
    carry INTEGER NOT NULL,
    made_at INTEGER NOT NULL,
    read_at INTEGER NOT NULL,
    records INTEGER NOT NULL,
    fresh INTEGER NOT NULL,
    aside INTEGER NOT NULL,
    boxes INTEGER NOT NULL,
    boxes_later INTEGER NOT NULL,
    pack INTEGER,
    roster INTEGER,
    seal BLOB NOT NULL,
    answer BLOB NOT NULL
) STRICT;
-- ... and the tokens of the files that were made for it, until it shows one of them or greets by wire.
CREATE TABLE return_tokens (
    device BLOB NOT NULL REFERENCES kiosks(device),
    number INTEGER NOT NULL,
    token BLOB NOT NULL,
    PRIMARY KEY (device, number)
) STRICT, WITHOUT ROWID;
-- When a file was last made for it: then it may have what was newest.
ALTER TABLE kiosks ADD COLUMN given_at INTEGER;
