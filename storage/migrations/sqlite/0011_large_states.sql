-- Keep in step with ../postgres/0011_large_states.sql: the same tables and columns, in each database's types.

-- What an entry leaves out of the states before and after, where they are large.
ALTER TABLE audit_log ADD COLUMN elided TEXT;

-- Large targetings whole, so that they can be restored: the latest of each flag, by a number of bytes.
CREATE TABLE recorded_states (
    entry BLOB PRIMARY KEY REFERENCES audit_log ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    environment BLOB NOT NULL REFERENCES environments ON DELETE CASCADE,
    flag BLOB NOT NULL REFERENCES flags ON DELETE CASCADE,
    bytes INTEGER NOT NULL,
    before TEXT NOT NULL,
    after TEXT NOT NULL
) STRICT;
CREATE INDEX recorded_states_by_flag ON recorded_states (environment, flag, entry);
-- Finds what goes with a flag.
CREATE INDEX recorded_states_of_flag ON recorded_states (flag);
