-- Where the last check of the website found pupils shown. A place that is gone from the site, or that somebody took
-- down, stays here with when and who until the pupil is removed.
CREATE TABLE published (
    pupil BLOB NOT NULL,
    page TEXT NOT NULL,
    picture BLOB NOT NULL,
    listed_at INTEGER NOT NULL,
    gone_at INTEGER,
    gone_account INTEGER,
    PRIMARY KEY (pupil, page, picture)
) STRICT, WITHOUT ROWID;
CREATE TABLE published_list (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    made_at INTEGER NOT NULL,
    taken_at INTEGER NOT NULL
) STRICT;
