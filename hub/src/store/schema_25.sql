-- Answers from paper that the office entered by mistake and took back. They stay, and say nothing: what the same person
-- had answered before stands again.
CREATE TABLE consent_taken_back (
    decision BLOB PRIMARY KEY REFERENCES consent_decisions(id),
    -- One of a few fixed words, so that nothing about anybody is written down with it.
    reason TEXT NOT NULL,
    account INTEGER NOT NULL REFERENCES accounts(id),
    taken_back_at INTEGER NOT NULL
) STRICT;
