//! Usage: recorded, added up and listed.

use peekaboo_storage::{
    Page, Storage, UsageBatch, UsageCount, UsageEvent, UsageExposure, UsageFilter, UsagePeriod,
    UsageResolution,
};
use time::Duration;

use crate::ask;
use crate::harness::{NOW, Shop, key};
use crate::plans::Plans;

pub(crate) async fn record_and_read(plans: &mut Plans, storage: &Storage, shop: &Shop) {
    let environment = shop.environment("production").id;
    let (from, to, page) = (NOW - Duration::days(30), NOW, Page::first(50));
    let flag = key("flag-3");
    for resolution in [UsageResolution::Hour, UsageResolution::Day] {
        let period = UsagePeriod {
            from,
            to,
            resolution,
        };
        ask!(plans, storage.flag_usage(environment, &flag, &period));
    }
    for unused_since in [None, Some(from)] {
        let filter = UsageFilter {
            from,
            to,
            unused_since,
        };
        let project = key("shop");
        ask!(
            plans,
            storage.usage_of_flags(shop.id(), &project, environment, &filter, &page)
        );
    }
    ask!(plans, storage.events(environment, from, to, &page));
    ask!(
        plans,
        storage.impact(environment, &flag, "event-3", from, to)
    );
    let batch = UsageBatch {
        environment,
        id: "new".to_owned(),
        at: NOW,
        counted_at: NOW,
        counts: vec![UsageCount {
            flag: "flag-3".to_owned(),
            flag_version: Some(1),
            variation: Some("on".to_owned()),
            reason: "STATIC".to_owned(),
            count: 1,
        }],
        exposures: vec![UsageExposure {
            flag: "flag-3".to_owned(),
            flag_version: 1,
            variation: "on".to_owned(),
            targeting_key: "ada".to_owned(),
            at: NOW,
        }],
        events: vec![UsageEvent {
            event: "event-3".to_owned(),
            value: None,
            targeting_key: Some("ada".to_owned()),
            at: NOW,
        }],
    };
    ask!(plans, storage.record_usage(&[batch]));
}
