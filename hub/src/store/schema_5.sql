-- What was done with reports, and who opened them: each sealed for the readers of its report alone, all of one
-- size. A place looks like chance; nothing says which report an entry is about, or which entries belong together.
CREATE TABLE report_entries (
    place BLOB PRIMARY KEY,
    bytes BLOB NOT NULL
) STRICT, WITHOUT ROWID;
