//! The schema: both databases' migrations say the same, and several nodes may apply them at once.

use peekaboo_storage::Storage;
use tokio::task::JoinSet;

use crate::harness::{Shop, on_both};

on_both! {
    async fn several_nodes_may_start_at_once(database: Database) {
        let mut nodes = JoinSet::new();
        for _ in 0..6 {
            let options = database.options();
            nodes.spawn(async move { Storage::start(options).await.map(drop) });
        }
        for started in nodes.join_all().await {
            started.expect("each node starts");
        }
        let storage = database.open().await;
        Shop::set_up(&storage).await;
        storage.migrate().await.expect("again is nothing");
    }

    async fn a_database_from_the_future_is_refused(database: Database) {
        let storage = database.open().await;
        let statement = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                         VALUES (9999, 'from the future', TRUE, 'x', 0)";
        database.raw(statement).await.close().await;
        let refused = storage.migrate().await.expect_err("it cannot know what it would break");
        assert!(refused.to_string().contains("9999"), "{refused}");
    }
}

#[test]
fn both_databases_have_the_same_tables() {
    let migrations = [
        (
            include_str!("../../migrations/postgres/0001_spine.sql"),
            include_str!("../../migrations/sqlite/0001_spine.sql"),
        ),
        (
            include_str!("../../migrations/postgres/0002_usage.sql"),
            include_str!("../../migrations/sqlite/0002_usage.sql"),
        ),
        (
            include_str!("../../migrations/postgres/0003_usage_reports.sql"),
            include_str!("../../migrations/sqlite/0003_usage_reports.sql"),
        ),
        (
            include_str!("../../migrations/postgres/0004_tasks.sql"),
            include_str!("../../migrations/sqlite/0004_tasks.sql"),
        ),
        (
            include_str!("../../migrations/postgres/0005_restored_from.sql"),
            include_str!("../../migrations/sqlite/0005_restored_from.sql"),
        ),
        (
            include_str!("../../migrations/postgres/0006_references.sql"),
            include_str!("../../migrations/sqlite/0006_references.sql"),
        ),
        (
            include_str!("../../migrations/postgres/0007_usage_rollups.sql"),
            include_str!("../../migrations/sqlite/0007_usage_rollups.sql"),
        ),
        (
            include_str!("../../migrations/postgres/0008_grants.sql"),
            include_str!("../../migrations/sqlite/0008_grants.sql"),
        ),
        (
            include_str!("../../migrations/postgres/0009_flag_metadata.sql"),
            include_str!("../../migrations/sqlite/0009_flag_metadata.sql"),
        ),
        (
            include_str!("../../migrations/postgres/0010_keys.sql"),
            include_str!("../../migrations/sqlite/0010_keys.sql"),
        ),
        (
            include_str!("../../migrations/postgres/0011_large_states.sql"),
            include_str!("../../migrations/sqlite/0011_large_states.sql"),
        ),
        (
            include_str!("../../migrations/postgres/0012_people.sql"),
            include_str!("../../migrations/sqlite/0012_people.sql"),
        ),
        (
            include_str!("../../migrations/postgres/0013_audit_chain.sql"),
            include_str!("../../migrations/sqlite/0013_audit_chain.sql"),
        ),
    ];
    let types = [
        ("UUID", "BLOB"),
        ("BYTEA", "BLOB"),
        ("JSONB", "TEXT"),
        ("TIMESTAMPTZ", "TEXT"),
        ("BOOLEAN", "INTEGER"),
        ("BIGINT", "INTEGER"),
        ("DOUBLE PRECISION", "REAL"),
        (" COLLATE \"C\"", ""),
        ("\n);", "\n) STRICT;"),
        ("gen_random_uuid()", "randomblob(16)"),
        (
            "date_trunc('day', hour, 'UTC')",
            "substr(hour, 1, 10) || 'T00:00:00.000000Z'",
        ),
        (
            "date_trunc('day', at, 'UTC')",
            "substr(at, 1, 10) || 'T00:00:00.000000Z'",
        ),
        (
            "date_trunc('day', first_seen_at, 'UTC')",
            "substr(first_seen_at, 1, 10) || 'T00:00:00.000000Z'",
        ),
    ];
    // How full pages are is of Postgres only.
    let statements = |sql: &str| -> Vec<String> {
        let lines = sql.lines().filter(|line| {
            !line.is_empty() && !line.starts_with("--") && !line.contains("fillfactor")
        });
        lines.map(str::to_owned).collect()
    };
    for (postgres, sqlite) in migrations {
        let translated = types
            .iter()
            .fold(postgres.to_owned(), |sql, (from, to)| sql.replace(from, to));
        assert_eq!(statements(&translated), statements(sqlite));
    }
}
