//! Deleted projects and environments are gone at once, and their rows in time, however many there are.

use std::time::Duration;

use peekaboo_storage::{
    Attribution, Command, CreatedProject, DeleteRemains, Error, NewEnvironment, NewFlag,
    NewOrganization, NewProject, NewUser, Organization, Page, Secret, SecretHash, Storage,
    UsageBatch, UsageCount, UsageEvent, UsageExposure,
};
use peekaboo_tasks::{Deletion, Registry, Runner};
use time::OffsetDateTime;

use crate::harness::{eager, on_both, tasks, until};

const DAY: Duration = Duration::from_hours(24);

/// More rows of each kind than a chunk holds.
const ROWS: usize = 2_500;

/// A key of the kind that is asked for.
fn key<K: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> K {
    text.parse().expect("a key")
}

fn by() -> Attribution {
    Attribution::system("test", OffsetDateTime::now_utc())
}

async fn set_up(storage: &Storage) -> Organization {
    let organization = NewOrganization {
        key: key("acme"),
        name: "Acme".to_owned(),
    };
    let owner = NewUser {
        email: "ada@example.com".to_owned(),
        name: "Ada".to_owned(),
        password_hash: String::new(),
    };
    let made = storage
        .set_up(organization, owner, OffsetDateTime::now_utc())
        .await;
    made.expect("an organization").0
}

async fn create_shop(storage: &Storage, organization: &Organization) -> CreatedProject {
    let project = NewProject {
        key: key("shop"),
        name: "Shop".to_owned(),
        description: String::new(),
    };
    let create = Command::CreateProject { project };
    let created = storage.execute(organization.id, create, &by()).await;
    let created = created.expect("created").outcome.created_project();
    let created = created.expect("a project");
    let flag = NewFlag {
        key: key("checkout"),
        name: "Checkout".to_owned(),
        description: String::new(),
        type_: serde_json::from_value("boolean".into()).expect("a type"),
        variations: serde_json::from_value(serde_json::json!([
            {"key": "on", "value": true},
            {"key": "off", "value": false},
        ]))
        .expect("variations"),
        tags: Vec::new(),
        client_visible: false,
        track: true,
        metadata: serde_json::Map::new(),
        salt: None,
    };
    let create = Command::CreateFlag {
        project: key("shop"),
        flag,
    };
    let flag = storage.execute(organization.id, create, &by()).await;
    flag.expect("created");
    created
}

/// Usage of every kind in each of the project's environments.
async fn use_flags(storage: &Storage, created: &CreatedProject) {
    let now = OffsetDateTime::now_utc();
    for environment in &created.overview.environments {
        let batch = UsageBatch {
            environment: environment.id,
            id: "a batch".to_owned(),
            at: now,
            counted_at: now,
            counts: (0..ROWS)
                .map(|number| UsageCount {
                    flag: format!("flag-{number}"),
                    flag_version: None,
                    variation: None,
                    reason: "STATIC".to_owned(),
                    count: 1,
                })
                .collect(),
            exposures: (0..ROWS)
                .map(|number| UsageExposure {
                    flag: "checkout".to_owned(),
                    flag_version: 1,
                    variation: "on".to_owned(),
                    targeting_key: format!("user-{number}"),
                    at: now,
                })
                .collect(),
            // All at one time, and of no one: only their places tell them apart.
            events: (0..ROWS)
                .map(|_| UsageEvent {
                    event: "purchase".to_owned(),
                    value: Some(1.0),
                    targeting_key: None,
                    at: now,
                })
                .collect(),
        };
        let kept = storage.record_usage(&[batch]).await.expect("kept");
        assert_eq!(kept, [true]);
    }
}

fn deletion() -> Registry {
    Registry::new().maintenance(Deletion, [DeleteRemains {}], Duration::from_hours(1))
}

async fn all_gone(storage: &Storage) -> bool {
    storage.pending_deletions().await.expect("read").is_empty()
}

