//! Invitations: who holds one comes in once, as what it says, for as long as it holds.

use peekaboo_policy::BuiltIn;
use peekaboo_storage::{
    Attribution, AuditFilter, Delivery, Entity, Error, INVITATION_LIFETIME, Invitation, Invitee,
    NewInvitation, NewUser, Origin, Page, Secret, Storage, User, UserId,
};
use time::{Duration, OffsetDateTime};
use tokio::task::JoinSet;

use crate::harness::{NOW, Shop, by, on_both};

fn to(email: &str, role: BuiltIn) -> NewInvitation {
    NewInvitation {
        email: email.to_owned(),
        role,
    }
}

fn stranger() -> Invitee {
    Invitee::New {
        name: "Grace".to_owned(),
        password_hash: "hash".to_owned(),
    }
}

fn as_ada(shop: &Shop) -> Attribution {
    Attribution::user(shop.owner.id, "Ada", NOW)
}

async fn invite(storage: &Storage, shop: &Shop, email: &str) -> (Invitation, Secret) {
    let new = to(email, BuiltIn::Editor);
    let ada = as_ada(shop);
    let invited = storage.invite(shop.id(), new, Delivery::Link, &ada).await;
    invited.expect("invited")
}

async fn accept(
    storage: &Storage,
    secret: &Secret,
    invitee: Invitee,
    at: OffsetDateTime,
) -> Result<User, Error> {
    storage
        .accept_invitation(secret.hash(), invitee, Origin::default(), at)
        .await
}

async fn person(storage: &Storage, email: &str) -> UserId {
    let new = NewUser {
        email: email.to_owned(),
        name: "Grace".to_owned(),
        password_hash: "hash".to_owned(),
    };
    storage.create_user(new, NOW).await.expect("created").id
}

fn is_missing<T: std::fmt::Debug>(outcome: &Result<T, Error>) -> bool {
    matches!(
        outcome,
        Err(Error::NotFound {
            what: Entity::Invitation
        })
    )
}

