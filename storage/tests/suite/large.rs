//! Long lists: what the logs keep of an edit does not depend on how long the list is.

use peekaboo_flags::Value;
use peekaboo_flags::model::Target;
use peekaboo_storage::{
    AuditFilter, AuditState, ChangesSince, Command, Error, ListChange, NewSegment, Page,
    RestoredFrom, SegmentMembers, SegmentPatch, TargetingPatch,
};
use serde_json::json;

use crate::harness::{Database, Shop, by, create_flag, key, new_segment, on_both, target, toggle};

/// About 260 KB as JSON.
const MEMBERS: usize = 20_000;

/// Edits of one member each.
const EDITS: usize = 10;

fn users(range: std::ops::Range<usize>) -> Vec<Value> {
    range.map(|nth| json!(format!("user-{nth}"))).collect()
}

fn create_segment(members: usize) -> Command {
    Command::CreateSegment {
        project: key("shop"),
        segment: NewSegment {
            included: users(0..members),
            ..new_segment("beta")
        },
    }
}

fn include(add: Vec<Value>, remove: Vec<Value>) -> Command {
    Command::UpdateSegmentMembers {
        project: key("shop"),
        segment: key("beta"),
        members: SegmentMembers {
            included: ListChange { add, remove },
            ..SegmentMembers::default()
        },
        expected_version: None,
    }
}

/// Bytes of JSON in the logs of all environments and in the audit log.
async fn logged(database: &Database) -> i64 {
    let mut raw = database.raw("SELECT 1").await;
    let log =
        "SELECT CAST(COALESCE(SUM(length(CAST(changes AS TEXT))), 0) AS BIGINT) FROM change_log";
    let audit = "SELECT CAST(COALESCE(SUM(COALESCE(length(CAST(before AS TEXT)), 0) \
                 + COALESCE(length(CAST(after AS TEXT)), 0)), 0) AS BIGINT) FROM audit_log";
    let bytes = raw.number(log).await + raw.number(audit).await;
    raw.close().await;
    bytes
}

