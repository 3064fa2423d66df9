//! A request that is sent twice is carried out once, and answered twice.

use peekaboo_policy::{BuiltIn, PermissionSet, Scope};
use peekaboo_storage::{
    Answer, Answered, Command, Committed, Delivery, Error, Grantee, IDEMPOTENCY_LIFETIME,
    IdempotencyKey, IdempotentRequest, NewApiToken, NewGrant, NewInvitation, NewOrganization,
    NewPrincipal, NewRole, NewSdkKey, NewTokenBearer, Outcome, Page, Result, RoleChoice,
    SdkKeyKind, Storage, TokensOf,
};
use time::Duration;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::harness::{
    Database, NOW, Shop, by, create_flag, key, on_both, on_postgres_only, soon, toggle,
};
use crate::tasks::any_task;

fn request_key(scope: u128, body: u8) -> IdempotencyKey {
    IdempotencyKey {
        scope: Uuid::from_u128(scope),
        key: "try-1".to_owned(),
        fingerprint: [body; 32],
    }
}

/// A request whose answer shows the secret of the key that it creates, or else nothing.
pub(crate) fn request(key: IdempotencyKey) -> IdempotentRequest<Outcome> {
    IdempotentRequest::new(key, |outcome: &Outcome| {
        let secret = outcome.clone().created_sdk_key();
        let secret = secret.map(|created| created.secret.expose().to_owned());
        Ok(Answer {
            status: 201,
            body: secret.unwrap_or_default().into_bytes(),
        })
    })
}

pub(crate) fn create_key() -> Command {
    Command::CreateSdkKey {
        project: key("shop"),
        environment: key("production"),
        key: NewSdkKey::named(SdkKeyKind::Server, "made"),
    }
}

/// How many keys there are beside the first two.
pub(crate) async fn made(storage: &Storage, shop: &Shop) -> usize {
    let (project, environment) = (key("shop"), key("production"));
    let page = Page::first(1_000);
    let keys = storage.sdk_keys(shop.id(), &project, &environment, &page);
    keys.await.expect("read").items.len() - 2
}

pub(crate) fn answer(answered: Answered<Committed>) -> (bool, Answer) {
    match answered {
        Answered::First(_, answer) => (true, answer),
        Answered::Again(answer) => (false, answer),
    }
}