on_both! {
    async fn an_invitation_makes_a_member_of_its_address_with_its_role_once(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let (invitation, secret) = invite(&storage, &shop, " Grace@Example.com").await;
        assert_eq!((invitation.email.as_str(), invitation.role), ("grace@example.com", BuiltIn::Editor));
        assert_eq!(invitation.expires_at, NOW + INVITATION_LIFETIME);
        let open = storage.open_invitation(secret.hash(), NOW).await.expect("read").expect("open");
        assert_eq!((open.organization.id, open.invitation), (shop.id(), invitation));
        let user = accept(&storage, &secret, stranger(), NOW).await.expect("accepted");
        assert_eq!(user.email, "grace@example.com");
        assert_eq!(user.email_verified_at, None, "a link that was copied verifies nothing");
        assert_eq!(storage.role(shop.id(), user.id).await.expect("read"), Some(BuiltIn::Editor));
        let again = accept(&storage, &secret, Invitee::Known(user.id), NOW).await;
        assert!(is_missing(&again), "{again:?}");
        assert_eq!(storage.open_invitation(secret.hash(), NOW).await.expect("read"), None);
        let page = Page::first(10);
        assert_eq!(storage.invitations(shop.id(), &page).await.expect("read").items, []);
        let entries = storage.audit(shop.id(), &AuditFilter::default(), &page).await.expect("read").items;
        assert_eq!(entries[0].action, "member.joined");
        assert_eq!(entries[1].action, "member.invited");
    }

    async fn of_many_who_accept_at_once_one_comes_in(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let grace = person(&storage, "grace@example.com").await;
        let (_, secret) = invite(&storage, &shop, "grace@example.com").await;
        let mut nodes = JoinSet::new();
        for _ in 0..4 {
            let (node, secret) = (database.open().await, secret.clone());
            nodes.spawn(async move { accept(&node, &secret, Invitee::Known(grace), NOW).await });
        }
        let outcomes = nodes.join_all().await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
        assert_eq!(outcomes.iter().filter(|outcome| is_missing(outcome)).count(), 3, "{outcomes:?}");
    }

    // Incident 8: an expired invitation valid until a cleaner runs (authentik CVE-2025-64708).
    async fn an_invitation_expires_though_nobody_deletes_it(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let (invitation, secret) = invite(&storage, &shop, "grace@example.com").await;
        let at = NOW + INVITATION_LIFETIME;
        assert_eq!(storage.open_invitation(secret.hash(), at).await.expect("read"), None);
        let late = accept(&storage, &secret, stranger(), at).await;
        assert!(is_missing(&late), "{late:?}");
        let listed = storage.invitations(shop.id(), &Page::first(10)).await.expect("read").items;
        assert_eq!(listed, [invitation], "it is still there");
        accept(&storage, &secret, stranger(), at - Duration::SECOND).await.expect("in time");
    }

    async fn an_invitation_that_is_sent_again_has_another_link(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let (invitation, first) = invite(&storage, &shop, "grace@example.com").await;
        let later = Attribution { at: NOW + Duration::days(4), ..as_ada(&shop) };
        let resent = storage.resend_invitation(shop.id(), invitation.id, Delivery::Link, &later).await;
        let (resent, second) = resent.expect("sent");
        assert_eq!((resent.id, resent.expires_at), (invitation.id, later.at + INVITATION_LIFETIME));
        let old = accept(&storage, &first, stranger(), later.at).await;
        assert!(is_missing(&old), "{old:?}");
        accept(&storage, &second, stranger(), later.at).await.expect("accepted");
    }

    async fn an_invitation_that_is_revoked_lets_nobody_in(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let (invitation, secret) = invite(&storage, &shop, "grace@example.com").await;
        storage.revoke_invitation(shop.id(), invitation.id, &by()).await.expect("revoked");
        let refused = accept(&storage, &secret, stranger(), NOW).await;
        assert!(is_missing(&refused), "{refused:?}");
        let again = storage.revoke_invitation(shop.id(), invitation.id, &by()).await;
        assert!(is_missing(&again), "{again:?}");
        // Its address can be invited anew.
        invite(&storage, &shop, "grace@example.com").await;
    }

    async fn an_address_is_invited_once_and_never_when_it_is_a_member_s(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let invite_at = async |email: &str, at| {
            let by = Attribution { at, ..as_ada(&shop) };
            storage.invite(shop.id(), to(email, BuiltIn::Viewer), Delivery::Link, &by).await
        };
        invite_at("grace@example.com", NOW).await.expect("invited");
        let twice = invite_at("GRACE@example.com", NOW).await;
        assert!(matches!(twice, Err(Error::AlreadyExists { what: Entity::Invitation, .. })), "{twice:?}");
        invite_at("grace@example.com", NOW + INVITATION_LIFETIME).await.expect("the first has expired");
        let member = invite_at("ada@example.com", NOW).await;
        assert!(matches!(member, Err(Error::AlreadyExists { what: Entity::Member, .. })), "{member:?}");
        let malformed = invite_at("nobody", NOW).await;
        assert!(matches!(malformed, Err(Error::Invalid(_))), "{malformed:?}");
    }

    async fn another_account_than_the_invitation_s_gains_nothing_by_it(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let eve = person(&storage, "eve@example.com").await;
        let (_, secret) = invite(&storage, &shop, "grace@example.com").await;
        let refused = accept(&storage, &secret, Invitee::Known(eve), NOW).await;
        assert!(matches!(refused, Err(Error::Denied(_))), "{refused:?}");
        assert_eq!(storage.memberships(eve).await.expect("read"), []);
        // An account with the address, but without the link, does not either.
        let grace = person(&storage, "grace@example.com").await;
        assert_eq!(storage.memberships(grace).await.expect("read"), []);
        let taken = accept(&storage, &secret, stranger(), NOW).await;
        assert!(matches!(taken, Err(Error::AlreadyExists { what: Entity::User, .. })), "{taken:?}");
        accept(&storage, &secret, Invitee::Known(grace), NOW).await.expect("refusals use nothing up");
    }

    // Incident 5: a null or empty token accepted (GHSA-f6hc-c5jr-878p).
    async fn nothing_and_anything_made_up_open_no_invitation(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let (invitation, _) = invite(&storage, &shop, "grace@example.com").await;
        for secret in ["", "null", "undefined", "\0", &invitation.id.to_string()] {
            let refused = accept(&storage, &Secret::new(secret), stranger(), NOW).await;
            assert!(is_missing(&refused), "{secret:?}: {refused:?}");
        }
    }

    async fn nobody_gives_by_an_invitation_what_they_no_longer_have(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let admin = person(&storage, "admin@example.com").await;
        storage.add_member(shop.id(), admin, BuiltIn::Admin, &by()).await.expect("added");
        let as_admin = Attribution::user(admin, "Admin", NOW);
        let sent = storage.invite(shop.id(), to("grace@example.com", BuiltIn::Admin), Delivery::Link, &as_admin).await;
        let (_, secret) = sent.expect("invited");
        storage.set_role(shop.id(), admin, BuiltIn::Editor, &by()).await.expect("demoted");
        let refused = accept(&storage, &secret, stranger(), NOW).await;
        assert!(matches!(refused, Err(Error::Denied(_))), "{refused:?}");
        storage.remove_member(shop.id(), admin, &by()).await.expect("removed");
        let refused = accept(&storage, &secret, stranger(), NOW).await;
        assert!(matches!(refused, Err(Error::Denied(_))), "{refused:?}");
        assert_eq!(storage.user_by_email("grace@example.com").await.expect("read"), None);
        storage.add_member(shop.id(), admin, BuiltIn::Owner, &by()).await.expect("added");
        accept(&storage, &secret, stranger(), NOW).await.expect("they can give it again");
    }

    async fn an_invitation_of_another_organization_cannot_be_touched(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let (invitation, secret) = invite(&storage, &shop, "grace@example.com").await;
        let new = peekaboo_storage::NewOrganization { key: crate::harness::key("other"), name: "Other".to_owned() };
        let owner = NewUser { email: "eve@example.com".to_owned(), name: "Eve".to_owned(), password_hash: String::new() };
        let (other, _) = storage.set_up(new, owner, NOW).await.expect("made");
        let revoked = storage.revoke_invitation(other.id, invitation.id, &by()).await;
        assert!(is_missing(&revoked), "{revoked:?}");
        let resent = storage.resend_invitation(other.id, invitation.id, Delivery::Link, &by()).await;
        assert!(is_missing(&resent), "{resent:?}");
        assert_eq!(storage.invitations(other.id, &Page::first(10)).await.expect("read").items, []);
        accept(&storage, &secret, stranger(), NOW).await.expect("it stays as it was");
    }

    async fn a_mailed_invitation_verifies_the_address_and_its_link_is_nowhere_in_clear(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let delivery = Delivery::Mail { dashboard: "https://flags.example.com" };
        let sent = storage.invite(shop.id(), to("grace@example.com", BuiltIn::Viewer), delivery, &as_ada(&shop)).await;
        let (invitation, secret) = sent.expect("invited");
        assert!(invitation.mailed);
        let queued = storage.tasks(false, &Page::first(10)).await.expect("read").items;
        let shown = format!("{queued:?}");
        assert_eq!(queued.len(), 1, "the mail");
        assert!(!shown.contains(secret.expose()), "{shown}");
        let user = accept(&storage, &secret, stranger(), NOW).await.expect("accepted");
        let user = storage.user(user.id).await.expect("read").expect("there");
        assert_eq!(user.email_verified_at, Some(NOW));
    }

    async fn invitations_that_wait_are_limited(database: Database) {
        let mut options = database.options();
        options.limits.invitations = 2;
        let storage = Storage::start(options).await.expect("opened");
        let shop = Shop::set_up(&storage).await;
        invite(&storage, &shop, "a@example.com").await;
        invite(&storage, &shop, "b@example.com").await;
        let third = storage.invite(shop.id(), to("c@example.com", BuiltIn::Viewer), Delivery::Link, &by()).await;
        assert!(matches!(third, Err(Error::LimitExceeded { max: 2, .. })), "{third:?}");
    }
}
