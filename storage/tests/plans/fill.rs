//! Fills every table of which a customer may have many rows, so that planners have a reason to use an index.

use std::fmt::Write as _;

use peekaboo_storage::{Command, CreatedProject, EnvironmentId, NewProject, Storage};
use uuid::Uuid;

use crate::harness::{Database, Shop, by, key};

const PROJECTS: usize = 16;
const FLAGS: usize = 400;
const SEGMENTS: usize = 40;
/// Rows of usage, of the log and the like in each environment.
const ROWS: usize = 400;
/// People, sessions, tokens, requests and tasks.
const OTHERS: usize = 4_000;

const AT: &str = "'2026-03-01T12:00:00.000000Z'";

/// Statements with many rows, put together as text in the database's own words.
struct Filler<'a> {
    database: &'a Database,
    sqlite: bool,
}

impl Filler<'_> {
    fn id(&self, id: Uuid) -> String {
        if self.sqlite {
            format!("X'{}'", id.simple())
        } else {
            format!("'{id}'")
        }
    }

    /// An identifier that no other number of the same kind has.
    fn new_id(&self, kind: u8, number: usize) -> String {
        self.id(uuid(kind, number))
    }

    fn bytes(&self, number: usize) -> String {
        if self.sqlite {
            format!("X'{number:064x}'")
        } else {
            format!("'\\x{number:064x}'")
        }
    }

    /// The organization of a row: every second row is the large one's, the others belong to one small one each.
    fn organization(&self, large: &str, number: usize) -> String {
        if number.is_multiple_of(2) {
            large.to_owned()
        } else {
            self.new_id(5, number % OTHERS)
        }
    }

    async fn insert(&self, table: &str, columns: &str, rows: impl IntoIterator<Item = String>) {
        let rows: Vec<_> = rows.into_iter().collect();
        for rows in rows.chunks(1_000) {
            let mut sql = String::new();
            write!(
                sql,
                "INSERT INTO {table} ({columns}) VALUES {}",
                rows.join(", ")
            )
            .expect("text");
            self.database.raw(&sql).await.close().await;
        }
    }
}

fn uuid(kind: u8, number: usize) -> Uuid {
    Uuid::from_u128((u128::from(kind) << 120) | number as u128)
}

/// Fills a database that has the shop.
pub(crate) async fn fill(database: &Database, storage: &Storage, shop: &Shop) {
    let fill = Filler {
        database,
        sqlite: database.address.starts_with("sqlite:"),
    };
    let mut projects: Vec<CreatedProject> = vec![shop.created.clone()];
    for number in 1..PROJECTS {
        let project = NewProject {
            key: key(&format!("project-{number}")),
            name: "Project".to_owned(),
            description: String::new(),
        };
        let create = Command::CreateProject { project };
        let created = storage
            .execute(shop.id(), create, &by())
            .await
            .expect("created");
        projects.push(created.outcome.created_project().expect("a project"));
    }
    flags(&fill, &projects).await;
    let environments = projects
        .iter()
        .flat_map(|project| &project.overview.environments);
    let environments: Vec<EnvironmentId> = environments.map(|environment| environment.id).collect();
    usage(&fill, &environments).await;
    others(&fill, shop, &environments).await;
}

