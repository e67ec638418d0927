-- Whoever said that they were going may have to say that they cannot: from then on the call stands anew.
ALTER TABLE calls ADD COLUMN given_back_at INTEGER;
-- Somebody has noted that nobody went.
ALTER TABLE calls ADD COLUMN seen_at INTEGER;
ALTER TABLE calls ADD COLUMN seen_by INTEGER;

-- Pages that go on hearing calls when their session has ended. No sessions are referred to: these outlive them.
CREATE TABLE listeners (
    token BLOB PRIMARY KEY,
    account INTEGER NOT NULL REFERENCES accounts(id) ON DELETE CASCADE,
    session BLOB NOT NULL,
    made_at INTEGER NOT NULL
) STRICT;
CREATE INDEX listeners_by_session ON listeners(session);
