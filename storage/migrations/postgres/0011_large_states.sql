-- Keep in step with ../sqlite/0011_large_states.sql: the same tables and columns, in each database's types.

-- What an entry leaves out of the states before and after, where they are large.
ALTER TABLE audit_log ADD COLUMN elided JSONB;

-- Large targetings whole, so that they can be restored: the latest of each flag, by a number of bytes.
CREATE TABLE recorded_states (
    entry UUID PRIMARY KEY REFERENCES audit_log ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    environment UUID NOT NULL REFERENCES environments ON DELETE CASCADE,
    flag UUID NOT NULL REFERENCES flags ON DELETE CASCADE,
    bytes BIGINT NOT NULL,
    before JSONB NOT NULL,
    after JSONB NOT NULL
);
CREATE INDEX recorded_states_by_flag ON recorded_states (environment, flag, entry);
-- Finds what goes with a flag.
CREATE INDEX recorded_states_of_flag ON recorded_states (flag);
