-- A signature comes from a kiosk, in an envelope, or from a paper that somebody at the desk entered; so does what
-- withdraws one. The tables are made anew, for what came on paper has no envelope.
CREATE TABLE signatures_of_both (
    id BLOB PRIMARY KEY,
    -- Its own, where it came from a kiosk.
    envelope BLOB REFERENCES envelopes(id),
    person BLOB NOT NULL,
    audience TEXT NOT NULL,
    agreement TEXT NOT NULL,
    version TEXT NOT NULL,
    words BLOB NOT NULL,
    help_language TEXT,
    help_words BLOB,
    -- Of a paper, the day that stands on it.
    signed_at INTEGER NOT NULL,
    year_starts TEXT NOT NULL,
    year_ends TEXT NOT NULL,
    year_middle TEXT NOT NULL,
    helped INTEGER NOT NULL,
    -- At a kiosk: which, and the mark.
    device BLOB,
    mark BLOB,
    -- On paper: who entered it when, and what was entered together with it.
    account INTEGER REFERENCES accounts(id),
    entered_at INTEGER,
    sheet BLOB,
    CHECK (coalesce(envelope = id, 1)),
    CHECK ((envelope IS NULL) = (device IS NULL) AND (device IS NULL) = (mark IS NULL)),
    CHECK ((device IS NULL) <> (account IS NULL)),
    CHECK ((account IS NULL) = (entered_at IS NULL) AND (account IS NULL) = (sheet IS NULL))
) STRICT;
INSERT INTO signatures_of_both (id, envelope, person, audience, agreement, version, words, help_language, help_words,
        signed_at, year_starts, year_ends, year_middle, helped, device, mark)
    SELECT id, id, person, audience, agreement, version, words, help_language, help_words,
        signed_at, year_starts, year_ends, year_middle, helped, device, mark
    FROM signatures;
DROP TABLE signatures;
ALTER TABLE signatures_of_both RENAME TO signatures;
CREATE INDEX signatures_by_agreement ON signatures(agreement, audience, person);
CREATE INDEX signatures_by_sheet ON signatures(sheet) WHERE sheet IS NOT NULL;

CREATE TABLE undos_of_both (
    id BLOB PRIMARY KEY,
    envelope BLOB REFERENCES envelopes(id),
    withdraws BLOB NOT NULL,
    reason TEXT NOT NULL,
    undone_at INTEGER NOT NULL,
    -- At the desk: who.
    account INTEGER REFERENCES accounts(id),
    CHECK (coalesce(envelope = id, 1)),
    CHECK ((envelope IS NULL) <> (account IS NULL))
) STRICT;
INSERT INTO undos_of_both (id, envelope, withdraws, reason, undone_at)
    SELECT id, id, withdraws, reason, undone_at FROM undos;
DROP TABLE undos;
ALTER TABLE undos_of_both RENAME TO undos;
CREATE INDEX undos_by_signature ON undos(withdraws);

-- Scans of papers. What is read stands before the bytes, so that a list of them reads no scan.
CREATE TABLE scans (
    id BLOB PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('pdf', 'jpeg', 'png')),
    account INTEGER NOT NULL REFERENCES accounts(id),
    kept_at INTEGER NOT NULL,
    bytes BLOB NOT NULL
) STRICT;
-- Which scan belongs to which signature, consent decision or line of the visitors' book: one to many of them, as a
-- class signs one sheet. It goes with the last of them.
CREATE TABLE scanned (
    record BLOB PRIMARY KEY,
    scan BLOB NOT NULL REFERENCES scans(id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX scanned_by_scan ON scanned(scan);
