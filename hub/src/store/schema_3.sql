-- A household: those who live under one address and decide for children they have in common.
CREATE TABLE families (
    id BLOB PRIMARY KEY,
    -- A list each, of lines.
    address TEXT NOT NULL,
    -- What its code begins with, and the key that the code makes; the code itself is nowhere.
    locator INTEGER UNIQUE,
    key BLOB,
    code_made_at INTEGER,
    CHECK ((locator IS NULL) = (key IS NULL))
) STRICT;

-- People with parental responsibility. They stay when they have left, for what they decided.
CREATE TABLE grown_ups (
    id BLOB PRIMARY KEY,
    family BLOB REFERENCES families(id),
    number TEXT UNIQUE,
    name TEXT NOT NULL,
    salutation TEXT,
    language TEXT
) STRICT;
CREATE INDEX grown_ups_by_family ON grown_ups(family);

CREATE TABLE responsibilities (
    grown_up BLOB NOT NULL REFERENCES grown_ups(id),
    pupil BLOB NOT NULL REFERENCES people(id),
    relation TEXT NOT NULL,
    since INTEGER NOT NULL,
    ended_at INTEGER,
    PRIMARY KEY (grown_up, pupil)
) STRICT, WITHOUT ROWID;
CREATE INDEX responsibilities_by_pupil ON responsibilities(pupil);

-- Every decision, whatever came after it. One that the office entered has an account.
CREATE TABLE consent_decisions (
    id BLOB PRIMARY KEY,
    pupil BLOB NOT NULL,
    by_person BLOB NOT NULL,
    form TEXT NOT NULL,
    decision BLOB NOT NULL,
    account INTEGER,
    taken_at INTEGER NOT NULL
) STRICT;
CREATE INDEX consent_decisions_by_pupil ON consent_decisions(pupil, form);

-- A no that the office has lifted, and why. None is ever taken back: whoever said no says it again.
CREATE TABLE lifted_noes (
    decision BLOB NOT NULL REFERENCES consent_decisions(id),
    purpose TEXT NOT NULL,
    reason TEXT NOT NULL,
    account INTEGER NOT NULL,
    lifted_at INTEGER NOT NULL,
    PRIMARY KEY (decision, purpose)
) STRICT;

-- Every wording of a form that was ever published, forever.
CREATE TABLE form_words (digest BLOB PRIMARY KEY, form BLOB NOT NULL) STRICT;

-- Calls for a grown-up, with who went. They do not say who called.
CREATE TABLE calls (
    id BLOB PRIMARY KEY,
    device BLOB NOT NULL REFERENCES kiosks(device),
    received_at INTEGER NOT NULL,
    taken_at INTEGER,
    account INTEGER
) STRICT;
CREATE INDEX calls_by_time ON calls(received_at);

-- What came before there was a place for it is opened and filed at the next start.
UPDATE envelopes SET kind = 'sealed' WHERE kind = 'consent';
