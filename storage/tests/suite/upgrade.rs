//! A database of the previous release is brought up to date, and everything in it is still there.
//!
//! The dumps in `tests/upgrade` were made by the code of that release. They are never edited; the next release adds its
//! own.

use peekaboo_policy::BuiltIn;
use peekaboo_storage::{
    Actor, ActorKind, Answer, Answered, Attribution, AuditFilter, ChangesSince, Command, Entity,
    Error, FlagFilter, IdempotencyKey, IdempotentRequest, Impact, Key, NewOrganization, NewUser,
    Outcome, Page, SdkKeyKind, Secret, SecretHash, SessionLifetime, Storage, TokenBearer,
    UsageFilter, UsagePeriod, UsageResolution,
};
use serde_json::json;
use time::Duration;
use uuid::Uuid;

use crate::harness::{Database, NOW, by, create_flag, key, on_both, toggle};

/// A dump, and the secrets that it holds hashes of.
struct Dump {
    sql: &'static str,
    session: &'static str,
    token: &'static str,
}

const ON_POSTGRES: Dump = Dump {
    sql: include_str!("../upgrade/0.1-postgres.sql"),
    session: "lXQbeBkw3FDuA1m31tAhnIU3GGwPYvWtBVtZWTOjUkd",
    token: "pbt_S0WZ9X2VK2VHRJzjgH5xxdCTtxBQSeR92Uyxl1Ng2Yh",
};

const ON_SQLITE: Dump = Dump {
    sql: include_str!("../upgrade/0.1-sqlite.sql"),
    session: "RfZlZrEUA3lxj7YCzWlgMqL9Z2zpqFaCf6PG3CeBRCX",
    token: "pbt_AHLNcc8fx1SV6911Qtn1ayzO0lgIPUTaK68iNTiYCmY",
};

/// Entries of the audit log of the first organization.
const AUDITED: usize = 32;

fn dump(database: &Database) -> Dump {
    if database.address.starts_with("sqlite:") {
        ON_SQLITE
    } else {
        ON_POSTGRES
    }
}

async fn upgraded(database: &Database) -> Storage {
    database.raw(dump(database).sql).await.close().await;
    database.open().await
}

fn acme() -> Key {
    key("acme")
}

