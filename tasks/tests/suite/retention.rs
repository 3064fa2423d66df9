//! Old data is deleted, however much of it there is, and newer data stays.

use std::collections::BTreeSet;
use std::time::Duration;

use peekaboo_storage::{
    Attribution, Command, EnvironmentId, EventUsage, Key, NewOrganization, NewProject, NewSession,
    NewUser, Page, SessionLifetime, Storage, UsageBatch, UsageCount, UsageEvent,
};
use peekaboo_tasks::{Forget, Old, Registry, Retention, Runner};
use time::OffsetDateTime;

use crate::harness::{eager, on_both, tasks, until};

const DAY: Duration = Duration::from_hours(24);

async fn environment(storage: &Storage) -> EnvironmentId {
    let key = |text: &str| Key::parse(text).expect("a key");
    let now = OffsetDateTime::now_utc();
    let organization = NewOrganization {
        key: key("acme"),
        name: "Acme".to_owned(),
    };
    let owner = NewUser {
        email: "ada@example.com".to_owned(),
        name: "Ada".to_owned(),
        password_hash: String::new(),
    };
    let made = storage.set_up(organization, owner, now).await;
    let (organization, owner) = made.expect("an organization");
    for (at, lifetime) in [(now - 2 * DAY, DAY), (now, DAY)] {
        let idle = time::Duration::try_from(lifetime).expect("short");
        let lifetime = SessionLifetime {
            idle,
            absolute: idle,
        };
        storage
            .create_session(NewSession::of(owner.id), at, lifetime)
            .await
            .expect("signed in");
    }
    let project = NewProject {
        key: key("shop"),
        name: "Shop".to_owned(),
        description: String::new(),
    };
    let by = Attribution::system("test", now);
    let create = Command::CreateProject { project };
    let created = storage.execute(organization.id, create, &by).await;
    let created = created.expect("created").outcome.created_project();
    created.expect("a project").overview.environments[0].id
}

/// So many events in one hour, and as many flags counted.
fn batch(environment: EnvironmentId, id: &str, at: OffsetDateTime, rows: usize) -> UsageBatch {
    let event = |number| UsageEvent {
        event: format!("event-{number}"),
        value: None,
        targeting_key: None,
        at: at + time::Duration::microseconds(i64::try_from(number).expect("small")),
    };
    let count = |number| UsageCount {
        flag: format!("flag-{number}"),
        flag_version: None,
        variation: None,
        reason: "STATIC".to_owned(),
        count: 1,
    };
    UsageBatch {
        environment,
        id: id.to_owned(),
        at,
        counted_at: at,
        counts: (0..rows).map(count).collect(),
        exposures: Vec::new(),
        events: (0..rows).map(event).collect(),
    }
}

on_both! {
    async fn all_that_is_old_is_forgotten_in_chunks_and_again_an_hour_later(database: Database) {
        let storage = database.open().await;
        let environment = environment(&storage).await;
        let now = OffsetDateTime::now_utc();
        // More than one chunk holds.
        storage.record_usage(&[batch(environment, "old", now - 5 * DAY, 2_500)]).await.expect("kept");
        storage.record_usage(&[batch(environment, "new", now, 3)]).await.expect("kept");
        let events = async || {
            let page = Page::first(1_000);
            let events = storage.events(environment, now - 9 * DAY, now + DAY, &page).await;
            events.expect("read").items
        };
        assert_eq!(events().await.len(), 1_000);

        let retention = Retention { counts: 3 * DAY, events: 3 * DAY, audit: None };
        let forget = || Old::all().map(|old| Forget { old });
        let registry = Registry::new().maintenance(retention, forget(), Duration::from_hours(1));
        let runner = Runner::start(storage.clone(), registry, eager());
        until("all are queued", async || tasks(&storage).await.len() == Old::all().count()).await;
        for forget in forget() {
            storage.queue_task(&forget, now, now).await.expect("hurried");
        }
        until("all are done", async || tasks(&storage).await.iter().all(|task| task.ready_at > Some(now) && task.attempts == 0)).await;
        runner.stop().await;

        let kept: BTreeSet<_> = events().await.into_iter().map(|event: EventUsage| (event.event, event.count)).collect();
        let expected: BTreeSet<_> = (0..3).map(|number| (format!("event-{number}"), 1)).collect();
        assert_eq!(kept, expected);
        // The old batch's name is forgotten with it, and the new one's is not.
        let again = [batch(environment, "old", now, 0), batch(environment, "new", now, 0)];
        assert_eq!(storage.record_usage(&again).await.expect("kept"), [true, false]);
        let sessions = storage.sessions(owner(&storage).await, now - 9 * DAY).await;
        assert_eq!(sessions.expect("read").len(), 1, "the one that had not expired");
    }
}

async fn owner(storage: &Storage) -> peekaboo_storage::UserId {
    let owner = storage.user_by_email("ada@example.com").await;
    owner.expect("read").expect("there").id
}
