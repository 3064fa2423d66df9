//! People: accounts, sessions, first-run setup and membership.

use peekaboo_policy::BuiltIn;
use peekaboo_storage::{
    Entity, Error, NewOrganization, NewSession, NewUser, Origin, Page, Secret, SessionId,
    SessionLifetime, Storage,
};
use time::Duration;
use tokio::task::JoinSet;

use crate::harness::{NOW, Shop, by, key, on_both};
use crate::tasks::any_task;

/// A week without use, and a month in all.
const WEEK: SessionLifetime = SessionLifetime {
    idle: Duration::days(7),
    absolute: Duration::days(30),
};

fn new_user(email: &str) -> NewUser {
    NewUser {
        email: email.to_owned(),
        name: "Grace".to_owned(),
        password_hash: "hash".to_owned(),
    }
}

fn new_organization(organization: &str) -> NewOrganization {
    NewOrganization {
        key: key(organization),
        name: organization.to_owned(),
    }
}

on_both! {
    async fn the_first_visitor_with_the_code_becomes_owner(database: Database) {
        let storage = database.open().await;
        assert!(storage.setup_required().await.expect("read"));
        let code = Secret::new("code-1").hash();
        storage.add_setup_code(code, NOW).await.expect("kept");
        storage.add_setup_code(Secret::new("code-2").hash(), NOW).await.expect("another node's");
        let wrong = Secret::new("guess").hash();
        let refused = storage.set_up_with_code(wrong, new_organization("acme"), new_user("a@b.c"), NOW).await;
        assert!(matches!(refused, Err(Error::NotFound { what: Entity::SetupCode })), "{refused:?}");

        let mut visitors = JoinSet::new();
        for (visitor, code) in ["code-1", "code-1", "code-2", "code-2"].into_iter().enumerate() {
            let node = database.open().await;
            let organization = new_organization(&format!("acme-{visitor}"));
            visitors.spawn(async move {
                let user = new_user(&format!("visitor-{visitor}@b.c"));
                node.set_up_with_code(Secret::new(code).hash(), organization, user, NOW).await
            });
        }
        let outcomes = visitors.join_all().await;
        let owners: Vec<_> = outcomes.into_iter().filter_map(Result::ok).collect();
        let [(organization, owner)] = &owners[..] else { panic!("one of them: {owners:?}") };
        assert_eq!(storage.role(organization.id, owner.id).await.expect("read"), Some(BuiltIn::Owner));
        assert!(owner.is_operator, "who sets the hub up runs it");
        assert!(!storage.setup_required().await.expect("read"));
        storage.add_setup_code(code, NOW).await.expect("kept");
        let late = storage.set_up_with_code(code, new_organization("late"), new_user("late@b.c"), NOW).await;
        assert!(matches!(late, Err(Error::NotFound { what: Entity::SetupCode })), "{late:?}");
    }

    async fn an_address_is_one_person_s_in_any_case_of_letters(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        assert_eq!(shop.owner.email, "ada@example.com");
        let found = storage.user_by_email(" ADA@example.COM ").await.expect("read");
        assert_eq!(found.as_ref(), Some(&shop.owner));
        assert_eq!(storage.user(shop.owner.id).await.expect("read"), found);
        let taken = storage.create_user(new_user("Ada@EXAMPLE.com"), NOW).await;
        assert!(matches!(taken, Err(Error::AlreadyExists { what: Entity::User, .. })), "{taken:?}");
        let malformed = storage.create_user(new_user("nobody"), NOW).await;
        assert!(matches!(malformed, Err(Error::Invalid(_))), "{malformed:?}");
        storage.change_password(shop.owner.id, "stronger", None, &by()).await.expect("changed");
        let user = storage.user(shop.owner.id).await.expect("read").expect("there");
        assert_eq!(user.password_hash, "stronger");
        assert!(!format!("{user:?}").contains("stronger"));
        let profile = storage.update_profile(user.id, "Ada L.", Some("Europe/London"), NOW).await.expect("changed");
        assert_eq!((profile.name.as_str(), profile.time_zone.as_deref()), ("Ada L.", Some("Europe/London")));
        let odd = storage.update_profile(user.id, "Ada", Some("<b>"), NOW).await;
        assert!(matches!(odd, Err(Error::Invalid(_))), "{odd:?}");
    }

    async fn a_session_lasts_while_it_is_used(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let secret = storage.create_session(NewSession::of(shop.owner.id), NOW, WEEK).await.expect("signed in");
        let session = async |at| storage.session(secret.hash(), at, WEEK).await.expect("read");
        let first = session(NOW).await.expect("signed in");
        assert_eq!((first.user, first.expires_at), (shop.owner.clone(), NOW + WEEK.idle));
        // Used again within the minute, nothing is written.
        session(NOW + Duration::seconds(59)).await.expect("signed in");
        assert_eq!(session(NOW).await.expect("signed in").seen_at, NOW);
        let later = NOW + Duration::days(6);
        session(later).await.expect("signed in");
        let put_off = session(later).await.expect("signed in");
        assert_eq!((put_off.seen_at, put_off.expires_at), (later, later + WEEK.idle));
        assert_eq!(session(later + WEEK.idle).await, None, "unused for a week");
        assert_eq!(storage.session(Secret::new("guess").hash(), NOW, WEEK).await.expect("read"), None);
    }

    async fn a_session_ends_however_much_it_is_used(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let secret = storage.create_session(NewSession::of(shop.owner.id), NOW, WEEK).await.expect("signed in");
        for day in 1..30 {
            let at = NOW + Duration::days(day);
            let session = storage.session(secret.hash(), at, WEEK).await.expect("read");
            assert!(session.is_some(), "day {day}");
        }
        let at = NOW + WEEK.absolute;
        assert_eq!(storage.session(secret.hash(), at, WEEK).await.expect("read"), None);
    }

    async fn people_see_where_they_are_signed_in_and_end_their_own_sessions_only(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let grace = storage.create_user(new_user("grace@example.com"), NOW).await.expect("created");
        let new = NewSession {
            origin: Origin::of("192.0.2.7".to_owned(), Some(&"Firefox\u{0}".repeat(100))),
            ..NewSession::of(shop.owner.id)
        };
        let secret = storage.create_session(new, NOW, WEEK).await.expect("signed in");
        let listed = storage.sessions(shop.owner.id, NOW).await.expect("read");
        let [session] = &listed[..] else { panic!("{listed:?}") };
        assert_eq!(session.id, SessionId::of(secret.hash()));
        assert_eq!(session.address.as_deref(), Some("192.0.2.7"));
        assert_eq!(session.user_agent.as_ref().map(String::len), Some(300));
        assert_eq!(storage.sessions(shop.owner.id, NOW + WEEK.idle).await.expect("read"), [], "expired");
        let refused = storage.end_session(grace.id, session.id, &by()).await;
        assert!(matches!(refused, Err(Error::NotFound { what: Entity::Session })), "{refused:?}");
        storage.end_session(shop.owner.id, session.id, &by()).await.expect("ended");
        assert_eq!(storage.session(secret.hash(), NOW, WEEK).await.expect("read"), None);
    }

    async fn a_visit_is_noted_of_one_organization_and_shown_in_no_other(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let (other, grace) = storage
            .set_up(new_organization("other"), new_user("grace@example.com"), NOW)
            .await
            .expect("made");
        storage.add_member(shop.id(), grace.id, BuiltIn::Viewer, &by()).await.expect("added");
        storage.touch_membership(other.id, grace.id, NOW).await.expect("noted");
        let seen = async |organization| {
            let page = Page::first(10);
            let members = storage.members(organization, Some("GRACE"), &page).await.expect("read").items;
            members[0].seen_at
        };
        assert_eq!((seen(other.id).await, seen(shop.id()).await), (Some(NOW), None));
    }

    async fn signing_out_ends_a_session(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let sign_in = async |at| storage.create_session(NewSession::of(shop.owner.id), at, WEEK).await.expect("signed in");
        let is_in = async |secret: &Secret, at| {
            storage.session(secret.hash(), at, WEEK).await.expect("read").is_some()
        };
        let (here, there, elsewhere) = (sign_in(NOW).await, sign_in(NOW).await, sign_in(NOW).await);
        assert!(storage.delete_session(here.hash()).await.expect("deleted"));
        assert!(!storage.delete_session(here.hash()).await.expect("gone"));
        assert!(!is_in(&here, NOW).await);
        assert_eq!(storage.end_other_sessions(shop.owner.id, there.hash(), &by()).await.expect("ended"), 1);
        assert!(is_in(&there, NOW).await && !is_in(&elsewhere, NOW).await);
    }

    async fn expired_sessions_are_forgotten_a_few_at_a_time(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let sign_in = async |at| storage.create_session(NewSession::of(shop.owner.id), at, WEEK).await.expect("signed in");
        for _ in 0..5 {
            sign_in(NOW).await;
        }
        let lasting = sign_in(NOW + Duration::seconds(1)).await;
        let task = any_task(&storage).await;
        let mut step = storage.begin_task(&task).await.expect("begun");
        for expected in [3, 2, 0] {
            let forgotten = storage.forget_sessions(step.transaction(), NOW + WEEK.idle, 3).await;
            assert_eq!(forgotten.expect("forgotten"), expected);
        }
        assert!(step.finish().await.expect("committed"));
        assert!(storage.delete_session(lasting.hash()).await.expect("deleted"), "it was there");
    }

    async fn an_organisation_keeps_an_owner(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let grace = storage.create_user(new_user("grace@example.com"), NOW).await.expect("created");
        assert_eq!(storage.role(shop.id(), grace.id).await.expect("read"), None);
        storage.add_member(shop.id(), grace.id, BuiltIn::Viewer, &by()).await.expect("added");
        let again = storage.add_member(shop.id(), grace.id, BuiltIn::Viewer, &by()).await;
        assert!(matches!(again, Err(Error::AlreadyExists { what: Entity::Member, .. })), "{again:?}");
        for refused in [
            storage.remove_member(shop.id(), shop.owner.id, &by()).await,
            storage.set_role(shop.id(), shop.owner.id, BuiltIn::Admin, &by()).await.map(drop),
        ] {
            assert!(matches!(refused, Err(Error::LastOwner)), "{refused:?}");
        }
        storage.set_role(shop.id(), grace.id, BuiltIn::Owner, &by()).await.expect("promoted");
        // Both step down at once: one of them stays.
        let mut nodes = JoinSet::new();
        for user in [grace.id, shop.owner.id] {
            let (node, organization) = (database.open().await, shop.id());
            nodes.spawn(async move { node.set_role(organization, user, BuiltIn::Viewer, &by()).await });
        }
        let outcomes = nodes.join_all().await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
        let members = storage.members(shop.id(), None, &Page::first(10)).await.expect("read").items;
        assert_eq!(members.iter().filter(|member| member.role == Some(BuiltIn::Owner)).count(), 1);
        let memberships = storage.memberships(grace.id).await.expect("read");
        assert_eq!(memberships[0].organization.key, "acme");
    }

    async fn organisations_see_nothing_of_each_other(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let (other, _) = storage
            .set_up(new_organization("other"), new_user("grace@example.com"), NOW)
            .await
            .expect("made");
        assert!(matches!(
            storage.targeting(other.id, &key("shop"), &key("production"), &key("checkout")).await,
            Err(Error::NotFound { what: Entity::Project })
        ));
        assert_eq!(storage.project(other.id, &key("shop")).await.expect("read"), None);
        assert_foreign(&storage, &shop, other.id).await;
    }
}

/// Nothing of the shop is found through another organisation.
async fn assert_foreign(storage: &Storage, shop: &Shop, other: peekaboo_storage::OrganizationId) {
    let page = Page::first(10);
    assert_eq!(
        storage.projects(other, &page).await.expect("read").items,
        []
    );
    assert_eq!(
        storage
            .tenant(other)
            .await
            .expect("read")
            .expect("there")
            .keys,
        []
    );
    assert_eq!(
        storage
            .members(other, None, &page)
            .await
            .expect("read")
            .items
            .len(),
        1
    );
    let entries = storage
        .audit(shop.id(), &peekaboo_storage::AuditFilter::default(), &page)
        .await
        .expect("read");
    for entry in entries.items {
        assert_eq!(
            storage.audit_entry(other, entry.id).await.expect("read"),
            None
        );
    }
    let refused = storage
        .execute(other, crate::harness::create_flag("checkout"), &by())
        .await;
    assert!(
        matches!(
            refused,
            Err(Error::NotFound {
                what: Entity::Project
            })
        ),
        "{refused:?}"
    );
}
