//! Explains what each method of the storage runs, and which methods there are.

use std::collections::BTreeSet;
use std::path::Path;

use peekaboo_storage::Error;

use crate::explain::Explain;
use crate::statements::Statements;

/// Methods that nobody waits for, or that read a bounded number of rows by design, each with the reason.
pub(crate) const NOT_WAITED_FOR: &[(&str, &str)] = &[
    ("add_setup_code", "once for each installation"),
    ("close", "no statement"),
    ("create_user", "inserts one row"),
    ("create_organization", "inserts one row of each kind"),
    ("create_organization_once", "the same"),
    ("create_api_token_once", "as create_api_token"),
    ("create_grant_once", "as create_grant"),
    ("create_role_once", "as create_role"),
    ("create_service_account_once", "as create_service_account"),
    ("create_team_once", "as create_team"),
    ("invite_once", "as invite"),
    ("enqueue_mail", "as queue_task"),
    ("enqueue_task", "as queue_task"),
    ("queue_mail", "as queue_task"),
    (
        "execute_once",
        "as execute, and the idempotency key by its primary key",
    ),
    ("set_up", "once for each installation"),
    ("set_up_with_code", "once for each installation"),
    ("migrate", "once for each version"),
    ("start", "once for each version"),
    (
        "pending_deletions",
        "an operator's list; its tables' marked rows have an index",
    ),
    ("recv", "no statement"),
    ("task_queued", "no statement"),
    (
        "reset_epochs",
        "an operator's command that concerns every environment",
    ),
    ("tasks", "an operator's list"),
    ("task_counts", "counts every task, for metrics"),
    ("trim_log", "as the feed, which is not waited for"),
    ("begin_task", "no statement"),
    ("advance", "one task by its primary key"),
    ("bury_task", "one task by its primary key"),
    ("drop_task", "one task by its primary key"),
    ("finish", "one task by its primary key"),
    ("release_task", "one task by its primary key"),
    ("renew_task", "one task by its primary key"),
    ("repeat", "one task by its primary key"),
    ("retry_task", "one task by its primary key"),
    ("retry_task_at", "one task by its primary key"),
    (
        "delete_remains",
        "background work, asked in its chunks below",
    ),
    ("forget_audit", "background work, asked in its chunks below"),
    ("audit_trails", "an operator's list"),
    (
        "verify_audit",
        "reads a whole chain, by the pages of audit_after",
    ),
    (
        "forget_dead_tasks",
        "background work, asked in its chunks below",
    ),
    (
        "forget_requests",
        "background work, asked in its chunks below",
    ),
    (
        "forget_sessions",
        "background work, asked in its chunks below",
    ),
    ("forget_usage", "background work, asked in its chunks below"),
    (
        "forget_account_links",
        "background work, asked in its chunks below",
    ),
    (
        "forget_invitations",
        "background work, asked in its chunks below",
    ),
    ("delete_operated_organization", "as delete_organization"),
    ("organization_overviews", "an operator's list"),
    ("operators", "an operator's list"),
    ("set_operator", "an operator's command on one person"),
    (
        "reseal_second_factors",
        "an operator's command that concerns every second factor",
    ),
    ("second_factors", "counts every second factor, at the start"),
];

/// What was asked, and what was found.
pub(crate) struct Plans {
    statements: Statements,
    explain: Explain,
    asked: BTreeSet<String>,
    scans: Vec<String>,
}

/// Explains the statements of one call: `ask!(plans, storage.flag(id, &project, &flag))`.
#[macro_export]
macro_rules! ask {
    ($plans:ident, $storage:ident.$method:ident($($argument:expr),*)) => {
        $plans.ask(stringify!($method), $storage.$method($($argument),*)).await
    };
}

impl Plans {
    pub(crate) fn new(statements: Statements, explain: Explain) -> Self {
        Self {
            statements,
            explain,
            asked: BTreeSet::new(),
            scans: Vec::new(),
        }
    }

    /// Explains the statements that a method runs. The method may be refused, but its statements must be valid.
    pub(crate) async fn ask<T>(
        &mut self,
        method: &'static str,
        run: impl Future<Output = Result<T, Error>>,
    ) {
        self.statements.take();
        if let Err(error @ (Error::Corrupt(_) | Error::Unavailable(_) | Error::TimedOut(_))) =
            run.await
        {
            panic!("{method}: {error}");
        }
        let statements = self.statements.take();
        assert!(!statements.is_empty(), "{method} runs statements");
        for statement in statements {
            for scan in self.explain.scans(&statement).await {
                let scan = format!("{method}: {}\n  {statement}", scan.trim());
                self.scans.push(scan);
            }
        }
        self.asked.insert(method.to_owned());
    }

    /// Asserts that nothing read a large table whole, and that every method was asked or is excused.
    pub(crate) fn assert_complete(&self) {
        assert!(self.scans.is_empty(), "{}", self.scans.join("\n"));
        let methods = methods();
        let excused = NOT_WAITED_FOR.iter().map(|(method, _)| *method);
        let excused: BTreeSet<_> = excused.map(str::to_owned).collect();
        let known: BTreeSet<_> = self.asked.union(&excused).cloned().collect();
        let missing: Vec<_> = methods.difference(&known).collect();
        assert!(
            missing.is_empty(),
            "ask these, or say why nobody waits for them: {missing:?}"
        );
        let gone: Vec<_> = excused.difference(&methods).collect();
        assert!(gone.is_empty(), "there are no such methods: {gone:?}");
    }
}

/// The names of all methods that run statements or may, as the source has them.
fn methods() -> BTreeSet<String> {
    fn read(folder: &Path, found: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).expect("the source") {
            let path = entry.expect("a file").path();
            if path.is_dir() {
                read(&path, found);
            } else if let Ok(text) = std::fs::read_to_string(&path) {
                let names = text
                    .lines()
                    .filter_map(|line| line.trim_start().strip_prefix("pub async fn "));
                found.extend(names.map(|name| {
                    let end = name.find(|char: char| !char.is_alphanumeric() && char != '_');
                    name[..end.unwrap_or(name.len())].to_owned()
                }));
            }
        }
    }
    let mut found = BTreeSet::new();
    read(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut found,
    );
    found
}
