-- Keep in step with ../sqlite/0013_audit_chain.sql: the same tables and columns, in each database's types.

-- Where an entry came from, and its place in the organization's chain of hashes.
ALTER TABLE audit_log ADD COLUMN origin JSONB;
ALTER TABLE audit_log ADD COLUMN sequence BIGINT;
ALTER TABLE audit_log ADD COLUMN previous BYTEA;
ALTER TABLE audit_log ADD COLUMN hash BYTEA;
CREATE UNIQUE INDEX audit_log_by_sequence ON audit_log (organization, sequence);
CREATE INDEX audit_log_by_actor ON audit_log (organization, actor_id, id);
-- Entries of older releases, until they are appended to the chain.
CREATE INDEX audit_log_unchained ON audit_log (organization, id) WHERE sequence IS NULL;

-- The last entry of each chain, and the last one that retention deleted. It outlives the organization.
CREATE TABLE audit_heads (
    organization UUID PRIMARY KEY,
    key TEXT COLLATE "C" NOT NULL,
    sequence BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    forgotten BIGINT NOT NULL,
    forgotten_hash BYTEA NOT NULL
);
