//! What the names of roles, teams and service accounts have in common.

use crate::check::Checks;
use crate::error::Result;

/// Whether something can be called and described like this.
pub(super) fn check(name: &str, description: &str) -> Result<()> {
    let mut checks = Checks::default();
    checks.name(name);
    checks.description(description);
    checks.done()
}

/// A name as it is compared: of two that differ in case only, one is taken.
pub(super) fn fold(name: &str) -> String {
    name.trim().to_lowercase()
}

/// The name and description that something has after a change, if it can have them.
pub(super) fn changed(
    (name, description): (Option<String>, Option<String>),
    (old_name, old_description): (&str, &str),
) -> Result<(String, String)> {
    let name = name.unwrap_or_else(|| old_name.to_owned());
    let description = description.unwrap_or_else(|| old_description.to_owned());
    check(&name, &description)?;
    Ok((name, description))
}