async fn flags(fill: &Filler<'_>, projects: &[CreatedProject]) {
    let variations = r#"'[{"key":"on","value":true},{"key":"off","value":false}]'"#;
    let (mut flags, mut targetings, mut references) = (Vec::new(), Vec::new(), Vec::new());
    let (mut segments, mut of_segments) = (Vec::new(), Vec::new());
    for (nth, created) in projects.iter().enumerate() {
        let project = fill.id(created.overview.project.id.as_uuid());
        for number in 0..FLAGS {
            let id = fill.new_id(1, nth * FLAGS + number);
            flags.push(format!(
                "({id}, {project}, 'flag-{number}', 'Flag {number}', 'flag {number}', '', '', 'boolean', {variations}, \
                 '[]', FALSE, FALSE, 's', 1, {AT}, {AT})"
            ));
            for environment in &created.overview.environments {
                let environment = fill.id(environment.id.as_uuid());
                targetings.push(format!(
                    "({id}, {environment}, FALSE, '[]', '[]', '[]', '{{\"variation\":\"on\"}}', 0, 0, 1, 1, {AT})"
                ));
                if number % 4 == 1 {
                    let target = number - 1;
                    references.push(format!(
                        "({environment}, 'flag-{number}', '/prerequisites/0', 'flag', 'flag-{target}', '[\"on\"]')"
                    ));
                }
            }
        }
        for number in 0..SEGMENTS {
            let id = fill.new_id(2, nth * SEGMENTS + number);
            segments.push(format!(
                "({id}, {project}, 'segment-{number}', 'S', 's', '', 'targetingKey', '[]', '[]', '{{\"any\":[]}}', 1, 1, {AT}, {AT})"
            ));
            of_segments.push(format!(
                "({project}, 'segment-{number}', '/when', 'flag', 'flag-{number}', '[\"on\"]')"
            ));
        }
    }
    fill.insert(
        "flags",
        "id, project, key, name, folded_name, description, folded_description, type, variations, tags, client_visible, \
         track, salt, version, created_at, updated_at",
        flags,
    )
    .await;
    fill.insert(
        "flag_environments",
        "flag, environment, enabled, prerequisites, targets, rules, fallthrough, rule_count, target_count, version, \
         referenced_version, updated_at",
        targetings,
    )
    .await;
    let columns = "environment, flag, place, kind, target, variations";
    fill.insert("flag_references", columns, references).await;
    fill.insert(
        "segments",
        "id, project, key, name, folded_name, description, attribute, included, excluded, condition, version, \
         referenced_version, created_at, updated_at",
        segments,
    )
    .await;
    let columns = "project, segment, place, kind, target, variations";
    fill.insert("segment_references", columns, of_segments)
        .await;
}

#[expect(clippy::too_many_lines, reason = "one statement for each table")]
async fn usage(fill: &Filler<'_>, environments: &[EnvironmentId]) {
    let each = || {
        environments
            .iter()
            .enumerate()
            .flat_map(|(nth, environment)| {
                let environment = fill.id(environment.as_uuid());
                (0..ROWS).map(move |number| (environment.clone(), nth * ROWS + number, number))
            })
    };
    let hour = |number: usize| {
        format!(
            "'2026-02-{:02}T{:02}:00:00.000000Z'",
            1 + number / 24 % 28,
            number % 24
        )
    };
    let day = |number: usize| format!("'2026-02-{:02}T00:00:00.000000Z'", 1 + number % 28);
    fill.insert(
        "event_batches",
        "environment, id, received_at",
        each().map(|(environment, number, _)| format!("({environment}, 'batch-{number}', {AT})")),
    )
    .await;
    fill.insert(
        "usage_counts",
        "environment, hour, flag, variation, reason, flag_version, count",
        each().map(|(environment, _, number)| {
            format!(
                "({environment}, {}, 'flag-{number}', 'on', 'STATIC', 1, 1)",
                hour(number)
            )
        }),
    )
    .await;
    fill.insert(
        "flag_usage",
        "environment, flag, last_evaluated_at",
        each().map(|(environment, _, number)| format!("({environment}, 'flag-{number}', {AT})")),
    )
    .await;
    fill.insert(
        "exposures",
        "environment, flag, variation, targeting_key, flag_version, first_seen_at",
        each().map(|(environment, _, number)| {
            let (flag, person) = (number % 7, fill.bytes(number));
            format!(
                "({environment}, 'flag-{flag}', 'on', {person}, 1, {})",
                hour(number)
            )
        }),
    )
    .await;
    fill.insert(
        "usage_days",
        "environment, flag, day, variation, count",
        each().map(|(environment, _, number)| {
            format!("({environment}, 'flag-{number}', {}, 'on', 1)", day(number))
        }),
    )
    .await;
    fill.insert(
        "exposure_days",
        "environment, flag, day, variation, people",
        each().map(|(environment, _, number)| {
            format!("({environment}, 'flag-{number}', {}, 'on', 1)", day(number))
        }),
    )
    .await;
    fill.insert(
        "impact_days",
        "environment, flag, event, exposed_day, event_day, variation, converted, events, sum",
        each().map(|(environment, _, number)| {
            let day = day(number);
            format!("({environment}, 'flag-{number}', 'event-3', {day}, {day}, 'on', 1, 1, 1.0)")
        }),
    )
    .await;
    fill.insert(
        "event_counts",
        "environment, hour, event, count, sum",
        each().map(|(environment, _, number)| {
            format!(
                "({environment}, {}, 'event-{number}', 1, 1.0)",
                hour(number)
            )
        }),
    )
    .await;
    fill.insert(
        "custom_events",
        "environment, event, targeting_key, value, at",
        each().map(|(environment, _, number)| {
            let (event, person) = (number % 7, fill.bytes(number));
            format!(
                "({environment}, 'event-{event}', {person}, 1.0, {})",
                hour(number)
            )
        }),
    )
    .await;
    fill.insert(
        "change_log",
        "environment, version, committed_at_micros, changes",
        each().map(|(environment, _, number)| {
            format!("({environment}, {}, 1, '{{}}')", number + 1_000)
        }),
    )
    .await;
    fill.insert(
        "sdk_keys",
        "id, environment, kind, name, hash, prefix, origins, version, created_at",
        each()
            .filter(|(_, _, number)| *number < 40)
            .map(|(environment, number, _)| {
                let (id, hash) = (fill.new_id(3, number), fill.bytes(number));
                format!("({id}, {environment}, 'server', 'K', {hash}, 'p', '[]', 1, {AT})")
            }),
    )
    .await;
}

