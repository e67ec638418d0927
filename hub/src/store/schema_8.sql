-- Files about a pupil for their next school, and when its receipt came back.
CREATE TABLE transfers (
    number INTEGER PRIMARY KEY,
    person BLOB NOT NULL,
    account INTEGER NOT NULL,
    made_at INTEGER NOT NULL,
    received_at INTEGER
) STRICT;
CREATE INDEX transfers_by_person ON transfers(person);
