//! The stream that an edge follows.

use std::fmt::Display;

use peekaboo_protocol::STREAM_PATH;

use crate::config::value::Value;

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
        const EXPECTED: &str = "is not a stream URL; write for example wss://flags.example.com, \
             or ws://10.0.0.7:6001 in a trusted network";
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
