//! The address of a listener, as others reach it.

use std::{
    fmt::Display,
    net::{IpAddr, SocketAddr},
};

use crate::config::value::Value;

/// The address under which others reach a listener, such as `https://flags.example.com`: scheme,
/// host and port, with no path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin(String);

impl Origin {
    /// `https://flags.example.com`, with no slash at its end.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether browsers reach it over TLS, so that cookies may be marked `Secure`.
    pub fn is_secure(&self) -> bool {
        self.0.starts_with("https://")
    }

    /// The same place for a WebSocket: `wss://` for `https://`, `ws://` for `http://`.
    pub fn websocket(&self) -> String {
        self.0.replacen("http", "ws", 1)
    }

    /// The origin of a plain listener on this machine or network.
    pub fn of(address: SocketAddr) -> Self {
        let reachable = match address.ip() {
            ip if ip.is_unspecified() && ip.is_ipv4() => "127.0.0.1".to_owned(),
            ip if ip.is_unspecified() => "[::1]".to_owned(),
            IpAddr::V4(ip) => ip.to_string(),
            IpAddr::V6(ip) => format!("[{ip}]"),
        };
        Self(format!("http://{reachable}:{}", address.port()))
    }
}

impl Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl Value for Origin {
    const KIND: &'static str = "URL";

    fn read(text: &str) -> Result<Self, String> {
        const EXPECTED: &str =
            "is not a web address without a path; write for example https://flags.example.com";
        let text = text.trim().trim_end_matches('/');
        let uri: http::Uri = text.parse().map_err(|_| EXPECTED)?;
        let is_web = matches!(uri.scheme_str(), Some("http" | "https"));
        let names_a_user = uri.authority().is_some_and(|a| a.as_str().contains('@'));
        let has_path = uri.path() != "/" || uri.query().is_some();
        if !is_web || names_a_user || has_path || uri.host().is_none_or(str::is_empty) {
            return Err(EXPECTED.to_owned());
        }
        Ok(Self(text.to_ascii_lowercase()))
    }

    fn write(&self) -> String {
        self.0.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_has_a_scheme_and_a_host_and_nothing_else() {
        let origin = Origin::read("HTTPS://Flags.example.com:8443/").expect("an origin");
        assert_eq!(origin.as_str(), "https://flags.example.com:8443");
        assert_eq!(origin.websocket(), "wss://flags.example.com:8443");
        assert!(origin.is_secure());
        for text in [
            "flags.example.com",
            "ftp://flags.example.com",
            "https://flags.example.com/flags",
            "https://flags.example.com?a=b",
            "https://ada@flags.example.com",
            "https://",
            "",
        ] {
            assert!(Origin::read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_listener_on_every_interface_is_reached_on_this_machine() {
        let of = |text: &str| Origin::of(text.parse().expect("an address")).0;
        assert_eq!(of("0.0.0.0:3000"), "http://127.0.0.1:3000");
        assert_eq!(of("[::]:3000"), "http://[::1]:3000");
        assert_eq!(of("[::1]:3000"), "http://[::1]:3000");
        assert_eq!(of("10.1.2.3:80"), "http://10.1.2.3:80");
    }
}
