//! TLS for clients: an edge that connects to its upstream, a command that connects to a hub.

use std::{error::Error, io, sync::Arc};

use rustls::{ClientConfig, InvalidMessage, RootCertStore, crypto::ring};

/// A client that trusts the certificate authorities of this system; the error is a readable message.
pub(crate) fn trusting_the_system() -> Result<ClientConfig, String> {
    let found = rustls_native_certs::load_native_certs();
    let mut roots = RootCertStore::empty();
    let (trusted, _) = roots.add_parsable_certificates(found.certs);
    if trusted == 0 {
        let errors: Vec<_> = found.errors.iter().map(ToString::to_string).collect();
        return Err(format!(
            "no trusted certificate authorities found; install the ca-certificates package, or set SSL_CERT_FILE to a file {}",
            errors.join("; ")
        ));
    }
    trusting(roots)
}

/// A client without trusted authorities, for APIs that require a TLS configuration even without TLS.
pub(crate) fn without_trusted_authorities() -> Result<ClientConfig, String> {
    trusting(RootCertStore::empty())
}

fn trusting(roots: RootCertStore) -> Result<ClientConfig, String> {
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}

/// Whether a connection failed because the other side does not use TLS at that port.
pub(crate) fn is_missing(error: &(dyn Error + 'static)) -> bool {
    let not_tls = InvalidMessage::InvalidContentType;
    rustls_error(error) == Some(&rustls::Error::InvalidMessage(not_tls))
}

/// The TLS error behind another error. `source` does not find it, because it skips the error inside an `io::Error`.
fn rustls_error<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    if let Some(found) = error.downcast_ref() {
        return Some(found);
    }
    let inner = match error.downcast_ref::<io::Error>() {
        Some(error) => error.get_ref().map(|inner| inner as &(dyn Error + 'static)),
        None => error.source(),
    };
    inner.and_then(rustls_error)
}
