//! Commands as data: what was written once reads the same forever, or is refused.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use peekaboo_flags::model::{
    Bucket, Clause, Condition, Operator, Prerequisite, Rule, Serve, Split, Target,
};
use peekaboo_storage::{
    AuditFilter, AuditId, AuditState, Command, EnvironmentPatch, Error, FlagPatch, Key,
    KeyCredential, ListChange, NewEnvironment, NewProject, NewSdkKey, Page, ProjectPatch,
    RestoredFrom, SdkKeyId, SdkKeyKind, SdkKeyPatch, Secret, SegmentMembers, SegmentPatch,
    SubjectKey, Targeting, TargetingPatch,
};
use serde_json::{Value, json};
use time::macros::datetime;
use uuid::Uuid;

use crate::harness::{
    Shop, by, create_flag, key, new_flag, new_segment, on_both, target, targeting_of, toggle,
    variation,
};

/// Where the files of format 1 are. They are never changed: they stand for what databases hold.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/commands/v1")
}

fn condition() -> Condition {
    Condition::Any(vec![
        Condition::All(vec![
            Condition::Clause(Clause {
                attribute: "email".to_owned(),
                op: Operator::EndsWith,
                values: vec![json!("@example.com"), json!("@example.org")],
                negate: false,
                ignore_case: true,
            }),
            Condition::Not(Box::new(Condition::Segment("blocked".to_owned()))),
        ]),
        Condition::Flag {
            flag: "beta".to_owned(),
            variations: vec!["on".to_owned()],
        },
        Condition::Bucket(Bucket {
            by: "company".to_owned(),
            seed: Some("summer".to_owned()),
            from: 0,
            below: 25_000,
        }),
    ])
}

fn targeting() -> Targeting {
    Targeting {
        enabled: true,
        off_variation: None,
        prerequisites: vec![Prerequisite {
            flag: "payments".to_owned(),
            variations: vec!["on".to_owned()],
        }],
        targets: vec![Target {
            variation: "on".to_owned(),
            attribute: "targetingKey".to_owned(),
            values: vec![json!("ada"), json!("grace")],
        }],
        rules: vec![Rule {
            id: "r1".to_owned(),
            when: condition(),
            serve: Serve::Variation("on".to_owned()),
        }],
        fallthrough: Serve::Split(Split {
            by: "targetingKey".to_owned(),
            seed: None,
            weights: vec![("on".to_owned(), 10_000), ("off".to_owned(), 90_000)],
        }),
    }
}

fn retarget(patch: TargetingPatch) -> Command {
    Command::UpdateTargeting {
        project: key("shop"),
        environment: key("production"),
        flag: key("checkout"),
        patch,
        expected_version: Some(7),
    }
}

fn off_variation(off_variation: Option<&str>) -> Command {
    retarget(TargetingPatch {
        off_variation: Some(off_variation.map(str::to_owned)),
        ..TargetingPatch::default()
    })
}

fn update_key(patch: SdkKeyPatch) -> Command {
    Command::UpdateSdkKey {
        project: key("shop"),
        environment: key("production"),
        key: SdkKeyId::from_uuid(Uuid::from_u128(7)),
        patch,
        expected_version: Some(3),
    }
}

