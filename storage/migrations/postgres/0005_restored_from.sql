-- Keep in step with ../sqlite/0005_restored_from.sql: the same columns, in each database's types.

-- The audit entry that a targeting was restored from, and which side of it. Not a reference: entries may expire.
ALTER TABLE audit_log ADD COLUMN restored_entry UUID;
ALTER TABLE audit_log ADD COLUMN restored_state TEXT;
