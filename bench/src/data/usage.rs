//! What applications reported of one environment: counts by the hour, and people with an exposure and an event each.

use super::store::{Kind, Store};

/// The event that people did.
pub(crate) const EVENT: &str = "purchase";

/// Over how many days counts are spread.
pub(crate) const DAYS: u64 = 40;

/// Over how many hours people are spread: within the time that exposures are kept.
const PEOPLE_HOURS: u64 = 29 * 24;

/// Inserts counts of an environment: two variations of each flag in every hour, of as many flags as make `counts` rows.
pub(super) async fn insert_counts(
    store: &mut Store,
    environment: u64,
    counts: u64,
    flags: u64,
) -> anyhow::Result<()> {
    let hours = DAYS * 24;
    let used = (counts / hours / 2).clamp(1, flags);
    let environment = store.id(Kind::Environment, &environment.to_string());
    let flag = format!("'flag-' || {}", store.padded("n", 5));
    let sql = format!(
        "INSERT INTO usage_counts (environment, hour, flag, variation, reason, flag_version, count) \
         SELECT {environment}, at, {flag}, variation, 'SPLIT', 1, 1 + (n + hour) % 50 \
         FROM instants CROSS JOIN numbers \
         CROSS JOIN (SELECT 'off' AS variation UNION ALL SELECT 'on' AS variation) AS variations \
         WHERE hour >= 1 AND hour <= {hours} AND n < {used} ORDER BY hour DESC, n, variation"
    );
    store.run(&sql).await?;
    let sql = format!(
        "INSERT INTO flag_usage (environment, flag, last_evaluated_at) \
         SELECT {environment}, {flag}, at FROM instants CROSS JOIN numbers WHERE hour = 1 AND n < {used}"
    );
    store.run(&sql).await
}

/// Inserts people: each was served one variation of the first flag, and did something an hour later.
pub(super) async fn insert_people(
    store: &mut Store,
    environment: u64,
    people: u64,
) -> anyhow::Result<()> {
    let environment = store.id(Kind::Environment, &environment.to_string());
    let person = store.hash("n");
    // Hours scattered over people, none of them the present one or the last.
    let hour = format!("2 + n * 7919 % {}", PEOPLE_HOURS - 2);
    let sql = format!(
        "INSERT INTO exposures (environment, flag, variation, targeting_key, flag_version, first_seen_at) \
         SELECT {environment}, 'flag-00000', CASE WHEN n % 2 = 0 THEN 'on' ELSE 'off' END, {person}, 1, at \
         FROM numbers JOIN instants ON hour = {hour} WHERE n < {people}"
    );
    store.run(&sql).await?;
    let sql = format!(
        "INSERT INTO custom_events (environment, event, targeting_key, value, at) \
         SELECT {environment}, '{EVENT}', {person}, n % 100, at \
         FROM numbers JOIN instants ON hour = {hour} - 1 WHERE n < {people}"
    );
    store.run(&sql).await?;
    let sql = "INSERT INTO event_counts (environment, hour, event, count, sum) \
               SELECT environment, at, event, count(*), sum(value) FROM custom_events GROUP BY environment, at, event";
    store.run(sql).await
}
