-- Every try to make a backup, with what was in it, or why there is none. Files and numbers, no names.
CREATE TABLE backups (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    folder TEXT NOT NULL,
    file TEXT,
    bytes INTEGER,
    records INTEGER,
    people INTEGER,
    same_disk INTEGER,
    why TEXT,
    CHECK ((file IS NULL) = (why IS NOT NULL))
) STRICT;

-- Up to which place all that a kiosk has delivered is in the last good backup, and in the one before it too.
CREATE TABLE backed_up (
    device BLOB PRIMARY KEY REFERENCES kiosks(device),
    last_epoch INTEGER NOT NULL,
    last_sequence INTEGER NOT NULL,
    both_epoch INTEGER NOT NULL,
    both_sequence INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