/// Each file's name with the command that it holds: at least one of every kind.
#[expect(clippy::too_many_lines, reason = "a sample of each kind of command")]
fn samples() -> Vec<(&'static str, Command)> {
    let (project, environment) = (|| key::<Key>("shop"), || key::<Key>("production"));
    let (flag, segment) = (
        || key::<SubjectKey>("checkout"),
        || key::<SubjectKey>("beta-testers"),
    );
    let sdk_key = || SdkKeyId::from_uuid(Uuid::from_u128(7));
    let expires_at = datetime!(2027-01-01 00:00 UTC);
    let new_key = |kind| NewSdkKey {
        origins: vec!["https://shop.example".to_owned()],
        expires_at: Some(expires_at),
        ..NewSdkKey::named(kind, "Page")
    };
    let expected_version = Some(3);
    vec![
        (
            "createProject",
            Command::CreateProject {
                project: NewProject {
                    key: project(),
                    name: "Shop".to_owned(),
                    description: "Lamps".to_owned(),
                },
            },
        ),
        (
            "updateProject",
            Command::UpdateProject {
                project: project(),
                patch: ProjectPatch {
                    name: Some("The shop".to_owned()),
                    description: Some(String::new()),
                },
                expected_version,
            },
        ),
        (
            "deleteProject",
            Command::DeleteProject {
                project: project(),
                expected_version: None,
            },
        ),
        (
            "createEnvironment",
            Command::CreateEnvironment {
                project: project(),
                environment: NewEnvironment {
                    key: key("qa"),
                    name: "QA".to_owned(),
                    color: "#0090ff".to_owned(),
                    production: false,
                    position: Some(2),
                    copy_from: Some(key("staging")),
                },
            },
        ),
        (
            "updateEnvironment",
            Command::UpdateEnvironment {
                project: project(),
                environment: environment(),
                patch: EnvironmentPatch {
                    name: Some("Live".to_owned()),
                    color: Some("#ff0000".to_owned()),
                    production: Some(true),
                    position: Some(0),
                },
                expected_version,
            },
        ),
        (
            "deleteEnvironment",
            Command::DeleteEnvironment {
                project: project(),
                environment: environment(),
                expected_version,
            },
        ),
        (
            "resetEpoch",
            Command::ResetEpoch {
                project: project(),
                environment: environment(),
            },
        ),
        (
            "createSdkKey",
            Command::CreateSdkKey {
                project: project(),
                environment: environment(),
                key: new_key(SdkKeyKind::Client),
            },
        ),
        (
            "importSdkKey",
            Command::ImportSdkKey {
                project: project(),
                environment: environment(),
                key: NewSdkKey::named(SdkKeyKind::Server, "Demo"),
                credential: KeyCredential::of(
                    SdkKeyKind::Server,
                    &Secret::new("pbs_demo_production"),
                ),
            },
        ),
        (
            "updateSdkKey",
            update_key(SdkKeyPatch {
                name: Some("Storefront".to_owned()),
                origins: Some(Vec::new()),
                expires_at: Some(Some(expires_at)),
            }),
        ),
        (
            "updateSdkKey-forever",
            update_key(SdkKeyPatch {
                expires_at: Some(None),
                ..SdkKeyPatch::default()
            }),
        ),
        (
            "revokeSdkKey",
            Command::RevokeSdkKey {
                project: project(),
                environment: environment(),
                key: sdk_key(),
                expected_version: None,
            },
        ),
        (
            "rotateSdkKey",
            Command::RotateSdkKey {
                project: project(),
                environment: environment(),
                key: sdk_key(),
                grace_seconds: 86_400,
            },
        ),
        (
            "createFlag",
            Command::CreateFlag {
                project: project(),
                flag: {
                    let mut flag = new_flag("checkout");
                    flag.tags = vec!["checkout".to_owned()];
                    flag.variations[0].name = Some("New checkout".to_owned());
                    flag.variations[0].description = Some("One page".to_owned());
                    flag.salt = Some("2f5e".to_owned());
                    flag
                },
            },
        ),
        (
            "updateFlag",
            Command::UpdateFlag {
                project: project(),
                flag: flag(),
                patch: FlagPatch {
                    name: Some("Checkout".to_owned()),
                    description: Some("The new one".to_owned()),
                    variations: Some(vec![variation("a", json!(1.5)), variation("b", json!(2))]),
                    tags: Some(vec!["money".to_owned()]),
                    client_visible: Some(true),
                    track: Some(false),
                    metadata: None,
                    archived: Some(true),
                },
                expected_version,
            },
        ),
        (
            "deleteFlag",
            Command::DeleteFlag {
                project: project(),
                flag: flag(),
                expected_version,
            },
        ),
        ("updateTargeting", retarget(targeting().into())),
        (
            "updateTargeting-toggle",
            retarget(TargetingPatch::enabled(true)),
        ),
        ("updateTargeting-no-off-variation", off_variation(None)),
        ("updateTargeting-off-variation", off_variation(Some("off"))),
        (
            "restoreTargeting",
            Command::RestoreTargeting {
                project: project(),
                environment: environment(),
                flag: flag(),
                targeting: targeting(),
                from: RestoredFrom {
                    entry: AuditId::from_uuid(Uuid::from_u128(9)),
                    state: AuditState::Before,
                },
                expected_version,
            },
        ),
        (
            "createSegment",
            Command::CreateSegment {
                project: project(),
                segment: new_segment("beta-testers"),
            },
        ),
        (
            "updateSegment",
            Command::UpdateSegment {
                project: project(),
                segment: segment(),
                patch: SegmentPatch {
                    name: Some("Beta testers".to_owned()),
                    description: Some("Volunteers".to_owned()),
                    attribute: Some("email".to_owned()),
                    included: Some(vec![json!("ada@example.com")]),
                    excluded: Some(vec![json!(42)]),
                    when: Some(condition()),
                },
                expected_version,
            },
        ),
        (
            "updateSegmentMembers",
            Command::UpdateSegmentMembers {
                project: project(),
                segment: segment(),
                members: SegmentMembers {
                    included: ListChange {
                        add: vec![json!("user-1"), json!(42)],
                        remove: vec![json!("user-2")],
                    },
                    excluded: ListChange {
                        add: Vec::new(),
                        remove: vec![json!("user-1")],
                    },
                },
                expected_version,
            },
        ),
        (
            "deleteSegment",
            Command::DeleteSegment {
                project: project(),
                segment: segment(),
                expected_version: None,
            },
        ),
    ]
}

