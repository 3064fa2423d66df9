//! Forgetting one person.

use super::person::Person;
use crate::EnvironmentId;
use crate::database::{Transaction, execute};
use crate::error::Result;

/// Deletes what a person was served and did in an environment; returns how many rows that were.
pub(crate) async fn erase_person(
    transaction: &mut Transaction,
    environment: EnvironmentId,
    targeting_key: &str,
) -> Result<u64> {
    let person = Person::new(environment, targeting_key);
    let exposures = execute!(
        transaction,
        "DELETE FROM exposures WHERE environment = $1 AND targeting_key = $2",
        environment,
        person.as_bytes(),
    )?;
    let events = execute!(
        transaction,
        "DELETE FROM custom_events WHERE environment = $1 AND targeting_key = $2",
        environment,
        person.as_bytes(),
    )?;
    Ok(exposures + events)
}
