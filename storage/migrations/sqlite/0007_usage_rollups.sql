-- Keep in step with ../postgres/0007_usage_rollups.sql: the same tables and columns, in each database's types.

-- Evaluations by the day, in UTC: what usage_counts adds up to, without reason and version. Written with it.
CREATE TABLE usage_days (
    environment BLOB NOT NULL REFERENCES environments ON DELETE CASCADE,
    flag TEXT NOT NULL,
    day TEXT NOT NULL,
    variation TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (environment, flag, day, variation)
) STRICT;
CREATE INDEX usage_days_by_age ON usage_days (day);
INSERT INTO usage_days (environment, flag, day, variation, count)
    SELECT environment, flag, day, variation, SUM(count) FROM usage_counts_with_day
    GROUP BY environment, flag, day, variation;

-- By person, for what somebody was exposed to is looked up when they do something.
CREATE TABLE exposures_by_person (
    environment BLOB NOT NULL REFERENCES environments ON DELETE CASCADE,
    targeting_key BLOB NOT NULL,
    flag TEXT NOT NULL,
    variation TEXT NOT NULL,
    flag_version INTEGER NOT NULL,
    first_seen_at TEXT NOT NULL,
    PRIMARY KEY (environment, targeting_key, flag, variation)
) STRICT;
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
    environment BLOB NOT NULL REFERENCES environments ON DELETE CASCADE,
    turn INTEGER NOT NULL,
    PRIMARY KEY (environment)
) STRICT;

-- How many people were first served a variation, by the day in UTC.
CREATE TABLE exposure_days (
    environment BLOB NOT NULL REFERENCES environments ON DELETE CASCADE,
    flag TEXT NOT NULL,
    day TEXT NOT NULL,
    variation TEXT NOT NULL,
    people INTEGER NOT NULL,
    PRIMARY KEY (environment, flag, day, variation)
) STRICT;
CREATE INDEX exposure_days_by_age ON exposure_days (day);

-- What they did from then on, by the days in UTC of the exposure and of the event. Somebody converts with the first event.
CREATE TABLE impact_days (
    environment BLOB NOT NULL REFERENCES environments ON DELETE CASCADE,
    flag TEXT NOT NULL,
    event TEXT NOT NULL,
    exposed_day TEXT NOT NULL,
    event_day TEXT NOT NULL,
    variation TEXT NOT NULL,
    converted INTEGER NOT NULL,
    events INTEGER NOT NULL,
    sum REAL NOT NULL,
    PRIMARY KEY (environment, flag, event, exposed_day, event_day, variation)
) STRICT;
CREATE INDEX impact_days_by_age ON impact_days (exposed_day);

-- The day of a time, which each database reckons in its own words.
CREATE VIEW exposures_with_day AS
    SELECT environment, targeting_key, flag, variation, first_seen_at, substr(first_seen_at, 1, 10) || 'T00:00:00.000000Z' AS day
    FROM exposures;
CREATE VIEW custom_events_with_day AS
    SELECT environment, event, targeting_key, value, at, substr(at, 1, 10) || 'T00:00:00.000000Z' AS day
    FROM custom_events;

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
