//! PostgreSQL goes away and comes back.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::json;

use super::{Database, millis, scale};
use crate::support::{TARGETING, eventually};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_database_is_away_people_learn_so_once_and_soon() {
    let database = Database::postgres().await;
    let wire = database.wire.as_ref().expect("PostgreSQL");
    let hub = database.hub(&["--database-acquire-timeout", "1s"]).await;
    let visitor = hub.demo_visitor().await;
    assert_eq!(visitor.get("/session").await.0, 200);
    let (mut slowest_change, mut slowest_read) = (0, 0);
    for round in 0..scale(1, 5) {
        wire.cut();
        for _ in 0..3 {
            let asked = Instant::now();
            let (status, answer) = visitor
                .send(Method::PATCH, TARGETING, json!({"enabled": true}))
                .await;
            assert_eq!(status, 503, "{answer}");
            slowest_change = slowest_change.max(millis(asked));
            let asked = Instant::now();
            assert_eq!(visitor.get("/session").await.0, 200);
            slowest_read = slowest_read.max(millis(asked));
        }
        wire.mend();
        eventually("changes are taken again", || async {
            let change = json!({"enabled": round % 2 == 0});
            (visitor.send(Method::PATCH, TARGETING, change).await.0 == 200).then_some(())
        })
        .await;
    }
    database.figure("slowest refusal of a change, ms", slowest_change);
    database.figure("slowest read of who is signed in, ms", slowest_read);
    let bound = Duration::from_secs(10).as_millis();
    assert!(slowest_change < bound, "{slowest_change} ms");
}
