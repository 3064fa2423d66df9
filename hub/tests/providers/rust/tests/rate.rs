//! A key that asks too often. In a process of its own, for the provider keeps what a 429 told it for all of its clients.

use open_feature::provider::FeatureProvider;
use support::{
    SERVER_KEY, ann,
    binary::{Hub, eventually},
    provider,
};

mod support;

#[tokio::test]
async fn a_key_over_its_rate_limit_works_again_after_the_given_time() {
    let rate = ["--sdk-requests-per-second-per-key", "1"];
    let burst = ["--sdk-request-burst-per-key", "1"];
    let hub = Hub::start(&[&["--demo"], &rate[..], &burst[..]].concat()).await;
    let provider = provider(&hub, SERVER_KEY).await;
    // What it says while it keeps to `Retry-After` by itself, and never without that header.
    let waits = "Rate limit exceeded. Please wait before making another request.";
    eventually("a pause", || async {
        let answer = provider.resolve_bool_value("new-checkout", &ann()).await;
        let told = answer.err()?.message;
        (told.as_deref() == Some(waits)).then_some(())
    })
    .await;
    eventually("an answer", || async {
        let answer = provider.resolve_bool_value("new-checkout", &ann()).await;
        answer.ok()
    })
    .await;
}
