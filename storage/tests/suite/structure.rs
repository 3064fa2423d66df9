//! Organisations, projects and environments.

use peekaboo_storage::{
    AuditFilter, Command, Entity, EnvironmentPatch, Error, FlagPatch, Limits, NewEnvironment,
    NewProject, Options, Page, ProjectPatch, Storage,
};
use tokio::task::JoinSet;

use crate::harness::{
    Held, Shop, by, create_flag, key, new_segment, on_both, targeting_of, toggle,
};

fn new_environment(environment: &str, copy_from: Option<&str>) -> NewEnvironment {
    NewEnvironment {
        key: key(environment),
        name: environment.to_owned(),
        color: "#00ff00".to_owned(),
        production: false,
        position: None,
        copy_from: copy_from.map(key),
    }
}

fn create_environment(environment: NewEnvironment) -> Command {
    Command::CreateEnvironment {
        project: key("shop"),
        environment,
    }
}

on_both! {
    async fn a_project_begins_with_three_environments(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let environments: Vec<_> = shop
            .created
            .overview
            .environments
            .iter()
            .map(|environment| (environment.key.as_str(), environment.production, environment.position))
            .collect();
        assert_eq!(environments, [("development", false, 0), ("staging", false, 1), ("production", true, 2)]);
        let again = NewProject { key: key("shop"), name: "Shop".to_owned(), description: String::new() };
        let taken = storage.execute(shop.id(), Command::CreateProject { project: again }, &by()).await;
        assert!(matches!(taken, Err(Error::AlreadyExists { what: Entity::Project, .. })), "{taken:?}");
        storage.execute(shop.id(), create_flag("checkout"), &by()).await.expect("created");
        let create = Command::CreateSegment { project: key("shop"), segment: new_segment("beta") };
        storage.execute(shop.id(), create, &by()).await.expect("created");
        let overview = storage.project(shop.id(), &key("shop")).await.expect("read").expect("there");
        assert_eq!((overview.flag_count, overview.segment_count), (1, 1));
        assert_eq!(storage.projects(shop.id(), &Page::first(10)).await.expect("read").items, [overview]);
    }

    async fn a_change_of_structure_raises_the_revision_and_what_changes_nothing_does_not(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let revision = async || storage.tenant(shop.id()).await.expect("read").expect("there").revision;
        let mut expected = revision().await;
        let update = |patch, expected_version| Command::UpdateProject { project: key("shop"), patch, expected_version };
        let patch = ProjectPatch { name: Some("The shop".to_owned()), ..ProjectPatch::default() };
        for raised in [1, 0] {
            let updated = storage.execute(shop.id(), update(patch.clone(), None), &by()).await.expect("updated");
            assert_eq!(updated.revision.is_some(), raised == 1);
            expected += raised;
            assert_eq!(revision().await, expected);
        }
        let conflict = storage.execute(shop.id(), update(ProjectPatch::default(), Some(1)), &by()).await;
        assert!(matches!(conflict, Err(Error::VersionConflict { .. })), "{conflict:?}");
        let patch = EnvironmentPatch { production: Some(true), position: Some(-1), ..EnvironmentPatch::default() };
        for raised in [1, 0] {
            let update = Command::UpdateEnvironment {
                project: key("shop"),
                environment: key("staging"),
                patch: patch.clone(),
                expected_version: None,
            };
            let updated = storage.execute(shop.id(), update, &by()).await.expect("updated");
            let environment = updated.outcome.environment().expect("an environment");
            assert_eq!((environment.edition, environment.version), (2, 1), "not a change of its ruleset");
            expected += raised;
            assert_eq!(revision().await, expected);
        }
        let first = &storage.environments(shop.id(), &key("shop")).await.expect("read")[0];
        assert_eq!(first.key, "staging");
        for raised in [1, 0] {
            storage.rename_organization(shop.id(), "Acme & Co", None, &by()).await.expect("renamed");
            expected += raised;
            assert_eq!(revision().await, expected);
        }
    }

    async fn a_new_environment_has_every_flag(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        for flag in ["checkout", "search"] {
            storage.execute(shop.id(), create_flag(flag), &by()).await.expect("created");
        }
        storage.execute(shop.id(), toggle("production", "checkout", true), &by()).await.expect("toggled");
        let create = async |new| storage.execute(shop.id(), create_environment(new), &by()).await;
        let created = async |new| create(new).await.expect("created").outcome.environment().expect("an environment");
        let fresh = created(new_environment("fresh", None)).await;
        let copy = created(new_environment("copy", Some("production"))).await;
        let enabled = async |id| {
            let flags = storage.ruleset(id).await.expect("read").expect("there").flags;
            (flags["checkout"].enabled, flags["search"].enabled)
        };
        assert_eq!(enabled(fresh.id).await, (false, false));
        assert_eq!(enabled(copy.id).await, (true, false));
        assert_eq!(copy.position, 4, "after the others");
        let unknown = create(new_environment("lost", Some("nowhere"))).await;
        let Err(Error::Invalid(problems)) = unknown else { panic!("{unknown:?}") };
        assert_eq!((problems[0].pointer.as_str(), &*problems[0].code), ("/copyFrom", "unknown_environment"));
        let delete = async |edition| {
            let delete = Command::DeleteEnvironment {
                project: key("shop"),
                environment: key("fresh"),
                expected_version: edition,
            };
            storage.execute(shop.id(), delete, &by()).await
        };
        let conflict = delete(Some(fresh.edition + 1)).await;
        assert!(matches!(conflict, Err(Error::VersionConflict { .. })), "{conflict:?}");
        delete(Some(fresh.edition)).await.expect("deleted");
        assert_eq!(storage.ruleset(fresh.id).await.expect("read"), None);
        let committed = storage.execute(shop.id(), create_flag("more"), &by()).await.expect("created");
        assert_eq!(committed.changes.len(), 4);
    }

    async fn flags_and_environments_made_at_once_all_meet(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let organization = shop.id();
        let mut nodes = JoinSet::new();
        for n in 0..4 {
            let node = database.open().await;
            nodes.spawn(async move {
                node.execute(organization, create_flag(&format!("flag-{n}")), &by()).await.expect("created");
            });
            let node = database.open().await;
            nodes.spawn(async move {
                let new = new_environment(&format!("environment-{n}"), None);
                node.execute(organization, create_environment(new), &by()).await.expect("created");
            });
        }
        nodes.join_all().await;
        for environment in storage.environments(organization, &key("shop")).await.expect("read") {
            let ruleset = storage.ruleset(environment.id).await.expect("read").expect("there");
            assert_eq!(ruleset.flags.len(), 4, "in {}", environment.key);
        }
    }

    async fn a_deleted_project_takes_everything_along_while_others_write(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let organization = shop.id();
        for flag in ["checkout", "search"] {
            storage.execute(organization, create_flag(flag), &by()).await.expect("created");
        }
        let mut nodes = JoinSet::new();
        for flag in ["checkout", "search"] {
            for environment in ["production", "staging"] {
                let node = database.open().await;
                nodes.spawn(async move {
                    let mut enabled = true;
                    loop {
                        match node.execute(organization, toggle(environment, flag, enabled), &by()).await {
                            Ok(_) => enabled = !enabled,
                            Err(Error::NotFound { .. }) => return,
                            Err(other) => panic!("{other}"),
                        }
                    }
                });
            }
        }
        let delete = async |expected_version| {
            let delete = Command::DeleteProject { project: key("shop"), expected_version };
            storage.execute(organization, delete, &by()).await
        };
        let conflict = delete(Some(99)).await;
        assert!(matches!(conflict, Err(Error::VersionConflict { .. })), "{conflict:?}");
        delete(None).await.expect("deleted");
        nodes.join_all().await;
        let tenant = storage.tenant(organization).await.expect("read").expect("there");
        assert_eq!((tenant.environments, tenant.keys), (Vec::new(), Vec::new()));
        for created in &shop.created.keys {
            assert_eq!(storage.find_key(created.secret.hash()).await.expect("read"), None);
        }
        let gone = delete(None).await;
        assert!(matches!(gone, Err(Error::NotFound { what: Entity::Project })), "{gone:?}");
        let deleted = AuditFilter { action: Some("project.deleted".to_owned()), ..AuditFilter::default() };
        let history = storage.audit(organization, &deleted, &Page::first(10)).await.expect("read");
        assert_eq!(history.items.len(), 1, "its history stays");
        Held::by(&storage, organization).await.assert_whole(&storage, organization).await;
    }

    async fn a_limit_says_which_it_is(database: Database) {
        let mut limits = Limits { environments: 3, projects: 1, ..Limits::default() };
        limits.flags.flags = 1;
        let storage = Storage::start(Options { limits, ..database.options() }).await.expect("opened");
        let shop = Shop::set_up(&storage).await;
        storage.execute(shop.id(), create_flag("checkout"), &by()).await.expect("the first");
        let flags = storage.execute(shop.id(), create_flag("search"), &by()).await.map(drop);
        let environment = new_environment("fourth", None);
        let environments = storage.execute(shop.id(), create_environment(environment), &by()).await.map(drop);
        let project = NewProject { key: key("second"), name: "Second".to_owned(), description: String::new() };
        let projects = storage.execute(shop.id(), Command::CreateProject { project }, &by()).await.map(drop);
        for (refused, expected) in [(flags, "flags"), (environments, "environments"), (projects, "projects")] {
            let Err(Error::LimitExceeded { limit, .. }) = refused else { panic!("{refused:?}") };
            assert_eq!(limit, expected);
        }
        let toggled = storage.execute(shop.id(), toggle("production", "checkout", true), &by()).await.expect("toggled");
        assert!(targeting_of(&toggled).targeting.enabled);
    }

    async fn a_lowered_limit_keeps_nobody_from_turning_off_and_archiving(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        storage.execute(shop.id(), create_flag("checkout"), &by()).await.expect("created");
        storage.execute(shop.id(), toggle("production", "checkout", true), &by()).await.expect("toggled");
        let mut limits = Limits::default();
        limits.flags.variations = 1;
        let storage = Storage::open(Options { limits, ..database.options() }).expect("opened");
        let update = |patch| Command::UpdateFlag {
            project: key("shop"),
            flag: key("checkout"),
            patch,
            expected_version: None,
        };
        let rename = FlagPatch { name: Some("Checkout".to_owned()), ..FlagPatch::default() };
        let refused = storage.execute(shop.id(), update(rename), &by()).await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
        storage.execute(shop.id(), toggle("production", "checkout", false), &by()).await.expect("turned off");
        let archive = FlagPatch { archived: Some(true), ..FlagPatch::default() };
        storage.execute(shop.id(), update(archive), &by()).await.expect("archived");
    }
}
