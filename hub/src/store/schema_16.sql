-- Keys that roles had before. What was sealed for one stays so; its private half lies here sealed for the key that came
-- after it, so that whoever holds the key of now reads what was told before, and nobody else does. Of one that was lost there is none.
CREATE TABLE earlier_role_keys (
    role TEXT NOT NULL,
    public BLOB NOT NULL,
    sealed BLOB,
    sealed_for BLOB,
    made_at INTEGER NOT NULL,
    retired_at INTEGER NOT NULL,
    -- Who changed it.
    account INTEGER NOT NULL REFERENCES accounts(id),
    -- The last number of a roster that may name it.
    roster INTEGER NOT NULL,
    PRIMARY KEY (role, public),
    CHECK ((sealed IS NULL) = (sealed_for IS NULL))
) STRICT, WITHOUT ROWID;

-- Holders' copies of a lost key, each under a passphrase that nobody knows now and somebody may remember.
CREATE TABLE lost_role_keys (
    role TEXT NOT NULL,
    public BLOB NOT NULL,
    account INTEGER NOT NULL REFERENCES accounts(id),
    wrapped TEXT NOT NULL,
    PRIMARY KEY (role, public, account)
) STRICT, WITHOUT ROWID;