#[expect(clippy::too_many_lines, reason = "one statement for each table")]
async fn others(fill: &Filler<'_>, shop: &Shop, environments: &[EnvironmentId]) {
    let organization = fill.id(shop.id().as_uuid());
    let numbers = || 0..OTHERS;
    fill.insert(
        "users",
        "id, email, name, password_hash, created_at, updated_at",
        numbers().map(|n| {
            format!(
                "({}, 'user-{n}@example.com', 'U', 'h', {AT}, {AT})",
                fill.new_id(4, n)
            )
        }),
    )
    .await;
    fill.insert(
        "organizations",
        "id, key, name, revision, created_at, updated_at",
        numbers().map(|n| {
            format!(
                "({}, 'organization-{n}', 'O', 1, {AT}, {AT})",
                fill.new_id(5, n)
            )
        }),
    )
    .await;
    fill.insert(
        "memberships",
        "organization, user_id, joined_at",
        numbers().flat_map(|n| {
            let (other, user) = (fill.new_id(5, n), fill.new_id(4, n));
            [&organization, &other].map(|organization| format!("({organization}, {user}, {AT})"))
        }),
    )
    .await;
    access(fill, &organization).await;
    fill.insert(
        "projects",
        "id, organization, key, name, description, version, turn, created_at, updated_at",
        numbers().map(|n| {
            format!(
                "({}, {}, 'p', 'P', '', 1, 0, {AT}, {AT})",
                fill.new_id(6, n),
                fill.new_id(5, n)
            )
        }),
    )
    .await;
    fill.insert(
        "environments",
        "id, organization, project, key, name, color, production, position, version, epoch, edition, created_at, \
         updated_at",
        numbers().map(|n| {
            let (id, organization, project) = (fill.new_id(7, n), fill.new_id(5, n), fill.new_id(6, n));
            format!("({id}, {organization}, {project}, 'e', 'E', '#fff', FALSE, 0, 1, 'e', 1, {AT}, {AT})")
        }),
    )
    .await;
    fill.insert(
        "sdk_keys",
        "id, environment, kind, name, hash, prefix, origins, version, created_at",
        numbers().map(|n| {
            let (id, environment) = (fill.new_id(17, n), fill.new_id(7, n));
            let hash = fill.bytes(n + 1_000_000);
            format!("({id}, {environment}, 'server', 'K', {hash}, 'p', '[]', 1, {AT})")
        }),
    )
    .await;
    fill.insert(
        "sessions",
        "hash, user_id, created_at, seen_at, expires_at",
        numbers().map(|n| {
            format!(
                "({}, {}, {AT}, {AT}, {AT})",
                fill.bytes(n),
                fill.new_id(4, n)
            )
        }),
    )
    .await;
    people(fill).await;
    fill.insert(
        "idempotency_keys",
        "scope, key, fingerprint, created_at",
        numbers().map(|n| format!("({}, 'k', {}, {AT})", fill.new_id(4, n), fill.bytes(n))),
    )
    .await;
    fill.insert(
        "tasks",
        "id, kind, key, format, payload, due_at, ready_at, attempts, created_at",
        numbers().map(|n| {
            format!(
                "({}, 'mail.send', 'k-{n}', 1, '{{}}', {AT}, {AT}, 0, {AT})",
                fill.new_id(9, n)
            )
        }),
    )
    .await;
    let count = environments.len() * ROWS;
    fill.insert(
        "audit_log",
        "id, organization, sequence, at, actor_kind, actor_name, action, project, environment, subject_kind, subject_key",
        (0..count).map(|n| {
            let (id, project, flag) = (fill.new_id(10, n), n % PROJECTS, n % FLAGS);
            let organization = fill.organization(&organization, n);
            format!(
                "({id}, {organization}, {}, {AT}, 'system', 'test', 'flag.updated', 'project-{project}', NULL, 'flag', 'flag-{flag}')",
                // After every entry that the tests record.
                n + 1_000_000
            )
        }),
    )
    .await;
    fill.insert(
        "recorded_states",
        "entry, environment, flag, bytes, before, after",
        (0..count).map(|n| {
            let environment = fill.id(environments[n % environments.len()].as_uuid());
            let (entry, flag) = (fill.new_id(10, n), fill.new_id(1, n % FLAGS));
            format!("({entry}, {environment}, {flag}, 9, '{{}}', '{{}}')")
        }),
    )
    .await;
}

