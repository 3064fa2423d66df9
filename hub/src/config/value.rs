//! The types a setting may have: how each is read from text and written back.
//!
//! Flags and variables are text, and a TOML scalar is turned into text before it is read, so that
//! one parser serves all three.

use std::{
    fmt::Display,
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    str::FromStr,
    time::Duration,
};

use peekaboo_protocol::STREAM_PATH;
use peekaboo_storage::Secret;

/// Something a setting can hold.
pub(crate) trait Value: Sized {
    /// What a reader may write, as the reference names it.
    const KIND: &'static str;

    /// Whether TOML writes it without quotes.
    const BARE: bool = false;

    /// Reads it, or says what should have been there.
    fn read(text: &str) -> Result<Self, String>;

    /// Writes it so that [`Value::read`] gives it back; empty where nothing is set.
    fn write(&self) -> String;

    /// How much of `text` may be shown: all of it, unless it holds a secret.
    fn redact(text: &str) -> String {
        text.to_owned()
    }
}

/// A setting that may be left out: written as nothing.
impl<T: Value> Value for Option<T> {
    const KIND: &'static str = T::KIND;
    const BARE: bool = T::BARE;

    fn read(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Ok(None);
        }
        T::read(text).map(Some)
    }

    fn write(&self) -> String {
        self.as_ref().map(T::write).unwrap_or_default()
    }

    fn redact(text: &str) -> String {
        T::redact(text)
    }
}

fn parse<T: FromStr>(text: &str, expected: &str) -> Result<T, String> {
    text.trim()
        .parse()
        .map_err(|_| format!("is not {expected}"))
}

macro_rules! plain_values {
    ($($type:ty: $kind:literal, $bare:literal, $expected:literal;)*) => {$(
        impl Value for $type {
            const KIND: &'static str = $kind;
            const BARE: bool = $bare;

            fn read(text: &str) -> Result<Self, String> {
                parse(text, $expected)
            }

            fn write(&self) -> String {
                self.to_string()
            }
        }
    )*};
}

plain_values! {
    bool: "`true` or `false`", true, "true or false";
    u16: "whole number", true, "a whole number from 0 to 65535";
    u32: "whole number", true, "a whole number, 0 or more";
    u64: "whole number", true, "a whole number, 0 or more";
    usize: "whole number", true, "a whole number, 0 or more";
    SocketAddr: "address:port", false, "an address with a port; write for example 127.0.0.1:3000, or 0.0.0.0:3000 for every interface";
    IpAddr: "address", false, "an IP address";
}

impl Value for PathBuf {
    const KIND: &'static str = "path";

    fn read(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Err("is empty; name a path".to_owned());
        }
        Ok(Self::from(text))
    }

    fn write(&self) -> String {
        self.display().to_string()
    }
}

/// Written as a number and a unit: `250ms`, `30s`, `10m`, `12h`, `30d`.
impl Value for Duration {
    const KIND: &'static str = "duration";

    fn read(text: &str) -> Result<Self, String> {
        const EXPECTED: &str = "is not a duration; write for example 250ms, 30s, 10m, 12h or 30d";
        let text = text.trim();
        let digits = text.find(|c: char| !c.is_ascii_digit()).ok_or(EXPECTED)?;
        let (number, unit) = text.split_at(digits);
        let number: u64 = number.parse().map_err(|_| EXPECTED)?;
        let millis = match unit {
            "ms" => Some(number),
            "s" => number.checked_mul(1_000),
            "m" => number.checked_mul(60_000),
            "h" => number.checked_mul(3_600_000),
            "d" => number.checked_mul(86_400_000),
            _ => return Err(EXPECTED.to_owned()),
        };
        millis
            .map(Duration::from_millis)
            .ok_or_else(|| "is too long".to_owned())
    }

    fn write(&self) -> String {
        let millis = self.as_millis();
        let units = [
            (86_400_000, "d"),
            (3_600_000, "h"),
            (60_000, "m"),
            (1_000, "s"),
        ];
        for (size, unit) in units {
            if millis > 0 && millis.is_multiple_of(size) {
                return format!("{}{unit}", millis / size);
            }
        }
        format!("{millis}ms")
    }
}

/// A size in bytes, written as a number and a unit: `512B`, `16KiB`, `4MiB`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ByteSize(pub usize);

impl Value for ByteSize {
    const KIND: &'static str = "size";

