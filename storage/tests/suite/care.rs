//! What owners and who runs the hub do to an organization as a whole.

use peekaboo_storage::{
    AuditFilter, Entity, Error, NewOrganization, NewUser, Page, UsageBatch, UsageEvent,
    UsageExposure,
};

use crate::harness::{NOW, Shop, by, key, on_both};

fn new_owner(email: &str) -> NewUser {
    NewUser {
        email: email.to_owned(),
        name: "Grace".to_owned(),
        password_hash: String::new(),
    }
}

fn other() -> NewOrganization {
    NewOrganization {
        key: key("other"),
        name: "Other".to_owned(),
    }
}

on_both! {
    async fn an_organization_is_seen_from_outside_in_numbers(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        storage.set_up(other(), new_owner("grace@example.com"), NOW).await.expect("made");
        let listed = storage.organization_overviews(None, NOW, &Page::first(10)).await.expect("read").items;
        let keys: Vec<_> = listed.iter().map(|overview| overview.organization.key.as_str()).collect();
        assert_eq!(keys, ["acme", "other"]);
        let used = listed[0].used;
        assert_eq!((used.members, used.projects, used.environments, used.flags), (1, 1, 3, 0));
        let found = storage.organization_overviews(Some("CM"), NOW, &Page::first(10)).await.expect("read").items;
        assert_eq!(found[0].organization.id, shop.id());
        assert_eq!(found.len(), 1);
    }

    async fn suspending_an_organization_is_recorded_and_read_by_every_node(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let suspended = storage.suspend_organization(shop.id(), true, &by()).await.expect("suspended");
        assert_eq!(suspended.suspended_at, Some(NOW));
        let memberships = storage.memberships(shop.owner.id).await.expect("read");
        assert_eq!(memberships[0].organization.suspended_at, Some(NOW));
        let resumed = storage.suspend_organization(shop.id(), false, &by()).await.expect("resumed");
        assert_eq!(resumed.suspended_at, None);
        let required = storage.require_second_factor(shop.id(), true, &by()).await.expect("required");
        assert!(required.requires_second_factor);
        let entries = storage.audit(shop.id(), &AuditFilter::default(), &Page::first(10)).await.expect("read").items;
        let actions: Vec<_> = entries.iter().take(3).map(|entry| entry.action.as_str()).collect();
        assert_eq!(actions, ["organization.securityUpdated", "organization.resumed", "organization.suspended"]);
    }

    async fn a_deleted_organization_is_found_nowhere_and_its_rows_go_in_chunks(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let server = &shop.created.keys[0];
        storage.delete_organization(shop.id(), &by()).await.expect("deleted");
        assert_eq!(storage.organization(&key("acme")).await.expect("read"), None);
        assert_eq!(storage.organization_by_id(shop.id()).await.expect("read"), None);
        assert_eq!(storage.memberships(shop.owner.id).await.expect("read"), []);
        assert_eq!(storage.find_key(server.secret.hash()).await.expect("read"), None);
        assert_eq!(storage.organization_overviews(None, NOW, &Page::first(10)).await.expect("read").items, []);
        let again = storage.delete_organization(shop.id(), &by()).await;
        assert!(matches!(again, Err(Error::NotFound { what: Entity::Organization })), "{again:?}");
        assert!(storage.user(shop.owner.id).await.expect("read").is_some());

        let task = crate::tasks::any_task(&storage).await;
        let mut step = storage.begin_task(&task).await.expect("begun");
        let mut chunks = 0;
        while storage.delete_remains(step.transaction(), 5).await.expect("deleted") > 0 {
            chunks += 1;
        }
        assert!(step.finish().await.expect("finished"));
        assert!(chunks > 3, "{chunks}");
        assert_eq!(storage.tenant(shop.id()).await.expect("read"), None);
        let anew = NewOrganization { key: key("acme"), ..other() };
        storage.set_up(anew, new_owner("grace@example.com"), NOW).await.expect("the key is free");
    }

    async fn a_person_is_forgotten_in_every_environment_of_one_organization(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        for name in ["production", "staging"] {
            let environment = shop.environment(name).id;
            let exposure = |person: &str| UsageExposure {
                flag: "checkout".to_owned(),
                flag_version: 1,
                variation: "on".to_owned(),
                targeting_key: person.to_owned(),
                at: NOW,
            };
            let event = |person: &str| UsageEvent {
                event: "purchase".to_owned(),
                value: None,
                targeting_key: Some(person.to_owned()),
                at: NOW,
            };
            let batch = UsageBatch {
                environment,
                id: name.to_owned(),
                at: NOW,
                counted_at: NOW,
                counts: Vec::new(),
                exposures: vec![exposure("ada"), exposure("eve")],
                events: vec![event("ada"), event("eve")],
            };
            storage.record_usage(&[batch]).await.expect("kept");
        }
        let (other, _) = storage.set_up(other(), new_owner("grace@example.com"), NOW).await.expect("made");
        assert_eq!(storage.erase_person(other.id, "ada", &by()).await.expect("erased"), 0);
        assert_eq!(storage.erase_person(shop.id(), "ada", &by()).await.expect("erased"), 4);
        assert_eq!(storage.erase_person(shop.id(), "ada", &by()).await.expect("erased"), 0);
        let entries = storage.audit(shop.id(), &AuditFilter::default(), &Page::first(1)).await.expect("read").items;
        assert_eq!(entries[0].action, "organization.personErased");
        assert!(!format!("{entries:?}").contains("\"ada\""));
    }
}
