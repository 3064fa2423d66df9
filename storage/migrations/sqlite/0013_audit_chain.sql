-- Keep in step with ../postgres/0013_audit_chain.sql: the same tables and columns, in each database's types.

-- Where an entry came from, and its place in the organization's chain of hashes.
ALTER TABLE audit_log ADD COLUMN origin TEXT;
ALTER TABLE audit_log ADD COLUMN sequence INTEGER;
ALTER TABLE audit_log ADD COLUMN previous BLOB;
ALTER TABLE audit_log ADD COLUMN hash BLOB;
CREATE UNIQUE INDEX audit_log_by_sequence ON audit_log (organization, sequence);
CREATE INDEX audit_log_by_actor ON audit_log (organization, actor_id, id);
-- Entries of older releases, until they are appended to the chain.
CREATE INDEX audit_log_unchained ON audit_log (organization, id) WHERE sequence IS NULL;

-- The last entry of each chain, and the last one that retention deleted. It outlives the organization.
CREATE TABLE audit_heads (
    organization BLOB PRIMARY KEY,
    key TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    hash BLOB NOT NULL,
    forgotten INTEGER NOT NULL,
    forgotten_hash BLOB NOT NULL
) STRICT;