on_both! {
    async fn an_edit_of_a_long_segment_costs_the_logs_what_it_changes(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        storage.execute(shop.id(), create_segment(MEMBERS), &by()).await.expect("created");
        let before = logged(&database).await;
        for nth in 0..EDITS {
            let command = include(vec![json!(format!("new-{nth}"))], vec![json!(format!("user-{nth}"))]);
            storage.execute(shop.id(), command, &by()).await.expect("changed");
        }
        let patch = SegmentPatch { included: Some(users(0..MEMBERS)), ..SegmentPatch::default() };
        let whole = Command::UpdateSegment { project: key("shop"), segment: key("beta"), patch, expected_version: None };
        storage.execute(shop.id(), whole, &by()).await.expect("changed");
        let each = (logged(&database).await - before) / i64::try_from(EDITS + 1).expect("few");
        assert!(each < 1_500, "{each} bytes for each edit, in three environments and the audit log");
    }

    async fn members_that_are_there_already_or_not_are_no_change(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        storage.execute(shop.id(), create_segment(3), &by()).await.expect("created");
        let command = || include(vec![json!("user-1"), json!("ada")], vec![json!("user-0"), json!("nobody")]);
        let first = storage.execute(shop.id(), command(), &by()).await.expect("changed");
        let segment = first.outcome.segment().expect("a segment");
        assert_eq!(segment.included, [json!("user-1"), json!("user-2"), json!("ada")]);
        let again = storage.execute(shop.id(), command(), &by()).await.expect("executed");
        assert_eq!(again.changes, []);
        assert_eq!(again.outcome.segment().expect("a segment").version, segment.version);
        let refused = storage.execute(shop.id(), include(vec![json!([])], Vec::new()), &by()).await;
        assert!(matches!(&refused, Err(Error::Invalid(problems)) if problems[0].pointer == "/included/add/0"));
    }

    async fn another_node_reads_a_long_segment_as_it_is(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let production = shop.environment("production");
        storage.execute(shop.id(), create_segment(MEMBERS), &by()).await.expect("created");
        let held = storage.ruleset(production.id).await.expect("read").expect("there");
        for nth in 0..3 {
            let command = include(vec![json!(format!("new-{nth}"))], Vec::new());
            storage.execute(shop.id(), command, &by()).await.expect("changed");
        }
        let version = i64::try_from(held.version).expect("small");
        let since = async |limit| storage.changes_since(production.id, &held.epoch, version, limit).await.expect("read");
        let ChangesSince::Entries(entries) = since(100).await else { panic!("the log reaches back") };
        assert_eq!(entries.len(), 3);
        let mut brought = held.clone();
        for entry in entries {
            brought.apply(&entry.changes);
            brought.version = entry.version.unsigned_abs();
        }
        let now = storage.ruleset(production.id).await.expect("read").expect("there");
        assert_eq!(brought, now);
        assert_eq!(since(2).await, ChangesSince::Unreachable, "its row is newer than two entries lead to");

        let delete = Command::DeleteSegment { project: key("shop"), segment: key("beta"), expected_version: None };
        storage.execute(shop.id(), delete, &by()).await.expect("deleted");
        let ChangesSince::Entries(entries) = since(100).await else { panic!("the log reaches back") };
        let mut brought = held.clone();
        for entry in &entries {
            brought.apply(&entry.changes);
        }
        assert_eq!(brought.segments.len(), 0);
    }

    async fn the_audit_log_says_who_came_and_who_went_and_how_many_stayed(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        storage.execute(shop.id(), create_segment(MEMBERS), &by()).await.expect("created");
        storage.execute(shop.id(), include(vec![json!("ada")], vec![json!("user-7")]), &by()).await.expect("changed");
        let entries = storage.audit(shop.id(), &AuditFilter::default(), &Page::first(2)).await.expect("read").items;
        let [changed, created] = &entries[..] else { panic!("two entries") };
        let state = |state: &Option<Value>| state.as_ref().expect("a state")["included"].clone();
        assert_eq!(state(&changed.before), json!(["user-7"]));
        assert_eq!(state(&changed.after), json!(["ada"]));
        assert_eq!(changed.elided[0].pointer, "/included");
        assert_eq!(changed.elided[0].unchanged, MEMBERS - 1);
        assert_eq!(state(&created.after).as_array().map(Vec::len), Some(1_000));
        assert_eq!(created.elided[0].added, MEMBERS - 1_000);
    }

    async fn a_long_targeting_can_be_restored_while_it_is_kept(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        storage.execute(shop.id(), create_flag("checkout"), &by()).await.expect("created");
        let list = |range| Target { variation: "on".to_owned(), attribute: "targetingKey".to_owned(), values: users(range) };
        let set = |range| {
            let targets = Some(vec![list(range)]);
            target("production", "checkout", TargetingPatch { targets, ..TargetingPatch::default() })
        };
        storage.execute(shop.id(), set(0..MEMBERS), &by()).await.expect("changed");
        storage.execute(shop.id(), toggle("production", "checkout", true), &by()).await.expect("toggled");
        let latest = storage.audit(shop.id(), &AuditFilter::default(), &Page::first(1)).await.expect("read");
        let entry = &latest.items[0];
        assert_eq!(entry.elided[0].unchanged, MEMBERS);
        let recorded = async |state| {
            let from = RestoredFrom { entry: entry.id, state };
            storage
                .recorded_targeting(shop.id(), &key("shop"), &key("production"), &key("checkout"), from)
                .await
        };
        let before = recorded(AuditState::Before).await.expect("kept");
        assert_eq!((before.enabled, before.targets[0].values.len()), (false, MEMBERS));
        assert!(recorded(AuditState::After).await.expect("kept").enabled);

        // 16 MiB of a flag's states are kept: about thirty of these.
        for nth in 1..50 {
            storage.execute(shop.id(), set(nth..MEMBERS + nth), &by()).await.expect("changed");
        }
        let refused = recorded(AuditState::Before).await;
        assert!(matches!(&refused, Err(Error::Invalid(problems)) if problems[0].code == "not_kept"), "{refused:?}");
        let mut raw = database.raw("SELECT 1").await;
        let kept = raw.number("SELECT CAST(SUM(bytes) AS BIGINT) FROM recorded_states").await;
        assert!(kept <= 16 * 1024 * 1024, "{kept}");
        raw.close().await;
    }
}