on_both! {
    async fn people_and_their_credentials_survive_an_upgrade(database: Database) {
        let storage = upgraded(&database).await;
        let acme = storage.organization(&acme()).await.expect("read").expect("there");
        let globex = storage.organization(&key("globex")).await.expect("read").expect("there");
        let members = storage.members(acme.id, None, &Page::first(10)).await.expect("read").items;
        let members: Vec<_> = members.iter().map(|member| (member.user.email.as_str(), member.role)).collect();
        assert_eq!(members, [("ada@example.com", Some(BuiltIn::Owner)), ("grace@example.com", Some(BuiltIn::Editor))]);
        let grace = storage.user_by_email("grace@example.com").await.expect("read").expect("there");
        assert_eq!(grace.name, "Grace Höpper \u{1F47B}");
        assert_eq!(storage.role(globex.id, grace.id).await.expect("read"), Some(BuiltIn::Owner));

        let week = SessionLifetime { idle: Duration::days(7), absolute: Duration::days(90) };
        let session = storage.session(Secret::new(dump(&database).session).hash(), NOW, week).await.expect("read");
        assert_eq!(session.expect("signed in").user.email, "ada@example.com");
        let token = storage.find_api_token(SecretHash::of(dump(&database).token), NOW).await.expect("read").expect("there");
        assert_eq!((token.token.name.as_str(), token.membership.role()), ("ci", Some(BuiltIn::Editor)));
        assert_eq!(token.token.last_used_at, Some(NOW));
        let accounts = storage.service_accounts(acme.id, &Page::first(10)).await.expect("read").items;
        let [(account, granted)] = &accounts[..] else { panic!("one for the token: {accounts:?}") };
        assert_eq!(token.token.bearer, TokenBearer::ServiceAccount { id: account.id, name: "ci".to_owned(), role: Some(BuiltIn::Editor) });
        assert_eq!(granted, &token.membership.grants);
        let (user, machine) = (Attribution::user(grace.id, "Grace", NOW), Actor {
            kind: ActorKind::Token,
            id: Some(token.token.id.as_uuid()),
            name: "ci".to_owned(),
        });
        let machine = Attribution { actor: machine, ..user.clone() };
        for by in [user, machine] {
            let name = format!("by-{}", by.actor.kind);
            let refused = storage.rename_organization(acme.id, &name, None, &by).await;
            assert!(matches!(refused, Err(Error::Refused(_))), "an editor renames nothing: {refused:?}");
            storage.execute(acme.id, create_flag(&name), &by).await.expect("an editor creates flags");
        }
        for (secret, kind) in [("server", SdkKeyKind::Server), ("client", SdkKeyKind::Client)] {
            let secret = format!("{}a_known_{secret}_key_of_the_fixture", kind.prefix());
            let (organization, record) = storage.find_key(SecretHash::of(&secret)).await.expect("read").expect("there");
            assert_eq!((organization, record.kind), (acme.id, kind));
        }
        let revoked = SecretHash::of("pbs_a_revoked_server_key_of_the_fixture");
        assert_eq!(storage.find_key(revoked).await.expect("read"), None);

        let organization = NewOrganization { key: key("late"), name: "Late".to_owned() };
        let owner = NewUser { email: "late@example.com".to_owned(), name: "Late".to_owned(), password_hash: String::new() };
        let code = Secret::new("left over").hash();
        let refused = storage.set_up_with_code(code, organization, owner, NOW).await;
        assert!(matches!(refused, Err(Error::NotFound { what: Entity::SetupCode })), "it is set up: {refused:?}");

        let request = IdempotencyKey { scope: Uuid::from_u128(7), key: "try-1".to_owned(), fingerprint: [7; 32] };
        let create = |key| IdempotentRequest::new(key, |_: &Outcome| Ok(Answer { status: 201, body: Vec::new() }));
        let command = Command::ResetEpoch { project: key("shop"), environment: key("production") };
        let answered = storage.execute_once(acme.id, command.clone(), &by(), create(request.clone())).await.expect("read");
        let first = Answer { status: 201, body: b"{\"key\":\"shop\"}".to_vec() };
        assert_eq!(answered, Answered::Again(first));
        let cut_short = IdempotencyKey { key: "claimed".to_owned(), ..request };
        let answered = storage.execute_once(acme.id, command, &by(), create(cut_short)).await.expect("executed");
        assert!(matches!(answered, Answered::First(..)), "{answered:?}");
    }

    async fn flags_and_their_history_survive_an_upgrade(database: Database) {
        let storage = upgraded(&database).await;
        let acme = storage.organization(&acme()).await.expect("read").expect("there");
        let environments = storage.environments(acme.id, &key("shop")).await.expect("read");
        let keys: Vec<_> = environments.iter().map(|environment| environment.key.as_str()).collect();
        assert!(keys.contains(&"production") && keys.contains(&"staging") && keys.contains(&"preview"), "{keys:?}");
        let production = environments.iter().find(|environment| environment.key == "production").expect("there");
        let staging = environments.iter().find(|environment| environment.key == "staging").expect("there");

        let ruleset = storage.ruleset(production.id).await.expect("read").expect("there");
        assert_eq!(ruleset.version, production.version.unsigned_abs());
        let flags: Vec<_> = ruleset.flags.keys().map(String::as_str).collect();
        assert_eq!(flags, ["checkout", "layout", "limit"], "neither the archived one nor the deleted one");
        let layout = serde_json::to_value(&ruleset.flags["layout"]).expect("JSON");
        assert_eq!(layout["variations"]["wide"], json!({"columns": 3, "price": 1.5, "tags": ["a", null]}));
        assert_eq!(layout["salt"], "a salt");
        let weights = layout.pointer("/fallthrough/split/weights").expect("a split");
        assert!(weights.to_string().contains("12345"), "{weights}");
        assert_eq!(ruleset.segments.len(), 2);

        let targeting = storage.targeting(acme.id, &key("shop"), &key("staging"), &key("checkout")).await.expect("read");
        assert!(targeting.expect("there").targeting.enabled);
        let all = storage.flags(acme.id, &key("shop"), &FlagFilter::default(), &Page::first(10)).await.expect("read");
        assert_eq!(all.0.items.len(), 4, "the archived one too");
        let found = FlagFilter { search: Some("TWO".to_owned()), ..FlagFilter::default() };
        let found = storage.flags(acme.id, &key("shop"), &found, &Page::first(10)).await.expect("read");
        assert_eq!(found.0.items.len(), 1, "found by its description");

        // Clients go on from the versions that they hold.
        let held = production.version - 2;
        let since = storage.changes_since(production.id, &production.epoch, held, 10).await.expect("read");
        let ChangesSince::Entries(entries) = since else { panic!("the log leads on") };
        assert_eq!(entries.iter().map(|entry| entry.version).collect::<Vec<_>>(), [held + 1, held + 2]);
        let since = storage.changes_since(staging.id, &staging.epoch, staging.version, 10).await.expect("read");
        assert_eq!(since, ChangesSince::Entries(Vec::new()));

        let audit = storage.audit(acme.id, &AuditFilter::default(), &Page::first(1_000)).await.expect("read").items;
        assert_eq!(audit.len(), AUDITED);
        assert!(audit.iter().any(|entry| entry.actor.name.starts_with("Grace")));

        let committed = storage.execute(acme.id, toggle("production", "checkout", false), &by()).await.expect("changed");
        assert_eq!(committed.changes[0].version, production.version + 1, "and changes go on");
    }

    async fn usage_survives_an_upgrade(database: Database) {
        let storage = upgraded(&database).await;
        let acme = storage.organization(&acme()).await.expect("read").expect("there");
        let production = storage.environment(acme.id, &key("shop"), &key("production")).await.expect("read").expect("there").id;
        let (from, to) = (NOW - Duration::days(3), NOW + Duration::days(1));
        let period = UsagePeriod { from, to, resolution: UsageResolution::Day };
        let usage = storage.flag_usage(production, &key("layout"), &period).await.expect("read");
        let served = usage.buckets.iter().filter(|bucket| bucket.variation.is_some());
        assert_eq!(served.map(|bucket| bucket.count).sum::<i64>(), 5 + 6 + 8);
        assert_eq!(usage.last_evaluated_at, Some(NOW));
        let filter = UsageFilter { from, to, unused_since: None };
        let listed = storage.usage_of_flags(acme.id, &key("shop"), production, &filter, &Page::first(10)).await.expect("read");
        assert_eq!(listed.items.len(), 3);
        let events = storage.events(production, from, to, &Page::first(10)).await.expect("read").items;
        let events: Vec<_> = events.iter().map(|event| (event.event.as_str(), event.count)).collect();
        assert_eq!(events, [("purchase", 3), ("visit", 3)]);
        let impact = storage.impact(production, &key("layout"), "purchase", from, to).await.expect("read");
        let expected = Impact { variation: "wide".to_owned(), exposed: 3, converted: 3, events: 3, sum: 37.5 };
        assert_eq!(impact, [expected]);
    }
}
