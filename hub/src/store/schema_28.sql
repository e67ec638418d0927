-- That somebody does not sign, as they told the office. What was entered is never changed: that it is taken back is added
-- to it.
CREATE TABLE declines (
    id BLOB PRIMARY KEY,
    person BLOB NOT NULL,
    audience TEXT NOT NULL,
    agreement TEXT NOT NULL,
    version TEXT NOT NULL,
    words BLOB NOT NULL,
    year_ends TEXT NOT NULL,
    year_middle TEXT NOT NULL,
    -- The day on which it was said.
    said_on TEXT NOT NULL,
    -- Why, in the office's words; may be empty.
    reason TEXT NOT NULL,
    account INTEGER NOT NULL REFERENCES accounts(id),
    entered_at INTEGER NOT NULL,
    taken_back_at INTEGER,
    taken_back_by INTEGER REFERENCES accounts(id)
) STRICT;

CREATE INDEX declines_by_person ON declines (person);
