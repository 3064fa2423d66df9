//! The JSON of a command: `{"format": 1, "command": {"updateTargeting": {…}}}`.
//!
//! A reader takes a command as it was meant or not at all: a format or a member that it does not know is an error, at
//! any depth, since a rule without a part of its condition would serve the wrong people.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use time::OffsetDateTime;

use super::Command;
use crate::error::{Error, Result};

/// The format that is written, and the newest one that is read.
///
/// It rises when a reader of this one could misread what is written. Older formats stay readable.
const FORMAT: u64 = 1;

#[derive(Serialize)]
struct Written<'a> {
    format: u64,
    command: &'a Command,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Envelope {
    format: u64,
    command: Value,
}

impl Command {
    /// The command as JSON, in the newest format.
    pub fn encode(&self) -> Result<String> {
        let written = Written {
            format: FORMAT,
            command: self,
        };
        serde_json::to_string(&written).map_err(|error| unreadable(error.to_string()))
    }

    /// Reads what [`Command::encode`] wrote, in this version or an earlier one.
    ///
    /// [`Error::UnreadableCommand`] says which format or member this version does not know.
    pub fn decode(text: &str) -> Result<Self> {
        let envelope: Envelope =
            serde_json::from_str(text).map_err(|error| unreadable(error.to_string()))?;
        if envelope.format != FORMAT {
            return Err(unreadable(format!(
                "format {} is not supported; this version reads format {FORMAT}",
                envelope.format
            )));
        }
        let mut unknown = Vec::new();
        let command = serde_ignored::deserialize(&envelope.command, |path| {
            unknown.push(path.to_string());
        })
        .map_err(|error| unreadable(error.to_string()))?;
        if unknown.is_empty() {
            Ok(command)
        } else {
            let members = unknown.join("`, `");
            Err(unreadable(format!("unknown member `{members}`")))
        }
    }
}

fn unreadable(reason: String) -> Error {
    Error::UnreadableCommand(reason)
}

/// Reads a member of a patch that is there, so that null is a value, for members that have it, and never means absent.
pub(crate) fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// The same of a time that may be null.
pub(crate) mod rfc3339_given {
    use serde::Serializer;

    use super::{Deserializer, OffsetDateTime};

    #[expect(
        clippy::option_option,
        clippy::ref_option,
        reason = "serde calls it with a reference to the member"
    )]
    pub(crate) fn serialize<S: Serializer>(
        time: &Option<Option<OffsetDateTime>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        time::serde::rfc3339::option::serialize(&time.flatten(), serializer)
    }

    #[expect(clippy::option_option, reason = "absent and null differ")]
    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Option<OffsetDateTime>>, D::Error> {
        time::serde::rfc3339::option::deserialize(deserializer).map(Some)
    }
}
