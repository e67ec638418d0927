-- Pages for staff alone, as they came with the newest pack, in the order of lists.
CREATE TABLE staff_pages (
    place INTEGER PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    page BLOB NOT NULL
) STRICT;
