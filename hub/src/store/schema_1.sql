-- Named values: the school, its keys, the addresses last served.
CREATE TABLE settings (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT;

-- Numbers that only rise, kept apart from what they number.
CREATE TABLE numbers (kind TEXT PRIMARY KEY, last INTEGER NOT NULL) STRICT;

-- What was done, each entry chained to the one before. Ids, never names.
CREATE TABLE audit (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    what TEXT NOT NULL,
    detail TEXT NOT NULL,
    hash BLOB NOT NULL UNIQUE
) STRICT;

CREATE TABLE kiosks (
    device BLOB PRIMARY KEY,
    key BLOB NOT NULL UNIQUE,
    name TEXT NOT NULL,
    paired_at INTEGER NOT NULL,
    struck_off_at INTEGER,
    epoch INTEGER NOT NULL DEFAULT 1,
    token BLOB,
    seen_at INTEGER,
    waiting INTEGER,
    last_sequence INTEGER,
    pack INTEGER,
    roster INTEGER,
    clock INTEGER
) STRICT;

-- At most one code is good at a time.
CREATE TABLE pairing (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    code TEXT NOT NULL,
    name TEXT,
    made_at INTEGER NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    used_at INTEGER
) STRICT;

-- Every named record, as it was delivered.
CREATE TABLE envelopes (
    id BLOB PRIMARY KEY,
    bytes BLOB NOT NULL,
    kind TEXT NOT NULL,
    device BLOB NOT NULL REFERENCES kiosks(device),
    received_at INTEGER NOT NULL
) STRICT;

-- Which numbers of which kiosk have come, whatever became of the record: so gaps show.
CREATE TABLE places (
    device BLOB NOT NULL,
    epoch INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    digest BLOB NOT NULL,
    PRIMARY KEY (device, epoch, sequence, digest)
) STRICT, WITHOUT ROWID;

-- Kept, but for a person to look at.
CREATE TABLE set_aside (
    device BLOB NOT NULL,
    digest BLOB NOT NULL,
    id BLOB,
    bytes BLOB NOT NULL,
    reason TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    PRIMARY KEY (device, digest)
) STRICT;

CREATE TABLE signatures (
    id BLOB PRIMARY KEY REFERENCES envelopes(id),
    person BLOB NOT NULL,
    audience TEXT NOT NULL,
    agreement TEXT NOT NULL,
    version TEXT NOT NULL,
    words BLOB NOT NULL,
    help_language TEXT,
    help_words BLOB,
    signed_at INTEGER NOT NULL,
    year_starts TEXT NOT NULL,
    year_ends TEXT NOT NULL,
    year_middle TEXT NOT NULL,
    device BLOB NOT NULL,
    mark BLOB NOT NULL,
    helped INTEGER NOT NULL
) STRICT;
CREATE INDEX signatures_by_agreement ON signatures(agreement, audience, person);

-- May come before the signature that it withdraws.
CREATE TABLE undos (
    id BLOB PRIMARY KEY REFERENCES envelopes(id),
    withdraws BLOB NOT NULL,
    reason TEXT NOT NULL,
    undone_at INTEGER NOT NULL
) STRICT;
CREATE INDEX undos_by_signature ON undos(withdraws);

CREATE TABLE packs (
    number INTEGER PRIMARY KEY,
    draft BLOB NOT NULL,
    made INTEGER NOT NULL,
    published_at INTEGER NOT NULL,
    bytes BLOB NOT NULL
) STRICT;

-- Every wording that was ever published, forever.
CREATE TABLE words (digest BLOB PRIMARY KEY, agreement BLOB NOT NULL) STRICT;
CREATE TABLE agreement_versions (
    slug TEXT NOT NULL,
    version TEXT NOT NULL,
    words BLOB NOT NULL REFERENCES words(digest),
    audience TEXT NOT NULL,
    sign_again INTEGER NOT NULL,
    first_pack INTEGER NOT NULL REFERENCES packs(number),
    PRIMARY KEY (slug, version)
) STRICT;

-- The newest only: a roster holds names.
CREATE TABLE rosters (
    number INTEGER PRIMARY KEY,
    made INTEGER NOT NULL,
    content BLOB NOT NULL,
    bytes BLOB NOT NULL
) STRICT;

CREATE TABLE classes (
    id BLOB PRIMARY KEY,
    name TEXT NOT NULL UNIQUE COLLATE NOCASE,
    audience TEXT NOT NULL
) STRICT;

CREATE TABLE people (
    id BLOB PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('pupil', 'staff', 'governor')),
    upn TEXT,
    number TEXT,
    forename TEXT NOT NULL,
    surname TEXT NOT NULL,
    role TEXT,
    year INTEGER,
    class BLOB REFERENCES classes(id),
    tile TEXT NOT NULL,
    joined_at INTEGER NOT NULL,
    left_at INTEGER,
    UNIQUE (kind, upn),
    UNIQUE (kind, number)
) STRICT;
CREATE INDEX people_by_class ON people(class);

CREATE TABLE accounts (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE COLLATE NOCASE,
    password TEXT NOT NULL,
    one_time INTEGER NOT NULL,
    made_at INTEGER NOT NULL
) STRICT;
CREATE TABLE sessions (
    token BLOB PRIMARY KEY,
    account INTEGER NOT NULL REFERENCES accounts(id) ON DELETE CASCADE,
    made_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL
) STRICT;
