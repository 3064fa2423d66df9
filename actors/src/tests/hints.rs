//! A node reads the log for other nodes' changes, and never for its own.

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use peekaboo_protocol::Resume;
use peekaboo_storage::{Attribution, Hint};
use tokio::sync::oneshot;
use tokio::time::Instant;

use super::world::{World, by, toggle};
use crate::live::{Execute, Reply, TenantMessage};

/// A world whose metrics are this test's own.
async fn counting() -> (
    World,
    PrometheusHandle,
    metrics::LocalRecorderGuard<'static>,
) {
    let recorder: &'static _ = Box::leak(Box::new(PrometheusBuilder::new().build_recorder()));
    let guard = metrics::set_default_local_recorder(recorder);
    let world = World::new().await;
    world.all_in_memory().await;
    (world, recorder.handle(), guard)
}

fn log_reads(metrics: &PrometheusHandle) -> u64 {
    let rendered = metrics.render();
    let reads = rendered
        .lines()
        .find_map(|line| line.strip_prefix("peekaboo_log_reads_total "));
    reads.expect("the metric").parse().expect("a number")
}

/// Waits until the tenant's actor has handled everything that was sent to it before.
async fn settled(world: &World) {
    world.tenant().handle.refresh().await.expect("looked");
}

fn hint(world: &World, version: &Resume) -> Hint {
    Hint::Environment {
        organization: world.organization,
        environment: world.production(),
        epoch: version.epoch.clone(),
        version: i64::try_from(version.version).expect("a version"),
    }
}

fn held(world: &World) -> Resume {
    let snapshot = world.environment().snapshot();
    Resume {
        epoch: snapshot.epoch.clone(),
        version: snapshot.version,
    }
}

#[tokio::test]
async fn commands_of_this_node_cause_no_read_of_the_log() {
    let (world, metrics, _guard) = counting().await;
    world.create_flag("a").await;
    for round in 0..10 {
        world.toggle("a", round % 2 == 0).await;
        world.tenant().handle.hint(&hint(&world, &held(&world)));
    }
    settled(&world).await;
    assert_eq!(log_reads(&metrics), 0);
}

#[tokio::test]
async fn a_hint_that_comes_before_its_commit_is_applied_causes_no_read() {
    let (world, metrics, _guard) = counting().await;
    world.create_flag("a").await;
    let tenant = world.tenant();
    let before = held(&world);
    let next = Resume {
        version: before.version + 1,
        ..before.clone()
    };
    let (reply, committed) = oneshot::channel();
    let by: Attribution = by();
    let execute = Box::new(Execute {
        command: toggle("a", true),
        by,
        began: Instant::now(),
        reply: Reply::Committed(reply),
    });
    // On this test's one thread neither is handled before both are sent.
    assert!(tenant.handle.tell(TenantMessage::Execute(execute)));
    tenant.handle.hint(&hint(&world, &next));
    assert_eq!(held(&world), before, "the hint is first");
    committed.await.expect("answered").expect("committed");
    settled(&world).await;
    assert_eq!((held(&world), log_reads(&metrics)), (next, 0));
}

#[tokio::test]
async fn a_change_of_another_node_is_read_once_however_often_it_is_hinted_at() {
    let (world, metrics, _guard) = counting().await;
    world.create_flag("a").await;
    let before = held(&world);
    let committed = world
        .storage
        .execute(world.organization, toggle("a", true), &by())
        .await;
    committed.expect("committed");
    let next = Resume {
        version: before.version + 1,
        ..before
    };
    for _ in 0..3 {
        world.tenant().handle.hint(&hint(&world, &next));
        world
            .until("it is read", async || held(&world) == next)
            .await;
    }
    settled(&world).await;
    assert_eq!(log_reads(&metrics), 1);
}