    fn read(text: &str) -> Result<Self, String> {
        const EXPECTED: &str = "is not a size; write for example 512B, 16KiB or 4MiB";
        let text = text.trim();
        let digits = text.find(|c: char| !c.is_ascii_digit()).ok_or(EXPECTED)?;
        let (number, unit) = text.split_at(digits);
        let number: usize = number.parse().map_err(|_| EXPECTED)?;
        let factor = match unit {
            "B" => 1,
            "KiB" => 1 << 10,
            "MiB" => 1 << 20,
            _ => return Err(EXPECTED.to_owned()),
        };
        number
            .checked_mul(factor)
            .map(Self)
            .ok_or_else(|| "is too large".to_owned())
    }

    fn write(&self) -> String {
        let bytes = self.0;
        match bytes {
            _ if bytes > 0 && bytes.is_multiple_of(1 << 20) => format!("{}MiB", bytes >> 20),
            _ if bytes > 0 && bytes.is_multiple_of(1 << 10) => format!("{}KiB", bytes >> 10),
            _ => format!("{bytes}B"),
        }
    }
}

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

/// Where another hub streams: the whole address of its stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upstream(String);

impl Upstream {
    /// `wss://flags.example.com/sdk/v1/stream`
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Display for Upstream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl Value for Upstream {
    const KIND: &'static str = "URL";

    fn read(text: &str) -> Result<Self, String> {
        const EXPECTED: &str = "is not where a hub streams; write for example wss://flags.example.com, \
             or ws://10.0.0.7:6001 within a network that is trusted";
        let text = text.trim();
        let uri: http::Uri = text.parse().map_err(|_| EXPECTED)?;
        let is_stream = matches!(uri.scheme_str(), Some("ws" | "wss"));
        let names_a_user = uri.authority().is_some_and(|a| a.as_str().contains('@'));
        let has_host = !uri.host().is_none_or(str::is_empty);
        if !is_stream || names_a_user || uri.query().is_some() || !has_host {
            return Err(EXPECTED.to_owned());
        }
        // The address with the path, as a hub prints it, is as good as that without.
        Ok(Self(match uri.path() {
            "/" => format!("{}{STREAM_PATH}", text.trim_end_matches('/')),
            _ => text.to_owned(),
        }))
    }

    fn write(&self) -> String {
        self.0.clone()
    }
}

/// Server keys, which never show.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ServerKeys(Vec<Secret>);

impl ServerKeys {
    /// Each, as given.
    pub fn iter(&self) -> impl Iterator<Item = &Secret> {
        self.0.iter()
    }

    /// Whether none is given.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Value for ServerKeys {
    const KIND: &'static str = "keys";

    fn read(text: &str) -> Result<Self, String> {
        let keys: Vec<_> = text
            .split(',')
            .map(str::trim)
            .filter(|key| !key.is_empty())
            .collect();
        if keys.iter().any(|key| key.starts_with("pbc_")) {
            return Err(
                "holds a client key; an edge needs server keys, which begin with pbs_".to_owned(),
            );
        }
        if !keys.iter().all(|key| key.starts_with("pbs_")) {
            return Err(
                "holds what is no server key; write pbs_…, or several with commas between"
                    .to_owned(),
            );
        }
        Ok(Self(keys.into_iter().map(Secret::new).collect()))
    }

    fn write(&self) -> String {
        Self::redact(if self.is_empty() { "" } else { "pbs_" })
    }

    fn redact(text: &str) -> String {
        if text.is_empty() {
            return String::new();
        }
        "…".to_owned()
    }
}

/// Where the database is: `postgres://…`, or `sqlite:PATH`. Its password never shows.
#[derive(Clone)]
pub struct DatabaseUrl {
    text: String,
    parsed: peekaboo_storage::DatabaseUrl,
}

impl DatabaseUrl {
    /// The embedded database in this file.
    pub fn embedded(path: PathBuf) -> Self {
        Self {
            text: format!("sqlite:{}", path.display()),
            parsed: peekaboo_storage::DatabaseUrl::Sqlite(path),
        }
    }

    /// As the storage takes it.
    pub fn parsed(&self) -> peekaboo_storage::DatabaseUrl {
        self.parsed.clone()
    }
}

impl std::fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        Display::fmt(self, f)
    }
}

impl Display for DatabaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&Self::redact(&self.text))
    }
}

impl Value for DatabaseUrl {
    const KIND: &'static str = "URL";

