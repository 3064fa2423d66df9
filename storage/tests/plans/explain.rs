//! Asks both databases how they would run a statement, whatever its parameters.

use std::str::FromStr as _;

use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _, SqliteConnection};

/// Tables that stay small however much a customer has, or of which a statement wants every row.
const SMALL: [&str; 2] = ["audit_heads", "setup_codes"];

/// What a plan may read whole: rows that the statement itself gives or has found, and users, of whom the first is enough.
const OWN: [&str; 8] = [
    "ends",
    "each_key",
    "exposed",
    "found",
    "given",
    "served",
    "(subquery",
    "users",
];

/// A connection to explain on.
pub(crate) enum Explain {
    Postgres(PgConnection),
    Sqlite(SqliteConnection),
}

impl Explain {
    pub(crate) async fn open(address: &str) -> Self {
        if let Some(path) = address.strip_prefix("sqlite:") {
            let options = SqliteConnectOptions::new().filename(path);
            let connection = SqliteConnection::connect_with(&options).await;
            return Self::Sqlite(connection.expect("connects"));
        }
        let options = PgConnectOptions::from_str(address).expect("an address");
        let mut connection = PgConnection::connect_with(&options)
            .await
            .expect("connects");
        // The plan that serves every parameter. Tables are small here, so the planner would read many of them whole and join
        // by hashes; it is to say which indexes it has for tables that are large.
        let settings = "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET enable_hashjoin = off; \
             SET enable_mergejoin = off";
        let set = sqlx::raw_sql(settings).execute(&mut connection).await;
        set.expect("set");
        Self::Postgres(connection)
    }

    /// Updates the planner's statistics.
    pub(crate) async fn analyze(&mut self) {
        match self {
            Self::Postgres(connection) => {
                let vacuum = sqlx::raw_sql("VACUUM ANALYZE").execute(connection).await;
                vacuum.expect("analyzed");
            }
            Self::Sqlite(connection) => {
                let analyze = sqlx::raw_sql("ANALYZE").execute(connection).await;
                analyze.expect("analyzed");
            }
        }
    }

    /// The parts of a statement's plan that read a large table from its beginning to its end.
    pub(crate) async fn scans(&mut self, statement: &str) -> Vec<String> {
        match self {
            Self::Postgres(connection) => {
                let plan = postgres(connection, statement).await;
                let large = |line: &&String| {
                    let read = whole(line).unwrap_or_default();
                    ![&SMALL[..], &OWN[..]]
                        .iter()
                        .any(|names| reads(read, names))
                };
                plan.chunk_by(|_, next| !next.contains("->"))
                    .filter(|node| !node.iter().any(|line| line.contains("Index Cond:")))
                    .filter_map(|node| node.iter().find(|line| whole(line).is_some()))
                    .filter(large)
                    .cloned()
                    .collect()
            }
            Self::Sqlite(connection) => {
                let sql = format!("EXPLAIN QUERY PLAN {statement}");
                // SQLite looks at what is bound. Most rows of some columns are NULL, which nobody asks for.
                let parameters = parameters(statement).max(statement.matches('?').count());
                let explain = (0..parameters).fold(sqlx::query(AssertSqlSafe(sql)), |query, _| {
                    query.bind([7_u8; 16].as_slice())
                });
                let plan = explain.fetch_all(connection).await;
                let plan = plan.unwrap_or_else(|error| panic!("{statement}: {error}"));
                let lines = plan.iter().map(|row| row.get::<String, _>("detail"));
                // Lists in the statement itself are called rows.
                let scans = lines.filter(|line| line.starts_with("SCAN ") && !line.contains("ROW"));
                let large = scans.filter(|line| {
                    let read = line.strip_prefix("SCAN ").unwrap_or_default();
                    !reads(read, &SMALL) && !reads(read, &OWN)
                });
                large.collect()
            }
        }
    }
}

/// What a part of a plan without conditions on an index reads whole: a table, or a table by an index. An index that holds
/// only what is deleted is small.
fn whole(line: &str) -> Option<&str> {
    if line.contains("_by_deletion") {
        return None;
    }
    let (_, read) = line.split_once("Seq Scan on ").or_else(|| {
        let (_, by_index) = line.split_once("Index ")?;
        by_index.split_once(" on ")
    })?;
    Some(read)
}

