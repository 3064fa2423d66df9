//! Who was served which variation of a tracked flag, and when first.

use std::collections::BTreeMap;

use sqlx::FromRow;
use time::OffsetDateTime;

use super::batch::UsageBatch;
use super::person::Person;
use crate::EnvironmentId;
use crate::database::Transaction;
use crate::error::Result;
use crate::rows::Rows;
use crate::stamp::truncate;

/// That somebody was served a variation. The fields up to the variation are its key, by which exposures sort.
#[derive(Debug, PartialEq)]
pub(super) struct Exposure<'a> {
    pub(super) environment: EnvironmentId,
    pub(super) person: Person,
    pub(super) flag: &'a str,
    pub(super) variation: &'a str,
    pub(super) flag_version: i64,
    pub(super) first_seen_at: OffsetDateTime,
}

/// The exposures of several batches: the first of each person to each variation, sorted.
pub(super) fn of<'a>(batches: &[&'a UsageBatch]) -> Vec<Exposure<'a>> {
    let mut first: BTreeMap<_, (OffsetDateTime, i64)> = BTreeMap::new();
    for batch in batches {
        let environment = batch.environment;
        for exposure in &batch.exposures {
            let person = Person::new(environment, &exposure.targeting_key);
            let key = (
                environment,
                person,
                exposure.flag.as_str(),
                exposure.variation.as_str(),
            );
            let seen = (truncate(exposure.at), exposure.flag_version);
            let first = first.entry(key).or_insert(seen);
            if seen.0 < first.0 {
                *first = seen;
            }
        }
    }
    let exposures = first.into_iter().map(|(key, seen)| Exposure {
        environment: key.0,
        person: key.1,
        flag: key.2,
        variation: key.3,
        flag_version: seen.1,
        first_seen_at: seen.0,
    });
    exposures.collect()
}

#[derive(FromRow)]
struct Inserted {
    environment: EnvironmentId,
    targeting_key: Vec<u8>,
    flag: String,
    variation: String,
}

/// Writes those that are new, and returns them. Of one that is known, the time that was reported first stays.
pub(super) async fn write<'a, 'b>(
    transaction: &mut Transaction,
    exposures: &'b [Exposure<'a>],
) -> Result<Vec<&'b Exposure<'a>>> {
    let inserted: Vec<Inserted> = Rows::of(exposures)
        .id("environment", |exposure| exposure.environment.as_uuid())
        .bytes("targeting_key", |exposure| Some(exposure.person.as_bytes()))
        .text("flag", |exposure| exposure.flag)
        .text("variation", |exposure| exposure.variation)
        .integer("flag_version", |exposure| exposure.flag_version)
        .time("first_seen_at", |exposure| exposure.first_seen_at)
        .fetch_all(
            transaction,
            "INSERT INTO exposures (environment, targeting_key, flag, variation, flag_version, first_seen_at) \
             SELECT environment, targeting_key, flag, variation, flag_version, first_seen_at FROM given WHERE true \
             ON CONFLICT DO NOTHING RETURNING environment, targeting_key, flag, variation",
        )
        .await?;
    let find = |row: &Inserted| {
        let key = (
            row.environment,
            row.targeting_key.as_slice(),
            row.flag.as_str(),
            row.variation.as_str(),
        );
        let at = exposures.binary_search_by(|exposure| {
            let person = exposure.person.as_bytes();
            (
                exposure.environment,
                person,
                exposure.flag,
                exposure.variation,
            )
                .cmp(&key)
        });
        at.ok().map(|index| &exposures[index])
    };
    Ok(inserted.iter().filter_map(find).collect())
}
