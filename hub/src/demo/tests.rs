use peekaboo_policy::{Permission, Scope, decide};
use peekaboo_storage::{
    AuditFilter, FlagFilter, GrantRecord, Page, SubjectKey, UsagePeriod, UsageResolution,
};
use time::macros::datetime;

use super::*;
use crate::test_storage::{TestStorage, key as key_of};

const NOW: OffsetDateTime = datetime!(2026-03-02 09:00 UTC);

#[tokio::test]
async fn the_demo_is_a_project_that_looks_lived_in() {
    let storage = TestStorage::empty().await;
    let demo = seed(&storage, NOW).await.expect("a demo");

    let organization = storage.organization(&key_of(&demo.organization)).await;
    let organization = organization.expect("an answer").expect("the organization");
    let project = key_of(&demo.project);
    let (flags, _) = storage
        .flags(
            organization.id,
            &project,
            &FlagFilter::default(),
            &Page::first(100),
        )
        .await
        .expect("flags");
    assert!(flags.items.len() >= 15);
    let enabled_in = |environment: &str| {
        flags
            .items
            .iter()
            .flat_map(|flag| &flag.environments)
            .filter(|targeting| targeting.environment == environment && targeting.enabled)
            .count()
    };
    assert!(enabled_in("development") > enabled_in("production"));

    let history = storage
        .audit(organization.id, &AuditFilter::default(), &Page::first(100))
        .await
        .expect("a history");
    assert!(
        history
            .items
            .iter()
            .filter(|entry| entry.comment.is_some())
            .count()
            >= 10
    );
    assert!(
        history
            .items
            .is_sorted_by_key(|entry| std::cmp::Reverse(entry.at))
    );
    assert!(history.items.iter().all(|entry| entry.at <= NOW));
}

#[tokio::test]
async fn the_shop_s_imaginary_visitors_show_how_a_rollout_grew() {
    let storage = TestStorage::empty().await;
    let demo = seed(&storage, NOW).await.expect("a demo");
    let server = Secret::new(demo.server_key.as_str());
    let found = storage.find_key(server.hash()).await.expect("an answer");
    let (_, record) = found.expect("the key");
    let month = UsagePeriod {
        from: NOW - Duration::days(40),
        to: NOW + Duration::hours(1),
        resolution: UsageResolution::Day,
    };
    let usage = async |flag: &str| {
        let flag = key_of(flag);
        let usage = storage.flag_usage(record.environment, &flag, &month).await;
        usage.expect("an answer")
    };
    let rollout = usage("payments-v2").await;
    let share = |days_ago: i64| {
        let day = UsageResolution::Day.floor(NOW - Duration::days(days_ago));
        let of_day = rollout.buckets.iter().filter(|bucket| bucket.at == day);
        let (mut on, mut all) = (0, 0);
        for bucket in of_day {
            all += bucket.count;
            if bucket.variation.as_deref() == Some("on") {
                on += bucket.count;
            }
        }
        on * 100 / all
    };
    assert!((15..35).contains(&share(20)), "{}", share(20));
    assert!((40..60).contains(&share(2)), "{}", share(2));
    let last = rollout.last_evaluated_at.expect("used");
    assert!(NOW - last <= Duration::HOUR);
    let gone = usage("instant-refunds").await.last_evaluated_at;
    assert!(NOW - gone.expect("once") > Duration::days(30));
    let week_ago = NOW - Duration::days(7);
    let flag = key_of("search-ranking");
    let impact = storage.impact(record.environment, &flag, "purchase", week_ago, NOW);
    let impact = impact.await.expect("an answer");
    let exposed: i64 = impact.iter().map(|variation| variation.exposed).sum();
    assert!(exposed > 100);
}

#[tokio::test]
async fn the_public_demo_keys_open_their_environments() {
    let storage = TestStorage::empty().await;
    let demo = seed(&storage, NOW).await.expect("a demo");
    for (text, kind) in [
        (&demo.server_key, SdkKeyKind::Server),
        (&demo.client_key, SdkKeyKind::Client),
    ] {
        let found = storage.find_key(Secret::new(text.as_str()).hash()).await;
        let (_, record) = found.expect("an answer").expect("the key");
        assert_eq!(record.kind, kind);
        let ruleset = storage
            .ruleset(record.environment)
            .await
            .expect("an answer");
        assert!(
            ruleset
                .expect("a ruleset")
                .flags
                .contains_key("new-checkout")
        );
    }
}

