-- When an account ended. Its row stays: what it did stands under its name.
ALTER TABLE accounts ADD COLUMN ended_at INTEGER;
