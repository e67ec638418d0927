-- What was erased, by its random id, so that neither a kiosk that comes late nor an older backup brings it back.
CREATE TABLE tombstones (id BLOB PRIMARY KEY, erased_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;

-- Which rules of retention are in force, since when they are seen here, and when they were last looked at.
CREATE TABLE retention (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    rules BLOB NOT NULL,
    seen_on TEXT NOT NULL,
    looked_on TEXT NOT NULL,
    stopped_by INTEGER
) STRICT;

-- People of whom nothing may be removed, and why.
CREATE TABLE holds (
    person BLOB PRIMARY KEY,
    reason TEXT NOT NULL,
    account INTEGER NOT NULL,
    held_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- When a grown-up last decided for a pupil here whose own time is over.
ALTER TABLE grown_ups ADD COLUMN left_at INTEGER;
