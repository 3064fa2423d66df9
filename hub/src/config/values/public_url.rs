//! The public address of a listener, as others reach it.

use std::{
    fmt::Display,
    net::{IpAddr, SocketAddr},
};

use crate::config::value::Value;

/// The address under which others reach a listener, such as `https://flags.example.com`, or `https://example.com/flags`
/// where a proxy serves it under a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl {
    /// With no slash at its end.
    text: String,
    /// Where the path begins in `text`.
    path: usize,
}

impl PublicUrl {
    /// `https://example.com/flags`, with no slash at its end.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// `/flags`, with no slash at its end; empty where there is no path.
    pub fn path(&self) -> &str {
        &self.text[self.path..]
    }

    /// Whether browsers reach it over TLS, so that cookies may be marked `Secure`.
    pub fn is_secure(&self) -> bool {
        self.text.starts_with("https://")
    }

    /// The same place for a WebSocket: `wss://` for `https://`, `ws://` for `http://`.
    pub fn websocket(&self) -> String {
        self.text.replacen("http", "ws", 1)
    }

    /// The address of a plain listener on this machine or network.
    pub fn of(address: SocketAddr) -> Self {
        let reachable = match address.ip() {
            ip if ip.is_unspecified() && ip.is_ipv4() => "127.0.0.1".to_owned(),
            ip if ip.is_unspecified() => "[::1]".to_owned(),
            IpAddr::V4(ip) => ip.to_string(),
            IpAddr::V6(ip) => format!("[{ip}]"),
        };
        let text = format!("http://{reachable}:{}", address.port());
        let path = text.len();
        Self { text, path }
    }
}

impl Display for PublicUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

impl Value for PublicUrl {
    const KIND: &'static str = "URL";

    fn read(text: &str) -> Result<Self, String> {
        const EXPECTED: &str = "is not a URL; write for example https://flags.example.com \
             or https://example.com/flags";
        let uri: http::Uri = text.trim().parse().map_err(|_| EXPECTED)?;
        let scheme = uri.scheme_str().unwrap_or_default();
        let authority = uri.authority().map_or("", http::uri::Authority::as_str);
        let is_web = matches!(scheme, "http" | "https") && !authority.contains('@');
        if !is_web || uri.host().is_none_or(str::is_empty) || uri.query().is_some() {
            return Err(EXPECTED.to_owned());
        }
        let path = uri.path().trim_end_matches('/');
        if !is_plain(path) {
            return Err(format!(
                "has the path {path:?}; use letters, digits, `.`, `_`, `~` and `-` between single slashes"
            ));
        }
        let origin = format!("{scheme}://{}", authority.to_ascii_lowercase());
        Ok(Self {
            text: format!("{origin}{path}"),
            path: origin.len(),
        })
    }

    fn write(&self) -> String {
        self.text.clone()
    }
}

/// Whether a path can stand in pages, headers and addresses as it is.
fn is_plain(path: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._~-".contains(&byte);
    let mut segments = path.split('/').skip(1);
    segments.all(|segment| !matches!(segment, "" | "." | "..") && segment.bytes().all(is_plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_url_has_a_scheme_a_host_and_perhaps_a_path() {
        let url = PublicUrl::read("HTTPS://Flags.example.com:8443/").expect("a URL");
        assert_eq!(url.as_str(), "https://flags.example.com:8443");
        assert_eq!(url.websocket(), "wss://flags.example.com:8443");
        assert_eq!(url.path(), "");
        assert!(url.is_secure());
        let url = PublicUrl::read("http://Example.com/Tools/flags/").expect("a URL");
        assert_eq!(url.as_str(), "http://example.com/Tools/flags");
        assert_eq!(url.path(), "/Tools/flags");
        for text in [
            "flags.example.com",
            "ftp://flags.example.com",
            "https://flags.example.com?a=b",
            "https://flags.example.com/a//b",
            "https://flags.example.com/a/../b",
            "https://flags.example.com/a;b",
            "https://flags.example.com/%22",
            "https://ada@flags.example.com",
            "https://",
            "",
        ] {
            assert!(PublicUrl::read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_listener_on_every_interface_is_reached_on_this_machine() {
        let of = |text: &str| PublicUrl::of(text.parse().expect("an address")).text;
        assert_eq!(of("0.0.0.0:3000"), "http://127.0.0.1:3000");
        assert_eq!(of("[::]:3000"), "http://[::1]:3000");
        assert_eq!(of("[::1]:3000"), "http://[::1]:3000");
        assert_eq!(of("10.1.2.3:80"), "http://10.1.2.3:80");
    }
}
