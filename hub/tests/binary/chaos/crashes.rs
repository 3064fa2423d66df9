//! A hub that is killed while people change flags: nothing that was acknowledged is lost.

use reqwest::Method;
use serde_json::json;

use super::{on_both, scale};
use crate::support::{Hub, TARGETING};

on_both! {
    async fn a_hub_that_is_killed_loses_nothing_that_it_acknowledged(database: &Database) {
        let mut hub = database.hub(&[]).await;
        let (mut acknowledged, mut before) = (0, None);
        let rounds = scale(2, 20);
        for _ in 0..rounds {
            let visitor = hub.demo_visitor().await;
            let (status, targeting) = visitor.get(TARGETING).await;
            assert_eq!(status, 200, "{targeting}");
            let version = targeting["version"].as_i64().expect("a version");
            if let Some(before) = before {
                assert!(version >= before, "{version} after {before} was acknowledged");
            }
            let mut enabled = targeting["enabled"] == true;
            for _ in 0..10 {
                enabled = !enabled;
                let (status, answer) = visitor.send(Method::PATCH, TARGETING, json!({"enabled": enabled})).await;
                assert_eq!(status, 200, "{answer}");
                before = answer["version"].as_i64();
                acknowledged += 1;
            }
            let directory = hub.kill().await;
            hub = Hub::start_in(directory, &database.settings()).await;
        }
        let (_, targeting) = hub.demo_visitor().await.get(TARGETING).await;
        assert_eq!(targeting["version"].as_i64(), before);
        database.figure("changes kept", format!("{acknowledged} over {rounds} kills"));
    }
}