on_both! {
    async fn the_second_time_gets_the_first_answer_and_does_nothing(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let send = async |key, at| {
            let by = peekaboo_storage::Attribution::system("test", at);
            storage.execute_once(shop.id(), create_key(), &by, request(key)).await
        };
        let (is_first, first) = answer(send(request_key(1, 1), NOW).await.expect("created"));
        assert!(is_first);
        let almost_a_day = NOW + IDEMPOTENCY_LIFETIME - Duration::SECOND;
        let again = answer(send(request_key(1, 1), almost_a_day).await.expect("answered"));
        assert_eq!(again, (false, first.clone()));
        assert_eq!(made(&storage, &shop).await, 1);
        let (is_first, other) = answer(send(request_key(2, 1), NOW).await.expect("created"));
        assert!(is_first, "somebody else's");
        assert_ne!(other, first);
        let reused = send(request_key(1, 2), NOW).await;
        assert!(matches!(reused, Err(Error::IdempotencyKeyReused)), "{reused:?}");
        let (is_first, _) = answer(send(request_key(1, 2), NOW + IDEMPOTENCY_LIFETIME).await.expect("created"));
        assert!(is_first, "a day later the key is free");
        assert_eq!(made(&storage, &shop).await, 3);
    }

    async fn a_request_that_was_refused_can_be_sent_again(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let send = async |command| storage.execute_once(shop.id(), command, &by(), request(request_key(1, 1))).await;
        let missing = send(toggle("production", "checkout", true)).await;
        assert!(matches!(missing, Err(Error::NotFound { .. })), "{missing:?}");
        let unanswerable = IdempotentRequest::new(request_key(1, 1), |_: &Outcome| Err("no answer".into()));
        let failed = storage.execute_once(shop.id(), create_flag("checkout"), &by(), unanswerable).await;
        assert!(matches!(failed, Err(Error::Unanswerable(_))), "{failed:?}");
        let (is_first, _) = answer(send(create_flag("checkout")).await.expect("nothing was kept, and nothing created"));
        assert!(is_first);
    }

    async fn a_request_that_changes_nothing_is_answered_again_too(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        storage.execute(shop.id(), create_flag("checkout"), &by()).await.expect("created");
        let version = async || {
            let tenant = storage.tenant(shop.id()).await.expect("read").expect("there");
            let versions: Vec<_> = tenant.environments.iter().map(|environment| environment.version).collect();
            (tenant.revision, versions)
        };
        let before = version().await;
        for expected in [true, false] {
            let off = toggle("production", "checkout", false);
            let answered = storage.execute_once(shop.id(), off, &by(), request(request_key(1, 1))).await;
            let (is_first, _) = answer(answered.expect("answered"));
            assert_eq!(is_first, expected);
        }
        assert_eq!(version().await, before, "its locks left no trace");
    }

    async fn of_many_at_once_one_is_carried_out_and_all_get_its_answer(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let organization = shop.id();
        let mut attempts = JoinSet::new();
        for _ in 0..6 {
            let node = database.open().await;
            attempts.spawn(async move {
                let sent = node.execute_once(organization, create_key(), &by(), request(request_key(1, 1))).await;
                answer(sent.expect("answered"))
            });
        }
        let answers = attempts.join_all().await;
        assert_eq!(answers.iter().filter(|(is_first, _)| *is_first).count(), 1);
        assert!(answers.iter().all(|(_, answer)| *answer == answers[0].1));
        assert_eq!(made(&storage, &shop).await, 1);
    }

    async fn a_claim_that_an_older_version_left_behind_stops_nobody(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let first = storage.execute_once(shop.id(), create_key(), &by(), request(request_key(1, 1))).await;
        first.expect("created");
        database.raw("UPDATE idempotency_keys SET status = NULL, body = NULL").await.close().await;
        let again = storage.execute_once(shop.id(), create_key(), &by(), request(request_key(1, 1))).await;
        assert!(answer(again.expect("created")).0);
    }

    async fn old_answers_are_forgotten_a_few_at_a_time(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let send = async |name: &str, at| {
            let by = peekaboo_storage::Attribution::system("test", at);
            let key = IdempotencyKey { key: name.to_owned(), ..request_key(1, 1) };
            let sent = storage.execute_once(shop.id(), create_key(), &by, request(key)).await;
            answer(sent.expect("answered"))
        };
        for name in ["old-1", "old-2", "old-3"] {
            send(name, NOW).await;
        }
        let (_, new) = send("new", NOW + Duration::SECOND).await;
        let task = any_task(&storage).await;
        let mut step = storage.begin_task(&task).await.expect("begun");
        let at = NOW + IDEMPOTENCY_LIFETIME;
        for expected in [2, 1, 0] {
            let forgotten = storage.forget_requests(step.transaction(), at, 2).await;
            assert_eq!(forgotten.expect("forgotten"), expected);
        }
        assert!(step.finish().await.expect("committed"));
        assert_eq!(send("new", at).await, (false, new));
    }

    async fn tokens_and_organizations_are_created_once_too(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let new = NewApiToken { name: "CI".to_owned(), bearer: NewTokenBearer::everywhere(BuiltIn::Editor), expires_at: None };
        let mut secrets = Vec::new();
        for _ in 0..2 {
            let request = IdempotentRequest::new(request_key(1, 1), |(_, secret): &(_, peekaboo_storage::Secret)| {
                Ok(Answer { status: 201, body: secret.expose().as_bytes().to_vec() })
            });
            let answered = storage.create_api_token_once(shop.id(), new.clone(), &by(), request).await;
            let (Answered::First(_, answer) | Answered::Again(answer)) = answered.expect("answered");
            secrets.push(answer.body);
        }
        assert_eq!(secrets[0], secrets[1]);
        assert_eq!(storage.api_tokens(shop.id(), TokensOf::ServiceAccounts, &Page::first(10)).await.expect("read").items.len(), 1);

        for expected in [true, false] {
            let new = NewOrganization { key: key("other"), name: "Other".to_owned() };
            let request = IdempotentRequest::new(request_key(2, 1), |_| Ok(Answer { status: 201, body: Vec::new() }));
            let answered: Result<_> = storage.create_organization_once(new, shop.owner.id, &by(), request).await;
            assert_eq!(matches!(answered.expect("answered"), Answered::First(..)), expected);
        }
    }

    async fn what_gives_access_is_created_once_too(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let (id, by) = (shop.id(), by());
        let named = |name: &str| NewPrincipal { name: name.to_owned(), description: String::new() };
        let role = NewRole { name: "Releaser".to_owned(), description: String::new(), permissions: PermissionSet::EMPTY };
        let grant = NewGrant {
            grantee: Grantee::Member(shop.owner.id),
            role: RoleChoice::BuiltIn(BuiltIn::Viewer),
            scope: Scope::project("shop"),
        };
        let grace = NewInvitation { email: "grace@example.com".to_owned(), role: BuiltIn::Viewer };
        for is_first in [true, false] {
            let team = storage.create_team_once(id, named("Checkout"), &by, empty(1)).await;
            assert_eq!(was_first(team), is_first);
            let role = storage.create_role_once(id, role.clone(), &by, empty(2)).await;
            assert_eq!(was_first(role), is_first);
            let grant = storage.create_grant_once(id, grant.clone(), &by, empty(3)).await;
            assert_eq!(was_first(grant), is_first);
            let account = storage.create_service_account_once(id, named("Robot"), &by, empty(4)).await;
            assert_eq!(was_first(account), is_first);
            let invited = storage.invite_once(id, grace.clone(), Delivery::Link, &by, empty(5)).await;
            assert_eq!(was_first(invited), is_first);
        }
        let refused = storage.create_team_once(id, named("CHECKOUT"), &by, empty(6)).await;
        assert!(matches!(refused, Err(Error::AlreadyExists { .. })), "{refused:?}");
        let other = storage.create_team_once(id, named("Search"), &by, empty(6)).await;
        assert!(was_first(other), "a refusal is not kept");
        let page = Page::first(10);
        assert_eq!(storage.teams(id, &page).await.expect("read").items.len(), 2);
        assert_eq!(storage.service_accounts(id, &page).await.expect("read").items.len(), 1);
    }
}

