//! A hub of the test's own, and the provider next to it.

use open_feature::EvaluationContext;
use open_feature_ofrep::{OfrepOptions, OfrepProvider};
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};

use binary::Hub;

/// What the hub's own tests ask with. Here the provider brings TLS.
pub(crate) mod http_client {
    use reqwest::{Client, ClientBuilder, IntoUrl, Response};

    pub(crate) fn builder() -> ClientBuilder {
        Client::builder()
    }

    pub(crate) async fn get(url: impl IntoUrl) -> reqwest::Result<Response> {
        reqwest::get(url).await
    }
}

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
