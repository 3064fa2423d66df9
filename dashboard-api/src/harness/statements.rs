//! Collects the statements that the database runs, from the log of the driver.

use std::fmt;
use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// Every statement since the last look, in no order.
#[derive(Clone, Default)]
pub(crate) struct Statements(Arc<Mutex<Vec<String>>>);

impl Statements {
    /// Collects from now on, for the whole process.
    pub(crate) fn collect() -> Self {
        let statements = Self::default();
        tracing::subscriber::set_global_default(statements.clone()).unwrap();
        statements
    }

    /// What was collected, sorted.
    pub(crate) fn take(&self) -> Vec<String> {
        let mut taken = std::mem::take(&mut *self.0.lock().unwrap());
        taken.sort_unstable();
        taken
    }
}

impl Subscriber for Statements {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "sqlx::query"
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut found = Found::default();
        event.record(&mut found);
        let statement = if found.statement.trim().is_empty() {
            found.summary
        } else {
            found.statement
        };
        let statement = statement.trim().to_owned();
        let first = statement.split_whitespace().next().unwrap_or_default();
        // Others begin and end transactions, and prepare connections.
        if ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"].contains(&first) {
            self.0.lock().unwrap().push(statement);
        }
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[derive(Default)]
struct Found {
    summary: String,
    statement: String,
}

impl Visit for Found {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            // The whole of a short statement.
            "summary" => value.clone_into(&mut self.summary),
            "db.statement" => value.clone_into(&mut self.statement),
            _ => {}
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn fmt::Debug) {}
}
