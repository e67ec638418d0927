-- Recovery sheets: the key of a role under a secret that is on paper alone, in two halves. One is in force for each role;
-- of those before it stays that they were, so that a half of one is told apart, and nothing that it would open.
CREATE TABLE recovery_sheets (
    role TEXT NOT NULL,
    number INTEGER NOT NULL,
    public BLOB NOT NULL,
    wrapped TEXT,
    -- Digests of its halves.
    first BLOB NOT NULL,
    second BLOB NOT NULL,
    account INTEGER NOT NULL REFERENCES accounts(id),
    made_at INTEGER NOT NULL,
    void_at INTEGER,
    PRIMARY KEY (role, number),
    CHECK ((wrapped IS NULL) = (void_at IS NOT NULL))
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX recovery_sheets_in_force ON recovery_sheets(role) WHERE void_at IS NULL;

-- Each time that a sheet was used: by whose two accounts, and for whose.
CREATE TABLE recoveries (
    id INTEGER PRIMARY KEY,
    role TEXT NOT NULL,
    number INTEGER NOT NULL,
    one INTEGER NOT NULL REFERENCES accounts(id),
    other INTEGER NOT NULL REFERENCES accounts(id),
    holder INTEGER NOT NULL REFERENCES accounts(id),
    used_at INTEGER NOT NULL
) STRICT;
-- Which holders have seen that it was.
CREATE TABLE recoveries_seen (
    recovery INTEGER NOT NULL REFERENCES recoveries(id),
    account INTEGER NOT NULL REFERENCES accounts(id),
    PRIMARY KEY (recovery, account)
) STRICT, WITHOUT ROWID;
