-- What kiosks have for children who come back with four pictures: 64 receipts, each let a place for sixty days, answers
-- and decoys in one form. Nothing leads from one to a report, nor to who gave it.
CREATE TABLE answers (
    -- Days since 1970.
    starts INTEGER NOT NULL,
    place INTEGER NOT NULL,
    receipt BLOB NOT NULL UNIQUE,
    sentence BLOB NOT NULL,
    -- From a later day on something else.
    changes INTEGER,
    later BLOB,
    PRIMARY KEY (starts, place),
    CHECK ((changes IS NULL) = (later IS NULL))
) STRICT, WITHOUT ROWID;
