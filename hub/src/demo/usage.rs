//! What the demo's applications did before anyone started it: made up, from the rules that were in force.
//!
//! Imaginary visitors are given what the flags of the time served to them, so that the counts follow the story: a rollout
//! that grew shows as one. Written once, when the demo is made; from then on only what really happens is counted.

use std::collections::BTreeMap;

use peekaboo_flags::{CompiledRuleset, Context, Ruleset};
use peekaboo_storage::{
    ChangesSince, Environment, Error, Storage, UsageBatch, UsageCount, UsageEvent, UsageExposure,
};
use time::{Duration, OffsetDateTime};

/// How far back there is usage.
const DAYS: i64 = 30;

/// In these last days visitors are counted by the hour, and before once a day.
const BY_THE_HOUR: i64 = 7;

/// How many different visitors there are.
const VISITORS: u32 = 240;

/// Flags whose code is gone from the shop: not evaluated since their first day.
const GONE: [&str; 1] = ["instant-refunds"];

/// The version of an environment in which nothing has happened yet.
const FIRST_VERSION: i64 = 1;

/// The changes that one environment's log may have here, and more.
const LOG: u32 = 1_000;

/// Variation, reason and the flag's version.
type Outcome = (Option<String>, &'static str, Option<u64>);

/// What a flag serves to all visitors together.
type Served = BTreeMap<String, BTreeMap<Outcome, u64>>;

/// Makes up what happened in an environment until now.
pub(super) async fn imagine(
    storage: &Storage,
    environment: &Environment,
    now: OffsetDateTime,
) -> Result<(), Error> {
    let eras = eras(storage, environment).await?;
    let mut batches = Vec::new();
    let mut at = now - Duration::days(DAYS);
    while at <= now {
        let is_recent = now - at <= Duration::days(BY_THE_HOUR);
        let step = if is_recent {
            Duration::HOUR
        } else {
            Duration::DAY
        };
        let visits = visits(at) * if is_recent { 1 } else { 24 };
        if let Some((_, served)) = eras.iter().rev().find(|(from, _)| *from <= at) {
            let id = format!("demo-{}", at.unix_timestamp());
            let still = |flag: &str| !GONE.contains(&flag);
            let counts = counts(served, still, visits);
            batches.push(batch(environment, id, at, counts));
        }
        at += step;
    }
    if let Some((_, served)) = eras.last() {
        let counts = counts(served, |flag| GONE.contains(&flag), VISITORS.into());
        let at = now - Duration::days(DAYS + 1);
        batches.push(batch(environment, "demo-gone".to_owned(), at, counts));
    }
    batches.extend(purchases(storage, environment, now).await?);
    storage.record_usage(&batches).await?;
    Ok(())
}

/// What was served from when on, by the environment's log.
async fn eras(
    storage: &Storage,
    environment: &Environment,
) -> Result<Vec<(OffsetDateTime, Served)>, Error> {
    let log = storage
        .changes_since(environment.id, &environment.epoch, FIRST_VERSION, LOG)
        .await?;
    let ChangesSince::Entries(entries) = log else {
        return Ok(Vec::new());
    };
    let mut ruleset = Ruleset::default();
    let mut eras = Vec::new();
    for entry in entries {
        ruleset.apply(&entry.changes);
        let nanos = i128::from(entry.committed_at_micros) * 1_000;
        let at = OffsetDateTime::from_unix_timestamp_nanos(nanos);
        let served = served(&CompiledRuleset::from_ruleset(&ruleset));
        eras.push((at.unwrap_or(OffsetDateTime::UNIX_EPOCH), served));
    }
    Ok(eras)
}

fn served(ruleset: &CompiledRuleset) -> Served {
    let mut served = Served::new();
    for visitor in 0..VISITORS {
        let context = visitor_context(visitor);
        for (flag, _) in ruleset.flags() {
            let detail = ruleset.evaluate(flag, &context);
            let outcome = (
                detail.variation.map(str::to_owned),
                detail.reason.as_str(),
                detail.flag_version,
            );
            let outcomes = served.entry(flag.to_owned()).or_default();
            *outcomes.entry(outcome).or_default() += 1;
        }
    }
    served
}

/// Counts of what so many visits are served, of some flags.
fn counts(served: &Served, of: impl Fn(&str) -> bool, visits: u64) -> Vec<UsageCount> {
    let mut counts = Vec::new();
    for (flag, outcomes) in served.iter().filter(|(flag, _)| of(flag)) {
        for ((variation, reason, version), visitors) in outcomes {
            let count = visitors * visits / u64::from(VISITORS);
            if count == 0 {
                continue;
            }
            counts.push(UsageCount {
                flag: flag.clone(),
                flag_version: version.and_then(|version| i64::try_from(version).ok()),
                variation: variation.clone(),
                reason: (*reason).to_owned(),
                count: i64::try_from(count).unwrap_or(i64::MAX),
            });
        }
    }
    counts
}

/// Who of the visitors of the last days was served which variation of a tracked flag, and what they bought.
async fn purchases(
    storage: &Storage,
    environment: &Environment,
    now: OffsetDateTime,
) -> Result<Vec<UsageBatch>, Error> {
    let ruleset = storage.ruleset(environment.id).await?;
    let compiled = ruleset.map(|ruleset| CompiledRuleset::from_ruleset(&ruleset));
    let Some(compiled) = compiled else {
        return Ok(Vec::new());
    };
    let tracked = compiled.flags().filter(|(_, flag)| flag.is_tracked());
    let tracked: Vec<_> = tracked.map(|(flag, _)| flag).collect();
    let mut whole = batch(environment, "demo-purchases".to_owned(), now, Vec::new());
    for visitor in 0..VISITORS {
        let context = visitor_context(visitor);
        let came = now - Duration::minutes(30 + i64::from(mixed(visitor, 1) % 9_000));
        for flag in &tracked {
            let detail = compiled.evaluate(flag, &context);
            let (Some(variation), Some(version)) = (detail.variation, detail.flag_version) else {
                continue;
            };
            whole.exposures.push(UsageExposure {
                flag: (*flag).to_owned(),
                flag_version: i64::try_from(version).unwrap_or(i64::MAX),
                variation: variation.to_owned(),
                targeting_key: name(visitor),
                at: came,
            });
        }
        if mixed(visitor, 2) % 100 < 14 {
            whole.events.push(UsageEvent {
                event: "purchase".to_owned(),
                value: Some(f64::from(19 + mixed(visitor, 3) % 160)),
                targeting_key: Some(name(visitor)),
                at: came + Duration::minutes(12),
            });
        }
    }
    Ok(vec![whole])
}

fn batch(
    environment: &Environment,
    id: String,
    at: OffsetDateTime,
    counts: Vec<UsageCount>,
) -> UsageBatch {
    UsageBatch {
        environment: environment.id,
        id,
        at,
        counted_at: at,
        counts,
        exposures: Vec::new(),
        events: Vec::new(),
    }
}

/// Visits in an hour: fewer at night, and no two hours alike.
fn visits(at: OffsetDateTime) -> u64 {
    const BY_HOUR: [u64; 24] = [
        2, 1, 1, 1, 1, 2, 3, 5, 7, 8, 9, 9, 10, 9, 8, 8, 9, 10, 11, 12, 11, 8, 5, 3,
    ];
    let hour = at.unix_timestamp() / 3_600;
    let seed = u32::try_from(hour).unwrap_or_default();
    let jitter = u64::from(mixed(seed, 0) % 41);
    u64::from(VISITORS) * BY_HOUR[usize::from(at.hour())] * (80 + jitter) / 100
}

fn visitor_context(visitor: u32) -> Context {
    const COUNTRIES: [&str; 5] = ["SE", "DE", "NO", "US", "FR"];
    const PLANS: [&str; 3] = ["free", "pro", "enterprise"];
    let pick = |from: &[&str], salt: u32| {
        let index = mixed(visitor, salt) as usize % from.len();
        from[index].to_owned()
    };
    let mut context = Context::new(name(visitor));
    let attributes = [
        ("country", pick(&COUNTRIES, 4).into()),
        ("beta", mixed(visitor, 5).is_multiple_of(20).into()),
        ("plan", serde_json::json!({ "name": pick(&PLANS, 6) })),
    ];
    for (name, value) in attributes {
        context.attributes.insert(name.to_owned(), value);
    }
    context
}

fn name(visitor: u32) -> String {
    format!("imaginary-visitor-{visitor}")
}

/// A number that looks random and is the same on every machine (the finaliser of `MurmurHash3`).
fn mixed(number: u32, salt: u32) -> u32 {
    let mut hash = number ^ salt.wrapping_mul(0x9E37_79B9);
    hash = (hash ^ (hash >> 16)).wrapping_mul(0x85EB_CA6B);
    hash = (hash ^ (hash >> 13)).wrapping_mul(0xC2B2_AE35);
    hash ^ (hash >> 16)
}
