-- That contact with a pupil is restricted, of one grown-up or in general, with what the school wrote down. It is for
-- the office and the headteacher; nothing that leaves the desk is made from it. Whoever it is about gets no letter and
-- no code until somebody has decided that they may.
CREATE TABLE restrictions (
    id BLOB PRIMARY KEY,
    pupil BLOB NOT NULL,
    grown_up BLOB,
    note TEXT NOT NULL,
    account INTEGER NOT NULL,
    made_at INTEGER NOT NULL,
    letters_at INTEGER,
    letters_account INTEGER,
    ended_at INTEGER,
    ended_account INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX restrictions_by_pupil ON restrictions(pupil);