on_both! {
    async fn a_deleted_environment_with_usage_is_gone_at_once_and_its_rows_go_in_chunks(database: Database) {
        let storage = database.open().await;
        let acme = set_up(&storage).await;
        let shop = create_shop(&storage, &acme).await;
        use_flags(&storage, &shop).await;
        let [staging, production] = ["staging", "production"].map(|name| {
            let environments = &shop.overview.environments;
            environments.iter().find(|environment| environment.key == name).expect("there").clone()
        });
        let delete = || Command::DeleteEnvironment { project: key("shop"), environment: key("staging"), expected_version: None };
        storage.execute(acme.id, delete(), &by()).await.expect("accepted");

        let listed = storage.environments(acme.id, &key("shop")).await.expect("read");
        assert!(listed.iter().all(|environment| environment.key != "staging"));
        assert_eq!(storage.ruleset(staging.id).await.expect("read"), None);
        let again = storage.execute(acme.id, delete(), &by()).await;
        assert!(matches!(again, Err(Error::NotFound { .. })), "{again:?}");
        for created in shop.keys.iter().filter(|created| created.environment == "staging") {
            assert_eq!(storage.find_key(hash(&created.secret)).await.expect("read"), None, "its keys are dead");
        }
        let tenant = storage.tenant(acme.id).await.expect("read").expect("there");
        assert!(tenant.environments.iter().all(|environment| environment.id != staging.id));
        let pending = storage.pending_deletions().await.expect("read");
        assert_eq!(pending.len(), 1);
        assert_eq!((pending[0].project.as_str(), pending[0].environment.as_deref()), ("Shop", Some("Staging")));

        // Its key is free while its rows are still there.
        let environment = NewEnvironment {
            key: key("staging"),
            name: "Staging".to_owned(),
            color: "#f59e0b".to_owned(),
            production: false,
            position: None,
            copy_from: None,
        };
        let create = Command::CreateEnvironment { project: key("shop"), environment };
        let created = storage.execute(acme.id, create, &by()).await.expect("created").outcome.environment();
        let created = created.expect("an environment");
        assert_ne!(created.id, staging.id);

        // A node that ends in the midst of it leaves the rest to another.
        let runner = Runner::start(storage.clone(), deletion(), eager());
        until("some rows are gone", async || {
            all_gone(&storage).await || tasks(&storage).await.iter().any(|task| task.progress.is_some())
        })
        .await;
        runner.stop().await;
        let runner = Runner::start(storage.clone(), deletion(), eager());
        until("all rows are gone", async || all_gone(&storage).await).await;
        runner.stop().await;

        let now = OffsetDateTime::now_utc();
        let events = async |environment| {
            let events = storage.events(environment, now - DAY, now + DAY, &Page::first(10)).await;
            events.expect("read").items.len()
        };
        assert_eq!(events(staging.id).await, 0);
        assert_eq!(events(production.id).await, 1, "others keep theirs");
        let ruleset = storage.ruleset(created.id).await.expect("read").expect("the new one stays");
        assert_eq!(ruleset.flags.len(), 1);
    }

    async fn a_deleted_project_is_gone_at_once_and_its_rows_go_in_chunks(database: Database) {
        let storage = database.open().await;
        let acme = set_up(&storage).await;
        let shop = create_shop(&storage, &acme).await;
        use_flags(&storage, &shop).await;
        let delete = Command::DeleteProject { project: key("shop"), expected_version: None };
        storage.execute(acme.id, delete, &by()).await.expect("accepted");
        assert!(storage.projects(acme.id, &Page::first(10)).await.expect("read").items.is_empty());
        assert_eq!(storage.project(acme.id, &key("shop")).await.expect("read"), None);
        let tenant = storage.tenant(acme.id).await.expect("read").expect("there");
        assert_eq!((tenant.environments.len(), tenant.keys.len()), (0, 0));
        let pending = storage.pending_deletions().await.expect("read");
        assert_eq!(pending.len(), 1);
        assert_eq!(pending[0].environment, None);

        let again = create_shop(&storage, &acme).await;
        assert_ne!(again.overview.project.id, shop.overview.project.id);
        let runner = Runner::start(storage.clone(), deletion(), eager());
        until("all rows are gone", async || all_gone(&storage).await).await;
        runner.stop().await;
        let overview = storage.project(acme.id, &key("shop")).await.expect("read").expect("the new one stays");
        assert_eq!((overview.flag_count, overview.environments.len()), (1, 3));
        for environment in &shop.overview.environments {
            assert_eq!(storage.ruleset(environment.id).await.expect("read"), None);
        }
        assert!(all_gone(&storage).await);
    }
}

fn hash(secret: &Secret) -> SecretHash {
    secret.hash()
}
