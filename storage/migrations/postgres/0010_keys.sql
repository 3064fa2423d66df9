-- Keep in step with ../sqlite/0010_keys.sql.

-- Keys of flags and segments are case-sensitive; lists have them in order, and find them, without regard to case.
CREATE INDEX flags_by_key ON flags (project, lower(key), id);
CREATE INDEX segments_by_key ON segments (project, lower(key), id);
