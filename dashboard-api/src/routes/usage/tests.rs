use axum::http::{Method, StatusCode};
use peekaboo_storage::{UsageBatch, UsageCount, UsageEvent, UsageExposure};
use serde_json::json;
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

use crate::harness::{Caller, TestApi};

const USAGE: &str = "/organizations/acme/projects/shop/environments/production/usage";

/// Somewhat before the tests' own clock.
const NOW: OffsetDateTime = datetime!(2026-11-23 11:50 UTC);

fn count(variation: Option<&str>, version: i64, reason: &str, count: i64) -> UsageCount {
    UsageCount {
        flag: "checkout".to_owned(),
        flag_version: Some(version),
        variation: variation.map(str::to_owned),
        reason: reason.to_owned(),
        count,
    }
}

/// The shop, in whose production a flag was used now and two days ago, and another never was.
async fn used() -> (TestApi, Caller) {
    let (api, owner) = TestApi::with_shop().await;
    api.flag(&owner, "checkout").await;
    api.flag(&owner, "unused").await;
    let path = "/organizations/acme/projects/shop/environments/production";
    let production = api.get(&owner, path).await.body["id"].clone();
    let environment = production.as_str().unwrap().parse().unwrap();
    let batch = |id: &str, counted_at, counts| UsageBatch {
        environment,
        id: id.to_owned(),
        at: NOW,
        counted_at,
        counts,
        exposures: vec![UsageExposure {
            flag: "checkout".to_owned(),
            flag_version: 2,
            variation: "on".to_owned(),
            targeting_key: id.to_owned(),
            at: NOW - Duration::hours(3),
        }],
        events: vec![UsageEvent {
            event: "purchase".to_owned(),
            value: Some(2.5),
            targeting_key: Some("b1".to_owned()),
            at: NOW,
        }],
    };
    let now = vec![
        count(Some("on"), 2, "SPLIT", 30),
        count(Some("off"), 2, "SPLIT", 60),
        count(None, 2, "ERROR", 1),
    ];
    let before = vec![count(Some("on"), 1, "STATIC", 9)];
    let batches = [
        batch("b1", NOW, now),
        batch("b2", NOW - Duration::days(2), before),
    ];
    api.storage.record_usage(&batches).await.unwrap();
    (api, owner)
}

#[tokio::test]
async fn flags_are_listed_with_what_they_served_and_when_last() {
    let (api, owner) = used().await;
    let listed = api.get(&owner, USAGE).await;
    assert_eq!(listed.each("flag"), ["checkout", "unused"]);
    assert_eq!(listed.each("evaluations"), [100, 0]);
    assert_eq!(
        listed.body["items"][0]["lastEvaluatedAt"],
        "2026-11-23T11:50:00Z"
    );
    assert_eq!(
        listed.body["items"][0]["variations"],
        json!([
            {"variation": null, "evaluations": 1},
            {"variation": "off", "evaluations": 60},
            {"variation": "on", "evaluations": 39},
        ])
    );
    assert!(listed.body["items"][1]["lastEvaluatedAt"].is_null());
    let today = api
        .get(&owner, &format!("{USAGE}?from=2026-11-23T00:00:00Z"))
        .await;
    assert_eq!(today.each("evaluations"), [91, 0]);
    let unused = api
        .get(&owner, &format!("{USAGE}?unusedSince=2026-11-20T00:00:00Z"))
        .await;
    assert_eq!(unused.each("flag"), ["unused"]);
    let first = api.get(&owner, &format!("{USAGE}?limit=1")).await;
    let cursor = first.body["nextCursor"].as_str().unwrap();
    let second = api
        .get(&owner, &format!("{USAGE}?limit=1&cursor={cursor}"))
        .await;
    assert_eq!(second.each("flag"), ["unused"]);
}

