-- Entries of registers, each row as it was written. What is added to an entry, or put right, is a further row of its
-- thread; nothing is changed. The log names each row with a digest of it.
CREATE TABLE register_entries (
    seq INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    register TEXT NOT NULL,
    thread BLOB NOT NULL,
    what TEXT NOT NULL CHECK (what IN ('says', 'agreed', 'refused')),
    answers BLOB NOT NULL,
    note TEXT NOT NULL,
    version TEXT NOT NULL,
    words BLOB NOT NULL,
    person BLOB,
    party TEXT NOT NULL,
    account INTEGER NOT NULL,
    made_at INTEGER NOT NULL
) STRICT;
CREATE INDEX register_entries_by_register ON register_entries(register, seq);
CREATE INDEX register_entries_by_thread ON register_entries(thread);
CREATE INDEX register_entries_by_person ON register_entries(person) WHERE person IS NOT NULL;

-- That somebody looked a register through: up to which day that counts, and how many entries there were since the
-- last time.
CREATE TABLE register_sign_offs (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    register TEXT NOT NULL,
    covers TEXT NOT NULL,
    entries INTEGER NOT NULL,
    still_open INTEGER NOT NULL,
    note TEXT NOT NULL,
    party TEXT NOT NULL,
    account INTEGER NOT NULL,
    made_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX register_sign_offs_by_register ON register_sign_offs(register, made_at);
