//! Keys of flags and segments: case-sensitive as names, without regard to case where people look for them.

use peekaboo_storage::{
    AuditFilter, Command, Entity, Error, FlagFilter, FlagSort, Page, UsageFilter,
};
use time::Duration;

use crate::harness::{NOW, Shop, by, create_flag, key, new_segment, on_both, toggle};

/// As lists have them: without regard to case, those that are then equal by age.
const IN_ORDER: [&str; 7] = [
    "_a",
    "alpha",
    "Beta",
    "sample",
    "Sample",
    "team:a|b~c",
    "zulu",
];

/// As they are created.
const CREATED: [&str; 7] = [
    "zulu",
    "Beta",
    "sample",
    "alpha",
    "Sample",
    "team:a|b~c",
    "_a",
];

on_both! {
    async fn flags_and_segments_that_differ_by_case_are_two(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        for flag in ["sample", "Sample"] {
            storage.execute(shop.id(), create_flag(flag), &by()).await.expect("created");
            let segment = Command::CreateSegment { project: key("shop"), segment: new_segment(flag) };
            storage.execute(shop.id(), segment, &by()).await.expect("created");
        }
        let taken = storage.execute(shop.id(), create_flag("Sample"), &by()).await;
        assert!(
            matches!(&taken, Err(Error::AlreadyExists { what: Entity::Flag, key }) if key == "Sample"),
            "{taken:?}"
        );
        storage.execute(shop.id(), toggle("production", "Sample", true), &by()).await.expect("toggled");
        let production = shop.environment("production");
        let ruleset = storage.ruleset(production.id).await.expect("read").expect("there");
        assert!(ruleset.flags["Sample"].enabled && !ruleset.flags["sample"].enabled);
        assert_eq!(ruleset.segments.len(), 2);
        let about = AuditFilter { subject_key: Some("Sample".to_owned()), ..AuditFilter::default() };
        let entries = storage.audit(shop.id(), &about, &Page::first(10)).await.expect("read");
        assert!(entries.items.iter().all(|entry| entry.subject.key == "Sample"));
        assert_eq!(entries.items.len(), 3);
    }

    async fn lists_are_in_order_and_searched_without_regard_to_case(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        for (nth, flag) in CREATED.iter().enumerate() {
            let at = NOW + Duration::seconds(i64::try_from(nth).expect("few"));
            let by = peekaboo_storage::Attribution { at, ..by() };
            storage.execute(shop.id(), create_flag(flag), &by).await.expect("created");
            let segment = Command::CreateSegment { project: key("shop"), segment: new_segment(flag) };
            storage.execute(shop.id(), segment, &by).await.expect("created");
        }
        let (shop_key, production) = (key("shop"), shop.environment("production").id);
        let usage = UsageFilter { from: NOW, to: NOW + Duration::hours(1), unused_since: None };
        for limit in [1, 2, 3, 100] {
            let filter = FlagFilter::default();
            let flags = all(limit, async |page| Ok(storage.flags(shop.id(), &shop_key, &filter, &page).await?.0)).await;
            let flags: Vec<_> = flags.iter().map(|overview| overview.flag.key.as_str()).collect();
            assert_eq!(flags, IN_ORDER, "flags in pages of {limit}");
            let filter = FlagFilter { sort: FlagSort::KeyDescending, ..FlagFilter::default() };
            let flags = all(limit, async |page| Ok(storage.flags(shop.id(), &shop_key, &filter, &page).await?.0)).await;
            let flags: Vec<_> = flags.iter().rev().map(|overview| overview.flag.key.as_str()).collect();
            assert_eq!(flags, IN_ORDER, "flags backwards in pages of {limit}");
            let segments = all(limit, async |page| storage.segments(shop.id(), &shop_key, None, &page).await).await;
            let segments: Vec<_> = segments.iter().map(|segment| segment.key.as_str()).collect();
            assert_eq!(segments, IN_ORDER, "segments in pages of {limit}");
            let used = all(limit, async |page| {
                storage.usage_of_flags(shop.id(), &shop_key, production, &usage, &page).await
            });
            let used: Vec<_> = used.await.into_iter().map(|summary| summary.flag.to_string()).collect();
            assert_eq!(used, IN_ORDER, "usage in pages of {limit}");
        }
        let search = |text: &str| FlagFilter { search: Some(text.to_owned()), ..FlagFilter::default() };
        for (text, found) in [("SAMP", 2), ("beta", 1), ("A|B", 1), ("nothing", 0)] {
            let (flags, _) = storage.flags(shop.id(), &shop_key, &search(text), &Page::first(10)).await.expect("read");
            assert_eq!(flags.items.len(), found, "{text}");
            let segments = storage.segments(shop.id(), &shop_key, Some(text), &Page::first(10)).await.expect("read");
            assert_eq!(segments.items.len(), found, "{text}");
        }
    }
}

/// Reads a whole list in pages of `limit`.
async fn all<T>(
    limit: u32,
    mut read: impl AsyncFnMut(Page) -> peekaboo_storage::Result<peekaboo_storage::List<T>>,
) -> Vec<T> {
    let (mut all, mut page) = (Vec::new(), Some(Page::first(limit)));
    while let Some(next) = page {
        let list = read(next).await.expect("read");
        page = Page::after(limit, &list);
        all.extend(list.items);
    }
    all
}