    fn read(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let parsed = text.parse().map_err(
            |_| "names no database; write postgres://USER:PASSWORD@HOST/NAME, or sqlite:PATH",
        )?;
        Ok(Self {
            text: text.to_owned(),
            parsed,
        })
    }

    fn write(&self) -> String {
        Self::redact(&self.text)
    }

    /// Keeps user, host and name; hides the password, also one given as `?password=`, and hides
    /// everything where the parts cannot be told from each other.
    fn redact(text: &str) -> String {
        let Some((scheme, rest)) = text.split_once("://") else {
            let is_file = text.starts_with("sqlite:");
            return if is_file {
                text.to_owned()
            } else {
                "…".to_owned()
            };
        };
        // A password may hold an unescaped `@` or `/`: the last `@` ends it.
        let shown = match rest.rsplit_once('@') {
            Some((credentials, place)) => {
                let user = credentials.split(':').next().unwrap_or_default();
                let hidden = if credentials.contains(':') {
                    ":…"
                } else {
                    ""
                };
                format!("{user}{hidden}@{place}")
            }
            None => rest.to_owned(),
        };
        let shown = match shown.split_once('?') {
            Some((place, query)) if query.to_ascii_lowercase().contains("password") => {
                format!("{place}?…")
            }
            _ => shown,
        };
        format!("{scheme}://{shown}")
    }
}

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line, for collectors.
    Json,
}

impl Value for LogFormat {
    const KIND: &'static str = "`text` or `json`";

    fn read(text: &str) -> Result<Self, String> {
        match text.trim() {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err("is not a log format; write text or json".to_owned()),
        }
    }

    fn write(&self) -> String {
        match self {
            Self::Text => "text".to_owned(),
            Self::Json => "json".to_owned(),
        }
    }
}

/// Which log lines are written, in the syntax of `tracing`: `info`, or `info,peekaboo_actors=debug`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogFilter(String);

impl LogFilter {
    /// The directives, known to be well-formed.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Value for LogFilter {
    const KIND: &'static str = "filter";

    fn read(text: &str) -> Result<Self, String> {
        let text = text.trim();
        match text.parse::<tracing_subscriber::EnvFilter>() {
            Ok(_) if !text.is_empty() => Ok(Self(text.to_owned())),
            _ => Err("is not a log filter; write for example info, \
                 or info,peekaboo_actors=debug"
                .to_owned()),
        }
    }

    fn write(&self) -> String {
        self.0.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_written_as_it_is_read() {
        for text in ["0ms", "250ms", "30s", "90s", "10m", "12h", "30d"] {
            assert_eq!(Duration::read(text).expect(text).write(), text);
        }
        for text in [
            "",
            "10",
            "s",
            "1.5s",
            "-1s",
            "10 s",
            "1w",
            "99999999999999999999s",
        ] {
            assert!(Duration::read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_size_is_written_as_it_is_read() {
        for text in ["0B", "125B", "16KiB", "4MiB"] {
            assert_eq!(ByteSize::read(text).expect(text).write(), text);
        }
        for text in ["", "16", "16kb", "KiB", "99999999999999999999B"] {
            assert!(ByteSize::read(text).is_err(), "{text}");
        }
    }

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

    #[test]
    fn a_database_url_never_shows_its_password() {
        let cases = [
            (
                "postgres://ada:s3cret@db/flags",
                "postgres://ada:…@db/flags",
            ),
            (
                "postgres://ada:s3cret@/@db/flags?sslmode=require",
                "postgres://ada:…@db/flags?sslmode=require",
            ),
            (
                "postgres://db/flags?user=ada&password=s3cret",
                "postgres://db/flags?…",
            ),
            ("postgres://ada@db/flags", "postgres://ada@db/flags"),
            ("sqlite:data/peekaboo.db", "sqlite:data/peekaboo.db"),
            ("mysql:s3cret", "…"),
        ];
        for (whole, shown) in cases {
            assert_eq!(DatabaseUrl::redact(whole), shown);
            if let Ok(url) = DatabaseUrl::read(whole) {
                assert!(!format!("{url} {url:?}").contains("s3cret"), "{whole}");
            }
        }
    }

    #[test]
    fn a_database_url_names_a_database() {
        for text in ["", "flags", "mysql://db/flags", "sqlite:", "sqlite://"] {
            assert!(DatabaseUrl::read(text).is_err(), "{text}");
        }
        assert!(DatabaseUrl::read("postgresql://db/flags").is_ok());
    }
}
