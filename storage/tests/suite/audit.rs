//! The audit log: who, when, what, from what, to what and why.

use peekaboo_storage::{ActorKind, Attribution, AuditFilter, OrganizationId, Page, Storage};
use serde_json::json;
use time::Duration;

use crate::harness::{NOW, Shop, by, create_flag, key, on_both, toggle};

/// Every action so far, oldest first.
pub(crate) async fn actions(storage: &Storage, organization: OrganizationId) -> Vec<String> {
    let list = storage
        .audit(organization, &AuditFilter::default(), &Page::first(1_000))
        .await
        .expect("read");
    list.items
        .into_iter()
        .rev()
        .map(|entry| entry.action)
        .collect()
}

on_both! {
    async fn an_entry_tells_the_whole_story(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        storage.execute(shop.id(), create_flag("checkout"), &by()).await.expect("created");
        let at = NOW + Duration::minutes(5);
        let by = Attribution {
            comment: Some("the sale begins\0".to_owned()),
            ..Attribution::user(shop.owner.id, "Ada", at)
        };
        storage.execute(shop.id(), toggle("production", "checkout", true), &by).await.expect("toggled");
        let list = storage.audit(shop.id(), &AuditFilter::default(), &Page::first(1)).await.expect("read");
        let entry = &list.items[0];
        assert_eq!((entry.at, entry.action.as_str()), (at, "targeting.updated"));
        assert_eq!((entry.actor.kind, entry.actor.name.as_str()), (ActorKind::User, "Ada"));
        assert_eq!(entry.actor.id, Some(shop.owner.id.as_uuid()));
        assert_eq!((entry.project.as_ref(), entry.environment.as_ref()), (Some(&key("shop")), Some(&key("production"))));
        assert_eq!((entry.subject.kind.as_str(), entry.subject.key.as_str()), ("flag", "checkout"));
        assert_eq!(entry.comment.as_deref(), Some("the sale begins"), "but for what no database can hold");
        let mut expected = json!({
            "enabled": false, "offVariation": "off", "prerequisites": [], "targets": [], "rules": [],
            "fallthrough": { "variation": "on" },
        });
        assert_eq!(entry.before.as_ref(), Some(&expected));
        expected["enabled"] = json!(true);
        assert_eq!(entry.after.as_ref(), Some(&expected));
        assert_eq!(storage.audit_entry(shop.id(), entry.id).await.expect("read").as_ref(), Some(entry));
    }

    async fn a_filter_finds_the_entries_about_one_thing(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        for flag in ["checkout", "search"] {
            storage.execute(shop.id(), create_flag(flag), &by()).await.expect("created");
            for environment in ["production", "staging"] {
                storage.execute(shop.id(), toggle(environment, flag, true), &by()).await.expect("toggled");
            }
        }
        let count = async |filter: AuditFilter| {
            storage.audit(shop.id(), &filter, &Page::first(100)).await.expect("read").items.len()
        };
        let text = |text: &str| Some(text.to_owned());
        let flag = AuditFilter { subject_kind: text("flag"), subject_key: text("checkout"), ..AuditFilter::default() };
        assert_eq!(count(flag.clone()).await, 3);
        let there = AuditFilter { project: text("shop"), environment: text("production"), ..flag.clone() };
        assert_eq!(count(there).await, 2, "its creation concerns every environment");
        assert_eq!(count(AuditFilter { action: text("flag.created"), ..AuditFilter::default() }).await, 2);
        assert_eq!(count(AuditFilter { project: text("other"), ..AuditFilter::default() }).await, 0);
        assert_eq!(count(AuditFilter { action: text("key.created"), ..AuditFilter::default() }).await, 6);
    }
}
