-- What an account may see: the office's pages, or the safeguarding desk as the holder of a role.
ALTER TABLE accounts ADD COLUMN duty TEXT NOT NULL DEFAULT 'office';

-- The keys of roles: one for each role, public in clear; private in a copy for each of its holders, under that
-- holder's passphrase alone.
CREATE TABLE role_keys (
    role TEXT NOT NULL,
    account INTEGER NOT NULL REFERENCES accounts(id),
    public BLOB NOT NULL,
    wrapped TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    opened_at INTEGER,
    PRIMARY KEY (role, account)
) STRICT;

-- Which boxes have come, so that none is taken twice. Nothing leads from an envelope to its box.
CREATE TABLE report_boxes (
    box BLOB PRIMARY KEY,
    device BLOB NOT NULL REFERENCES kiosks(device),
    received_at INTEGER NOT NULL
) STRICT;
CREATE INDEX report_boxes_by_kiosk ON report_boxes(device, received_at);

-- Sealed to two roles each; nobody else can tell a report from nothing.
CREATE TABLE sealed_envelopes (
    id BLOB PRIMARY KEY,
    route TEXT NOT NULL,
    bytes BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Envelopes in which one of their roles has found a report. They stay sealed.
CREATE TABLE reports (
    id BLOB PRIMARY KEY,
    route TEXT NOT NULL,
    bytes BLOB NOT NULL,
    found_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- How soon something has to be done. The last one counts; none is ever changed.
CREATE TABLE triages (
    report BLOB NOT NULL REFERENCES reports(id),
    seq INTEGER NOT NULL,
    triage TEXT NOT NULL,
    account INTEGER NOT NULL,
    marked_at INTEGER NOT NULL,
    PRIMARY KEY (report, seq)
) STRICT;
