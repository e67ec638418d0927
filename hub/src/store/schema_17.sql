-- The visitors' book: who signed at the entrance, or on paper, and is on no list. What was taken back stays with when,
-- by whom and why.
CREATE TABLE visitors (
    id BLOB PRIMARY KEY,
    name TEXT NOT NULL,
    about TEXT,
    audience TEXT NOT NULL,
    agreement TEXT NOT NULL,
    version TEXT NOT NULL,
    words BLOB NOT NULL,
    help_language TEXT,
    help_words BLOB,
    signed_at INTEGER NOT NULL,
    -- One of the two: the kiosk that took it, or the account that entered the paper.
    device BLOB,
    account INTEGER,
    -- None on paper.
    mark BLOB,
    undone_at INTEGER,
    undone_account INTEGER,
    undone_why TEXT,
    CHECK ((device IS NULL) <> (account IS NULL))
) STRICT;
CREATE INDEX visitors_by_day ON visitors(signed_at);
