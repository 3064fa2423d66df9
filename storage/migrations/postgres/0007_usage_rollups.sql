-- Keep in step with ../sqlite/0007_usage_rollups.sql: the same tables and columns, in each database's types.

-- Evaluations by the day, in UTC: what usage_counts adds up to, without reason and version. Written with it.
CREATE TABLE usage_days (
    environment UUID NOT NULL REFERENCES environments ON DELETE CASCADE,
    flag TEXT COLLATE "C" NOT NULL,
    day TIMESTAMPTZ NOT NULL,
    variation TEXT COLLATE "C" NOT NULL,
    count BIGINT NOT NULL,
    PRIMARY KEY (environment, flag, day, variation)
);
CREATE INDEX usage_days_by_age ON usage_days (day);
INSERT INTO usage_days (environment, flag, day, variation, count)
    SELECT environment, flag, day, variation, SUM(count) FROM usage_counts_with_day
    GROUP BY environment, flag, day, variation;

-- By person, for what somebody was exposed to is looked up when they do something.
CREATE TABLE exposures_by_person (
    environment UUID NOT NULL REFERENCES environments ON DELETE CASCADE,
    targeting_key BYTEA NOT NULL,
    flag TEXT COLLATE "C" NOT NULL,
    variation TEXT COLLATE "C" NOT NULL,
    flag_version BIGINT NOT NULL,
    first_seen_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (environment, targeting_key, flag, variation)
);
INSERT INTO exposures_by_person (environment, targeting_key, flag, variation, flag_version, first_seen_at)
    SELECT environment, targeting_key, flag, variation, flag_version, first_seen_at FROM exposures
    ORDER BY environment, targeting_key, flag, variation;
DROP TABLE exposures;
ALTER TABLE exposures_by_person RENAME TO exposures;
CREATE INDEX exposures_by_age ON exposures (first_seen_at);

-- What somebody did is looked up when they are exposed, whatever it was.
CREATE INDEX custom_events_by_person ON custom_events (environment, targeting_key, event, at);
DROP INDEX custom_events_by_key;

-- Raised first by each transaction that records who did what in an environment: of two, the second waits.
CREATE TABLE impact_turns (
    environment UUID NOT NULL REFERENCES environments ON DELETE CASCADE,
    turn BIGINT NOT NULL,
    PRIMARY KEY (environment)
);

-- How many people were first served a variation, by the day in UTC.
CREATE TABLE exposure_days (
    environment UUID NOT NULL REFERENCES environments ON DELETE CASCADE,
    flag TEXT COLLATE "C" NOT NULL,
    day TIMESTAMPTZ NOT NULL,
    variation TEXT COLLATE "C" NOT NULL,
    people BIGINT NOT NULL,
    PRIMARY KEY (environment, flag, day, variation)
);
CREATE INDEX exposure_days_by_age ON exposure_days (day);

-- What they did from then on, by the days in UTC of the exposure and of the event. Somebody converts with the first event.
CREATE TABLE impact_days (
    environment UUID NOT NULL REFERENCES environments ON DELETE CASCADE,
    flag TEXT COLLATE "C" NOT NULL,
    event TEXT COLLATE "C" NOT NULL,
    exposed_day TIMESTAMPTZ NOT NULL,
    event_day TIMESTAMPTZ NOT NULL,
    variation TEXT COLLATE "C" NOT NULL,
    converted BIGINT NOT NULL,
    events BIGINT NOT NULL,
    sum DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (environment, flag, event, exposed_day, event_day, variation)
);
CREATE INDEX impact_days_by_age ON impact_days (exposed_day);

-- The day of a time, which each database reckons in its own words.
CREATE VIEW exposures_with_day AS
    SELECT environment, targeting_key, flag, variation, first_seen_at, date_trunc('day', first_seen_at, 'UTC') AS day
    FROM exposures;
CREATE VIEW custom_events_with_day AS
    SELECT environment, event, targeting_key, value, at, date_trunc('day', at, 'UTC') AS day
    FROM custom_events;

-- Sums are updated all the time. With room for another version in the same page, an update touches no index.
ALTER TABLE usage_counts SET (fillfactor = 50);
ALTER TABLE usage_days SET (fillfactor = 50);
ALTER TABLE event_counts SET (fillfactor = 50);
ALTER TABLE exposure_days SET (fillfactor = 50);
ALTER TABLE impact_days SET (fillfactor = 50);

INSERT INTO exposure_days (environment, flag, day, variation, people)
    SELECT environment, flag, day, variation, COUNT(*) FROM exposures_with_day
    GROUP BY environment, flag, day, variation;
INSERT INTO impact_days (environment, flag, event, exposed_day, event_day, variation, converted, events, sum)
    SELECT environment, flag, event, exposed_day, event_day, variation,
        SUM(CASE WHEN event_day = first_day THEN 1 ELSE 0 END), SUM(events), SUM(total)
    FROM (
        SELECT environment, flag, event, exposed_day, event_day, variation, events, total,
            MIN(event_day) OVER (PARTITION BY environment, targeting_key, flag, variation, event) AS first_day
        FROM (
            SELECT exposures.environment AS environment, exposures.targeting_key AS targeting_key,
                exposures.flag AS flag, exposures.variation AS variation, acts.event AS event,
                exposures.day AS exposed_day, acts.day AS event_day,
                COUNT(*) AS events, COALESCE(SUM(acts.value), 0.0) AS total
            FROM exposures_with_day AS exposures JOIN custom_events_with_day AS acts
            ON acts.environment = exposures.environment AND acts.targeting_key = exposures.targeting_key
            AND acts.at >= exposures.first_seen_at
            GROUP BY exposures.environment, exposures.targeting_key, exposures.flag, exposures.variation, acts.event,
                exposures.day, acts.day
        ) AS each_day
    ) AS each_first
    GROUP BY environment, flag, event, exposed_day, event_day, variation;
