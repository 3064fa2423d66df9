//! An entry of the audit log as a row of CSV (RFC 4180).

use peekaboo_storage::AuditEntry;
use serde_json::Value;
use time::format_description::well_known::Rfc3339;

/// The names of the columns.
const COLUMNS: [&str; 23] = [
    "sequence",
    "id",
    "at",
    "actor_kind",
    "actor_id",
    "actor_name",
    "address",
    "user_agent",
    "session",
    "token",
    "action",
    "project",
    "environment",
    "subject_kind",
    "subject_key",
    "comment",
    "before",
    "after",
    "elided",
    "restored_entry",
    "restored_state",
    "previous",
    "hash",
];

/// The first row.
pub(super) fn header() -> Vec<u8> {
    let mut writer = writer();
    // Memory is never full.
    let _ = writer.write_record(COLUMNS);
    writer.into_inner().unwrap_or_default()
}

/// The row of an entry.
pub(super) fn row(entry: &AuditEntry) -> Vec<u8> {
    let mut writer = writer();
    let _ = writer.write_record(cells(entry).iter().map(|cell| harmless(cell)));
    writer.into_inner().unwrap_or_default()
}

fn writer() -> csv::Writer<Vec<u8>> {
    csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new())
}

fn cells(entry: &AuditEntry) -> [String; COLUMNS.len()] {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let json = |state: &Option<Value>| state.as_ref().map(Value::to_string).unwrap_or_default();
    let origin = entry.origin.clone().unwrap_or_default();
    let elided = if entry.elided.is_empty() {
        String::new()
    } else {
        serde_json::to_string(&entry.elided).unwrap_or_default()
    };
    [
        shown(entry.link.map(|link| link.sequence)),
        entry.id.to_string(),
        entry.at.format(&Rfc3339).unwrap_or_default(),
        entry.actor.kind.to_string(),
        shown(entry.actor.id),
        entry.actor.name.clone(),
        text(&origin.address),
        text(&origin.user_agent),
        shown(origin.session),
        shown(origin.token),
        entry.action.clone(),
        shown(entry.project.as_ref()),
        shown(entry.environment.as_ref()),
        entry.subject.kind.clone(),
        entry.subject.key.clone(),
        text(&entry.comment),
        json(&entry.before),
        json(&entry.after),
        elided,
        shown(entry.restored.map(|restored| restored.entry)),
        shown(entry.restored.map(|restored| restored.state)),
        shown(entry.link.map(|link| link.previous)),
        shown(entry.link.map(|link| link.hash)),
    ]
}

fn shown(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// Text that a spreadsheet does not take for a formula: names and comments are anybody's.
fn harmless(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_never_a_formula() {
        assert_eq!(harmless("=1+1"), "'=1+1");
        assert_eq!(harmless("@SUM(A1)"), "'@SUM(A1)");
        assert_eq!(harmless("Ada"), "Ada");
    }
}