#[tokio::test]
async fn a_flag_s_usage_is_told_over_time_and_by_outcome() {
    let (api, owner) = used().await;
    let flag = format!("{USAGE}/flags/checkout");
    let told = api
        .get(
            &owner,
            &format!("{flag}?from=2026-11-22T00:00:00Z&resolution=day"),
        )
        .await;
    assert_eq!(
        told.body,
        json!({
            "flag": "checkout", "from": "2026-11-22T00:00:00Z", "to": "2026-11-24T00:00:00Z", "resolution": "day",
            "lastEvaluatedAt": "2026-11-23T11:50:00Z", "evaluations": 91, "groupBy": "variation",
            "series": [
                {"key": "off", "evaluations": 60, "points": [0, 60]},
                {"key": "on", "evaluations": 30, "points": [0, 30]},
                {"key": null, "evaluations": 1, "points": [0, 1]},
            ],
            "variations": [
                {"variation": "off", "evaluations": 60},
                {"variation": "on", "evaluations": 30},
                {"variation": null, "evaluations": 1},
            ],
            "reasons": [{"reason": "SPLIT", "evaluations": 90}, {"reason": "ERROR", "evaluations": 1}],
            "versions": [{"version": 2, "evaluations": 91}],
        })
    );
    let week = api.get(&owner, &format!("{flag}?groupBy=version")).await;
    assert_eq!(week.body["resolution"], "hour");
    let series = week.body["series"].as_array().unwrap();
    let points = series[0]["points"].as_array().unwrap();
    assert_eq!(
        (series[0]["key"].as_str(), series[1]["key"].as_str()),
        (Some("2"), Some("1"))
    );
    assert_eq!(
        points.len(),
        7 * 24 + 1,
        "the hour that has begun is told too"
    );
    assert_eq!(points[points.len() - 2], 91);
    let reasons = api.get(&owner, &format!("{flag}?groupBy=reason")).await;
    assert_eq!(reasons.body["series"][1]["key"], "STATIC");
    let unknown = api
        .get(&owner, &format!("{USAGE}/flags/nobody-has-it"))
        .await;
    assert_eq!(unknown.body["series"], json!([]));
}

#[tokio::test]
async fn the_impact_is_told_of_who_did_something_afterwards() {
    let (api, owner) = used().await;
    let told = api
        .get(
            &owner,
            &format!("{USAGE}/flags/checkout/impact?event=purchase"),
        )
        .await;
    assert_eq!(
        told.body["variations"],
        json!([{"variation": "on", "exposed": 2, "converted": 1, "events": 2, "sum": 5.0}])
    );
    let events = api.get(&owner, &format!("{USAGE}/events")).await;
    assert_eq!(
        events.body["items"],
        json!([{"event": "purchase", "count": 2, "sum": 5.0, "lastHour": "2026-11-23T11:00:00Z"}])
    );
}

#[tokio::test]
async fn a_time_that_cannot_be_told_of_is_named() {
    let (api, owner) = used().await;
    let flag = format!("{USAGE}/flags/checkout");
    for (path, pointer, code) in [
        (
            format!("{USAGE}?from=yesterday"),
            "?from",
            "malformed_value",
        ),
        (
            format!("{USAGE}?to=9999-12-31T23:59:59Z"),
            "?to",
            "malformed_value",
        ),
        (
            format!("{flag}?from=0000-01-01T00:00:01Z"),
            "?from",
            "malformed_value",
        ),
        (
            format!("{USAGE}?unusedSince=9999-12-31T23:59:59-23:59"),
            "?unusedSince",
            "malformed_value",
        ),
        (
            format!("{USAGE}?from=2027-01-01T00:00:00Z"),
            "?from",
            "out_of_range",
        ),
        (
            format!("{flag}?from=2026-01-01T00:00:00Z&resolution=hour"),
            "?from",
            "out_of_range",
        ),
        (
            format!("{flag}?from=2016-01-01T00:00:00Z"),
            "?from",
            "out_of_range",
        ),
        (
            format!("{flag}?resolution=minute"),
            "?resolution",
            "malformed_value",
        ),
        (format!("{flag}/impact?event="), "?event", "malformed_value"),
    ] {
        api.call(&owner, Method::GET, &path)
            .invalid(pointer, code)
            .await;
    }
    api.call(&owner, Method::GET, &USAGE.replace("production", "nope"))
        .expect(StatusCode::NOT_FOUND)
        .await;
}

#[tokio::test]
async fn a_flag_says_when_it_was_last_evaluated_where() {
    let (api, owner) = used().await;
    let flag = api
        .get(&owner, "/organizations/acme/projects/shop/flags/checkout")
        .await;
    let environments = &flag.body["environments"];
    assert_eq!(
        environments["production"]["lastEvaluatedAt"],
        "2026-11-23T11:50:00Z"
    );
    assert!(environments["staging"]["lastEvaluatedAt"].is_null());
}
