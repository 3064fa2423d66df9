//! Which log lines are written, and how.

use crate::config::value::Value;

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
