//! Certificates for servers of tests.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, crypto::ring},
};

/// Accepts TLS as `localhost`, with a new certificate that signs itself; the certificate as PEM, for clients to trust.
pub(crate) fn localhost() -> (TlsAcceptor, String) {
    let names = vec!["localhost".to_owned()];
    let made = rcgen::generate_simple_self_signed(names).expect("a certificate");
    let certificate = made.cert.der().clone();
    let text = STANDARD.encode(&certificate);
    let pem = format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n");
    let key = made.signing_key.serialize_der().try_into();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key.expect("a key"))
        .expect("a certificate with its key");
    (TlsAcceptor::from(Arc::new(config)), pem)
}
