//! HTTP clients for tests: without TLS, and without a word about codings unless a test says one.

use std::sync::Arc;

use reqwest::{Client, ClientBuilder, Response};
use rustls::{ClientConfig, RootCertStore, crypto::ring};

/// A client to configure further.
pub(crate) fn builder() -> ClientBuilder {
    let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(RootCertStore::empty())
        .with_no_client_auth();
    Client::builder().no_gzip().tls_backend_preconfigured(tls)
}

/// A client as it is.
pub(crate) fn client() -> Client {
    builder().build().expect("a client")
}

/// One request with a client of its own.
pub(crate) async fn get(url: impl reqwest::IntoUrl) -> reqwest::Result<Response> {
    client().get(url).send().await
}