#[tokio::test]
async fn a_second_start_leaves_the_demo_as_people_left_it() {
    let storage = TestStorage::empty().await;
    seed(&storage, NOW).await.expect("a demo");
    let organization = storage.organization(&key_of(ORGANIZATION)).await;
    let organization = organization.expect("an answer").expect("the organization");
    let (project, flag): (Key, SubjectKey) = (key_of(PROJECT), key_of("new-checkout"));
    let delete = peekaboo_storage::Command::DeleteFlag {
        project: project.clone(),
        flag: flag.clone(),
        expected_version: None,
    };
    let by = Attribution::system("a test", NOW);
    storage
        .execute(organization.id, delete, &by)
        .await
        .expect("deleted");
    let server = Secret::new(key(SdkKeyKind::Server, "staging"));
    let (_, record) = storage
        .find_key(server.hash())
        .await
        .expect("an answer")
        .expect("the key");
    let revoke = peekaboo_storage::Command::RevokeSdkKey {
        project: project.clone(),
        environment: key_of("staging"),
        key: record.id,
        expected_version: None,
    };
    storage
        .execute(organization.id, revoke, &by)
        .await
        .expect("revoked");

    let demo = seed(&storage, NOW + Duration::DAY)
        .await
        .expect("the demo again");

    assert_eq!(demo.server_key, "pbs_demo_production");
    let gone = storage
        .flag(organization.id, &project, &flag)
        .await
        .expect("an answer");
    assert_eq!(gone, None);
    let revoked = storage.find_key(server.hash()).await.expect("an answer");
    assert_eq!(revoked, None);
}

#[tokio::test]
async fn a_colleague_edits_development_only_and_a_team_releases() {
    let storage = TestStorage::empty().await;
    let demo = seed(&storage, NOW).await.expect("a demo");
    let organization = storage.organization(&key_of(&demo.organization)).await;
    let organization = organization.expect("an answer").expect("the organization");
    let can = async |email: &str, permission, environment: &str| {
        let user = storage.user_by_email(email).await.expect("an answer");
        let user = user.expect("the person").id;
        let held = storage.access_of_member(organization.id, user).await;
        let held = held.expect("an answer").expect("a member");
        let grants: Vec<_> = held.iter().map(GrantRecord::as_policy).collect();
        let scope = Scope::environment(demo.project.as_str(), environment);
        decide(&grants, permission, &scope).is_allowed()
    };
    let edit = Permission::TargetingUpdate;
    assert!(can("sam@example.com", edit, "development").await);
    assert!(!can("sam@example.com", edit, "production").await);
    assert!(can("sam@example.com", Permission::EnvironmentRead, "production").await);
    assert!(can("noor@example.com", Permission::FlagToggle, "production").await);
    assert!(!can("noor@example.com", edit, "production").await);
}

#[tokio::test]
async fn the_demo_has_a_pending_invitation() {
    let storage = TestStorage::empty().await;
    let demo = seed(&storage, NOW).await.expect("a demo");
    let organization = storage.organization(&key_of(&demo.organization)).await;
    let organization = organization.expect("an answer").expect("the organization");
    let pending = storage.invitations(organization.id, &Page::first(10)).await;
    let pending = pending.expect("an answer").items;
    assert_eq!(pending.len(), 1);
    assert_eq!(pending[0].email, "lena@example.com");
    assert!(pending[0].expires_at > NOW + Duration::DAY);
}

#[tokio::test]
async fn two_nodes_that_start_at_once_make_one_demo() {
    let storage = TestStorage::empty().await;
    let (one, other) = tokio::join!(seed(&storage, NOW), seed(&storage, NOW));
    let (one, other) = (one.expect("a demo"), other.expect("the same demo"));
    assert_eq!(one.server_key, other.server_key);
    let organization = storage.organization(&key_of(&one.organization)).await;
    let organization = organization.expect("an answer").expect("the organization");
    let (flags, _) = storage
        .flags(
            organization.id,
            &key_of(&one.project),
            &FlagFilter::default(),
            &Page::first(100),
        )
        .await
        .expect("flags");
    assert!(flags.items.len() >= 15);
}