on_postgres_only! {
    async fn a_duplicate_waits_for_the_first_and_takes_its_place_where_that_fails(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        for first_commits in [false, true] {
            let key = request_key(u128::from(first_commits), 1);
            let (mut first, mut watcher) = (claimed(&database, &key).await, database.raw("SELECT 1").await);
            let duplicate = tokio::spawn({
                let (storage, organization) = (storage.clone(), shop.id());
                async move { storage.execute_once(organization, create_key(), &by(), request(key)).await }
            });
            let waits = "SELECT 1 / count(*) FROM pg_stat_activity \
                         WHERE datname = current_database() AND wait_event_type = 'Lock'";
            soon(async { while !watcher.run(waits).await {} }).await;
            assert!(first.run(if first_commits { "COMMIT" } else { "ROLLBACK" }).await);
            let (is_first, answer) = answer(duplicate.await.expect("no panic").expect("answered"));
            assert_eq!(is_first, !first_commits);
            assert_eq!(answer.body == b"first", first_commits);
        }
    }
}

/// A request whose answer is empty.
fn empty<T>(scope: u128) -> IdempotentRequest<T> {
    let answer = Answer {
        status: 201,
        body: Vec::new(),
    };
    IdempotentRequest::new(request_key(scope, 1), |_| Ok(answer))
}

fn was_first<T>(answered: Result<Answered<T>>) -> bool {
    matches!(answered.expect("answered"), Answered::First(..))
}

/// Another node that has claimed and answered a request, and not yet committed.
async fn claimed(database: &Database, key: &IdempotencyKey) -> crate::harness::Raw {
    let insert = format!(
        "BEGIN; INSERT INTO idempotency_keys (scope, key, fingerprint, status, body, created_at) \
         VALUES ('{}', '{}', decode(repeat('01', 32), 'hex'), 201, 'first', '2026-03-01T12:00:00Z')",
        key.scope, key.key,
    );
    database.raw(&insert).await
}
