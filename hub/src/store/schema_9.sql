-- The hub's own report box: sixteen envelopes under a key that only roles can open, each box of one size. A box is
-- written whole again and again until it is closed; it goes when a role has opened it.
CREATE TABLE own_boxes (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    sealed BLOB NOT NULL
) STRICT;
