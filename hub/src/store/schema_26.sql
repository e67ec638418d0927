-- Small groups of pupils for whoever holds the camera: a team on the day of its match. Each ends by itself.
CREATE TABLE camera_groups (
    id BLOB PRIMARY KEY,
    name TEXT NOT NULL,
    -- The last day on which it is there.
    ends_on TEXT NOT NULL,
    account INTEGER NOT NULL REFERENCES accounts(id),
    made_at INTEGER NOT NULL
) STRICT;

CREATE TABLE camera_group_people (
    camera_group BLOB NOT NULL REFERENCES camera_groups(id) ON DELETE CASCADE,
    person BLOB NOT NULL,
    PRIMARY KEY (camera_group, person)
) STRICT, WITHOUT ROWID;

-- A picture that the school supplies, so that whoever holds a camera knows whom to leave out. Nothing else shows it.
CREATE TABLE portraits (
    person BLOB PRIMARY KEY,
    jpeg BLOB NOT NULL,
    account INTEGER NOT NULL REFERENCES accounts(id),
    kept_at INTEGER NOT NULL
) STRICT;
