//! The JSON of a command: `{"format": 1, "command": {"updateTargeting": {…}}}`.
//!
//! A reader takes a command as it was meant or not at all: a format or a member that it does not know is an error, at
//! any depth, since a rule without a part of its condition would serve the wrong people.

use serde::{Deserialize, Serialize};
use serde_json::Value;

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
