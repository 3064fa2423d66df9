//! TLS as a client: an edge to its upstream, a command to a hub.

use std::sync::Arc;

use rustls::{ClientConfig, RootCertStore, crypto::ring};

/// A client that trusts the certificate authorities of this system; what went wrong is for people.
pub(crate) fn trusting_the_system() -> Result<ClientConfig, String> {
    let found = rustls_native_certs::load_native_certs();
    let mut roots = RootCertStore::empty();
    let (trusted, _) = roots.add_parsable_certificates(found.certs);
    if trusted == 0 {
        let errors: Vec<_> = found.errors.iter().map(ToString::to_string).collect();
        return Err(format!(
            "this system trusts no certificate authority; install its ca-certificates, or name a file in SSL_CERT_FILE {}",
            errors.join("; ")
        ));
    }
    trusting(roots)
}

/// A client that trusts nobody: for what is built for TLS and speaks none.
pub(crate) fn trusting_nobody() -> Result<ClientConfig, String> {
    trusting(RootCertStore::empty())
}

fn trusting(roots: RootCertStore) -> Result<ClientConfig, String> {
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}