/// Whether what is read has one of these names.
fn reads(read: &str, names: &[&str]) -> bool {
    names.iter().any(|known| {
        let rest = read.strip_prefix(known);
        rest.is_some_and(|rest| {
            !rest.starts_with(|char: char| char.is_alphanumeric() || char == '_')
        })
    })
}

async fn postgres(connection: &mut PgConnection, statement: &str) -> Vec<String> {
    let types: Vec<_> = (1..=parameters(statement))
        .map(|n| parameter_type(statement, n))
        .collect();
    let count = types.len();
    let (types, values) = if count == 0 {
        (String::new(), String::new())
    } else {
        (
            format!("({})", types.join(", ")),
            format!("({})", vec!["NULL"; count].join(", ")),
        )
    };
    let prepare = format!("PREPARE explained {types} AS {statement}");
    let prepared = sqlx::raw_sql(AssertSqlSafe(prepare))
        .execute(&mut *connection)
        .await;
    prepared.unwrap_or_else(|error| panic!("{statement}: {error}"));
    let explain = format!("EXPLAIN EXECUTE explained {values}");
    let plan = sqlx::raw_sql(AssertSqlSafe(explain))
        .fetch_all(&mut *connection)
        .await;
    let plan = plan.unwrap_or_else(|error| panic!("{statement}: {error}"));
    let deallocated = sqlx::raw_sql("DEALLOCATE explained")
        .execute(connection)
        .await;
    deallocated.expect("deallocated");
    plan.iter().map(|row| row.get::<String, _>(0)).collect()
}

/// The type of a parameter, where the statement does not say it: of arrays, of a parameter that this form of the
/// statement leaves out, and of one that it first asks for being there.
fn parameter_type(statement: &str, n: usize) -> &'static str {
    let says = |condition: &str| statement.contains(&format!("{condition} ${n})"));
    if let Some(column) = given_column(statement, n) {
        array_type(column)
    } else if says("id <") || says("id >") {
        "uuid"
    } else if says("hash <>") {
        "bytea"
    } else if statement.starts_with("WITH ends (first, last, fallthrough)") && says(",") {
        "jsonb"
    } else if !holds_parameter(statement, n) || statement.contains(&format!("${n} IS NULL")) {
        "text"
    } else {
        "unknown"
    }
}

/// The column of `given` that a parameter holds: `WITH given (a, b) AS (SELECT * FROM UNNEST($1, $2))`.
fn given_column(statement: &str, n: usize) -> Option<&str> {
    let (columns, rest) = statement.strip_prefix("WITH given (")?.split_once(')')?;
    let (arrays, _) = rest.split_once("UNNEST(")?.1.split_once(')')?;
    let name = format!("${n}");
    let mut pairs = columns.split(", ").zip(arrays.split(", "));
    pairs.find_map(|(column, array)| (array == name).then_some(column))
}

fn array_type(column: &str) -> &'static str {
    match column {
        "environment" => "uuid[]",
        "targeting_key" | "hash" => "bytea[]",
        "sum" | "value" => "float8[]",
        "converted" | "count" | "events" | "flag_version" | "number" | "people" => "bigint[]",
        "at" | "day" | "event_day" | "exposed_day" | "first_seen_at" | "hour" | "received_at"
        | "stale_before" => "timestamptz[]",
        _ => "text[]",
    }
}

/// The highest number of a parameter, as in `$3`.
fn parameters(statement: &str) -> usize {
    let numbers = statement.split('$').skip(1).filter_map(|rest| {
        let end = rest.find(|char: char| !char.is_ascii_digit());
        rest[..end.unwrap_or(rest.len())].parse().ok()
    });
    numbers.max().unwrap_or(0)
}

/// Whether a statement has the parameter, and not only one that begins with the same digits.
fn holds_parameter(statement: &str, n: usize) -> bool {
    let name = format!("${n}");
    statement.match_indices(&name).any(|(at, _)| {
        let next = statement[at + name.len()..].chars().next();
        !next.is_some_and(|char| char.is_ascii_digit())
    })
}
