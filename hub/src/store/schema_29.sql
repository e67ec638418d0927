-- What the office notes of a person and an agreement beside signatures: that its words were shown to them, or that they do
-- not sign. What was entered is never changed: that it is taken back is added to it.
CREATE TABLE office_notes (
    id BLOB PRIMARY KEY,
    what TEXT NOT NULL CHECK (what IN ('shown', 'declined')),
    person BLOB NOT NULL,
    audience TEXT NOT NULL,
    agreement TEXT NOT NULL,
    version TEXT NOT NULL,
    words BLOB NOT NULL,
    year_ends TEXT NOT NULL,
    year_middle TEXT NOT NULL,
    -- The day on which it was shown or said.
    day TEXT NOT NULL,
    -- Where it was shown, or why somebody does not sign, in the office's words; may be empty.
    remark TEXT NOT NULL,
    account INTEGER NOT NULL REFERENCES accounts(id),
    entered_at INTEGER NOT NULL,
    -- What was shown to a whole class or group at once has an id in common, and the section of the register.
    showing BLOB,
    section TEXT,
    taken_back_at INTEGER,
    taken_back_by INTEGER REFERENCES accounts(id),
    CHECK ((showing IS NULL) = (section IS NULL)),
    CHECK (showing IS NULL OR what = 'shown')
) STRICT;

INSERT INTO office_notes (id, what, person, audience, agreement, version, words, year_ends, year_middle, day, remark, account,
    entered_at, taken_back_at, taken_back_by)
SELECT id, 'declined', person, audience, agreement, version, words, year_ends, year_middle, said_on, reason, account,
    entered_at, taken_back_at, taken_back_by
FROM declines;

DROP TABLE declines;

CREATE INDEX office_notes_by_person ON office_notes (person);
CREATE INDEX office_notes_by_showing ON office_notes (showing) WHERE showing IS NOT NULL;
