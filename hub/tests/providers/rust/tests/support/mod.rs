//! A hub of the test's own, and the provider beside it.

use open_feature::EvaluationContext;
use open_feature_ofrep::{OfrepOptions, OfrepProvider};
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};

use binary::Hub;

#[allow(dead_code, reason = "what the hub's own tests start the binary with")]
#[path = "../../../../binary/support.rs"]
pub(crate) mod binary;

pub(crate) const SERVER_KEY: &str = "pbs_demo_production";

pub(crate) async fn provider(hub: &Hub, key: &str) -> OfrepProvider {
    let bearer = HeaderValue::try_from(format!("Bearer {key}")).expect("a header");
    let options = OfrepOptions {
        base_url: hub.url("sdk", ""),
        headers: HeaderMap::from_iter([(AUTHORIZATION, bearer)]),
        ..OfrepOptions::default()
    };
    OfrepProvider::new(options).await.expect("a provider")
}

pub(crate) fn ann() -> EvaluationContext {
    EvaluationContext::default()
        .with_targeting_key("ann")
        .with_custom_field("country", "DE")
        .with_custom_field("plan", "free")
}
