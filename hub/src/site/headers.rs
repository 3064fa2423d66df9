//! The headers that tell a browser how little a page of ours may do.

use http::{HeaderMap, HeaderName, HeaderValue, header};

/// What a page may load and whom it may talk to.
#[derive(Debug, Clone)]
pub(crate) struct ContentSecurityPolicy(HeaderValue);

impl ContentSecurityPolicy {
    /// Everything from this origin alone, talking to this origin and, if there is one, to a stream
    /// and what the SDK uses next to it: events by beacon, OFREP where sockets are blocked, and the stream's own address by
    /// HTTP to say why it cannot connect.
    ///
    /// No script is ever inline. Styles may be, for components set sizes and positions that way.
    pub(crate) fn talking_to(stream: Option<&str>) -> Self {
        let mut policy = String::from(
            "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
             img-src 'self' data:; font-src 'self'; manifest-src 'self'; connect-src 'self'",
        );
        if let Some(stream) = stream {
            policy.push(' ');
            policy.push_str(stream);
            let beside = stream.replacen("ws", "http", 1);
            if let Some(hub) = beside.strip_suffix("/sdk/v1/stream") {
                for path in ["/sdk/v1/stream", "/sdk/v1/events", "/ofrep/v1/"] {
                    policy.push(' ');
                    policy.push_str(hub);
                    policy.push_str(path);
                }
            }
        }
        policy.push_str("; base-uri 'none'; form-action 'self'; frame-ancestors 'none'");
        Self(HeaderValue::from_str(&policy).expect("an address is valid in a header"))
    }
}

/// Adds what every answer of the dashboard's listener carries.
pub(crate) fn protect(headers: &mut HeaderMap, policy: &ContentSecurityPolicy, over_tls: bool) {
    const ALWAYS: [(HeaderName, &str); 6] = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "same-origin"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        ),
    ];
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.insert(header::CONTENT_SECURITY_POLICY, policy.0.clone());
    if over_tls {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000"),
        );
    }
}
