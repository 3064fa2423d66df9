-- Keep in step with ../sqlite/0002_usage.sql: the same tables and columns, in each database's types.
-- Written by analytics alone, and never notified of.

-- Batches that were counted of late, so that one which comes twice counts once.
CREATE TABLE event_batches (
    environment UUID NOT NULL REFERENCES environments ON DELETE CASCADE,
    id TEXT COLLATE "C" NOT NULL,
    received_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (environment, id)
);
CREATE INDEX event_batches_by_age ON event_batches (received_at);

-- Flags by key, not by reference: counts outlive what they are about. No variation is '', no version 0.
CREATE TABLE usage_counts (
    environment UUID NOT NULL REFERENCES environments ON DELETE CASCADE,
    hour TIMESTAMPTZ NOT NULL,
    flag TEXT COLLATE "C" NOT NULL,
    variation TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    flag_version BIGINT NOT NULL,
    count BIGINT NOT NULL,
    PRIMARY KEY (environment, hour, flag, variation, reason, flag_version)
);
CREATE INDEX usage_counts_by_flag ON usage_counts (environment, flag, hour);
CREATE INDEX usage_counts_by_age ON usage_counts (hour);

CREATE TABLE exposures (
    environment UUID NOT NULL REFERENCES environments ON DELETE CASCADE,
    flag TEXT COLLATE "C" NOT NULL,
    variation TEXT COLLATE "C" NOT NULL,
    targeting_key BYTEA NOT NULL,
    flag_version BIGINT NOT NULL,
    first_seen_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (environment, flag, variation, targeting_key)
);
CREATE INDEX exposures_by_age ON exposures (first_seen_at);

CREATE TABLE event_counts (
    environment UUID NOT NULL REFERENCES environments ON DELETE CASCADE,
    hour TIMESTAMPTZ NOT NULL,
    event TEXT COLLATE "C" NOT NULL,
    count BIGINT NOT NULL,
    sum DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (environment, hour, event)
);
CREATE INDEX event_counts_by_age ON event_counts (hour);

CREATE TABLE custom_events (
    environment UUID NOT NULL REFERENCES environments ON DELETE CASCADE,
    event TEXT COLLATE "C" NOT NULL,
    targeting_key BYTEA,
    value DOUBLE PRECISION,
    at TIMESTAMPTZ NOT NULL
);
CREATE INDEX custom_events_by_name ON custom_events (environment, event, at);
CREATE INDEX custom_events_by_age ON custom_events (at);
