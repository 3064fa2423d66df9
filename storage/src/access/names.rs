//! What the names and audit entries of roles, teams and service accounts have in common.

use crate::audit_record::Record;
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

/// An audit entry about something of the whole organization.
pub(super) fn record<'a>(action: &'static str, kind: &'static str, key: &'a str) -> Record<'a> {
    Record {
        action,
        project: None,
        environment: None,
        kind,
        key,
        restored: None,
    }
}
