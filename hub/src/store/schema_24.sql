-- What a person has looked at of the records that were set aside, or that have something odd about them, and what they
-- wrote about it. It goes with the record.
CREATE TABLE set_aside_looked (
    device BLOB NOT NULL,
    digest BLOB NOT NULL,
    note TEXT NOT NULL,
    account INTEGER NOT NULL REFERENCES accounts(id),
    looked_at INTEGER NOT NULL,
    PRIMARY KEY (device, digest),
    FOREIGN KEY (device, digest) REFERENCES set_aside (device, digest) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE odd_looked (
    id BLOB NOT NULL REFERENCES envelopes(id) ON DELETE CASCADE,
    oddity TEXT NOT NULL,
    note TEXT NOT NULL,
    account INTEGER NOT NULL REFERENCES accounts(id),
    looked_at INTEGER NOT NULL,
    PRIMARY KEY (id, oddity)
) STRICT, WITHOUT ROWID;
