-- Keep in step with ../postgres/0002_usage.sql: the same tables and columns, in each database's types.
-- Written by analytics alone, and never notified of.

-- Batches that were counted of late, so that one which comes twice counts once.
CREATE TABLE event_batches (
    environment BLOB NOT NULL REFERENCES environments ON DELETE CASCADE,
    id TEXT NOT NULL,
    received_at TEXT NOT NULL,
    PRIMARY KEY (environment, id)
) STRICT;
CREATE INDEX event_batches_by_age ON event_batches (received_at);

-- Flags by key, not by reference: counts outlive what they are about. No variation is '', no version 0.
CREATE TABLE usage_counts (
    environment BLOB NOT NULL REFERENCES environments ON DELETE CASCADE,
    hour TEXT NOT NULL,
    flag TEXT NOT NULL,
    variation TEXT NOT NULL,
    reason TEXT NOT NULL,
    flag_version INTEGER NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (environment, hour, flag, variation, reason, flag_version)
) STRICT;
CREATE INDEX usage_counts_by_flag ON usage_counts (environment, flag, hour);
CREATE INDEX usage_counts_by_age ON usage_counts (hour);

CREATE TABLE exposures (
    environment BLOB NOT NULL REFERENCES environments ON DELETE CASCADE,
    flag TEXT NOT NULL,
    variation TEXT NOT NULL,
    targeting_key BLOB NOT NULL,
    flag_version INTEGER NOT NULL,
    first_seen_at TEXT NOT NULL,
    PRIMARY KEY (environment, flag, variation, targeting_key)
) STRICT;
CREATE INDEX exposures_by_age ON exposures (first_seen_at);

CREATE TABLE event_counts (
    environment BLOB NOT NULL REFERENCES environments ON DELETE CASCADE,
    hour TEXT NOT NULL,
    event TEXT NOT NULL,
    count INTEGER NOT NULL,
    sum REAL NOT NULL,
    PRIMARY KEY (environment, hour, event)
) STRICT;
CREATE INDEX event_counts_by_age ON event_counts (hour);

CREATE TABLE custom_events (
    environment BLOB NOT NULL REFERENCES environments ON DELETE CASCADE,
    event TEXT NOT NULL,
    targeting_key BLOB,
    value REAL,
    at TEXT NOT NULL
) STRICT;
CREATE INDEX custom_events_by_name ON custom_events (environment, event, at);
CREATE INDEX custom_events_by_age ON custom_events (at);
