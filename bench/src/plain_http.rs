//! HTTP clients for servers on this machine, which speak no TLS.

use std::sync::Arc;

use anyhow::Context as _;
use rustls::{ClientConfig, RootCertStore, crypto::ring};

/// A client that trusts no certificate and asks for no compression.
pub(crate) fn client() -> anyhow::Result<reqwest::Client> {
    let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(RootCertStore::empty())
        .with_no_client_auth();
    reqwest::Client::builder()
        .no_gzip()
        .tls_backend_preconfigured(tls)
        .build()
        .context("cannot prepare an HTTP client")
}
