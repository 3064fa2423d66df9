//! Large targetings as audit entries recorded them, kept whole so that they can be restored.
//!
//! An entry itself holds only the difference of large states and stays for good. The whole states are kept beside it, the
//! latest ones of each flag in each environment, up to a number of bytes.

use serde_json::Value;
use sqlx::FromRow;
use sqlx::types::Json;

use crate::database::{Transaction, execute, fetch_optional};
use crate::error::Result;
use crate::{AuditId, EnvironmentId, FlagId};

/// Bytes of JSON that are kept of a flag in an environment; the latest states are kept even if they are larger.
const MAX_KEPT_BYTES: i64 = 16 * 1024 * 1024;

/// Keeps the states of an entry, and forgets older ones of the flag that no longer fit.
pub(crate) async fn keep(
    transaction: &mut Transaction,
    entry: AuditId,
    (environment, flag): (EnvironmentId, FlagId),
    before: &Value,
    after: &Value,
) -> Result<()> {
    let bytes = before.to_string().len() + after.to_string().len();
    execute!(
        transaction,
        "INSERT INTO recorded_states (entry, environment, flag, bytes, before, after) VALUES ($1, $2, $3, $4, $5, $6)",
        entry,
        environment,
        flag,
        i64::try_from(bytes).unwrap_or(i64::MAX),
        Json(before),
        Json(after),
    )?;
    execute!(
        transaction,
        "DELETE FROM recorded_states WHERE entry IN (\
           SELECT entry FROM (\
             SELECT entry, SUM(bytes) OVER (ORDER BY entry DESC) AS total FROM recorded_states \
             WHERE environment = $1 AND flag = $2) AS sized \
           WHERE total > $3 AND entry <> $4)",
        environment,
        flag,
        MAX_KEPT_BYTES,
        entry,
    )?;
    Ok(())
}

/// The states before and after that an entry recorded, while they are kept.
pub(crate) async fn find(
    transaction: &mut Transaction,
    entry: AuditId,
) -> Result<Option<(Option<Value>, Option<Value>)>> {
    #[derive(FromRow)]
    struct Row {
        before: Json<Value>,
        after: Json<Value>,
    }
    let row = fetch_optional!(
        transaction,
        Row,
        "SELECT before, after FROM recorded_states WHERE entry = $1",
        entry,
    )?;
    Ok(row.map(|row| (Some(row.before.0), Some(row.after.0))))
}
