-- Volunteers may have a list of their own.
CREATE TABLE people_anew (
    id BLOB PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('pupil', 'staff', 'volunteer', 'governor')),
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
INSERT INTO people_anew (id, kind, upn, number, forename, surname, role, year, class, tile, joined_at, left_at)
    SELECT id, kind, upn, number, forename, surname, role, year, class, tile, joined_at, left_at FROM people;
DROP TABLE people;
ALTER TABLE people_anew RENAME TO people;
CREATE INDEX people_by_class ON people(class);

-- What the columns of a list held the last time, by heading. No person is in it.
CREATE TABLE list_columns (
    list TEXT NOT NULL,
    heading TEXT NOT NULL,
    meaning TEXT NOT NULL,
    PRIMARY KEY (list, heading)
) STRICT, WITHOUT ROWID;

-- The last list that was taken, as every row that it changed, before and after: one press takes it back. It goes
-- after a week, with the next list, and with anybody in it who is erased.
CREATE TABLE list_taken (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    what TEXT NOT NULL,
    changes TEXT NOT NULL,
    actor TEXT NOT NULL,
    taken_at INTEGER NOT NULL
) STRICT;
