-- Keep in step with ../postgres/0009_flag_metadata.sql: the same columns, in each database's types.

-- What people note about a flag for their tools: strings, numbers and booleans by name.
ALTER TABLE flags ADD COLUMN metadata TEXT NOT NULL DEFAULT '{}';
