-- What the phone of an account knows; asked for at each sign-in once it is set up.
CREATE TABLE second_steps (
    account INTEGER PRIMARY KEY REFERENCES accounts(id) ON DELETE CASCADE,
    secret BLOB NOT NULL,
    since INTEGER,
    used INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Digests of codes on paper that have not been used.
CREATE TABLE recovery_codes (
    account INTEGER NOT NULL REFERENCES accounts(id) ON DELETE CASCADE,
    code BLOB NOT NULL,
    PRIMARY KEY (account, code)
) STRICT, WITHOUT ROWID;
