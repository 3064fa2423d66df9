-- Keep in step with ../postgres/0003_usage_reports.sql: the same tables and columns, in each database's types.

-- When each flag was last evaluated: found without adding up its counts, and known when they are forgotten.
CREATE TABLE flag_usage (
    environment BLOB NOT NULL REFERENCES environments ON DELETE CASCADE,
    flag TEXT NOT NULL,
    last_evaluated_at TEXT NOT NULL,
    PRIMARY KEY (environment, flag)
) STRICT;
INSERT INTO flag_usage (environment, flag, last_evaluated_at)
    SELECT environment, flag, MAX(hour) FROM usage_counts GROUP BY environment, flag;

-- The day of an hour, which each database reckons in its own words.
CREATE VIEW usage_counts_with_day AS
    SELECT environment, hour, substr(hour, 1, 10) || 'T00:00:00.000000Z' AS day, flag, variation, reason, flag_version, count
    FROM usage_counts;

-- Who was exposed to a variation is looked up among those who did something.
CREATE INDEX custom_events_by_key ON custom_events (environment, event, targeting_key, at);
DROP INDEX custom_events_by_name;

-- The description in lower case, which searching uses.
ALTER TABLE flags ADD COLUMN folded_description TEXT NOT NULL DEFAULT '';
UPDATE flags SET folded_description = lower(description);
