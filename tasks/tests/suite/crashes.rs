//! Nodes that are killed in the midst of work: all of it takes effect, and each chunk once.

use std::process::Stdio;
use std::time::Duration;

use peekaboo_storage::TaskPayload as _;
use peekaboo_tasks::{Registry, Runner, RunnerConfig};
use time::OffsetDateTime;
use tokio::process::{Child, Command};

use crate::harness::{Database, eager, on_both, open, tasks, until};
use crate::jobs::{Job, Jobs, effects};

/// Names the database to the process that is to be killed.
const VICTIM: &str = "PEEKABOO_TEST_VICTIM";

const JOBS: u32 = 60;
const CHUNKS: u32 = 2;
const KILLS: usize = 6;

fn node(database: &Database) -> Child {
    Command::new(std::env::current_exe().expect("this test"))
        .args(["--exact", "crashes::victim", "--ignored", "--nocapture"])
        .env(VICTIM, &database.address)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .expect("the process starts")
}

on_both! {
    async fn killed_nodes_leave_no_work_undone_or_done_twice(database: Database) {
        let storage = database.open().await;
        let now = OffsetDateTime::now_utc();
        for number in 0..JOBS {
            let job = Job { chunks: CHUNKS, ..Job::new(number) };
            storage.queue_task(&job, now, now).await.expect("queued");
        }
        let mut nodes: Vec<Child> = (0..database.nodes()).map(|_| node(&database)).collect();
        for kill in 0..KILLS {
            let done = effects(&storage).await.len();
            until("work goes on", async || effects(&storage).await.len() > done + 5).await;
            let victim = kill % nodes.len();
            // SIGKILL, in the midst of whatever it does now.
            nodes[victim].kill().await.expect("killed");
            nodes[victim] = node(&database);
        }
        let left = async || {
            let tasks = tasks(&storage).await;
            tasks.iter().filter(|task| task.kind == Job::KIND).count()
        };
        until("everything is done", async || left().await == 0).await;
        let all: Vec<_> = (0..u64::from(JOBS))
            .flat_map(|job| (0..u64::from(CHUNKS)).map(move |chunk| (job, chunk)))
            .collect();
        assert_eq!(effects(&storage).await, all);
    }
}

/// Does jobs for as long as it lives.
#[tokio::test]
#[ignore = "the process that killed_nodes_leave_no_work_undone_or_done_twice starts and kills"]
async fn victim() {
    let address = std::env::var(VICTIM).expect("started by the other test");
    let storage = open(&address).await;
    let jobs = Jobs {
        takes: Duration::from_millis(20),
    };
    let config = RunnerConfig {
        lease: Duration::from_millis(900),
        ..eager()
    };
    let _runner = Runner::start(storage, Registry::new().database(jobs), config);
    std::future::pending::<()>().await;
}