fn file(name: &str) -> String {
    let path = folder().join(format!("{name}.json"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn every_kind_of_command_has_a_file_and_every_file_a_command() {
    let samples = samples();
    let kinds: BTreeSet<_> = samples.iter().map(|(_, command)| command.kind()).collect();
    let all: BTreeSet<_> = Command::KINDS.iter().copied().collect();
    assert_eq!(kinds, all, "add a sample of the new kind, and its file");
    let files: BTreeSet<_> = std::fs::read_dir(folder())
        .expect("the folder")
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .into_string()
                .expect("text")
        })
        .collect();
    let named: BTreeSet<_> = samples
        .iter()
        .map(|(name, _)| format!("{name}.json"))
        .collect();
    assert_eq!(files, named);
}

#[test]
fn a_command_that_was_written_in_format_1_still_reads_the_same() {
    for (name, command) in samples() {
        let read = Command::decode(&file(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(read, command, "{name}");
    }
}

#[test]
fn a_command_is_written_as_its_file_says() {
    for (name, command) in samples() {
        let written: Value =
            serde_json::from_str(&command.encode().expect("written")).expect("JSON");
        let expected: Value = serde_json::from_str(&file(name)).expect("JSON");
        assert_eq!(written, expected, "{name}");
        assert_eq!(
            Command::decode(&written.to_string()).expect("read"),
            command,
            "{name}"
        );
    }
}

#[test]
fn a_member_that_this_version_does_not_know_is_refused_at_any_depth() {
    let mut places = 0;
    for (name, _) in samples() {
        let written: Value = serde_json::from_str(&file(name)).expect("JSON");
        for pointer in objects(&written) {
            let mut changed = written.clone();
            let place = changed.pointer_mut(&pointer).expect("there");
            place["surprise"] = json!(true);
            let refused = Command::decode(&changed.to_string());
            assert!(
                matches!(refused, Err(Error::UnreadableCommand(_))),
                "{name} {pointer}: {refused:?}"
            );
            places += 1;
        }
    }
    assert!(places > 100, "{places}");
}

#[test]
fn a_refusal_names_what_is_not_known() {
    let newer = file("resetEpoch").replace("\"format\": 1", "\"format\": 2");
    let error = Command::decode(&newer).expect_err("a newer format");
    assert_eq!(
        error.to_string(),
        "unreadable command: format 2 is not supported; this version reads format 1"
    );
    let deep = file("updateTargeting").replace("\"ignoreCase\"", "\"ignoreCaps\"");
    let error = Command::decode(&deep)
        .expect_err("an unknown member")
        .to_string();
    assert!(error.contains("ignoreCaps"), "{error}");
    let unknown = r#"{"format": 1, "command": {"launchRocket": {}}}"#;
    let error = Command::decode(unknown)
        .expect_err("an unknown kind")
        .to_string();
    assert!(error.contains("launchRocket"), "{error}");
}

#[test]
fn null_is_a_value_only_where_there_is_one() {
    for member in [
        "enabled",
        "prerequisites",
        "targets",
        "rules",
        "fallthrough",
    ] {
        let mut written: Value = serde_json::from_str(&file("updateTargeting")).expect("JSON");
        written["command"]["updateTargeting"]["patch"][member] = Value::Null;
        let refused = Command::decode(&written.to_string());
        assert!(
            matches!(refused, Err(Error::UnreadableCommand(_))),
            "{member}: {refused:?}"
        );
    }
    let commands = [
        retarget(TargetingPatch::default()),
        off_variation(None),
        off_variation(Some("off")),
    ];
    for command in commands {
        let written = command.encode().expect("written");
        assert_eq!(
            Command::decode(&written).expect("read"),
            command,
            "{written}"
        );
    }
}

/// The place of every object, the whole among them.
fn objects(value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![(String::new(), value)];
    while let Some((at, value)) = open.pop() {
        match value {
            Value::Object(members) => {
                open.extend(
                    members
                        .iter()
                        .map(|(name, member)| (format!("{at}/{name}"), member)),
                );
                found.push(at);
            }
            Value::Array(items) => {
                let items = items.iter().enumerate();
                open.extend(items.map(|(index, item)| (format!("{at}/{index}"), item)));
            }
            _ => {}
        }
    }
    found
}

on_both! {
    async fn a_stored_restore_is_executed_after_its_entry_is_gone(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        storage.execute(shop.id(), create_flag("checkout"), &by()).await.expect("created");
        storage.execute(shop.id(), toggle("production", "checkout", true), &by()).await.expect("toggled");
        let filter = AuditFilter { action: Some("targeting.updated".to_owned()), ..AuditFilter::default() };
        let entries = storage.audit(shop.id(), &filter, &Page::first(1)).await.expect("read");
        let from = RestoredFrom { entry: entries.items[0].id, state: AuditState::Before };
        let (project, environment, flag) = (key("shop"), key("production"), key("checkout"));
        let targeting = storage.recorded_targeting(shop.id(), &project, &environment, &flag, from).await.expect("found");
        let restore = Command::RestoreTargeting { project, environment, flag, targeting, from, expected_version: None };
        let stored = restore.encode().expect("written");

        database.raw("DELETE FROM audit_log").await.close().await;
        let restore = Command::decode(&stored).expect("read");
        let restored = storage.execute(shop.id(), restore, &by()).await.expect("restored");
        assert!(!targeting_of(&restored).targeting.enabled);
        let newest = storage.audit(shop.id(), &AuditFilter::default(), &Page::first(1)).await.expect("read");
        assert_eq!(newest.items[0].restored, Some(from));
    }

    async fn a_stored_patch_removes_an_off_variation_and_leaves_one_that_it_does_not_name(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        storage.execute(shop.id(), create_flag("checkout"), &by()).await.expect("created");
        let off = |off_variation| TargetingPatch { off_variation, ..TargetingPatch::default() };
        for (patch, expected) in [
            (TargetingPatch::enabled(true), Some("off")),
            (off(Some(None)), None),
            (TargetingPatch::enabled(false), None),
            (off(Some(Some("on".to_owned()))), Some("on")),
        ] {
            let stored = target("production", "checkout", patch).encode().expect("written");
            let command = Command::decode(&stored).expect("read");
            let committed = storage.execute(shop.id(), command, &by()).await.expect("committed");
            assert_eq!(targeting_of(&committed).targeting.off_variation.as_deref(), expected, "{stored}");
        }
    }
}
