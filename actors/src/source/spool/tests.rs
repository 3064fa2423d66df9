use std::fs;

use serde_json::json;
use tempfile::TempDir;
use uuid::Uuid;

use super::*;

const MOST: u64 = 1 << 20;

fn environment() -> EnvironmentId {
    EnvironmentId::from_uuid(Uuid::from_u128(7))
}

fn now() -> OffsetDateTime {
    OffsetDateTime::now_utc()
}

fn batch(id: &str, count: u64) -> Admitted {
    let batch = json!({"id": id, "counts": [["banner", 1, "on", "SPLIT", count]]});
    Admitted {
        environment: environment(),
        at: now(),
        batch: serde_json::from_value(batch).expect("a batch"),
    }
}

async fn open(folder: &TempDir) -> Spool {
    let folder = folder.path().join("usage");
    Spool::open(folder, MOST).await.expect("a spool")
}

async fn oldest(spool: &Spool) -> Option<UsageUpload> {
    let upload = spool.oldest(environment(), now()).await;
    upload.expect("read")
}

/// The ids of an upload's batches, and how much they count.
fn told(upload: &UsageUpload) -> (Vec<String>, u64) {
    let ids = upload.batches.iter().map(|batch| batch.id.clone());
    let counts = upload.batches.iter().flat_map(|batch| &batch.counts);
    (ids.collect(), counts.map(|count| count.4).sum())
}

fn files(folder: &TempDir) -> Vec<PathBuf> {
    let of = folder.path().join(format!("usage/{}", environment()));
    let Ok(entries) = fs::read_dir(of) else {
        return Vec::new();
    };
    entries.map(|entry| entry.expect("a file").path()).collect()
}

#[tokio::test]
async fn a_batch_is_kept_once_until_it_is_delivered() {
    let folder = TempDir::new().expect("a folder");
    let spool = open(&folder).await;
    assert!(oldest(&spool).await.is_none());
    let new = spool
        .record(&[batch("a", 1), batch("b", 2), batch("a", 1)])
        .await;
    assert_eq!(new.expect("kept"), [true, true, false]);
    let again = spool.record(&[batch("b", 2)]).await;
    assert_eq!(again.expect("known"), [false]);
    let upload = oldest(&spool).await.expect("usage");
    assert_eq!(told(&upload).1, 3);
    spool.delivered(environment(), upload).await;
    assert!(oldest(&spool).await.is_none());
    assert!(files(&folder).is_empty());
    spool.emptied().await;
    let late = spool.record(&[batch("a", 1)]).await;
    assert_eq!(late.expect("known"), [false], "delivered long ago");
}

#[tokio::test]
async fn what_comes_while_a_parcel_is_under_way_is_another() {
    let folder = TempDir::new().expect("a folder");
    let spool = open(&folder).await;
    spool.record(&[batch("a", 1)]).await.expect("kept");
    let first = oldest(&spool).await.expect("usage");
    spool.record(&[batch("b", 2)]).await.expect("kept");
    let again = oldest(&spool).await.expect("usage");
    assert_eq!(told(&again), told(&first), "nothing was delivered");
    spool.delivered(environment(), first).await;
    assert_eq!(told(&oldest(&spool).await.expect("usage")).1, 2);
}

#[tokio::test]
async fn after_a_crash_the_same_batches_have_the_same_ids() {
    let folder = TempDir::new().expect("a folder");
    let spool = open(&folder).await;
    spool
        .record(&[batch("a", 1), batch("b", 2)])
        .await
        .expect("kept");
    let sent = told(&oldest(&spool).await.expect("usage"));
    drop(spool);
    // Cut short by the crash, and so acknowledged to no one.
    let [file] = &files(&folder)[..] else {
        panic!("one file")
    };
    let mut torn = fs::read(file).expect("read");
    torn.extend_from_slice(br#"{"at_micros":1,"batch":{"id":"c","co"#);
    fs::write(file, torn).expect("written");

    let spool = open(&folder).await;
    assert_eq!(told(&oldest(&spool).await.expect("usage")), sent);
    let again = spool.record(&[batch("a", 1), batch("c", 4)]).await;
    assert_eq!(again.expect("kept"), [false, true]);
}

#[tokio::test]
async fn a_spool_that_is_full_takes_no_more_until_something_is_delivered() {
    let folder = TempDir::new().expect("a folder");
    let spool = Spool::open(folder.path().join("usage"), 200);
    let spool = spool.await.expect("a spool");
    let mut kept = 0;
    let refused = loop {
        match spool.record(&[batch(&format!("b{kept}"), 1)]).await {
            Ok(_) => kept += 1,
            Err(error) => break error,
        }
    };
    assert!(kept > 0);
    assert!(refused.is_temporary());
    assert!(
        refused.to_string().contains("edge.usage_spool"),
        "{refused}"
    );
    let upload = oldest(&spool).await.expect("usage");
    assert_eq!(told(&upload).1, kept);
    spool.delivered(environment(), upload).await;
    let id = format!("b{kept}");
    let taken = spool.record(&[batch(&id, 1)]).await;
    assert_eq!(taken.expect("there is room"), [true], "it was not known");
}

#[tokio::test]
async fn usage_that_waited_for_a_day_is_discarded_and_reported() {
    let folder = TempDir::new().expect("a folder");
    let spool = open(&folder).await;
    spool.record(&[batch("a", 5)]).await.expect("kept");
    let tomorrow = now() + Duration::hours(24);
    let upload = spool.oldest(environment(), tomorrow).await.expect("read");
    assert!(upload.is_none());
    assert!(files(&folder).is_empty());
    spool.record(&[batch("b", 1)]).await.expect("kept");
    let upload = oldest(&spool).await.expect("usage");
    assert_eq!(upload.batches.last().expect("a batch").dropped, 5);
}

#[tokio::test]
async fn new_usage_notifies_the_sender_of_its_environment_and_repeated_usage_does_not() {
    async fn has_come(arrivals: &Notify) -> bool {
        tokio::select! {
            biased;
            () = arrivals.notified() => true,
            () = std::future::ready(()) => false,
        }
    }

    let folder = TempDir::new().expect("a folder");
    let spool = open(&folder).await;
    let arrivals = spool.arrivals(environment());
    let elsewhere = spool.arrivals(EnvironmentId::from_uuid(Uuid::from_u128(8)));
    assert!(!has_come(&arrivals).await);
    spool.record(&[batch("a", 1)]).await.expect("kept");
    assert!(has_come(&arrivals).await);
    assert!(!has_come(&arrivals).await, "once");
    spool.record(&[batch("a", 1)]).await.expect("known");
    assert!(!has_come(&arrivals).await);
    assert!(!has_come(&elsewhere).await);
}