/// What people have besides their sessions, and who is invited.
async fn people(fill: &Filler<'_>) {
    let numbers = || 0..OTHERS;
    let user = |n: usize| fill.new_id(4, n);
    fill.insert(
        "invitations",
        "id, organization, email, role, hash, mailed, inviter_kind, inviter_name, created_at, sent_at, expires_at",
        numbers().map(|n| {
            let (id, hash) = (fill.new_id(18, n), fill.bytes(n));
            // The large organization may have few: it invites more below.
            let organization = fill.new_id(5, n);
            format!(
                "({id}, {organization}, 'invited-{n}@example.com', 'viewer', {hash}, FALSE, 'system', 'test', {AT}, {AT}, {AT})"
            )
        }),
    )
    .await;
    fill.insert(
        "identities",
        "id, user_id, issuer, subject, created_at",
        numbers().map(|n| format!("({}, {}, 'i', 's-{n}', {AT})", fill.new_id(19, n), user(n))),
    )
    .await;
    fill.insert(
        "account_links",
        "user_id, purpose, hash, clears_second_factor, expires_at",
        numbers().map(|n| format!("({}, 'reset', {}, FALSE, {AT})", user(n), fill.bytes(n))),
    )
    .await;
    fill.insert(
        "second_factors",
        "user_id, seed, last_step, created_at",
        numbers().map(|n| format!("({}, {}, 0, {AT})", user(n), fill.bytes(n))),
    )
    .await;
    fill.insert(
        "recovery_codes",
        "user_id, hash",
        numbers().map(|n| format!("({}, {})", user(n), fill.bytes(n))),
    )
    .await;
}

/// Teams, roles, service accounts, grants and tokens of one large organization.
async fn access(fill: &Filler<'_>, organization: &str) {
    let numbers = || 0..OTHERS;
    for (table, kind, columns, rest) in [
        ("teams", 11, "folded_name, description, version", "'', 1"),
        ("service_accounts", 12, "description, version", "1"),
        (
            "roles",
            13,
            "folded_name, description, permissions, version",
            "'', '[]', 1",
        ),
    ] {
        fill.insert(
            table,
            &format!("id, organization, name, {columns}, created_at, updated_at"),
            numbers().map(|n| {
                let (id, organization) = (fill.new_id(kind, n), fill.organization(organization, n));
                format!("({id}, {organization}, 'n-{n}', 'n-{n}', {rest}, {AT}, {AT})")
            }),
        )
        .await;
    }
    fill.insert(
        "team_members",
        "team, organization, user_id, added_at",
        numbers().map(|n| {
            let (team, user) = (fill.new_id(11, n / 8), fill.new_id(4, n));
            format!("({team}, {organization}, {user}, {AT})")
        }),
    )
    .await;
    fill.insert(
        "grants",
        "id, organization, member, team, service_account, built_in, role, created_at",
        numbers().flat_map(|n| {
            let (user, role) = (fill.new_id(4, n), fill.new_id(13, n));
            let (team, account) = (fill.new_id(11, n), fill.new_id(12, n));
            [
                (14, format!("{user}, NULL, NULL, 'viewer', NULL")),
                (15, format!("NULL, {team}, NULL, NULL, {role}")),
                (16, format!("NULL, NULL, {account}, 'viewer', NULL")),
            ]
            .map(|(kind, rest)| {
                let (id, organization) = (fill.new_id(kind, n), fill.organization(organization, n));
                format!("({id}, {organization}, {rest}, {AT})")
            })
        }),
    )
    .await;
    fill.insert(
        "api_tokens",
        "id, organization, name, service_account, hash, prefix, created_at",
        numbers().map(|n| {
            let (id, account) = (fill.new_id(8, n), fill.new_id(12, n));
            let (hash, organization) = (fill.bytes(n), fill.organization(organization, n));
            format!("({id}, {organization}, 'T', {account}, {hash}, 'p', {AT})")
        }),
    )
    .await;
}
